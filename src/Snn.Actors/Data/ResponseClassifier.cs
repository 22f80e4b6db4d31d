namespace Snn.Actors.Data;

/// <summary>
/// Gives classes to neurons that learned without any, and answers with the class whose neurons respond most.
/// <code>
/// class of neuron j = the class c with the greatest mean of its spikes over the samples of c
/// answer            = the class c with the greatest mean of spikes over the neurons of c
/// </code>
/// Diehl and Cook 2015, doi:10.3389/fncom.2015.00099. Ties go to the lower class; a neuron without spikes has none (-1), and a sample without spikes has no answer (-1).
/// </summary>
public sealed class ResponseClassifier
{
    private readonly int[] _classes;
    private readonly int[] _neuronsOfClass;

    private ResponseClassifier(int[] classes, int classCount)
    {
        _classes = classes;
        _neuronsOfClass = [.. Enumerable.Range(0, classCount).Select(c => classes.Count(k => k == c))];
    }

    /// <summary>How many neurons each class has.</summary>
    public IReadOnlyList<int> NeuronsOfClass => _neuronsOfClass;

    /// <summary>The class of each neuron, or -1. [neuron]</summary>
    public IReadOnlyList<int> Classes => _classes;

    /// <summary>Gives every neuron its class.</summary>
    /// <param name="responses">Spikes for each sample.</param>
    /// <param name="labels">Class of each sample, from 0. [sample]</param>
    /// <param name="first">First sample to go by.</param>
    /// <param name="last">Behind the last one.</param>
    public static ResponseClassifier Assign(SampleResponses responses, IReadOnlyList<int> labels, int first, int last)
    {
        ArgumentNullException.ThrowIfNull(responses);
        ArgumentNullException.ThrowIfNull(labels);
        var classCount = labels.Count == 0 ? 0 : labels.Max() + 1;
        var samples = new int[classCount];
        var spikes = new long[responses.Neurons, classCount];
        for (var sample = first; sample < last; sample++)
        {
            samples[labels[sample]]++;
            for (var neuron = 0; neuron < responses.Neurons; neuron++)
            {
                spikes[neuron, labels[sample]] += responses[sample][neuron];
            }
        }

        return new ResponseClassifier(
            [.. Enumerable.Range(0, responses.Neurons).Select(n => Greatest(classCount, c => (spikes[n, c], samples[c])))], classCount);
    }

    /// <summary>The class that some spikes speak for, or -1.</summary>
    /// <param name="spikes">Spikes for a sample. [neuron]</param>
    public int Answer(ReadOnlySpan<int> spikes)
    {
        var sums = new long[_neuronsOfClass.Length];
        for (var neuron = 0; neuron < spikes.Length; neuron++)
        {
            if (_classes[neuron] >= 0)
            {
                sums[_classes[neuron]] += spikes[neuron];
            }
        }

        return Greatest(sums.Length, c => (sums[c], _neuronsOfClass[c]));
    }

    /// <summary>The class with the greatest mean above 0, or -1.</summary>
    private static int Greatest(int classCount, Func<int, (long Sum, int Count)> of)
    {
        var (best, mean) = (-1, 0.0);
        for (var c = 0; c < classCount; c++)
        {
            var (sum, count) = of(c);
            if (sum > mean * count)
            {
                (best, mean) = (c, (double)sum / count);
            }
        }

        return best;
    }
}
