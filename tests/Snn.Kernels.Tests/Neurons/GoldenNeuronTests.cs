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

    /// <summary>
    /// Non-linear models against traces that NEST integrated with an error of 1e-9 and less a step: what is left is the error of our own schemes. Reached are 1e-5
    /// of the range (V_m 1e-4 mV in integrate-and-fire models, 1e-3 mV in Hodgkin-Huxley, whose range is 120 mV; gates 1e-5), and spikes in the very step;
    /// allowed is twice that. Conductances and synaptic currents obey linear equations, which are solved exactly.
    /// </summary>
    private static readonly GoldenTolerance Tight = new(2e-5, 0, 10, 2) { RelativeLinear = 1e-9 };

    /// <summary>Single precision, linear models: rounding of V_m (4e-6 mV a step near -70 mV) gathers over a membrane time constant.</summary>
    private static readonly GoldenTolerance SingleLinear = new(1e-4, 0, 0, 0);

    /// <summary>Single precision, the others: rounding is amplified in every upswing.</summary>
    private static readonly GoldenTolerance Single = new(2e-3, 1, 10, 2);

    private static readonly string[] ExactModels =
        ["iaf_psc_delta", "iaf_psc_exp", "iaf_psc_alpha", "izhikevich", "mat2_psc_exp", "gif_psc_exp"];

    public static TheoryData<string> Neurons() =>
        [.. GoldenFiles.Descriptions().Where(p => GoldenFiles.Kind(p) == GoldenKind.Neuron).Select(p => Path.GetRelativePath(GoldenFiles.Folder, p))];

    [Theory(SkipTestWithoutData = true)]
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

    /// <summary>The copy in the checkout has what it should; another folder may have less, and more.</summary>
    [Fact]
    public void Every_file_of_the_copy_is_understood()
    {
        var kinds = GoldenFiles.Descriptions(GoldenFiles.Copy).ToDictionary(p => p, GoldenFiles.Kind);
        Assert.Empty(kinds.Where(k => k.Value == GoldenKind.Unknown).Select(k => k.Key));
        Assert.Equal(3, kinds.Values.Distinct().Count());

        // A trace without a description would be read by nobody.
        var traces = kinds.Where(k => k.Value == GoldenKind.Neuron).Select(k => GoldenFiles.TraceOf(k.Key, GoldenFiles.Copy)).ToHashSet();
        Assert.Equal(kinds.Values.Count(k => k == GoldenKind.Neuron), traces.Count);
        foreach (var synapse in kinds.Where(k => k.Value == GoldenKind.Synapse).Select(k => k.Key))
        {
            traces.UnionWith([Path.ChangeExtension(synapse, ".csv"), Path.ChangeExtension(synapse, ".state.csv")]);
        }

        Assert.Empty(Directory.EnumerateFiles(GoldenFiles.Copy, "*.csv", SearchOption.AllDirectories).Except(traces));
    }

    /// <summary>Files under other names, in other folders, with files of other kinds beside them.</summary>
    [Fact]
    public void A_trace_is_found_by_its_columns()
    {
        var folder = Directory.CreateTempSubdirectory("snn-golden-").FullName;
        try
        {
            var (one, other) = (Path.Combine(GoldenFiles.Copy, "neurons", "iaf_psc_delta.dc"), Path.Combine(GoldenFiles.Copy, "neurons", "hh_psc_alpha.dc"));
            Directory.CreateDirectory(Path.Combine(folder, "a"));
            File.Copy(one + ".json", Path.Combine(folder, "what.json"));
            File.Copy(one + ".csv", Path.Combine(folder, "a", "trace.csv"));
            File.Copy(other + ".csv", Path.Combine(folder, "a", "another.csv"));
            File.WriteAllText(Path.Combine(folder, "a", "empty.csv"), "");
            Assert.Equal(GoldenCase.Read(one + ".json", GoldenFiles.Copy).Rows, GoldenCase.Read(Path.Combine(folder, "what.json"), folder).Rows);

            // Two that nothing tells apart are not guessed at.
            File.Copy(one + ".csv", Path.Combine(folder, "trace2.csv"));
            var error = Assert.Throws<InvalidDataException>(() => GoldenFiles.TraceOf(Path.Combine(folder, "what.json"), folder));
            Assert.Contains("2 .csv files have the columns V_m", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_is_found_from_the_root_of_the_checkout_too()
    {
        Assert.Equal(GoldenFiles.Copy, GoldenFiles.Find(null));
        Assert.Equal(GoldenFiles.Copy, GoldenFiles.Find(Path.Combine("tests", "data", "golden")));
        Assert.Equal(GoldenFiles.Copy, GoldenFiles.Find(GoldenFiles.Copy));
        Assert.Contains("no-such-folder", Assert.Throws<DirectoryNotFoundException>(() => GoldenFiles.Find("no-such-folder")).Message, StringComparison.Ordinal);
    }

    [Theory(SkipTestWithoutData = true)]
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
                rows[3][c] += 1.5 * tolerance.Of(golden.Columns[c]) * (range > 0 ? range : 1);
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

    /// <summary>What an error of a tenth of the tolerance of the other cases would be, and a spike that is late by a step.</summary>
    [Fact]
    public void A_small_error_of_a_tight_case_is_noticed()
    {
        var tight = GoldenFiles.Descriptions(GoldenFiles.Copy).Where(p => GoldenFiles.Kind(p) == GoldenKind.Neuron)
            .Select(p => GoldenCase.Read(p, GoldenFiles.Copy)).Where(c => c.IsTight).ToArray();
        Assert.Equal(10, tight.Length);
        foreach (var golden in tight)
        {
            var tolerance = Tolerance(golden, isDouble: true);
            var v = Array.IndexOf(golden.Columns, "V_m");
            var range = golden.Rows.Max(r => r[v]) - golden.Rows.Min(r => r[v]);
            var rows = golden.Rows.Select(r => r.ToArray()).ToArray();
            rows[3][v] += NonLinear.Relative / 10 * range;
            Assert.NotEmpty(GoldenComparison.Problems(golden, new GoldenRun(rows, golden.SpikeSteps), tolerance));
            int[] late = [.. golden.SpikeSteps.Select(s => s + 1)];
            Assert.True(late.Length == 0 || GoldenComparison.Problems(golden, new GoldenRun(golden.Rows, late), tolerance).Count > 0);
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
        var tolerance = isDouble ? (isExact ? Exact : golden.IsTight ? Tight : NonLinear) : isLinear ? SingleLinear : Single;

        // The integrate-and-fire models reset on the grid: where the spikes agree, so does every step.
        return golden.Model.Name.StartsWith("iaf_", StringComparison.Ordinal) ? tolerance with { BlindBefore = 0, BlindAfter = 0 } : tolerance;
    }
}
