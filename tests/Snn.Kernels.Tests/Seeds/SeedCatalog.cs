using System.Reflection;
using Snn.Kernels.Tests.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>The cases in the golden folder, the runners of an assembly, and the categories that Snn does not have yet.</summary>
public static class SeedCatalog
{
    /// <summary>What waits, and for what. Whoever adds it removes its line.</summary>
    public static readonly IReadOnlyDictionary<string, string> NotYet = new Dictionary<string, string>
    {
        ["snngrow/neuron_grad"] = "gradients come with training",
        ["snngrow/surrogate"] = "surrogate gradients come with training",
        ["snngrow/train_fc"] = "training",
        ["snngrow/train_conv"] = "training",
        ["snngrow/train_spiketensor"] = "training",
        ["snntorch/neuron_grad"] = "gradients come with training",
        ["snntorch/surrogate"] = "surrogate gradients come with training",
        ["snntorch/loss"] = "losses come with training",
        ["snntorch/train_fc"] = "training",
        ["snntorch/train_conv"] = "training",
        ["snntorch/train_backprop_module"] = "training",
        ["snntorch/slstm"] = "spiking LSTM cells, which are trained, come with training",
        ["snntorch/sconv2dlstm"] = "spiking LSTM cells, which are trained, come with training",
        ["snntorch/leakyparallel"] = "a rectified recurrent layer over whole sequences, made for training, comes with it",
    };

    /// <summary>Categories that tests of the kernels do not run, because they need files or the whole simulator: tests of Snn.Actors do.</summary>
    public static readonly IReadOnlySet<string> OfTheSimulator = new HashSet<string> { "pysnn/datasets", "pysnn/fileio", "pysnn/network", "snngrow/monitor" };

    /// <summary>All cases of all files of the folder, whatever the files are called.</summary>
    public static IReadOnlyList<SeedCase> Cases() => [.. GoldenFiles.Descriptions().SelectMany(p => SeedCase.ReadFile(p) ?? [])];

    /// <summary>The runners of an assembly, by category.</summary>
    public static IReadOnlyDictionary<string, ISeedRunner> Runners(Assembly assembly)
    {
        var runners = new Dictionary<string, ISeedRunner>();
        foreach (var type in assembly.GetTypes().Where(t => t.IsClass && !t.IsAbstract && t.IsAssignableTo(typeof(ISeedRunner))))
        {
            var runner = (ISeedRunner)Activator.CreateInstance(type, nonPublic: true)!;
            foreach (var category in runner.Categories)
            {
                runners.Add(category, runner);
            }
        }

        return runners;
    }

    /// <summary>The category of a case as runners name it.</summary>
    public static string CategoryOf(SeedCase golden) => $"{golden.Library}/{golden.Category}";
}
