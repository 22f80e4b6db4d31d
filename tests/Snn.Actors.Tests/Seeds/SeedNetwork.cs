using System.Text.Json;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Recording;
using Snn.Kernels.Tests.Seeds;
using Xunit;

namespace Snn.Actors.Tests.Seeds;

/// <summary>
/// A golden case as a whole layered network: declared with the builder, run by the simulator on some workers, read from the files that a user reads.
/// </summary>
internal sealed class SeedNetwork : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HashSet<string> _declared = [];
    private int _files;

    /// <param name="items">Batch items.</param>
    /// <param name="steps">Steps of 1 ms.</param>
    /// <param name="isDouble">Precision.</param>
    public SeedNetwork(int items, int steps, bool isDouble)
    {
        Builder = new NetworkBuilder("seed")
        {
            Dt = 1,
            Duration = steps,
            Batch = items,
            Precision = isDouble ? Precision.Double : Precision.Single,
            Directory = _directory.Path,
        };
    }

    /// <summary>What the case adds to.</summary>
    public NetworkBuilder Builder { get; }

    /// <summary>A population that takes its neurons' values from an array in every step.</summary>
    public PopulationBuilder Driven(string name, int size, string model, SeedTensor rows)
    {
        Builder.Array($"into_{name}", name).File(Npy(rows.Reshape(rows.Shape[0], rows.Data.Length / rows.Shape[0]))).Kind(ArrayKind.Current).Every(1);
        return Builder.Population(name, size, model);
    }

    /// <summary>Declares something that several parts of a case share.</summary>
    public void DeclareOnce(string name, Action<SeedNetwork> declare)
    {
        if (_declared.Add(name))
        {
            declare(this);
        }
    }

    /// <summary>Records state in every step, and weights at the end.</summary>
    public SeedNetwork Recording(string[] populations, string[] variables, string[] weights)
    {
        foreach (var population in populations)
        {
            Builder.RecordState(population, variables, every: 1);
        }

        Builder.RecordWeights(weights);
        return this;
    }

    /// <summary>Writes an array to a file and names it.</summary>
    public string Npy(SeedTensor tensor)
    {
        var name = $"array{_files++}.npy";
        File.WriteAllBytes(_directory[name], NpyBytes.Of(tensor));
        return name;
    }

    /// <summary>Runs the network.</summary>
    public SeedRun Run(int threads, double? durationMs = null)
    {
        if (durationMs is { } ms)
        {
            Builder.Duration = ms;
        }

        var network = Builder.Build();
        var run = RunDirectory.Create(_directory[$"run{_files++}"]);
        var result = new Simulator().Run(network, new SimulationOptions { Threads = threads }, run, null, TestContext.Current.CancellationToken);
        Assert.Equal(0, result.AllocatedBytes);
        return new SeedRun(network, run);
    }

    /// <summary>Sets a parameter from a case: a number, a word, a switch or an array.</summary>
    public static void Set(PopulationBuilder population, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                population.Param(name, value.GetString()!);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                population.Param(name, value.GetBoolean());
                break;
            default:
                var tensor = SeedTensor.Of(value);
                population.Param(name, tensor.Data.Length == 1 ? tensor.Scalar : new Distribution.Array(tensor.Data));
                break;
        }
    }

    public void Dispose() => _directory.Dispose();
}

/// <summary>What a run left.</summary>
internal sealed class SeedRun(Network network, RunDirectory run)
{
    /// <summary>Spikes as zeros and ones. [step, item, neuron]</summary>
    public SeedTensor Spikes(string population)
    {
        var declared = network.Populations.Single(p => p.Name == population);
        var (steps, items) = ((int)network.DurationSteps, network.Items);
        var spikes = SeedTensor.Zeros(steps, items, declared.Size);
        var file = Npz.Read(run.SpikesFile(population));
        var (senders, itemsOf, times) = (file["senders"].As<long>(), file["items"].As<long>(), file["times"].As<double>());
        for (var i = 0; i < senders.Length; i++)
        {
            // A spike of step t ends with the step.
            var step = (int)Math.Round(times[i] / network.DtMs) - 1;
            spikes.Data[(((step * items) + itemsOf[i]) * declared.Size) + senders[i]] = 1;
        }

        return spikes;
    }

    /// <summary>A state variable at the end of every step. [step, item, neuron]</summary>
    public SeedTensor State(string population, string variable) => Read(run.StateFile(population, 0), variable);

    /// <summary>The weights of a projection at the end.</summary>
    public SeedTensor Weights(string projection) => Read(run.WeightsFile(projection), "weights");

    private SeedTensor Read(string path, string array)
    {
        var npy = Npz.Read(path)[array];
        var values = network.Precision == Precision.Double ? npy.As<double>() : Array.ConvertAll(npy.As<float>(), v => (double)v);
        return new SeedTensor([.. npy.Shape.Select(d => (int)d)], values);
    }
}
