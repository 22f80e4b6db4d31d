namespace Snn.Actors.Recording;

/// <summary>
/// One 64-bit number for all spikes of a run: the sum, modulo 2^64, of a mixed number of every (step, population, neuron). A sum does not
/// depend on the order or on who adds, so shards add their own spikes as they occur; it equals a hash of the triples in canonical order,
/// in that equal sets of spikes, and for all practical purposes only those, have equal hashes.
/// </summary>
public static class SpikeHash
{
    private const ulong StepFactor = 0x9E3779B97F4A7C15;
    private const ulong NeuronFactor = 0xD1B54A32D192ED03;

    /// <summary>What a spike adds to the hash.</summary>
    /// <param name="step">The step.</param>
    /// <param name="population">Index of the population.</param>
    /// <param name="neuron">Index in the population.</param>
    public static ulong Of(long step, int population, int neuron) =>
        Mix(Mix((ulong)step * StepFactor) + ((((ulong)(uint)population << 32) | (uint)neuron) * NeuronFactor));

    /// <summary>What the spikes of a step add to the hash.</summary>
    /// <param name="step">The step.</param>
    /// <param name="population">Index of the population.</param>
    /// <param name="neurons">Indices in the population.</param>
    public static ulong Of(long step, int population, ReadOnlySpan<int> neurons)
    {
        var sum = 0UL;
        foreach (var neuron in neurons)
        {
            sum += Of(step, population, neuron);
        }

        return sum;
    }

    /// <summary>A bijection that spreads every bit over all (the finaliser of Stafford's variant 13 of MurmurHash3).</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
