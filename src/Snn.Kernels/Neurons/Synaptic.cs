using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// snnTorch's Synaptic, and its RSynaptic, whose recurrent connection is a projection of the population onto itself with a delay of one step: a synaptic
/// current and a potential, each of which decays by a factor a step.
/// <code>
/// reset = 1 if mem &gt; threshold else 0
/// syn = alpha syn + x
/// mem = beta mem + syn - reset threshold
/// </code>
/// </summary>
public sealed class Synaptic
    : NeuronModel<Synaptic.Parameters, Synaptic.State<double>, Synaptic.Derived<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Decay of the synaptic current.</summary>
        [Parameter(0.8, "", "What is left of the synaptic current after a step; taken as 0 or 1 where it is beyond them")]
        public double alpha;

        /// <summary>Decay of the potential.</summary>
        [Parameter(0.9, "", "What is left of the potential after a step; taken as 0 or 1 where it is beyond them")]
        public double beta;

        /// <summary>What a reset does.</summary>
        [Parameter(0, "", "What a reset does: takes off the threshold, sets to zero, nothing", Choices = ["subtract", "zero", "none"])]
        public double reset_mechanism;

        /// <summary>When the reset comes.</summary>
        public SnnTorchResetTime reset_time;

        /// <summary>Threshold and spikes.</summary>
        public SnnTorchSpike spike;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Synaptic current.</summary>
        [StateVariable("", "Synaptic current")]
        public T syn;

        /// <summary>Membrane potential.</summary>
        [StateVariable("", "Membrane potential")]
        public T mem;

        /// <summary>Whether the update of the step began with a reset: 1 or 0.</summary>
        [StateVariable("", "Whether the potential was above the threshold before the step, so that its update contains a reset: 1 or 0", IsDerived = true)]
        public T reset;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>What is left of the synaptic current.</summary>
        public T Alpha;

        /// <summary>What is left of the potential.</summary>
        public T Beta;

        /// <summary>The reset.</summary>
        public SnnTorchReset<T> Reset;
    }

    /// <inheritdoc/>
    public override string Name => "synaptic";

    /// <inheritdoc/>
    public override string Summary => "Synaptic, and RSynaptic, whose recurrence is a projection of the population onto itself with a delay of one step: a synaptic current and a potential.";

    /// <inheritdoc/>
    public override string Equations => """
        reset = 1 if mem > threshold else 0
        syn = alpha syn + x
        subtract: mem = beta mem + syn - reset threshold
        zero:     mem = (beta mem + syn) (1 - reset)
        none:     mem = beta mem + syn
        mem > threshold: spike of value graded_spikes_factor
        without reset_delay: mem = mem - (spike - reset) threshold (subtract) or mem - (spike - reset) mem (zero) after the spike
        """;

    /// <inheritdoc/>
    public override string Scheme => "A recurrence: one step is one call of the library, whatever dt is.";

    /// <inheritdoc/>
    public override string Library => "snnTorch";

    /// <inheritdoc/>
    public override string Reference => SnnTorch.Paper;

    /// <inheritdoc/>
    public override bool EmitsValues => Common.spike.EmitsValues;

    /// <inheritdoc/>
    public override bool IsIndivisible => Common.spike.inhibition != 0;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => SnnTorch.CreateKernel<L, State<L>, Derived<L>, Kernel<L>>(this, Common.spike, 2);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => SnnTorchReset.Check(p.spike);

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) => new()
    {
        Alpha = Math.Clamp(p.alpha, 0, 1),
        Beta = Math.Clamp(p.beta, 0, 1),
        Reset = SnnTorchReset.Derive(p.spike, p.reset_mechanism, p.reset_time),
    };

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => default;

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : IStagedKernel<L, State<L>, Derived<L>, LayerInput<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref State<L> s, in Derived<L> d, in LayerInput<L> x)
        {
            s.reset = SnnTorchReset.Pending(s.mem, d.Reset);
            s.syn = (d.Alpha * s.syn) + (x.Spikes + x.Current);
            var mem = (d.Beta * s.mem) + s.syn;
            s.mem = (mem * (L.Broadcast(1) - (s.reset * d.Reset.Zeroes))) - (s.reset * d.Reset.Subtracted);
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref State<L> s, in Derived<L> d, L may)
        {
            var spiked = (s.mem > d.Reset.Threshold) & may;
            s.mem = SnnTorchReset.After(s.mem, s.reset, spiked, d.Reset);
            return spiked;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in State<L> s, in Derived<L> d) => s.mem - d.Reset.Threshold;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Value(in State<L> s, in Derived<L> d) => d.Reset.Value;
    }
}
