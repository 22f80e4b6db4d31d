using Snn.Actors.Recording;
using Snn.Kernels.Tests.Seeds;

namespace Snn.Actors.Tests.Seeds;

/// <summary>
/// snngrow's Monitor: firing rate (spikes a neuron and step) and share of silent neurons, by what a run counts for its summary. Layer k of the case is module 2 k - 1 of its
/// network.
/// </summary>
public sealed class MonitorRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["snngrow/monitor"];

    /// <summary>Counts are whole numbers.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var layers = new List<Layer>();
        while (golden.OptionalInput($"spikes{layers.Count + 1}") is { } spikes)
        {
            layers.Add(new Layer(spikes));
        }

        var outputs = new Dictionary<string, SeedTensor>();
        for (var k = 0; k < layers.Count; k++)
        {
            Put(outputs, (2 * k) + 1, [layers[k]]);
        }

        Put(outputs, "all", layers);
        return outputs;
    }

    private static void Put(Dictionary<string, SeedTensor> outputs, object name, List<Layer> layers)
    {
        outputs[$"avg_{name}"] = new([], [(double)layers.Sum(l => l.Spikes) / layers.Sum(l => l.Seen)]);
        outputs[$"nonfire_{name}"] = new([], [(double)layers.Sum(l => l.Silent) / layers.Sum(l => l.Neurons)]);
    }

    /// <summary>The spikes of a layer, [step, batch item, neuron], as the shards of a layered network count them: neurons through all items, cut in two.</summary>
    private sealed class Layer
    {
        public Layer(SeedTensor spikes)
        {
            var (steps, items) = (spikes.Shape[0], spikes.Shape[1]);
            Neurons = spikes.Data.Length / steps / items;
            var cut = items / 2 * Neurons;
            SpikeTrainStatistics[] shards = [new(0, cut), new(cut, (items * Neurons) - cut)];
            for (var step = 0; step < steps; step++)
            {
                var row = spikes.At(step).Data;
                var spiking = Enumerable.Range(0, row.Length).Where(i => row[i] != 0).ToArray();
                shards[0].Add(step, [.. spiking.Where(i => i < cut)]);
                shards[1].Add(step, [.. spiking.Where(i => i >= cut)]);
            }

            Seen = spikes.Data.Length;
            Spikes = shards.Sum(s => s.Spikes);
            Silent = SpikeTrainStatistics.SilentNeurons(shards, Neurons);
        }

        public int Neurons { get; }

        public long Seen { get; }

        public long Spikes { get; }

        public int Silent { get; }
    }
}
