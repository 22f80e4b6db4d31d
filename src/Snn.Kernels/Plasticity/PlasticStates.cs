namespace Snn.Kernels.Plasticity;

/// <summary>Copies the state of tables to and from flat arrays.</summary>
internal static class PlasticStates
{
    /// <summary>Copies the state of tables that have been caught up.</summary>
    public static PlasticState Capture(long step, int rows, int targets, PlasticTable[] tables)
    {
        var numbers = tables.Length == 0 ? 0 : tables[0].Kernel.SourceNumbers;
        var kept = tables.Length == 0 ? 0 : tables[0].Dendrites?.Spikes.Capacity ?? 0;
        var hasSlow = kept > 0 && tables[0].Dendrites!.Spikes.HasSlow;
        var state = new PlasticState
        {
            Step = step,
            LastSpikes = new long[rows],
            SourceNumbers = new double[rows * numbers],
            SpikesKept = kept,
            TargetSpikes = new long[(long)targets * kept],
            TargetTraces = new double[(long)targets * kept],
            TargetSlowTraces = new double[hasSlow ? (long)targets * kept : 0],
            DopamineMarks = tables.Length == 0 ? [] : Items(tables[0].Kernel.Dopamine?.Marks),
            DopamineSpikes = tables.Length == 0 ? [] : Items(tables[0].Kernel.Dopamine?.Spikes),
        };
        Array.Fill(state.LastSpikes, PlasticState.Never);
        var first = 0;
        foreach (var table in tables)
        {
            CaptureSources(table, numbers, state);
            CaptureTargets(table, first, kept, state);
            first += table.Targets;
        }

        return state;
    }

    /// <summary>Takes up a state.</summary>
    public static void Restore(PlasticState state, int targets, PlasticTable[] tables)
    {
        var first = 0;
        foreach (var table in tables)
        {
            Check(state, targets, table);
            table.Reset(state.Step);
            RestoreTargets(table, first, state);
            table.Kernel.Dopamine?.Restore(state.DopamineMarks, state.DopamineSpikes);
            RestoreSources(table, state);
            first += table.Targets;
        }
    }

    private static (long Step, double Value)[] Items(StepRing? ring) =>
        ring is null ? [] : [.. Enumerable.Range(0, ring.Count).Select(i => ring[ring.First + i])];

    private static unsafe void CaptureSources(PlasticTable table, int numbers, PlasticState state)
    {
        for (var row = 0L; row < table.Rows; row++)
        {
            if (table.Offsets[row + 1] > table.Offsets[row])
            {
                state.LastSpikes[row] = table.State(row).LastSpike;
                table.Source(row).CopyTo(state.SourceNumbers.AsSpan((int)row * numbers, numbers));
            }
        }
    }

    private static void CaptureTargets(PlasticTable table, int first, int kept, PlasticState state)
    {
        for (var target = 0; target < table.Targets && kept > 0; target++)
        {
            var at = (first + target) * kept;
            table.Dendrites!.Spikes.Capture(
                target, state.TargetSpikes.AsSpan(at, kept), state.TargetTraces.AsSpan(at, kept), Slow(state, at, kept));
        }
    }

    private static void RestoreTargets(PlasticTable table, int first, PlasticState state)
    {
        if (table.Dendrites is null)
        {
            return;
        }

        var kept = state.SpikesKept;
        for (var target = 0; target < table.Targets; target++)
        {
            var at = (first + target) * kept;
            table.Dendrites.Spikes.Restore(
                target, state.TargetSpikes.AsSpan(at, kept), state.TargetTraces.AsSpan(at, kept), Slow(state, at, kept));
        }

        table.Dendrites.Restore(state.Step);
    }

    private static Span<double> Slow(PlasticState state, int at, int kept) =>
        state.TargetSlowTraces.Length == 0 ? [] : state.TargetSlowTraces.AsSpan(at, kept);

    private static void RestoreSources(PlasticTable table, PlasticState state)
    {
        for (var row = 0L; row < table.Rows; row++)
        {
            var last = state.LastSpikes[row];
            if (last == PlasticState.Never)
            {
                continue;
            }

            var numbers = table.Source(row);
            state.SourceNumbers.AsSpan((int)row * numbers.Length, numbers.Length).CopyTo(numbers);
            table.State(row) = new RowState { LastSpike = last, Done = table.DoneAfterCatchUp(row, last, state.Step) };
        }
    }

    private static void Check(PlasticState state, int targets, PlasticTable table)
    {
        var hasSlow = table.Dendrites?.Spikes.HasSlow ?? false;
        if (state.LastSpikes.Length != table.Rows
            || state.SourceNumbers.Length != table.Rows * table.Kernel.SourceNumbers
            || state.TargetSpikes.Length != (long)targets * state.SpikesKept
            || state.TargetTraces.Length != state.TargetSpikes.Length
            || state.TargetSlowTraces.Length != (hasSlow ? state.TargetSpikes.Length : 0))
        {
            throw new ArgumentException(
                $"A state of {state.LastSpikes.Length} rows and {state.TargetSpikes.Length} spikes is not one of {table.Rows} rows and {targets} targets", nameof(state));
        }
    }
}
