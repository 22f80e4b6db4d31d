using Snn.Actors.Networks;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Simulation;

/// <summary>The part of a population that lies on a shard, as inputs and connections see it: some neurons, or all neurons of one batch item.</summary>
/// <param name="Population">The population.</param>
/// <param name="First">First of its neurons on the shard.</param>
/// <param name="Count">Neurons on the shard.</param>
/// <param name="Input">The shard's input columns.</param>
/// <param name="Offset">Where the population's neurons begin in every input column.</param>
internal sealed record ShardTarget(Population Population, int First, int Count, NumberColumns Input, nint Offset)
{
    /// <summary>The batch item that it belongs to.</summary>
    public int Item { get; init; }

    /// <summary>What random numbers of the first neuron are keyed by; a multiple of <see cref="Partition.Alignment"/>. Items draw numbers of their own.</summary>
    public int KeyFirst => First + (Item * PopulationActor.Padded(Population.Size));
}

/// <summary>Questions to a model's ports and to a selection of neurons.</summary>
internal static class Selections
{
    /// <summary>The ports of positive and of negative weights: the same one where the model has a single spike port.</summary>
    public static int[] PortsBySign(this NeuronModel model)
    {
        var excitatory = Port(model, PortKind.ExcitatorySpikes);
        var inhibitory = Port(model, PortKind.InhibitorySpikes);
        return excitatory >= 0 && inhibitory >= 0 ? [excitatory, inhibitory] : [0];
    }

    /// <summary>The port of that kind, or -1.</summary>
    public static int Port(this NeuronModel model, PortKind kind) =>
        model.PortTable.FirstOrDefault(p => p.Info.Kind == kind)?.Column ?? -1;

    extension(NeuronSelection selection)
    {
        /// <summary>Number of neurons selected.</summary>
        public int Size => selection.List?.Count ?? selection.Count;

        /// <summary>The selected neurons of a range, counted from its first, ascending.</summary>
        public IReadOnlyList<int> Within(int first, int count)
        {
            if (selection.List is { } list)
            {
                return [.. list.Where(n => n >= first && n < first + count).Select(n => n - first)];
            }

            var low = Math.Max(selection.First, first);
            var high = Math.Min(selection.First + selection.Count, first + count);
            return high <= low ? [] : [.. Enumerable.Range(low - first, high - low)];
        }

        /// <summary>How many selected neurons lie before a neuron.</summary>
        public int Before(int neuron) => selection.List is { } list
            ? list.Count(n => n < neuron)
            : Math.Clamp(neuron - selection.First, 0, selection.Count);
    }

    extension(ArrayInput input)
    {
        /// <summary>Columns of a row: one a driven neuron, of every batch item where the items have values of their own.</summary>
        public int Columns => input.Values.Length / input.Rows;

        /// <summary>The column of the first driven neuron of a target.</summary>
        public int FirstColumn(ShardTarget target) =>
            input.Neurons.Before(target.First) + (input.Columns > input.Neurons.Size ? target.Item * input.Neurons.Size : 0);
    }
}
