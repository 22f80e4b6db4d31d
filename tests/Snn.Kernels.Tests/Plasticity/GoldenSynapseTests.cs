using System.Globalization;
using Snn.Kernels.Tests.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>Every golden synapse of NEST's, in the golden folder, at every number of lanes.</summary>
[Trait("Category", "Golden")]
public class GoldenSynapseTests
{
    /// <summary>As a part of the greatest magnitude in the column: what the golden files promise.</summary>
    private const double Exact = 1e-9;

    /// <summary>Rounding of some fifty changes of a weight in single precision.</summary>
    private const double Single = 3e-6;

    public static TheoryData<string> Cases() =>
        [.. GoldenFiles.Descriptions().Where(p => GoldenFiles.Kind(p) == GoldenKind.Synapse).Select(p => Path.GetRelativePath(GoldenFiles.Folder, p))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_and_states_agree(string file)
    {
        var golden = Read(file);
        var problems = new List<string>();
        foreach (var (lanes, isDouble) in new[] { (1, true), (4, true), (8, true), (16, true), (1, false), (8, false), (16, false) })
        {
            var run = GoldenSynapseRun.Of(golden, lanes, isDouble);
            problems.AddRange(Problems(golden, run, isDouble).Select(p => $"{lanes} lanes of {(isDouble ? "double" : "float")}: {p}"));
        }

        Assert.Empty(problems);
    }

    /// <summary>The comparison must trip on what it is there for.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_changed_number_is_noticed(string file)
    {
        var golden = Read(file);
        var run = GoldenSynapseRun.Of(golden, 8, isDouble: true);
        Assert.Empty(Problems(golden, run, isDouble: true));

        var greatest = golden.EventWeights.Max(Math.Abs);
        for (var spike = 0; spike < golden.EventWeights.Length; spike++)
        {
            Assert.NotEmpty(Problems(golden.WithEventWeight(spike, golden.EventWeights[spike] + (4 * Exact * greatest)), run, isDouble: true));
            Assert.NotEmpty(Problems(golden.WithEventWeight(spike, double.NaN), run, isDouble: true));
        }

        foreach (var name in run.State[0].Keys)
        {
            var column = Array.IndexOf(golden.Columns, name);
            var size = golden.State.Max(r => Math.Abs(r[column]));
            for (var reading = 0; reading < golden.State.Length - 1; reading++)
            {
                var wrong = golden.WithState(reading, column, golden.State[reading][column] + (4 * Exact * size));
                Assert.NotEmpty(Problems(wrong, run, isDouble: true));
            }
        }
    }

    /// <summary>Every parameter that was given matters: a run with another one is noticed. The whole chain, not only the comparison.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Another_parameter_is_noticed(string file)
    {
        var golden = Read(file);

        // Bounds that no weight meets, and what has no influence on this case.
        string[] idle = golden.Model.Name switch
        {
            "stdp_dopamine_synapse" => ["Wmin", "Wmax"],
            "stdp_triplet_synapse" => ["Wmax"],
            "vogels_sprekeler_synapse" => ["Wmax"],
            "tsodyks_synapse" or "tsodyks2_synapse" => ["delay"],
            _ => [],
        };
        foreach (var (name, value) in golden.Given.Where(g => !g.Key.StartsWith('K') && !idle.Contains(g.Key)))
        {
            // Exponents and the like of 0, and parts that are at most 1.
            var other = name switch
            {
                "delay" => value + golden.DtMs,
                "u" or "x" when value == 1 => 0.9,
                "tau_fac" when value == 0 => 1,
                _ => value == 0 ? 0.01 : value * 1.01,
            };
            var changed = golden.WithGiven(name, other);
            Assert.True(Problems(golden, GoldenSynapseRun.Of(changed, 4, isDouble: true), isDouble: true).Count > 0, $"{name} = {other} is not noticed");
        }
    }

    private static GoldenSynapse Read(string file) => GoldenSynapse.Read(Path.Combine(GoldenFiles.Folder, file));

    private static List<string> Problems(GoldenSynapse golden, GoldenSynapseRun run, bool isDouble)
    {
        var problems = new List<string>();
        var allowed = isDouble ? Exact : Single;
        Compare("weight carried by a spike", golden.EventWeights, run.EventWeights, allowed, problems);
        foreach (var name in run.State[0].Keys)
        {
            var column = Array.IndexOf(golden.Columns, name);
            if (column < 0)
            {
                problems.Add($"{name} is not recorded");
                continue;
            }

            var readings = Enumerable.Range(0, golden.State.Length).Where(r => Seen(golden, run, r).ContainsKey(name)).ToArray();
            Compare(name, [.. readings.Select(r => golden.State[r][column])], [.. readings.Select(r => Seen(golden, run, r)[name])], allowed, problems);
        }

        return problems;
    }

    /// <summary>The state that NEST could show at a reading.</summary>
    private static IReadOnlyDictionary<string, double> Seen(GoldenSynapse golden, GoldenSynapseRun run, int reading) =>
        reading == golden.State.Length - 1 ? run.State[^1] : run.State[golden.VisibleSpikes[reading] - 1];

    private static void Compare(string what, double[] expected, double[] got, double allowed, List<string> problems)
    {
        if (got.Length != expected.Length)
        {
            problems.Add($"{what}: {got.Length} numbers instead of {expected.Length}");
            return;
        }

        var size = expected.Where(double.IsFinite).Select(Math.Abs).Max();
        var error = Enumerable.Range(0, expected.Length).Select(i => (i, error: Math.Abs(got[i] - expected[i]) / size)).MaxBy(e => double.IsNaN(e.error) ? double.MaxValue : e.error);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {error.error:g3}"));
        if (!(error.error <= allowed))
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"{what} [{error.i}] is {got[error.i]:r}, not {expected[error.i]:r}: off by {error.error:g3}, allowed {allowed:g3}"));
        }
    }
}
