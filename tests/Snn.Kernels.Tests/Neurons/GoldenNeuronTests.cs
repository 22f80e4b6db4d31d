using System.Globalization;
using System.Text.Json;
using Snn.Kernels.Lanes;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>Every golden trace of a single neuron, in the golden folder, against every kernel.</summary>
[Trait("Category", "Golden")]
public class GoldenNeuronTests
{
    /// <summary>Exact schemes: the same arithmetic up to rounding.</summary>
    private static readonly GoldenTolerance Exact = new(1e-9, 0, 0, 0);

    /// <summary>
    /// Non-linear models, integrated otherwise than by NEST. AdEx and Hodgkin-Huxley are not compared within 1 ms before a spike and
    /// 0.2 ms from it on.
    /// </summary>
    private static readonly GoldenTolerance NonLinear = new(1e-3, 1, 10, 2);

    /// <summary>Single precision, linear models: rounding of V_m (4e-6 mV a step near -70 mV) gathers over a membrane time constant.</summary>
    private static readonly GoldenTolerance SingleLinear = new(1e-4, 0, 0, 0);

    /// <summary>Single precision, the others: rounding is amplified in every upswing.</summary>
    private static readonly GoldenTolerance Single = new(2e-3, 1, 10, 2);

    private static readonly string[] ExactModels =
        ["iaf_psc_delta", "iaf_psc_exp", "iaf_psc_alpha", "izhikevich", "mat2_psc_exp", "gif_psc_exp"];

    public static TheoryData<string> Neurons() =>
        [.. GoldenFiles.Descriptions().Where(p => GoldenFiles.Kind(p) == GoldenKind.Neuron).Select(p => Path.GetRelativePath(GoldenFiles.Folder, p))];

    [Theory]
    [MemberData(nameof(Neurons))]
    public void Trace_and_spikes_agree(string file)
    {
        var golden = GoldenCase.Read(Path.Combine(GoldenFiles.Folder, file));
        var problems = new List<string>();
        foreach (var (lanes, isDouble) in new[] { (1, true), (4, true), (8, true), (16, true), (1, false), (8, false), (16, false) })
        {
            var tolerance = Tolerance(golden, isDouble);
            var run = GoldenRun.Of(golden, LanePolicy.CreateKernel(golden.Model, lanes, isDouble));
            var where = $"{file}, {lanes} lanes of {(isDouble ? "double" : "float")}";
            foreach (var (column, error) in GoldenComparison.Errors(golden, run, tolerance))
            {
                TestContext.Current.TestOutputHelper?.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{where}: {column} {error:g3} of its range"));
            }

            problems.AddRange(GoldenComparison.Problems(golden, run, tolerance).Select(p => $"{where}: {p}"));
        }

        Assert.Empty(problems);
    }

    [Fact]
    public void Every_file_of_the_folder_is_understood()
    {
        var kinds = GoldenFiles.Descriptions().ToDictionary(p => p, GoldenFiles.Kind);
        Assert.Empty(kinds.Where(k => k.Value == GoldenKind.Unknown).Select(k => k.Key));
        Assert.Contains(GoldenKind.Neuron, kinds.Values);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kinds.Count(k => k.Value == GoldenKind.Neuron)} neurons; {kinds.Count(k => k.Value == GoldenKind.Synapse)} synapses, not a neuron case.");

        // A trace without a description would be read by nobody.
        var orphans = Directory.EnumerateFiles(GoldenFiles.Folder, "*.csv", SearchOption.AllDirectories)
            .Where(csv => !kinds.ContainsKey(Path.ChangeExtension(csv, ".json")))
            .Where(csv => !(csv.EndsWith(".state.csv", StringComparison.Ordinal)
                && kinds.TryGetValue(csv[..^".state.csv".Length] + ".json", out var kind) && kind == GoldenKind.Synapse));
        Assert.Empty(orphans);
    }

    [Theory]
    [MemberData(nameof(Neurons))]
    public void Defaults_are_those_of_NEST(string file)
    {
        var golden = GoldenCase.Read(Path.Combine(GoldenFiles.Folder, file));
        var defaults = golden.Model.DefaultParameters();
        foreach (var parameter in golden.Model.ParameterTable.Where(p => !p.IsList && !golden.Given.ContainsKey(p.Name)))
        {
            // NEST's lowest number stands for no bound.
            var nest = golden.Status.TryGetValue(parameter.Name, out var value) && value > -1e300 ? value : double.NegativeInfinity;
            Assert.True(defaults[parameter.Index] == nest, $"{golden.Model.Name}: {parameter.Name} is {defaults[parameter.Index]}, NEST has {nest}");
        }

        var start = new double[golden.Model.StateColumns];
        golden.Model.Initialize(golden.Parameters(), start);
        foreach (var variable in golden.Model.StateTable.Where(v => v.Info is { IsPublic: true, IsDerived: false } && !golden.Given.ContainsKey(v.Name)))
        {
            if (golden.Status.TryGetValue(variable.Name, out var nest))
            {
                Assert.Equal(nest, start[variable.Column], 1e-15);
            }
        }
    }

    /// <summary>The comparison must trip on what it is there for.</summary>
    [Fact]
    public void A_disturbed_trace_is_noticed()
    {
        foreach (var file in GoldenFiles.Descriptions().Where(p => GoldenFiles.Kind(p) == GoldenKind.Neuron))
        {
            var golden = GoldenCase.Read(file);
            var tolerance = Tolerance(golden, isDouble: true);
            var right = new GoldenRun(golden.Rows, golden.SpikeSteps);
            Assert.Empty(GoldenComparison.Problems(golden, right, tolerance));

            for (var c = 0; c < golden.Columns.Length; c++)
            {
                var range = golden.Rows.Max(r => r[c]) - golden.Rows.Min(r => r[c]);
                var rows = golden.Rows.Select(r => r.ToArray()).ToArray();
                rows[3][c] += 1.5 * tolerance.Relative * (range > 0 ? range : 1);
                Assert.NotEmpty(GoldenComparison.Problems(golden, right with { Rows = rows }, tolerance));
                rows[3][c] = double.NaN;
                Assert.NotEmpty(GoldenComparison.Problems(golden, right with { Rows = rows }, tolerance));
            }

            int[] more = [.. golden.SpikeSteps, golden.Rows.Length - 1];
            Assert.NotEmpty(GoldenComparison.Problems(golden, right with { SpikeSteps = more }, tolerance));
            if (golden.SpikeSteps.Length > 0)
            {
                int[] late = [.. golden.SpikeSteps.Select(s => s + tolerance.SpikeSteps + 1)];
                Assert.NotEmpty(GoldenComparison.Problems(golden, right with { SpikeSteps = late }, tolerance));
            }
        }
    }

    /// <summary>A run from a wrong start is noticed too: the whole chain, not only the comparison.</summary>
    [Fact]
    public void A_wrong_start_is_noticed()
    {
        foreach (var file in GoldenFiles.Descriptions().Where(p => GoldenFiles.Kind(p) == GoldenKind.Neuron))
        {
            var golden = GoldenCase.Read(file);
            var changed = golden.WithInitialPotential(golden.Given.TryGetValue("V_m", out var v) ? v[0] + 5 : golden.Rows[0][0] + 5);
            var run = GoldenRun.Of(changed, LanePolicy.CreateKernel(golden.Model, 4, isDouble: true));
            Assert.NotEmpty(GoldenComparison.Problems(golden, run, Tolerance(golden, isDouble: true)));
        }
    }

    [Fact]
    public void Contents_that_no_test_knows_are_not_passed_over()
    {
        Assert.Equal(GoldenKind.Unknown, GoldenFiles.Kind(JsonDocument.Parse("""{ "model": "iaf_psc_exp" }""").RootElement));
        Assert.Equal(GoldenKind.Unknown, GoldenFiles.Kind(JsonDocument.Parse("{}").RootElement));
    }

    private static GoldenTolerance Tolerance(GoldenCase golden, bool isDouble)
    {
        var isExact = ExactModels.Contains(golden.Model.Name);
        var isLinear = isExact && golden.Model.Name != "izhikevich";
        var tolerance = isDouble ? (isExact ? Exact : NonLinear) : isLinear ? SingleLinear : Single;

        // The integrate-and-fire models reset on the grid: where the spikes agree, so does every step.
        return golden.Model.Name.StartsWith("iaf_", StringComparison.Ordinal) ? tolerance with { BlindBefore = 0, BlindAfter = 0 } : tolerance;
    }
}
