using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// snngrow's LIFNode: a leaky integrator by forward Euler.
/// <code>
/// v = v + (x - (v - v_reset)) / tau
/// v &gt;= v_threshold: spike, v = v_reset, or v = v - v_threshold where v_reset is null
/// </code>
/// </summary>
public sealed class SnngrowLif
    : NeuronModel<SnngrowLif.Parameters, SnngrowState<double>, SnngrowLif.Derived<double>, LayerInput<double>>
{
    internal const string CallsOfTheLibrary =
        "A recurrence: one step is one call of the library, or one of the T steps of a call with parallel_optim, whatever dt is. Spikes are events, as with spike_out.";

    internal const string Source = "https://github.com/snngrow/snngrow, version 1.0.0.";

    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Time constant.</summary>
        [Parameter(2, "steps", "Time constant", Min = 1, MinExcluded = true)]
        public double tau;

        /// <summary>Whether the input is divided by tau.</summary>
        [Parameter(1, "", "Whether the input is divided by tau", Min = 0, Max = 1, IsSwitch = true)]
        public double decay_input;

        /// <summary>Threshold, reset and spike function.</summary>
        public SnngrowParameters node;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>Time constant, steps.</summary>
        public T Tau;

        /// <summary>Whether the input is divided by tau: 1 or 0.</summary>
        public T DecaysInput;

        /// <summary>Threshold and reset.</summary>
        public SnngrowReset<T> Reset;
    }

    /// <inheritdoc/>
    public override string Name => "snngrow_lif";

    /// <inheritdoc/>
    public override string Summary => "LIFNode: a leaky integrator by forward Euler.";

    /// <inheritdoc/>
    public override string Equations => """
        decay_input:         v = v + (x - (v - v_reset)) / tau
        without decay_input: v = v - (v - v_reset) / tau + x
        v >= v_threshold: spike, v = v_reset, or v = v - v_threshold where v_reset is null
        """;

    /// <inheritdoc/>
    public override string Scheme => CallsOfTheLibrary;

    /// <inheritdoc/>
    public override string Library => "snngrow";

    /// <inheritdoc/>
    public override string Reference => Source;

    /// <inheritdoc/>
    public override bool EmitsValues => Common.node.spiking == 0;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => (Common.node.spiking != 0, Common.node.surrogate == 0) switch
    {
        (true, _) => Create<L, StepFunction<L>>(),
        (_, true) => Create<L, SigmoidFunction<L>>(),
        _ => Create<L, AtanFunction<L>>(),
    };

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => [];

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) => new()
    {
        Tau = p.tau,
        DecaysInput = p.decay_input,
        Reset = SnngrowReset.Derive(p.node),
    };

    /// <inheritdoc/>
    protected override SnngrowState<double> Initialize(in Parameters p) => new() { v = SnngrowReset.Start(p.node) };

    private StagedNeuronKernel<L, SnngrowState<L>, Derived<L>, LayerInput<L>, Kernel<L, TFunction>> Create<L, TFunction>()
        where L : unmanaged, ILanes<L>
        where TFunction : ISpikeFunction<L> => new(EventPorts);

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    /// <typeparam name="TFunction">What a node makes of its potential.</typeparam>
    public readonly struct Kernel<L, TFunction> : IStagedKernel<L, SnngrowState<L>, Derived<L>, LayerInput<L>>
        where L : unmanaged, ILanes<L>
        where TFunction : ISpikeFunction<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref SnngrowState<L> s, in Derived<L> d, in LayerInput<L> x)
        {
            var input = x.Spikes + x.Current;
            var depth = s.v - d.Reset.Reset;
            var decayed = s.v + ((input - depth) / d.Tau);
            var whole = s.v - (depth / d.Tau) + input;
            s.v = L.Select(d.DecaysInput > L.Zero, decayed, whole);
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref SnngrowState<L> s, in Derived<L> d, L may)
        {
            var spike = TFunction.Of(s.v - d.Reset.Threshold, d.Reset.Alpha) & may;
            s.v = SnngrowReset.After(s.v, spike, d.Reset);
            return spike > L.Zero;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in SnngrowState<L> s, in Derived<L> d) => s.v - d.Reset.Threshold;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Value(in SnngrowState<L> s, in Derived<L> d) => TFunction.Of(s.v - d.Reset.Threshold, d.Reset.Alpha);
    }
}
