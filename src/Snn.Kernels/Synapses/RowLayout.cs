namespace Snn.Kernels.Synapses;

/// <summary>
/// Numbers all rows (table, source, delay) of the tables of one source population, and cuts the numbers into buckets: runs of rows so few that the
/// ends of all of them stay in the second-level cache while synapses are appended. A bucket belongs to one table.
/// </summary>
internal sealed class RowLayout
{
    private const int MinShift = 10;

    // A synapse waiting for its turn keeps its row within the bucket in 16 bits.
    private const int MaxShift = 16;

    private const int ManyBuckets = 2048;

    /// <summary>A layout of <paramref name="tables"/> tables with as many rows each.</summary>
    /// <exception cref="ArgumentException">More rows than 32 bits can number.</exception>
    public RowLayout(int sources, int delays, int tables)
    {
        RowsPerTable = (long)sources * delays;
        Shift = MinShift;
        while (Shift < MaxShift && tables * Blocks(Shift) > ManyBuckets)
        {
            Shift++;
        }

        BucketsPerTable = Blocks(Shift);
        Delays = delays;
        if (tables * BucketsPerTable << Shift > uint.MaxValue)
        {
            throw new ArgumentException(
                $"{sources} sources with {delays} delays in {tables} tables make more than 2^32 rows; use fewer different delays");
        }

        Buckets = (int)(tables * BucketsPerTable);
    }

    /// <summary>Rows of a table.</summary>
    public long RowsPerTable { get; }

    /// <summary>Delays of a source.</summary>
    public int Delays { get; }

    /// <summary>A bucket has 2^Shift rows.</summary>
    public int Shift { get; }

    /// <summary>Buckets of all tables.</summary>
    public int Buckets { get; }

    /// <summary>Buckets of a table.</summary>
    public long BucketsPerTable { get; }

    /// <summary>Number of a table's first row.</summary>
    public uint FirstRow(int table) => (uint)(table * BucketsPerTable << Shift);

    /// <summary>The table of a bucket, and the bucket's first row within it.</summary>
    public (int Table, long Row) Locate(int bucket) =>
        ((int)(bucket / BucketsPerTable), bucket % BucketsPerTable << Shift);

    private long Blocks(int shift) => (RowsPerTable + (1L << shift) - 1) >> shift;
}
