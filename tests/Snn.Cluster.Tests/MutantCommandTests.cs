using System.Text;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Networks;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests;

/// <summary>
/// Mutants of all seed networks through the commands and the engine: what 'snn validate' finds valid 'snn run' runs to its end, and what is wrong is refused
/// with status 2 and sentences. The mutants are the same every time.
/// </summary>
public sealed class MutantCommandTests : IDisposable
{
    private const int MutantsOfEach = 200;
    private const double MostBytes = 1 << 30;

    private readonly string _folder = Directory.CreateTempSubdirectory("snn-mutants-").FullName;

    public static TheoryData<string> Seeds => [.. TestFiles.Seeds()];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AMutantRunsOrIsRefused(string network)
    {
        var text = TestFiles.SmallSeed(network);
        CopyArrays(Path.GetDirectoryName(Path.Combine(TestFiles.Root, network))!);
        var ran = 0;
        for (var seed = 0; seed < MutantsOfEach; seed++)
        {
            var mutant = NetworkMutator.Shrink(Encoding.UTF8.GetString(NetworkMutator.Mutate(text, seed)), 1, 5);
            ran += Run(mutant, new BoundedSimulator()) == ExitStatus.Done ? 1 : 0;
        }

        Assert.InRange(ran, MutantsOfEach / 100, MutantsOfEach * 2 / 3);
    }

    /// <summary>The harness sees what it is there for.</summary>
    [Fact]
    public void ANetworkThatOnlyTheEngineRefusesIsAFailure()
    {
        var error = Assert.ThrowsAny<Exception>(() => Run(Session.Tiny, new BoundedSimulator { Fault = new InvalidOperationException("only here") }));
        Assert.Contains("only here", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void CopyArrays(string directory)
    {
        foreach (var file in Directory.GetFiles(directory, "*.npy", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private int Run(string mutant, ISimulator simulator)
    {
        var file = Path.Combine(_folder, "mutant.json");
        File.WriteAllText(file, mutant);
        var (validated, _) = Invoke(simulator, "validate", file);
        var (status, said) = Invoke(simulator, "run", file, "--out", Path.Combine(_folder, "out"), "--force", "--progress", "none");
        var context = $"{mutant}\nvalidate: {validated}, run: {status}\n{said}";
        if (status == ExitStatus.Failed && validated == ExitStatus.Done && (said.Contains(" is infinite at ", StringComparison.Ordinal) || said.Contains(" is not a number at ", StringComparison.Ordinal)))
        {
            // Numbers that are absurd and allowed: the state of a neuron diverges, which no reader can foresee.
            return status;
        }

        Assert.True(status is ExitStatus.Done or ExitStatus.WrongInput, context);
        Assert.True(validated == status, context);
        Assert.True(status == ExitStatus.Done ? said.Length == 0 : said.Length > 0, context);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        return status;
    }

    private static (int Status, string Error) Invoke(ISimulator simulator, params string[] args)
    {
        using var error = new StringWriter();
        var status = SnnCommand.Invoke(args, new HostContext { Out = TextWriter.Null, Error = error, Simulator = simulator, AvailableMemoryBytes = MostBytes });
        return (status, error.ToString());
    }

    /// <summary>The engine, for some steps only: mutants ask for a billion years as well.</summary>
    private sealed class BoundedSimulator : ISimulator
    {
        private const long MostSteps = 50;

        public Exception? Fault { get; init; }

        public IReadOnlyList<NetworkProblem> Check(Network network, SimulationOptions options) => new Simulator().Check(network, options);

        public SimulationResult Run(
            Network network, SimulationOptions options, RunDirectory? run, SimulationProgress? progress, CancellationToken cancellation) =>
            Fault is null
                ? new Simulator().Run(network with { DurationSteps = Math.Min(network.DurationSteps, MostSteps) }, options, run, progress, cancellation)
                : throw Fault;
    }
}
