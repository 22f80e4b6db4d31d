using System.Text;
using Snn.Actors.Networks;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Networks of weakly coupled modules, each of excitatory and inhibitory neurons, for tests of where populations are placed.</summary>
internal static class Modules
{
    /// <summary>One synapse of a hundred comes from the module before, in a ring; it takes longer.</summary>
    /// <param name="modules">How many.</param>
    /// <param name="excitatory">Excitatory neurons of each; a quarter as many are inhibitory.</param>
    /// <param name="place">The hint of the populations of a module.</param>
    /// <param name="plastic">Whether excitatory synapses within a module learn.</param>
    public static Network Of(int modules, int excitatory, Func<int, int?>? place = null, bool plastic = false)
    {
        var (populations, projections, names) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        for (var m = 0; m < modules; m++)
        {
            var hint = place?.Invoke(m) is { } group ? FormattableString.Invariant($", \"place\": {group}") : string.Empty;
            var learning = plastic ? ", \"learning\": { \"rule\": \"stdp_synapse\", \"Wmax\": 90 }" : string.Empty;
            var before = (m + modules - 1) % modules;
            populations.Append(FormattableString.Invariant($$"""
                "E{{m}}": { "size": {{excitatory}}, "model": "iaf_psc_exp", "initial": { "V_m": { "uniform": [-70, -50] } }{{hint}} },
                "I{{m}}": { "size": {{excitatory / 4}}, "model": "iaf_psc_exp", "initial": { "V_m": { "uniform": [-70, -50] } }{{hint}} },
                """));
            projections.Append(FormattableString.Invariant($$"""
                { "from": "E{{m}}", "to": "E{{m}}", "rule": { "fixed_indegree": 80 }, "weight": 25, "delay": 1.5{{learning}} },
                { "from": "E{{m}}", "to": "I{{m}}", "rule": { "fixed_indegree": 80 }, "weight": 25, "delay": 1.5 },
                { "from": "I{{m}}", "to": ["E{{m}}", "I{{m}}"], "rule": { "fixed_indegree": 19 }, "weight": -100, "delay": 0.8 },
                { "from": "E{{before}}", "to": ["E{{m}}", "I{{m}}"], "rule": { "fixed_indegree": 1 }, "weight": 50, "delay": 3 },
                """));
            names.Append(FormattableString.Invariant($"\"E{m}\", \"I{m}\", "));
        }

        return Runs.FromText(FormattableString.Invariant($$"""
            { "snn": 1, "dt": 0.1, "duration": 40, "seed": 3, "populations": { {{populations}} },
              "inputs": { "external": { "model": "poisson", "rate": 9000, "to": [{{names}}], "weight": 45, "delay": 1.5 } },
              "projections": [ {{projections}} ] }
            """));
    }
}
