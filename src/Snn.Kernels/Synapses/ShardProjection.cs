using Snn.Kernels.Random;

namespace Snn.Kernels.Synapses;

/// <summary>
/// A projection as one shard sees it: who is connected to whom, with what weights and delays, and where the inputs of the shard's
/// targets lie in its flat input array.
/// </summary>
public sealed class ShardProjection
{
    private readonly Lazy<(double Min, double Max)> _weightRange;

    /// <summary>A projection whose properties are given by name.</summary>
    public ShardProjection() => _weightRange = new Lazy<(double Min, double Max)>(FindWeightRange);

    /// <summary>Who is connected to whom.</summary>
    public required ConnectionRule Rule { get; init; }

    /// <summary>Weights, each from a random word of its synapse; not read where <see cref="ListedWeights"/> are given.</summary>
    public ValueDistribution? Weight { get; init; }

    /// <summary>Weights of a <see cref="ListRule"/>, by place in its list; else null. [synapse]</summary>
    public IReadOnlyList<double>? ListedWeights { get; init; }

    /// <summary>Delays, each from a random word of its synapse; not read where <see cref="ListedDelaySteps"/> are given.</summary>
    public DelayDistribution? Delay { get; init; }

    /// <summary>Delays of a <see cref="ListRule"/>, steps, by place in its list; else null. [synapse]</summary>
    public IReadOnlyList<int>? ListedDelaySteps { get; init; }

    /// <summary>First target of the shard.</summary>
    public required int FirstTarget { get; init; }

    /// <summary>Behind the last target of the shard; equal to <see cref="FirstTarget"/> where it has none.</summary>
    public required int LastTarget { get; init; }

    /// <summary>Place in the input array that the first target's weights of zero and above are added to; the next targets follow.</summary>
    public required int OffsetIfPositive { get; init; }

    /// <summary>Place in the input array that the first target's weights below zero are added to; the next targets follow.</summary>
    public required int OffsetIfNegative { get; init; }

    /// <summary>Least and greatest weight.</summary>
    internal (double Min, double Max) WeightRange => _weightRange.Value;

    /// <summary>All delays that synapses can have, steps, in any order; at least one, even of an empty list: a delay line has a length.</summary>
    internal IEnumerable<int> PossibleDelays =>
        ListedDelaySteps?.Distinct().DefaultIfEmpty(1) ?? Array.ConvertAll(Delay!.DistinctSteps.ToArray(), steps => (int)steps);

    /// <summary>Whether all synapses have one delay.</summary>
    internal bool HasOneDelay => ListedDelaySteps is null && Delay!.MinSteps == Delay.MaxSteps;

    /// <summary>Weights of the synapses of a batch.</summary>
    internal void Weights(SynapseBatch batch, Span<double> weights)
    {
        if (ListedWeights is null)
        {
            Weight!.Value.Fill(batch.WeightWords.AsSpan(0, batch.Count), weights[..batch.Count]);
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            weights[i] = ListedWeights[batch.Places[i]];
        }
    }

    /// <summary>Weights of the synapses of a batch, in single precision.</summary>
    internal void Weights(SynapseBatch batch, Span<float> weights)
    {
        if (ListedWeights is null)
        {
            Weight!.Value.Fill(batch.WeightWords.AsSpan(0, batch.Count), weights[..batch.Count]);
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            weights[i] = (float)ListedWeights[batch.Places[i]];
        }
    }

    /// <summary>Delays of the synapses of a batch, steps.</summary>
    internal void Delays(SynapseBatch batch, Span<ushort> steps)
    {
        if (ListedDelaySteps is null)
        {
            Delay!.Fill(batch.DelayWords.AsSpan(0, batch.Count), steps[..batch.Count]);
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            steps[i] = (ushort)ListedDelaySteps[batch.Places[i]];
        }
    }

    /// <summary>Words that weights or delays need to be drawn from.</summary>
    internal SynapseWords Words(bool weights) =>
        (weights && ListedWeights is null && !Weight!.Value.IsConstant ? SynapseWords.Weight : SynapseWords.None) |
        (HasOneDelay || ListedDelaySteps is not null ? SynapseWords.None : SynapseWords.Delay);

    /// <summary>The same projection with all weights going to one port, for synapses whose place tells their target.</summary>
    /// <param name="sign">The sign that all weights keep, or 0 where they may change it.</param>
    /// <exception cref="ArgumentException">The sign decides between two ports, and weights may change it.</exception>
    internal ShardProjection OntoOnePort(int sign)
    {
        if (sign == 0 && OffsetIfPositive != OffsetIfNegative)
        {
            throw new ArgumentException(
                $"{Rule.Name} has plastic weights that may change their sign, but the target takes positive and negative ones apart; use bounds of one sign, or name the receptor");
        }

        var offset = sign < 0 ? OffsetIfNegative : OffsetIfPositive;
        return new ShardProjection
        {
            Rule = Rule,
            Weight = Weight,
            ListedWeights = ListedWeights,
            Delay = Delay,
            ListedDelaySteps = ListedDelaySteps,
            FirstTarget = FirstTarget,
            LastTarget = LastTarget,
            OffsetIfPositive = offset,
            OffsetIfNegative = offset,
        };
    }

    /// <summary>Stops a caller's mistake before anything is built.</summary>
    internal void Check(int sourceCount)
    {
        var name = Rule.Name;
        if (Rule.SourceCount != sourceCount)
        {
            throw new ArgumentException($"{name} has {Rule.SourceCount} sources in a table of {sourceCount}; give projections of one source population");
        }

        if ((Weight is null && ListedWeights is null) || (Delay is null && ListedDelaySteps is null))
        {
            throw new ArgumentException($"{name} has no weights or no delays; give a distribution or, for a list, one of each a synapse");
        }

        CheckListed(ListedWeights?.Count, "weights");
        CheckListed(ListedDelaySteps?.Count, "delays");
        if (ListedDelaySteps is not null && ListedDelaySteps.Any(d => d is < 1 or > ushort.MaxValue))
        {
            throw new ArgumentException(
                $"{name} lists delays of {ListedDelaySteps.Min()} to {ListedDelaySteps.Max()} steps; use 1 to {ushort.MaxValue}");
        }

        if (ListedWeights is not null && !ListedWeights.All(double.IsFinite))
        {
            throw new ArgumentException($"{name} lists a weight that is not a finite number; give finite weights");
        }

        if (FirstTarget < 0 || LastTarget < FirstTarget || LastTarget > Rule.TargetCount)
        {
            throw new ArgumentException(
                $"{name} is asked for the targets {FirstTarget} to {LastTarget} of {Rule.TargetCount}; give a range within them");
        }

        var greatest = int.MaxValue - (LastTarget - FirstTarget);
        if (OffsetIfPositive < 0 || OffsetIfNegative < 0 || OffsetIfPositive > greatest || OffsetIfNegative > greatest)
        {
            throw new ArgumentException($"{name} has an input offset outside 0 to {greatest}; give places in the input array");
        }
    }

    private (double Min, double Max) FindWeightRange() =>
        ListedWeights is null ? (Weight!.Value.Least, Weight.Value.Greatest)
        : ListedWeights.Count == 0 ? (0, 0)
        : (ListedWeights.Min(), ListedWeights.Max());

    private void CheckListed(int? count, string what)
    {
        if (count is null)
        {
            return;
        }

        if (Rule is not ListRule list || list.Sources.Count != count)
        {
            throw new ArgumentException(
                $"{Rule.Name} has {count} listed {what}; list them only for a list of as many synapses");
        }
    }
}
