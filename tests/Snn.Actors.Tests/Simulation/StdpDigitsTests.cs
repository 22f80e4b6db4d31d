using Snn.Actors.Data;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Recording;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>examples/stdp-digits learns images without labels. A small version of it, on Fashion-MNIST as Debian's dataset-fashion-mnist installs it.</summary>
public sealed class StdpDigitsTests
{
    private const string Labels = "/usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz";
    private const double PresentMs = 30;
    private const int Learned = 1500;
    private const int Assigned = 2000;
    private const int Tested = 2500;

    /// <summary>What the example reaches here less a margin; a guess is right one time in ten.</summary>
    private const double LeastAccuracy = 0.5;

    [Fact]
    public void NeuronsLearnToTellImagesApart()
    {
        var (accuracy, hash) = Accuracy("projections[0].learning.stop=45000");
        Assert.True(accuracy > LeastAccuracy, Said(accuracy));
        Assert.Equal("74bea97238eb5e35", hash.ToString("x16"));
    }

    /// <summary>The canary: neurons that do not learn, but differ by chance and take turns all the same, stay far below.</summary>
    [Fact]
    public void WithoutLearningTheyDoNot()
    {
        var (accuracy, _) = Accuracy("projections[0].learning.lr=0");
        Assert.True(accuracy < LeastAccuracy - 0.1, Said(accuracy));
    }

    private static (double Accuracy, ulong Hash) Accuracy(string setting)
    {
        Assert.SkipUnless(File.Exists(Labels), "FASHION-MNIST IS MISSING: nothing was learned (install dataset-fashion-mnist).");
        var settings = new[] { setting, FormattableString.Invariant($"inputs.images.count={Tested}"), FormattableString.Invariant($"duration={Tested * PresentMs}") };
        var reading = NetworkFile.Read(TestData.Example("stdp-digits/stdp-digits.json"), new NetworkOverrides { Set = settings });
        var network = reading.Network ?? throw new InvalidOperationException(reading.Format("stdp-digits.json"));
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var result = new Simulator().Run(network, new SimulationOptions { Threads = 1 }, run, null, TestContext.Current.CancellationToken);
        using var labels = SampleFile.Open(Labels);
        var classes = Array.ConvertAll(labels.Read(0, Tested), c => (int)c);
        var responses = SampleResponses.Of(SpikeRecording.Read(run.SpikesFile("neurons")), Tested, PresentMs);
        var classifier = ResponseClassifier.Assign(responses, classes, Learned, Assigned);
        var right = Enumerable.Range(Assigned, Tested - Assigned).Count(s => classifier.Answer(responses[s]) == classes[s]);
        return ((double)right / (Tested - Assigned), result.SpikeHash);
    }

    private static string Said(double accuracy) => FormattableString.Invariant($"accuracy {accuracy:0.000}");
}
