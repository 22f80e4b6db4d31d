using Snn.Kernels.Synapses;

namespace Snn.Kernels.Tests.Synapses;

internal readonly record struct DrawnSynapse(int Source, int Target, uint WeightWord, uint DelayWord, int Place);

/// <summary>Keeps everything that a rule draws.</summary>
internal sealed class DrawnSynapses : ISynapseSink
{
    private readonly List<DrawnSynapse> _all = [];

    public static IReadOnlyList<DrawnSynapse> Of(ConnectionRule rule) => Of(rule, 0, rule.TargetCount);

    public static IReadOnlyList<DrawnSynapse> Of(ConnectionRule rule, int first, int last)
    {
        var drawn = new DrawnSynapses();
        rule.Draw(first, last, SynapseWords.Weight | SynapseWords.Delay, drawn);
        return drawn._all;
    }

    public void Take(SynapseBatch batch)
    {
        if (batch.Count is < 1 or > SynapseBatch.Capacity)
        {
            throw new InvalidOperationException($"A batch of {batch.Count}");
        }

        for (var i = 0; i < batch.Count; i++)
        {
            _all.Add(new DrawnSynapse(batch.Sources[i], batch.Targets[i], batch.WeightWords[i], batch.DelayWords[i], batch.Places[i]));
        }
    }
}
