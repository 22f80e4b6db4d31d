using Snn.Actors.Networks.Source;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Writing;

/// <summary>Learning rules and rewards as trees.</summary>
internal static class LearningWriter
{
    /// <summary>The tree of a rule.</summary>
    public static SourceValue Tree(Network network, Learning learning) => learning switch
    {
        LayerLearning layer => OfLayer(network, layer),
        SynapseLearning synapses => OfSynapses(network, synapses),
        _ => throw new ArgumentException($"unknown learning rule {learning}", nameof(learning)),
    };

    /// <summary>The tree of a reward.</summary>
    /// <param name="network">Its network.</param>
    /// <param name="reward">The reward.</param>
    /// <param name="namesFiles">Whether files are named; else what they hold stands for them.</param>
    public static SourceValue Tree(Network network, Reward reward, bool namesFiles)
    {
        var value = SourceValue.OfObject().With("model", SourceValue.OfText("reward"));
        return reward switch
        {
            Reward.Constant c => value.With("value", SourceValue.OfNumber(c.Value)),
            Reward.Listed l => value
                .With("file", File(l.File, l.Values, namesFiles))
                .With("every", NetworkWriter.Time(network, l.EverySteps)),
            Reward.Critic c => value
                .With("of", SourceValue.OfText(c.Of.Name))
                .With("wanted", File(c.File, c.Wanted, namesFiles))
                .With("every", NetworkWriter.Time(network, c.EverySteps))
                .With("right", SourceValue.OfNumber(c.Right))
                .With("wrong", SourceValue.OfNumber(c.Wrong)),
            _ => value,
        };
    }

    private static SourceValue OfLayer(Network network, LayerLearning learning)
    {
        var value = SourceValue.OfObject().With("rule", SourceValue.OfText(learning.Rule.Name));
        AddParameters(value, learning.Rule.ParameterTable, learning.Parameters);
        if (learning.Reward is { } reward)
        {
            value.With("reward", SourceValue.OfText(reward.Name));
        }

        value.With("start", NetworkWriter.Time(network, learning.StartStep));
        if (learning.StopStep != long.MaxValue)
        {
            value.With("stop", NetworkWriter.Time(network, learning.StopStep));
        }

        return value.With("every", NetworkWriter.Time(network, learning.EverySteps));
    }

    private static SourceValue OfSynapses(Network network, SynapseLearning learning)
    {
        var value = SourceValue.OfObject().With("rule", SourceValue.OfText(learning.Rule.Name));
        AddParameters(value, learning.Rule.ParameterTable, learning.Parameters);
        if (learning.Rule.UsesDopamine)
        {
            value.With("dopamine", Trees.Of(learning.Dopamine.Select(p => p.Name)));
            value.With("dopamine_delay", NetworkWriter.Time(network, learning.DopamineDelaySteps));
        }

        return value;
    }

    private static void AddParameters(SourceValue value, IReadOnlyList<ParameterDescription> table, IReadOnlyList<double> parameters)
    {
        for (var i = 0; i < table.Count; i++)
        {
            value.With(table[i].Name, Trees.Of(table[i], parameters[i]));
        }
    }

    private static SourceValue File(string path, NpyArray values, bool namesFiles) =>
        SourceValue.OfText(namesFiles ? path : NetworkFile.ContentOf(values));
}
