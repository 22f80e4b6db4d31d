using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>PySNN's, snngrow's and snnTorch's models where a formula or a rule in words says what must come out.</summary>
public class LibraryModelTests
{
    [Fact]
    public void Synaptic_in_silence_is_the_difference_of_two_powers()
    {
        var (a, b) = (0.8, 0.7);
        using var run = Run("synaptic", ("alpha", a), ("beta", b), ("threshold", 100));
        run.SetState("syn", 2);
        run.SetState("mem", -0.5);
        var (powerA, powerB) = (1.0, 1.0);
        for (var n = 1; n <= 40; n++)
        {
            run.Step();
            (powerA, powerB) = (powerA * a, powerB * b);
            Assert.Equal(2 * powerA, run.State("syn"), 1e-12);
            Assert.Equal((-0.5 * powerB) + (2 * a * (powerA - powerB) / (a - b)), run.State("mem"), 1e-12);
        }
    }

    [Fact]
    public void Alpha_rises_and_falls()
    {
        using var run = Run("alpha", ("alpha", 0.9), ("beta", 0.5), ("threshold", 100));
        run.SetInput(0, 0, 1);
        var potentials = Enumerable.Range(0, 60).Select(_ =>
        {
            run.Step();
            return run.State("mem");
        }).ToList();
        Assert.Equal(0, potentials[0], 1e-12);
        Assert.Equal(3, potentials.IndexOf(potentials.Max()));
        Assert.InRange(potentials[^1], 0, 0.01);
    }

    [Theory]
    [InlineData(0, "1111111111")]
    [InlineData(1, "1010101010")]
    [InlineData(3, "1000100010")]
    public void A_refractory_cell_is_silent_for_so_many_steps(int steps, string expected)
    {
        foreach (var model in new[] { "pysnn_if", "pysnn_lif", "pysnn_fede" })
        {
            using var run = Run(model, ("duration_refrac", 0.1 * steps), ("alpha_v", 1000));
            Assert.Equal(expected, Spikes(run, 1, expected.Length));
        }
    }

    /// <summary>A cell whose resting voltage is above its threshold spikes while it is refractory, and its counter grows by every spike.</summary>
    [Fact]
    public void Spikes_add_to_the_refractory_counter()
    {
        using var run = Run("pysnn_if", ("duration_refrac", 0.2), ("v_rest", 2));
        Assert.Equal("111", Spikes(run, 0, 3));
        Assert.Equal(4, run.State("refrac_counts"));
    }

    [Theory]
    [InlineData("linear", 0.9)]
    [InlineData("exponential", 2)]
    public void Traces_and_voltages_decay_by_one_factor(string type, double tau)
    {
        var isLinear = type == "linear";
        var left = isLinear ? tau : 1 - (0.1 / tau);
        using var run = Run("pysnn_adaptive_lif", ("update_type", isLinear ? 0 : 1), ("tau_v", tau), ("tau_t", tau), ("tau_thresh", tau), ("v_rest", -1), ("thresh_rest", 0.5));
        run.SetState("v_cell", 0.2);
        run.SetState("trace", 3);
        run.SetState("thresh", 2);
        var power = 1.0;
        for (var n = 1; n <= 30; n++)
        {
            run.Step();
            power *= left;
            Assert.Equal(-1 + (1.2 * power), run.State("v_cell"), 1e-12);
            Assert.Equal(3 * power, run.State("trace"), 1e-12);
            Assert.Equal(0.5 + (1.5 * power), run.State("thresh"), 1e-12);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 3)]
    [InlineData(1, 7)]
    public void State_leaky_is_the_sum_over_its_kernel(int decay, int steps)
    {
        const double Beta = 0.6;
        using var run = Run("state_leaky", ("beta", Beta), ("decay", decay), ("kernel_truncation_steps", steps));
        var perStep = decay == 1 ? Beta : LaneMath.Exp(-(1 - Beta));
        var past = new List<double>();
        for (var n = 0; n < 50; n++)
        {
            past.Insert(0, ((n * 7) % 5) - 1.5);
            run.SetInput(0, 0, past[0] - 0.25);
            run.SetInput(1, 0, 0.25);
            run.Step();
            var expected = past.Take(steps).Select((x, k) => x * LaneMath.Pow(perStep, k)).Sum();
            Assert.Equal(expected, run.State("mem"), 1e-11);
        }
    }

    /// <summary>
    /// A potential that stays above the threshold after an immediate reset: snnTorch takes the threshold off again before it compares, and puts it back where
    /// no spike follows; with reset_once it is compared as it is.
    /// </summary>
    [Fact]
    public void A_pending_reset_is_seen_by_the_threshold_unless_told_otherwise()
    {
        foreach (var model in new[] { "leaky", "rleaky", "synaptic" })
        {
            using var literal = Run(model, ("beta", 1), ("reset_delay", 0));
            using var once = Run(model, ("beta", 1), ("reset_delay", 0), ("reset_once", 1));
            literal.SetState("mem", 1.5);
            once.SetState("mem", 1.5);
            Assert.Equal("0", Spikes(literal, 0, 1));
            Assert.Equal((1.5, 1.0), (literal.State("mem"), literal.State("reset")));
            Assert.Equal("1", Spikes(once, 0, 1));
            Assert.Equal((0.5, 0.0), (once.State("mem"), once.State("reset")));
        }

        // To zero, undoing the pending reset doubles what the input made of the potential.
        using var doubled = Run("leaky", ("reset_delay", 0), ("reset_mechanism", 1));
        doubled.SetState("mem", 1.5);
        Assert.Equal("0", Spikes(doubled, 0.4, 1));
        Assert.Equal(0.8, doubled.State("mem"), 1e-12);
    }

    [Fact]
    public void The_winner_is_the_first_of_those_furthest_above_their_threshold()
    {
        using var run = Run("leaky", neurons: 40, ("inhibition", 1), ("graded_spikes_factor", 3));
        int[] Winner(params (int Neuron, double X)[] inputs)
        {
            run.Initialize();
            foreach (var (neuron, x) in inputs)
            {
                run.SetInput(0, neuron, x);
            }

            return run.Spikes(run.Step()).ToArray();
        }

        Assert.Equal([17], Winner((3, 1.5), (17, 2), (18, 2), (39, 1.9)));
        Assert.Equal(1, run.Value(0));
        Assert.Equal([39], Winner((3, 1.5), (39, 1.6)));
        Assert.Equal([0], Winner((0, 1.5)));
        Assert.Empty(Winner((3, 1), (4, 0.5)));

        // Who was held back is reset all the same.
        run.Step();
        Winner((3, 1.5), (17, 2));
        run.Step();
        Assert.Equal((1, 1, 0), (run.State("reset", 3), run.State("reset", 17), run.State("reset", 4)));
    }

    /// <summary>Places beyond the last neuron neither win nor spike, though their potential of 0 is the furthest above the threshold.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    public void Padding_does_not_win(int lanes)
    {
        var model = NeuronModels.Find("leaky")!;
        var parameters = NeuronRun.Parameters(model, ("inhibition", 1), ("threshold", -1));
        var bound = model.Bind(parameters);
        using var run = new NeuronRun(bound, LanePolicy.CreateKernel(bound, lanes, isDouble: false), [parameters], 3, 1);
        foreach (var neuron in new[] { 0, 1, 2 })
        {
            run.SetInput(0, neuron, -0.9 + (0.1 * neuron));
        }

        Assert.Equal([2], run.Spikes(run.Step()).ToArray());
    }

    [Fact]
    public void A_relay_hands_on_values_and_traces_and_forgets_them()
    {
        using var run = Run("relay", neurons: 3);
        run.SetInput(0, 1, -2.5);
        run.SetInput(1, 2, 0.75);
        Assert.Equal([1], run.Spikes(run.Step()).ToArray());
        Assert.Equal((-2.5, 0.75), (run.Value(0), run.State("trace", 2)));
        Assert.Equal(0, run.Step());
        Assert.Equal((0, 0), (run.State("value", 1), run.State("trace", 2)));
    }

    [Fact]
    public void A_soft_reset_keeps_what_is_above_the_threshold()
    {
        using var soft = Run("snngrow_if", ("v_reset", double.NaN));
        using var hard = Run("snngrow_if", ("v_reset", -0.5));
        Assert.Equal((0, -0.5), (soft.State("v"), hard.State("v")));
        Assert.Equal("1", Spikes(soft, 1.25, 1));
        Assert.Equal("1", Spikes(hard, 1.75, 1));
        Assert.Equal((0.25, -0.5), (soft.State("v"), hard.State("v")));
    }

    [Fact]
    public void A_number_is_rounded_to_the_nearest_level_the_lower_of_two()
    {
        double[] levels = [-1, 0, 0.5, 2];
        double[] numbers = [-7, -1, -0.5, -0.49, 0.25, 0.26, 1.25, 1.26, 9];
        Assert.Equal([-1, -1, -1, 0, 0, 0.5, 0.5, 2, 2], numbers.Select(x => StateQuantiser.Nearest<double>(levels, x)));
    }

    [Theory]
    [InlineData(double.NaN, double.NaN, 0.9, "")]
    [InlineData(2, double.NaN, 0.9, "")]
    [InlineData(double.NaN, 3, 0.9, "")]
    [InlineData(2, 3, double.NaN, "")]
    [InlineData(2, 3, 0.9, "")]
    [InlineData(2, 3, 1, "")]
    [InlineData(double.NaN, double.NaN, double.NaN, "beta is null, and R and C are not both given; give beta, or R and C")]
    [InlineData(double.NaN, 3, double.NaN, "beta is null, and R and C are not both given; give beta, or R and C")]
    public void Lapicque_derives_what_is_not_given(double r, double c, double beta, string problem)
    {
        var model = (Lapicque)NeuronModels.Find("lapicque")!;
        Assert.Equal(problem, model.Check(NeuronRun.Parameters(model, ("R", r), ("C", c), ("beta", beta)), 1).Select(p => p.Message).SingleOrDefault(""));
        if (problem.Length == 0)
        {
            var resolved = Lapicque.Resolve(new Lapicque.Parameters { R = r, C = c, beta = beta, time_step = 1 });
            Assert.Equal(resolved.Beta, LaneMath.Exp(-1 / (resolved.R * resolved.C)), 1e-12);
            Assert.True((double.IsNaN(r) || resolved.R == r) && (double.IsNaN(c) || resolved.C == c));
        }
    }

    /// <summary>'1' and '0' for the steps in which the only neuron spikes and does not.</summary>
    private static string Spikes(NeuronRun run, double x, int steps) => string.Concat(Enumerable.Range(0, steps).Select(_ =>
    {
        run.SetInput(0, 0, x);
        return run.Step() == 1 ? '1' : '0';
    }));

    private static NeuronRun Run(string name, params (string Name, double Value)[] changes) => Run(name, 1, changes);

    private static NeuronRun Run(string name, int neurons, params (string Name, double Value)[] changes)
    {
        var model = NeuronModels.Find(name)!;
        var parameters = NeuronRun.Parameters(model, changes);
        Assert.Empty(model.Check(parameters, 0.1));
        var bound = model.Bind(parameters);
        return new NeuronRun(bound, LanePolicy.CreateKernel(bound, 4, isDouble: true), [parameters], neurons, 0.1);
    }
}
