using Snn.Cluster.Host;

namespace Snn.Cluster.Tests;

/// <summary>A directory with a small network file in it, and the snn command run in process against a fake engine.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>Time step of <see cref="Tiny"/>, ms.</summary>
    public const double TinyDtMs = 0.1;

    public const string Tiny = """
        {
          "snn": 1, "name": "tiny", "dt": 0.1, "duration": 100, "seed": 7,
          "populations": { "E": { "size": 4, "model": "iaf_psc_exp", "params": { "I_e": 500 } } },
          "record": { "spikes": ["E"] }
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("snn-test-").FullName;

    public Session(string network = Tiny)
    {
        File.WriteAllText(Network, network);
        Context = new HostContext
        {
            Out = Out,
            Error = Error,
            Simulator = Simulator,
            RunsDirectory = this["runs"],
        };
    }

    public HostContext Context { get; set; }

    public StringWriter Out { get; } = new();

    public StringWriter Error { get; } = new();

    public FakeSimulator Simulator { get; } = new();

    public string Network => this["tiny.json"];

    public string this[string name] => Path.Combine(_directory, name);

    public int Run(params string[] args) => SnnCommand.Invoke(args, Context);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
