using System.Globalization;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host.Commands;

/// <summary>Reads a network file for a command, and refuses what is wrong or too large.</summary>
internal static class NetworkLoading
{
    /// <summary>What was read, if there is a network; else null: then everything that is wrong was said.</summary>
    public static NetworkReading? Load(string file, NetworkOverrides? overrides, HostContext context)
    {
        var reading = NetworkFile.Read(file, overrides);
        if (!reading.IsValid)
        {
            Explain(reading, file, context.Error);
        }

        return reading.IsValid ? reading : null;
    }

    /// <summary>Whether the parameters that neurons draw go together; if not, that was said. After <see cref="Fits"/>: it looks at every neuron.</summary>
    public static bool IsSoundAsDrawn(string file, NetworkReading reading, HostContext context)
    {
        var problems = context.Simulator.Check(reading.Network!, new SimulationOptions());
        if (problems.Count > 0)
        {
            Explain(new NetworkReading(null, reading.Locate(problems)), file, context.Error);
        }

        return problems.Count == 0;
    }

    /// <summary>Whether a network fits into memory; if not, that was said.</summary>
    /// <param name="file">Where it came from.</param>
    /// <param name="estimate">Of all of it.</param>
    /// <param name="context">Where it runs.</param>
    /// <param name="shares">Parts of which only one is built here.</param>
    public static bool Fits(string file, NetworkEstimate estimate, HostContext context, int shares = 1)
    {
        // Ranks share the network evenly, and the other machines are taken to be like this one.
        var machines = RankEnvironment.Of(context.Variable) is { Ranks: { } ranks } launched ? Math.Max((double)ranks / launched.LocalRanks, 1) : 1;
        var refusal = estimate.Refusal((context.AvailableMemoryBytes ?? MachineDescription.AvailableMemoryBytes()) * machines * shares);
        if (refusal is not null)
        {
            context.Error.WriteLine($"{file}: {refusal}");
        }

        return refusal is null;
    }

    private static void Explain(NetworkReading reading, string file, TextWriter error)
    {
        error.WriteLine(reading.Format(file));
        var count = reading.Problems.Count;
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"snn: {count} {(count == 1 ? "problem" : "problems")} found; nothing was run"));
    }
}
