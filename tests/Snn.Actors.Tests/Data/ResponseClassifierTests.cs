using Snn.Actors.Data;
using Xunit;

namespace Snn.Actors.Tests.Data;

public sealed class ResponseClassifierTests
{
    [Fact]
    public void SpikesBelongToThePresentationInWhichTheyEnd()
    {
        // dt = 0.1 ms, so that times are not what they seem: 0.1 * 3 is above 0.3.
        var spikes = new SpikeRecording([0, 1, 1, 0, 2], [0.1, 0.1 * 3, 0.4, 0.6, 0.9], [0, 0, 0, 0, 0]);
        var responses = SampleResponses.Of(spikes, 2, periodMs: 0.3);
        Assert.Equal([1, 1, 0], responses[0].ToArray());
        Assert.Equal([1, 1, 0], responses[1].ToArray());
        Assert.Equal([0, 0, 1], SampleResponses.Of(spikes, 3, periodMs: 0.3)[2].ToArray());
    }

    [Fact]
    public void ItemsHaveSamplesInTurn()
    {
        var responses = SampleResponses.Of(new SpikeRecording([0, 0, 0], [10, 10, 20], [0, 1, 1]), 4, periodMs: 10, batchItems: 2);
        Assert.Equal([1, 1, 0, 1], Enumerable.Range(0, 4).Select(s => responses[s][0]));
    }

    [Fact]
    public void ANeuronHasTheClassOfItsGreatestMeanAndAnAnswerThatOfItsNeurons()
    {
        // Classes 0, 0, 0, 1: neuron 0 has 3 spikes for class 0, a mean of 1, and 2 for class 1. Neurons 1 and 2 respond to class 0 only, 3 never, 4 to class 1 only.
        int[] labels = [0, 0, 0, 1, 0, 0];
        var responses = Of([[1, 2, 1, 0, 0], [1, 2, 1, 0, 0], [1, 2, 1, 0, 0], [2, 0, 0, 0, 1], [1, 2, 1, 0, 1], [0, 0, 0, 0, 0]]);
        var classifier = ResponseClassifier.Assign(responses, labels, 0, 4);
        Assert.Equal([1, 0, 0, -1, 1], classifier.Classes);
        Assert.Equal([2, 2], classifier.NeuronsOfClass);
        // Means of 1.5 and 1; of 0.5 and 1; of 1 and 1; nothing.
        Assert.Equal(0, classifier.Answer(responses[4]));
        Assert.Equal(1, classifier.Answer([1, 0, 1, 9, 1]));
        Assert.Equal(0, classifier.Answer([1, 1, 1, 0, 1]));
        Assert.Equal(-1, classifier.Answer(responses[5]));
        Assert.Equal(-1, classifier.Answer([0, 0, 0, 5, 0]));
    }

    /// <summary>Ten samples and ten thousand of one class weigh the same: means, not sums.</summary>
    [Fact]
    public void AClassWithManySamplesHasNoAdvantage()
    {
        var responses = Of([[1], [1], [1], [2]]);
        Assert.Equal([1], ResponseClassifier.Assign(responses, [0, 0, 0, 1], 0, 4).Classes);
        Assert.Equal([0], ResponseClassifier.Assign(responses, [0, 0, 0, 1], 0, 3).Classes);
    }

    [Fact]
    public void SilenceHasNoClass() =>
        Assert.Empty(ResponseClassifier.Assign(SampleResponses.Of(new SpikeRecording([], [], []), 3, 10), [0, 1, 2], 0, 3).Classes);

    private static SampleResponses Of(int[][] counts)
    {
        var (senders, times) = (new List<int>(), new List<double>());
        for (var sample = 0; sample < counts.Length; sample++)
        {
            for (var neuron = 0; neuron < counts[sample].Length; neuron++)
            {
                senders.AddRange(Enumerable.Repeat(neuron, counts[sample][neuron]));
                times.AddRange(Enumerable.Repeat((sample * 10.0) + 5, counts[sample][neuron]));
            }
        }

        return SampleResponses.Of(new SpikeRecording(senders, times, new int[senders.Count]), counts.Length, 10);
    }
}
