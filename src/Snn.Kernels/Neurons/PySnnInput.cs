using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// PySNN's Input: hands on what arrives, and keeps a trace of it.
/// <code>
/// x not 0: spike of value x
/// trace = tau_t trace + alpha_t x                          (linear)
/// trace = trace + dt / tau_t (alpha_t x - trace)           (exponential)
/// </code>
/// </summary>
public sealed class PySnnInput
    : NeuronModel<PySnnInput.Parameters, PySnnInput.State<double>, PySnnInput.Derived<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Input -&gt; trace.</summary>
        [Parameter(1, "", "Factor of a spike in the trace")]
        public double alpha_t;

        /// <summary>Decay of the trace.</summary>
        [Parameter(0.8, "", "Trace: factor a step (linear) or time constant in ms (exponential)", Min = 0)]
        public double tau_t;

        /// <summary>How the trace decays.</summary>
        [Parameter(0, "", "Whether values decay by a factor or by forward Euler", Choices = ["linear", "exponential"], IsShared = true)]
        public double update_type;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Trace of what arrived.</summary>
        [StateVariable("", "Trace of what arrived")]
        public T trace;

        /// <summary>What arrived in the step.</summary>
        [StateVariable("", "What arrived in the step", IsDerived = true)]
        public T value;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>Factor of the input in the trace.</summary>
        public T AlphaT;

        /// <summary>Rate of the trace.</summary>
        public T RateT;
    }

    /// <inheritdoc/>
    public override string Name => "pysnn_input";

    /// <inheritdoc/>
    public override string Summary => "Input: hands on what arrives, and keeps a trace of it.";

    /// <inheritdoc/>
    public override string Equations => """
        x not 0: spike of value x
        linear:      trace = tau_t trace + alpha_t x
        exponential: trace = trace + dt / tau_t (alpha_t x - trace)
        """;

    /// <inheritdoc/>
    public override string Scheme => "linear: a recurrence with a factor, one step is one call of the library, whatever dt is. exponential: forward Euler with a step of dt, order 1.";

    /// <inheritdoc/>
    public override string Library => "PySNN";

    /// <inheritdoc/>
    public override string Reference => PySnnUpdate.Source;

    /// <inheritdoc/>
    public override bool EmitsValues => true;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => Common.update_type == PySnnUpdate.Linear
        ? new StagedNeuronKernel<L, State<L>, Derived<L>, LayerInput<L>, Kernel<L, LinearUpdate<L>>>(EventPorts)
        : new StagedNeuronKernel<L, State<L>, Derived<L>, LayerInput<L>, Kernel<L, ExponentialUpdate<L>>>(EventPorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => PySnnUpdate.Check(p.update_type, ("tau_t", p.tau_t));

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) =>
        new() { AlphaT = p.alpha_t, RateT = PySnnUpdate.Rate(p.tau_t, p.update_type, dtMs) };

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => default;

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    /// <typeparam name="TUpdate">Update type.</typeparam>
    public readonly struct Kernel<L, TUpdate> : IStagedKernel<L, State<L>, Derived<L>, LayerInput<L>>
        where L : unmanaged, ILanes<L>
        where TUpdate : IPySnnUpdate<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref State<L> s, in Derived<L> d, in LayerInput<L> x)
        {
            s.value = x.Spikes + x.Current;
            s.trace = TUpdate.Step(s.trace, L.Zero, d.AlphaT * s.value, d.RateT, L.Zero <= L.Zero);
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref State<L> s, in Derived<L> d, L may) => (L.Abs(s.value) > L.Zero) & may;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in State<L> s, in Derived<L> d) => s.value;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Value(in State<L> s, in Derived<L> d) => s.value;
    }
}
