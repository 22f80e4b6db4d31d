using System.CommandLine;
using Snn.Actors.Networks;
using Snn.Cluster.Host.Output;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn validate FILE.</summary>
internal static class ValidateCommand
{
    public static Command Create(HostContext context)
    {
        var file = new Argument<string>("FILE") { Description = "Network file" };
        var command = new Command("validate", "Check a network file and say everything that is wrong with it") { file };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), context));
        return command;
    }

    private static int Run(string file, HostContext context)
    {
        if (NetworkLoading.Load(file, overrides: null, context) is not { Network: { } network } reading)
        {
            return ExitStatus.WrongInput;
        }

        var estimate = NetworkEstimate.Of(network, Environment.ProcessorCount);
        if (!NetworkLoading.Fits(file, estimate, context) || !NetworkLoading.IsSoundAsDrawn(file, reading, context))
        {
            return ExitStatus.WrongInput;
        }

        context.Out.WriteLine(
            $"{file}: valid: {Quantity.Count(estimate.Neurons, "neuron")}, about {Quantity.Count(estimate.Synapses, "synapse")}, about {Quantity.Bytes(estimate.Bytes)}");
        return ExitStatus.Done;
    }
}
