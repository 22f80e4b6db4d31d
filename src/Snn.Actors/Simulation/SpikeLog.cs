namespace Snn.Actors.Simulation;

/// <summary>
/// All spikes of a run in memory: for programs and tests that look at spikes themselves. Memory grows with the spikes, 12 bytes each; a
/// long run records to files instead.
/// </summary>
public sealed class SpikeLog
{
    private readonly List<Part> _parts = [];

    /// <summary>The spikes of a population, sorted by step, then neuron.</summary>
    /// <param name="population">Index of the population.</param>
    public IReadOnlyList<(long Step, int Neuron)> Of(int population)
    {
        var spikes = _parts.Where(p => p.Population == population).SelectMany(p => p.Spikes).ToArray();
        System.Array.Sort(spikes);
        return spikes;
    }

    internal Part AddPart(int population)
    {
        var part = new Part(population);
        _parts.Add(part);
        return part;
    }

    internal sealed class Part(int population)
    {
        public int Population => population;

        public List<(long Step, int Neuron)> Spikes { get; } = [];

        public void Append(long step, ReadOnlySpan<int> neurons)
        {
            foreach (var neuron in neurons)
            {
                Spikes.Add((step, neuron));
            }
        }
    }
}
