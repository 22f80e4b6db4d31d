using System.Numerics;
using System.Runtime.InteropServices;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// The spikes on their way through one connection, for some batch items. Synapses of one source with one delay behave alike, so state is by source and
/// delay: which sources spiked in each of the last steps (a ring of bit sets), their sizes where spikes are graded, and for <see cref="DelayRule.Accumulate"/> the counters.
/// </summary>
/// <remarks>
/// In every step t, for every item: <see cref="Enter"/> with the spikes that enter in t, and <see cref="Arrivals"/> of t; in this order if the connection has the delay 0, in
/// either order if not (a feedback connection is asked for its arrivals before its source is advanced).
/// State: for queue and overwrite, the bit sets (and sizes) of the last <c>max delay</c> steps, which a resumed run can as well make by entering the spikes of those
/// steps again; for accumulate, the counters besides. Graded spikes keep their size at any delay, except under accumulate, whose spikes arrive with size 1 unless
/// the delay is 0.
/// </remarks>
public sealed unsafe class DelayLines : IDisposable
{
    private readonly int[] _delaySteps;
    private readonly int _words;
    private readonly int _mask;
    private readonly int _sourceCount;
    private readonly int _numberBytes;
    private readonly NativeArray<ulong> _entered;
    private readonly NativeArray<byte>? _sizes;
    private readonly NativeArray<int>? _counters;

    /// <summary>Delay lines, all empty.</summary>
    /// <param name="connection">Their connection.</param>
    /// <param name="items">Batch items.</param>
    /// <param name="rule">What happens on busy synapses.</param>
    /// <param name="graded">Whether spikes have sizes.</param>
    /// <exception cref="InsufficientMemoryException">The system has not the memory.</exception>
    public DelayLines(LayerConnection connection, int items, DelayRule rule = DelayRule.Queue, bool graded = false)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        _delaySteps = [.. connection.DelaySteps];
        _sourceCount = connection.SourceCount;
        _words = (_sourceCount + 63) / 64;
        _mask = (int)BitOperations.RoundUpToPowerOf2((uint)_delaySteps[^1] + 2) - 1;
        _numberBytes = connection.IsDouble ? sizeof(double) : sizeof(float);
        Rule = rule;
        Items = items;
        const string What = "the delay lines of a layer";
        _entered = new NativeArray<ulong>((long)items * (_mask + 1) * _words, What, cleared: true);
        _sizes = graded ? new NativeArray<byte>((long)items * (_mask + 1) * _sourceCount * _numberBytes, What, cleared: true) : null;
        _counters = rule == DelayRule.Accumulate ? new NativeArray<int>((long)items * CounterCount, What, cleared: true) : null;
    }

    /// <summary>What happens on busy synapses.</summary>
    public DelayRule Rule { get; }

    /// <summary>Batch items.</summary>
    public int Items { get; }

    /// <summary>Longest delay, steps: how many steps of spikes a resumed run must enter again.</summary>
    public int MaxDelaySteps => _delaySteps[^1];

    /// <summary>Most arrivals of a step.</summary>
    public int MaxArrivals => CounterCount;

    /// <summary>Bytes taken.</summary>
    public long Bytes => _entered.Bytes + (_sizes?.Bytes ?? 0) + (_counters?.Bytes ?? 0);

    private int CounterCount => _sourceCount * _delaySteps.Length;

    /// <summary>
    /// Counters of an item [source][delay], for snapshots: of <see cref="DelayRule.Accumulate"/>, after the arrivals of a step and before the spikes that entered
    /// in it are added. Empty for other rules.
    /// </summary>
    /// <param name="item">Item.</param>
    public Span<int> Counters(int item) =>
        _counters is null ? [] : new Span<int>(_counters.Pointer + ((nint)item * CounterCount), CounterCount);

    /// <summary>Takes the spikes of a step. Called once a step and item, without spikes too.</summary>
    /// <param name="item">Item.</param>
    /// <param name="step">Step in which they enter.</param>
    /// <param name="spikes">Spikes.</param>
    public void Enter(int item, long step, in LayerEvents spikes)
    {
        var set = Set(item, step);
        NativeMemory.Clear(set, (nuint)_words * sizeof(ulong));
        for (var e = 0; e < spikes.Count; e++)
        {
            set[spikes.Sources[e] / 64] |= 1UL << (spikes.Sources[e] % 64);
        }

        if (_sizes is not null)
        {
            StoreSizes(Sizes(item, step), spikes);
        }

        GC.KeepAlive(this);
    }

    /// <summary>What arrives in a step, ascending by (source, delay index).</summary>
    /// <param name="item">Item.</param>
    /// <param name="step">The step; each is asked for once, ascending.</param>
    /// <param name="room">Room for <see cref="MaxArrivals"/> events; pointers of it that are null are left out where they are not needed: sizes of spikes that have
    /// none, delay indices of a connection of one delay.</param>
    /// <returns>The events, in that room.</returns>
    public LayerEvents Arrivals(int item, long step, in LayerEvents room)
    {
        var arrivals = room;
        arrivals.Count = 0;
        arrivals.Values = _sizes is null ? null : room.Values;
        arrivals.DelayIndices = _delaySteps.Length == 1 ? null : room.DelayIndices;
        if (Rule == DelayRule.Accumulate)
        {
            CountDown(item, step, ref arrivals);
        }
        else
        {
            Collect(item, step, ref arrivals);
        }

        GC.KeepAlive(this);
        return arrivals;
    }

    /// <summary>The counter of a source and delay after a step in which spikes have entered and left: the one that PySNN shows.</summary>
    /// <param name="item">Item.</param>
    /// <param name="step">The step.</param>
    /// <param name="source">Source.</param>
    /// <param name="delayIndex">Index of the delay.</param>
    /// <exception cref="InvalidOperationException">The rule is not <see cref="DelayRule.Accumulate"/>.</exception>
    public int CounterAfter(int item, long step, int source, int delayIndex) =>
        Rule == DelayRule.Accumulate
            ? Counters(item)[(source * _delaySteps.Length) + delayIndex] + Entering(item, step, source, delayIndex)
            : throw new InvalidOperationException($"rule {Rule} has no counters; use accumulate");

    /// <summary>Forgets all spikes on their way.</summary>
    public void Clear()
    {
        NativeMemory.Clear(_entered.Pointer, (nuint)_entered.Bytes);
        for (var item = 0; item < Items; item++)
        {
            Counters(item).Clear();
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entered.Dispose();
        _sizes?.Dispose();
        _counters?.Dispose();
    }

    private ulong* Set(int item, long step) => _entered.Pointer + ((((nint)item * (_mask + 1)) + (nint)(step & _mask)) * _words);

    private byte* Sizes(int item, long step) =>
        _sizes!.Pointer + ((((nint)item * (_mask + 1)) + (nint)(step & _mask)) * _sourceCount * _numberBytes);

    private void StoreSizes(byte* sizes, in LayerEvents spikes)
    {
        for (var e = 0; e < spikes.Count; e++)
        {
            var to = sizes + ((nint)spikes.Sources[e] * _numberBytes);
            if (_numberBytes == sizeof(double))
            {
                *(double*)to = spikes.Values == null ? 1 : ((double*)spikes.Values)[e];
            }
            else
            {
                *(float*)to = spikes.Values == null ? 1 : ((float*)spikes.Values)[e];
            }
        }
    }

    private void Collect(int item, long step, ref LayerEvents arrivals)
    {
        for (var word = 0; word < _words; word++)
        {
            ulong any = 0;
            for (var d = 0; d < _delaySteps.Length; d++)
            {
                any |= Due(item, step, _delaySteps[d], word);
            }

            for (; any != 0; any &= any - 1)
            {
                var bit = any & (~any + 1);
                for (var d = 0; d < _delaySteps.Length; d++)
                {
                    if ((Due(item, step, _delaySteps[d], word) & bit) != 0)
                    {
                        Append(item, step - _delaySteps[d], (64 * word) + BitOperations.TrailingZeroCount(any), d, ref arrivals);
                    }
                }
            }
        }
    }

    /// <summary>The sources of a word whose spike arrives after a delay: those that entered then and, if spikes replace each other, not since.</summary>
    private ulong Due(int item, long step, int delaySteps, int word)
    {
        var due = Set(item, step - delaySteps)[word];
        if (Rule == DelayRule.Overwrite)
        {
            for (var later = delaySteps - 1; due != 0 && later > 0; later--)
            {
                due &= ~Set(item, step - later)[word];
            }
        }

        return due;
    }

    private void CountDown(int item, long step, ref LayerEvents arrivals)
    {
        var counters = Counters(item);
        for (var source = 0; source < _sourceCount; source++)
        {
            for (var d = 0; d < _delaySteps.Length; d++)
            {
                ref var counter = ref counters[(source * _delaySteps.Length) + d];
                counter += Entering(item, step - 1, source, d);
                counter -= counter > 0 ? 1 : 0;
                if (_delaySteps[d] == 0 ? Entered(item, step, source) : counter == 1)
                {
                    Append(item, _delaySteps[d] == 0 ? step : long.MinValue, source, d, ref arrivals);
                }
            }
        }
    }

    private bool Entered(int item, long step, int source) => (Set(item, step)[source / 64] & (1UL << (source % 64))) != 0;

    private int Entering(int item, long step, int source, int d) => _delaySteps[d] > 0 && Entered(item, step, source) ? _delaySteps[d] + 1 : 0;

    private void Append(int item, long entered, int source, int delayIndex, ref LayerEvents arrivals)
    {
        var e = arrivals.Count++;
        arrivals.Sources[e] = source;
        if (arrivals.DelayIndices != null)
        {
            arrivals.DelayIndices[e] = delayIndex;
        }

        if (arrivals.Values != null)
        {
            var size = entered == long.MinValue ? null : Sizes(item, entered) + ((nint)source * _numberBytes);
            if (_numberBytes == sizeof(double))
            {
                ((double*)arrivals.Values)[e] = size == null ? 1 : *(double*)size;
            }
            else
            {
                ((float*)arrivals.Values)[e] = size == null ? 1 : *(float*)size;
            }
        }
    }
}
