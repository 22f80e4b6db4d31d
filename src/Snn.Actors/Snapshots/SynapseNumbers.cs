using System.Buffers;
using System.Runtime.InteropServices;
using Snn.Actors.Simulation.Ranks;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Snapshots;

/// <summary>
/// One number a synapse, in canonical order, in native memory; to a snapshot, arrays that are short enough for a store. The arrays are views, not copies.
/// </summary>
internal sealed unsafe class SynapseNumbers : IDisposable
{
    /// <summary>Numbers of an array, at most: a gigabyte of doubles.</summary>
    public const int MostOfAnArray = 1 << 27;

    private readonly long _count;
    private readonly int _elementBytes;
    private byte* _numbers;

    /// <param name="count">Synapses.</param>
    /// <param name="elementBytes">Bytes of a number.</param>
    /// <exception cref="SnapshotException">The system has not the memory.</exception>
    public SynapseNumbers(long count, int elementBytes)
    {
        _count = count;
        _elementBytes = elementBytes;
        var bytes = (nuint)Math.Max(1, count * elementBytes);
        try
        {
            // Numbers are scattered over all of it.
            _numbers = (byte*)NativeMemory.AlignedAlloc(bytes, HugePages.Bytes);
        }
        catch (OutOfMemoryException e)
        {
            throw new SnapshotException($"the numbers of plastic synapses take {bytes / 1048576.0:F0} MiB in a snapshot, which the system does not grant: use fewer of them, or more machines", e);
        }

        HugePages.Advise(_numbers, bytes);
    }

    ~SynapseNumbers() => Free();

    /// <summary>Address of the number of a synapse.</summary>
    public byte* At(long synapse) => _numbers + (synapse * _elementBytes);

    /// <summary>Sends all numbers to another rank.</summary>
    public void Send(RankWriter to) => ForPieces(0, _count, (piece, bytes) => to.WriteAll(new ReadOnlySpan<byte>((byte*)piece, bytes)));

    /// <summary>Takes numbers from another rank.</summary>
    /// <param name="from">The rank.</param>
    /// <param name="first">Number of its first synapse.</param>
    /// <param name="count">How many it has.</param>
    public void Receive(RankReader from, long first, long count) => ForPieces(first, count, (piece, bytes) => from.ReadAll(new Span<byte>((byte*)piece, bytes)));

    /// <summary>All numbers as arrays of a snapshot: NAME, NAME/1 and so on. They are valid as long as this is not disposed of, and change with it.</summary>
    /// <param name="name">Name of the first.</param>
    /// <param name="typeCode">NumPy's code of an element.</param>
    /// <param name="mostOfAnArray">Numbers of an array, at most.</param>
    public IEnumerable<SnapshotArray> Arrays(string name, string typeCode, int mostOfAnArray = MostOfAnArray)
    {
        for (var (first, array) = (0L, 0); first < Math.Max(1, _count); first += mostOfAnArray, array++)
        {
            var length = (int)Math.Min(mostOfAnArray, _count - first);
            yield return new SnapshotArray(NameOf(name, array), typeCode, [length], new View(this, first, length).Memory);
        }
    }

    /// <summary>Takes numbers from the arrays of a snapshot, whatever their lengths.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="name">Name of the first array.</param>
    /// <param name="typeCode">NumPy's code of an element.</param>
    /// <param name="first">Number of the synapse to begin with.</param>
    /// <exception cref="SnapshotException">There are not as many, or they are of another type.</exception>
    public void Read(Snapshot snapshot, string name, string typeCode, long first)
    {
        var (skip, left) = (first * _elementBytes, _count * _elementBytes);
        var to = _numbers;
        for (var array = 0; left > 0; array++)
        {
            if (!snapshot.Arrays.TryGetValue(NameOf(name, array), out var numbers) || numbers.TypeCode != typeCode)
            {
                throw new SnapshotException($"the snapshot's array {name} has not one number {typeCode} a synapse: it is damaged, or of another network");
            }

            var bytes = numbers.Data.Span;
            var part = bytes[(int)Math.Min(bytes.Length, skip)..];
            skip = Math.Max(0, skip - bytes.Length);
            part = part[..(int)Math.Min(part.Length, left)];
            part.CopyTo(new Span<byte>(to, part.Length));
            to += part.Length;
            left -= part.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static string NameOf(string name, int array) => array == 0 ? name : $"{name}/{array}";

    /// <summary>No span is longer than an int counts.</summary>
    private void ForPieces(long first, long count, Action<nint, int> visit)
    {
        for (var at = first; at < first + count; at += MostOfAnArray)
        {
            visit((nint)At(at), (int)Math.Min(MostOfAnArray, first + count - at) * _elementBytes);
        }
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_numbers);
        _numbers = null;
    }

    /// <summary>Some of the numbers, which it keeps alive.</summary>
    private sealed class View(SynapseNumbers numbers, long first, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(numbers.At(first), length * numbers._elementBytes);

        public override MemoryHandle Pin(int elementIndex = 0) => new(numbers.At(first) + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
