using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// What the synapses of one delay know of their targets: the latest spikes that have come up the dendrite to them, and the trace just after the very
/// latest. Records of four numbers a target, so that a loop over synapses reads all with one load each.
/// </summary>
/// <remarks>
/// Times are steps after a <see cref="Base"/> that moves along, so that they are exact in single precision too; a spike more than 2^23 steps before it
/// is no more known.
/// </remarks>
internal abstract unsafe class ArrivedSpikes : IDisposable
{
    /// <summary>Time of no spike, in steps after the base.</summary>
    public const double Never = -(1 << 23);

    /// <summary>Blocks of records of older spikes.</summary>
    public const int OlderBlocks = 3;

    /// <summary>Spikes in a record.</summary>
    public const int Record = 4;

    /// <summary>The base moves on by as many steps at a time.</summary>
    private const int BaseShift = 20;

    /// <summary>Step that times are counted from; a function of the step that is being delivered, and of nothing else.</summary>
    public static long Base(long step) => ((step >> BaseShift) - 1) << BaseShift;

    /// <summary>A step as a time after a base.</summary>
    public static double Time(long step, long timeBase) => Math.Max(step - timeBase, Never);

    /// <summary>(trace just after the latest spike, its time, that of the one before, that of the one before that). [target, 4]</summary>
    public abstract void* Latest { get; }

    /// <summary>Times of the spikes before those, the latest first. [block, target, 4]</summary>
    public abstract void* Older { get; }

    /// <summary>The slow trace just before each of the latest three (the fourth number is not used); null where there is none. [target, 4]</summary>
    public abstract void* LatestSlow { get; }

    /// <summary>The slow trace just before each of the older ones; null where there is none. [block, target, 4]</summary>
    public abstract void* OlderSlow { get; }

    /// <summary>Bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Records without a spike.</summary>
    public static ArrivedSpikes Create(int targets, bool isDouble, bool hasSlow) =>
        isDouble ? new ArrivedSpikes<double>(targets, hasSlow) : new ArrivedSpikes<float>(targets, hasSlow);

    /// <summary>A spike has come: it becomes the latest.</summary>
    public abstract void Add(int target, double time, double trace, double slow);

    /// <summary>The base has moved on by some steps.</summary>
    public abstract void MoveBase(double steps);

    /// <summary>Forgets all spikes.</summary>
    public abstract void Clear();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <inheritdoc/>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ArrivedSpikes<T> : ArrivedSpikes
    where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
{
    private readonly NativeArray<T> _latest;
    private readonly NativeArray<T> _older;
    private readonly NativeArray<T>? _latestSlow;
    private readonly NativeArray<T>? _olderSlow;

    public ArrivedSpikes(int targets, bool hasSlow)
    {
        NativeArray<T> Numbers(int blocks) => new((long)blocks * targets * Record, "What plastic synapses know of their targets");
        _latest = Numbers(1);
        _older = Numbers(OlderBlocks);
        _latestSlow = hasSlow ? Numbers(1) : null;
        _olderSlow = hasSlow ? Numbers(OlderBlocks) : null;
        Clear();
    }

    /// <inheritdoc/>
    public override void* Latest => _latest.Pointer;

    /// <inheritdoc/>
    public override void* Older => _older.Pointer;

    /// <inheritdoc/>
    public override void* LatestSlow => _latestSlow is null ? null : _latestSlow.Pointer;

    /// <inheritdoc/>
    public override void* OlderSlow => _olderSlow is null ? null : _olderSlow.Pointer;

    /// <inheritdoc/>
    public override long Bytes => _latest.Bytes + _older.Bytes + (_latestSlow?.Bytes ?? 0) + (_olderSlow?.Bytes ?? 0);

    /// <inheritdoc/>
    public override void Add(int target, double time, double trace, double slow)
    {
        var latest = _latest.Pointer + ((nint)target * Record);
        PushOlder(_older, target, Push(latest + 1, Record - 1, T.CreateTruncating(time)));
        latest[0] = T.CreateTruncating(trace);
        if (_latestSlow is not null)
        {
            latest = _latestSlow.Pointer + ((nint)target * Record);
            PushOlder(_olderSlow!, target, Push(latest, Record - 1, T.CreateTruncating(slow)));
        }
    }

    /// <inheritdoc/>
    public override void MoveBase(double steps)
    {
        var never = T.CreateTruncating(Never);
        var by = T.CreateTruncating(steps);
        for (long i = 0; i < _older.Length; i++)
        {
            _older.Pointer[i] = T.Max(_older.Pointer[i] - by, never);
        }

        for (var record = _latest.Pointer; record < _latest.Pointer + _latest.Length; record += Record)
        {
            for (var k = 1; k < Record; k++)
            {
                record[k] = T.Max(record[k] - by, never);
            }

            record[0] = record[1] == never ? T.Zero : record[0];
        }
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        var never = T.CreateTruncating(Never);
        new Span<T>(_older.Pointer, (int)_older.Length).Fill(never);
        new Span<T>(_latest.Pointer, (int)_latest.Length).Fill(never);
        for (long i = 0; i < _latest.Length; i += Record)
        {
            _latest.Pointer[i] = T.Zero;
        }

        foreach (var slow in new[] { _latestSlow, _olderSlow })
        {
            if (slow is not null)
            {
                new Span<T>(slow.Pointer, (int)slow.Length).Clear();
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _latest.Dispose();
        _older.Dispose();
        _latestSlow?.Dispose();
        _olderSlow?.Dispose();
    }

    private static void PushOlder(NativeArray<T> older, int target, T number)
    {
        var stride = (nint)(older.Length / OlderBlocks);
        for (var block = 0; block < OlderBlocks; block++)
        {
            number = Push(older.Pointer + (block * stride) + ((nint)target * Record), Record, number);
        }
    }

    /// <summary>Puts a number ahead of some and returns the one that falls out behind.</summary>
    private static T Push(T* numbers, int count, T number)
    {
        var oldest = numbers[count - 1];
        for (var k = count - 1; k > 0; k--)
        {
            numbers[k] = numbers[k - 1];
        }

        numbers[0] = number;
        return oldest;
    }
}
