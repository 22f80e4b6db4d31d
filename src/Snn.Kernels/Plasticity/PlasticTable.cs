using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Plastic synapses of one projection onto up to 65 536 targets of a shard, in rows (source, delay), with all that they need to learn: the numbers of
/// each row's source, and their targets' spikes.
/// </summary>
internal sealed unsafe class PlasticTable : IDisposable
{
    private const int CacheLine = 64;

    // A visit may read, and write back, a vector behind the last synapse.
    private const int Slack = 16;

    private readonly NativeArray<uint> _offsets;
    private readonly NativeArray<byte> _synapses;
    private readonly NativeArray<RowState> _rows;
    private readonly NativeArray<double> _sources;
    private readonly NativeArray<byte>? _seconds;
    private readonly SlotLayout _layout;
    private readonly RowCalendar<PlasticRow> _calendar;
    private readonly PlasticKernel _kernel;
    private readonly int[] _delaySteps;
    private readonly Dendrites? _dendrites;

    // No row is behind this step: a lower bound, made exact when a ring is full.
    private long _doneByAll = PostSpikes.Never;

    /// <summary>Takes over the arrays of a finished table.</summary>
    /// <param name="table">The arrays, in columns.</param>
    /// <param name="targets">Targets that it can have: places 0 to targets - 1.</param>
    /// <param name="delaySteps">Delays, ascending.</param>
    /// <param name="kernel">The rule, for this table alone.</param>
    /// <param name="historyCapacity">See <see cref="Dendrites"/>.</param>
    public PlasticTable(TableArrays table, int targets, int[] delaySteps, PlasticKernel kernel, int historyCapacity)
    {
        EntryBase = table.Plan.EntryBase;
        Targets = targets;
        SynapseCount = table.SynapseCount;
        ElementBytes = kernel.IsDouble ? sizeof(double) : sizeof(float);
        _offsets = table.Offsets;
        _synapses = table.Synapses;
        _layout = table.Layout;
        _delaySteps = delaySteps;
        _kernel = kernel;
        _rows = new NativeArray<RowState>(_offsets.Length - 1, "States of rows");
        _sources = new NativeArray<double>(_rows.Length * kernel.SourceNumbers, "Traces of sources", cleared: true);
        _seconds = kernel.HasSecondNumber
            ? new NativeArray<byte>((SynapseCount + Slack) * ElementBytes, "Second numbers of plastic synapses", cleared: true)
            : null;
        new Span<RowState>(_rows.Pointer, (int)_rows.Length).Fill(new RowState { LastSpike = PostSpikes.Never, Done = PostSpikes.Never });
        _dendrites = kernel.PostTraces is { } traces ? new Dendrites(targets, delaySteps, traces, kernel.IsDouble, kernel.CatchUpLagSteps, historyCapacity) : null;
        _calendar = new RowCalendar<PlasticRow>(_offsets, _layout, delaySteps, shortestDelaySteps: 0);
    }

    /// <summary>Place in the input array of its first target.</summary>
    public int EntryBase { get; }

    /// <summary>Targets that it can have.</summary>
    public int Targets { get; }

    /// <summary>Synapses.</summary>
    public long SynapseCount { get; }

    /// <summary>Bytes of a weight.</summary>
    public int ElementBytes { get; }

    /// <summary>Rows: sources times delays.</summary>
    public long Rows => _rows.Length;

    /// <summary>Bytes of its arrays.</summary>
    public long Bytes =>
        _offsets.Bytes + _synapses.Bytes + _rows.Bytes + _sources.Bytes + (_seconds?.Bytes ?? 0) + (_dendrites?.Bytes ?? 0) + _calendar.Bytes;

    /// <summary>Visits to rows without a spike of their own.</summary>
    public long RowsCaughtUp { get; private set; }

    /// <summary>The rule.</summary>
    public PlasticKernel Kernel => _kernel;

    /// <summary>The targets' side; null where the rule does not look at it.</summary>
    public Dendrites? Dendrites => _dendrites;

    /// <summary>Weights. [synapse: rows one after the other]</summary>
    public byte* Weights => _synapses.Pointer + _layout.WeightsBegin;

    /// <summary>Second numbers of the synapses; null where there are none. [synapse]</summary>
    public byte* Seconds => _seconds is null ? null : _seconds.Pointer;

    /// <summary>First synapse of each row, and one behind the last. [row + 1]</summary>
    public uint* Offsets => _offsets.Pointer;

    /// <summary>Places of the targets in the table's part of the input array. [synapse: rows one after the other]</summary>
    public ushort* Places => (ushort*)_synapses.Pointer;

    /// <summary>State of a row.</summary>
    public ref RowState State(long row) => ref _rows.Pointer[row];

    /// <summary>Numbers of the source of a row.</summary>
    public Span<double> Source(long row) => new(_sources.Pointer + (row * _kernel.SourceNumbers), _kernel.SourceNumbers);

    /// <summary>See <see cref="SynapseTables.File"/>.</summary>
    public void File(long step, int* sources, int count, long firstDueStep) => _calendar.File(step, sources, count, firstDueStep);

    /// <summary>Delivers the rows that are due in a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">The shard's whole input array.</param>
    /// <returns>Synaptic events.</returns>
    public long Deliver(long step, void* input)
    {
        _dendrites?.Arrive(step);
        var rows = _calendar.TakeDue(step, shortest: false, out var count);
        var at = (byte*)input + ((nint)EntryBase * ElementBytes);
        long events = 0;
        for (var i = 0; i < count; i++)
        {
            if (i + 1 < count)
            {
                PrefetchFirst(rows[i + 1]);
            }

            Deliver(rows[i], step, at);
            events += rows[i].Count;
        }

        if (_kernel.IsHistoryLong)
        {
            ShortenHistory(step);
        }

        return events;
    }

    /// <summary>Asks for the first row that is due in a step.</summary>
    public void PrefetchFirst(long step)
    {
        var rows = _calendar.Due(step, shortest: false, out var count);
        if (count > 0)
        {
            PrefetchFirst(rows[0]);
        }
    }

    /// <summary>Targets have spiked in the step that was delivered last.</summary>
    /// <param name="step">The step.</param>
    /// <param name="neurons">Those that spiked. [spike]</param>
    /// <param name="count">How many.</param>
    /// <param name="first">Neuron that is the table's first target.</param>
    public void NoteTargets(long step, int* neurons, int count, int first)
    {
        if (_dendrites is null)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var target = neurons[i] - first;
            if ((uint)target < (uint)Targets)
            {
                MakeRoom(target, step);
                _dendrites.Add(target, step);
            }
        }
    }

    /// <summary>See <see cref="PlasticTables.CatchUp"/>.</summary>
    public void CatchUp(long step)
    {
        if (_dendrites is null)
        {
            return;
        }

        _dendrites.Arrive(step);
        CatchUp(step, long.MaxValue);

        // What is kept of the dopamine does not depend on which rows there are.
        _kernel.Dopamine?.MarkTo(step - _delaySteps[0]);
        _kernel.Dopamine?.Forget(step - _delaySteps[^1]);
    }

    /// <summary>Forgets what has happened so far, but for the numbers of synapses.</summary>
    /// <param name="step">The step that is delivered next.</param>
    public void Reset(long step)
    {
        _calendar.Clear();
        _dendrites?.Clear(step);
        _kernel.Dopamine?.Clear();
        new Span<RowState>(_rows.Pointer, (int)_rows.Length).Fill(new RowState { LastSpike = PostSpikes.Never, Done = PostSpikes.Never });
        new Span<double>(_sources.Pointer, (int)_sources.Length).Clear();
        _doneByAll = PostSpikes.Never;
    }

    /// <summary>The step up to which a visit without a spike, ahead of the delivery of a step, would advance a row.</summary>
    public long EndOfCatchUp(long row, long step)
    {
        var delay = _delaySteps[row % _delaySteps.Length];
        return _kernel.EndOfCatchUp(step - delay) - delay;
    }

    /// <summary>The step up to which a row has been advanced that was caught up ahead of the delivery of a step.</summary>
    public long DoneAfterCatchUp(long row, long lastSpike, long step) => _dendrites is null
        ? PostSpikes.Never
        : Math.Max(lastSpike - _delaySteps[row % _delaySteps.Length], EndOfCatchUp(row, step));

    /// <inheritdoc/>
    public void Dispose()
    {
        _offsets.Dispose();
        _synapses.Dispose();
        _rows.Dispose();
        _sources.Dispose();
        _seconds?.Dispose();
        _dendrites?.Dispose();
        _calendar.Dispose();
        _kernel.Dispose();
    }

    private void MakeRoom(int target, long step)
    {
        var spikes = _dendrites!.Spikes;
        if (spikes.OldestKept(target) > _doneByAll)
        {
            // Half of the ring becomes free, so that this is rare; more than that would visit rows that their own spikes visit soon.
            CatchUp(step, spikes.Middle(target));
        }
    }

    private void ShortenHistory(long step)
    {
        var dopamine = _kernel.Dopamine!;
        CatchUp(step, dopamine.Marks[dopamine.Marks.First + (dopamine.Marks.Count / 2)].Step);
        dopamine.Forget(Math.Min(_doneByAll, step - (2 * _delaySteps[^1])));
    }

    /// <summary>Catches up the rows that have not been visited since a step.</summary>
    private void CatchUp(long step, long since)
    {
        var doneByAll = long.MaxValue;
        for (nint number = 0; number < (nint)_rows.Length; number++)
        {
            var row = PlasticRow.At(_offsets.Pointer, number, 0);
            if (_rows.Pointer[number].LastSpike == PostSpikes.Never || row.Count == 0)
            {
                continue;
            }

            if (_rows.Pointer[number].Done < since)
            {
                CatchUp(row, EndOfCatchUp(number, step));
            }

            doneByAll = Math.Min(doneByAll, _rows.Pointer[number].Done);
        }

        _doneByAll = doneByAll;
    }

    /// <summary>Lets the spikes of targets up to a step act on a row.</summary>
    private void CatchUp(PlasticRow row, long end)
    {
        var state = _rows.Pointer + row.Number;
        if (end > state->Done)
        {
            var task = Task(row, end);
            _kernel.Run(in task);
            state->Done = end;
            RowsCaughtUp++;
        }
    }

    private void Deliver(PlasticRow row, long step, void* input)
    {
        var delay = _delaySteps[row.Number % (uint)_delaySteps.Length];
        var spike = step - delay;
        var state = _rows.Pointer + row.Number;
        var task = Task(row, spike - delay);
        task.Input = input;

        // A spike in step s has the time (s + 1) dt: time 0 is where step -1 ends.
        task.StepsSinceSpike = spike - (task.HasSpiked ? state->LastSpike : -1);
        _kernel.Run(in task);
        _kernel.Spike(Source(row.Number), task.HasSpiked, task.StepsSinceSpike);
        state->LastSpike = spike;
        state->Done = spike - delay;
    }

    /// <summary>A visit to a row, without a spike.</summary>
    private RowTask Task(PlasticRow row, long end)
    {
        var state = _rows.Pointer[row.Number];
        var delayIndex = (int)(row.Number % (uint)_delaySteps.Length);
        var delay = _delaySteps[delayIndex];
        var timeBase = _dendrites?.Base ?? 0;
        var task = new RowTask
        {
            Targets = Places + row.First,
            Weights = Weights + ((nint)row.First * ElementBytes),
            Seconds = _seconds is null ? null : _seconds.Pointer + ((nint)row.First * ElementBytes),
            Count = row.Count,
            Base = timeBase,
            Begin = ArrivedSpikes.Time(state.LastSpike - delay, timeBase),
            Done = ArrivedSpikes.Time(state.Done, timeBase),
            End = ArrivedSpikes.Time(end, timeBase),
            DoneStep = state.Done,
            EndStep = end,
            DelaySteps = delay,
            HasSpiked = state.LastSpike != PostSpikes.Never,
            Source = _sources.Pointer + ((nint)row.Number * _kernel.SourceNumbers),
        };
        if (_dendrites is not null)
        {
            _dendrites.Show(delayIndex, ref task);
        }

        return task;
    }

    private void PrefetchFirst(PlasticRow row)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        var count = Math.Min(row.Count, Scratch.Chunk);
        var places = (byte*)(Places + row.First);
        for (nint i = 0; i < count * sizeof(ushort); i += CacheLine)
        {
            Sse.Prefetch0(places + i);
        }

        var weights = Weights + ((nint)row.First * ElementBytes);
        for (nint i = 0; i < count * ElementBytes; i += CacheLine)
        {
            Sse.Prefetch0(weights + i);
        }
    }
}
