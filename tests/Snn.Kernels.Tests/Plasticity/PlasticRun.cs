using Snn.Kernels.Plasticity;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>Drives tables as the engine does: deliver, advance the targets, note their spikes, file those of the sources.</summary>
internal sealed unsafe class PlasticRun(PlasticTables tables, int inputLength, bool isDouble)
{
    /// <summary>What a step adds to the inputs, from zero.</summary>
    public double[] Deliver(long step)
    {
        tables.PrefetchFirst(step);
        if (isDouble)
        {
            var input = new double[inputLength];
            fixed (double* x = input)
            {
                Events += tables.Deliver(step, x);
            }

            return input;
        }

        var singles = new float[inputLength];
        fixed (float* x = singles)
        {
            Events += tables.Deliver(step, x);
        }

        return Array.ConvertAll(singles, v => (double)v);
    }

    public PlasticTables Tables => tables;

    /// <summary>Weights added so far.</summary>
    public long Events { get; private set; }

    /// <summary>The synapses by way of a copy of their numbers, as a snapshot takes them.</summary>
    public IReadOnlyList<PlasticSynapse> CaptureSynapses()
    {
        var numbers = new byte[tables.CapturedBytes + 1];
        fixed (byte* n = numbers)
        {
            tables.CaptureNumbers(n);
            return PlasticSynapses.Of(tables, n);
        }
    }

    public void NoteTargets(long step, int[] neurons)
    {
        fixed (int* n = neurons)
        {
            tables.NoteTargets(step, n, neurons.Length);
        }
    }

    public void File(long step, int[] sources, long firstDueStep = long.MinValue)
    {
        fixed (int* s = sources)
        {
            tables.File(step, s, sources.Length, firstDueStep);
        }
    }
}

/// <summary>A synapse as tables show it.</summary>
internal readonly record struct PlasticSynapse(int Source, int Target, int DelaySteps, double Weight, double Second);

/// <summary>Keeps all synapses that it is shown, in their order.</summary>
internal sealed class PlasticSynapses : IPlasticVisitor
{
    private readonly List<PlasticSynapse> _all = [];

    /// <summary>The synapses as they are now.</summary>
    public static unsafe IReadOnlyList<PlasticSynapse> Of(PlasticTables tables) => Of(tables, null);

    /// <summary>The synapses as they were captured.</summary>
    public static unsafe IReadOnlyList<PlasticSynapse> Of(PlasticTables tables, byte* captured)
    {
        var synapses = new PlasticSynapses();
        tables.Visit(synapses, captured);
        return synapses._all;
    }

    public void Take(
        ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, Span<double> weights, Span<double> seconds)
    {
        for (var i = 0; i < sources.Length; i++)
        {
            _all.Add(new PlasticSynapse(sources[i], targets[i], delaySteps[i], weights[i], seconds.Length > 0 ? seconds[i] : 0));
        }
    }
}
