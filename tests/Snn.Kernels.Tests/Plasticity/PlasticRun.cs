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

    /// <summary>Copies the numbers of all synapses as a snapshot takes them.</summary>
    public PlasticNumbers CaptureNumbers()
    {
        var (weights, seconds) = (new byte[tables.SynapseCount * Bytes], new byte[tables.HasSecondNumber ? tables.SynapseCount * Bytes : 0]);
        var counts = new int[inputLength];
        fixed (byte* w = weights, s = seconds)
        {
            tables.CaptureNumbers(w, s);
        }

        tables.CountSynapses(counts);
        return new PlasticNumbers(weights, seconds, counts);
    }

    /// <summary>Takes up the shard's part of such numbers of all shards.</summary>
    /// <param name="numbers">All numbers.</param>
    /// <param name="first">The shard's first target.</param>
    public void RestoreNumbers(PlasticNumbers numbers, int first)
    {
        var begin = numbers.Counts.AsSpan(0, first).ToArray().Sum() * Bytes;
        fixed (byte* w = numbers.Weights, s = numbers.Seconds)
        {
            tables.RestoreNumbers(w + begin, s + (s is null ? 0 : begin));
        }
    }

    private int Bytes => isDouble ? sizeof(double) : sizeof(float);

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

/// <summary>The numbers of plastic synapses in canonical order, and how many synapses each target has.</summary>
internal sealed record PlasticNumbers(byte[] Weights, byte[] Seconds, int[] Counts)
{
    public static PlasticNumbers Join(IReadOnlyList<PlasticNumbers> parts) =>
        new([.. parts.SelectMany(p => p.Weights)], [.. parts.SelectMany(p => p.Seconds)], [.. parts.SelectMany(p => p.Counts)]);
}

/// <summary>A synapse as tables show it.</summary>
internal readonly record struct PlasticSynapse(int Source, int Target, int DelaySteps, double Weight, double Second);

/// <summary>Keeps all synapses that it is shown, in their order.</summary>
internal sealed class PlasticSynapses : IPlasticVisitor
{
    private readonly List<PlasticSynapse> _all = [];

    /// <summary>The synapses as they are now.</summary>
    public static IReadOnlyList<PlasticSynapse> Of(PlasticTables tables)
    {
        var synapses = new PlasticSynapses();
        tables.Visit(synapses);
        return synapses._all;
    }

    public void Take(
        ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, ReadOnlySpan<double> weights, ReadOnlySpan<double> seconds)
    {
        for (var i = 0; i < sources.Length; i++)
        {
            _all.Add(new PlasticSynapse(sources[i], targets[i], delaySteps[i], weights[i], seconds.Length > 0 ? seconds[i] : 0));
        }
    }
}
