namespace Snn.Actors.Data;

/// <summary>How often each neuron of a population spiked for each sample that an "encode" input showed.</summary>
public sealed class SampleResponses
{
    private readonly int[] _counts;

    private SampleResponses(int samples, int neurons)
    {
        (Samples, Neurons) = (samples, neurons);
        _counts = new int[checked(samples * neurons)];
    }

    /// <summary>Samples, in the order in which they were shown; sample k B + b is that of presentation k and item b of B.</summary>
    public int Samples { get; }

    /// <summary>Neurons: as many as there are up to the last one that spiked.</summary>
    public int Neurons { get; }

    /// <summary>Counts the spikes of each presentation; those of the silence behind it are its own.</summary>
    /// <param name="spikes">The spikes.</param>
    /// <param name="samples">So many samples are looked at; later ones are left out.</param>
    /// <param name="periodMs">From the beginning of a presentation to that of the next one, ms.</param>
    /// <param name="batchItems">Batch items, B.</param>
    public static SampleResponses Of(SpikeRecording spikes, int samples, double periodMs, int batchItems = 1)
    {
        ArgumentNullException.ThrowIfNull(spikes);
        var responses = new SampleResponses(samples, spikes.Senders.Count == 0 ? 0 : spikes.Senders.Max() + 1);
        for (var i = 0; i < spikes.Senders.Count; i++)
        {
            // Times are whole steps but for rounding: a hair above the end of a presentation is its end.
            var presentation = (long)Math.Ceiling((spikes.TimesMs[i] / periodMs) - 1e-9) - 1;
            var sample = (presentation * batchItems) + spikes.Items[i];
            if (sample >= 0 && sample < samples)
            {
                responses._counts[(sample * responses.Neurons) + spikes.Senders[i]]++;
            }
        }

        return responses;
    }

    /// <summary>Spikes for a sample. [neuron]</summary>
    /// <param name="sample">The sample.</param>
    public ReadOnlySpan<int> this[int sample] => _counts.AsSpan(sample * Neurons, Neurons);
}
