using Snn.Kernels.Plasticity;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>Sends synapses to another rank, batch by batch.</summary>
internal sealed class SynapseSender(RankWriter to) : IPlasticVisitor
{
    /// <summary>Shows a visitor what comes, up to a batch of none.</summary>
    public static void Receive(RankReader from, IPlasticVisitor visitor)
    {
        for (int count; (count = from.Read<int>()) > 0;)
        {
            var (sources, targets, delaySteps, weights) = (new int[count], new int[count], new int[count], new double[count]);
            from.ReadAll<int>(sources);
            from.ReadAll<int>(targets);
            from.ReadAll<int>(delaySteps);
            from.ReadAll<double>(weights);
            visitor.Take(sources, targets, delaySteps, weights, []);
        }
    }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, ReadOnlySpan<double> weights, ReadOnlySpan<double> seconds)
    {
        if (sources.IsEmpty)
        {
            return;
        }

        to.Write(sources.Length);
        to.WriteAll(sources);
        to.WriteAll(targets);
        to.WriteAll(delaySteps);
        to.WriteAll(weights);
    }
}

/// <summary>Of a rank that only sends: its own synapses are not shown to it.</summary>
internal sealed class NoVisitor : IPlasticVisitor
{
    /// <summary>The one there is.</summary>
    public static NoVisitor Instance { get; } = new();

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, ReadOnlySpan<double> weights, ReadOnlySpan<double> seconds) =>
        throw new InvalidOperationException("ranks above 0 send what they have and see nothing");
}
