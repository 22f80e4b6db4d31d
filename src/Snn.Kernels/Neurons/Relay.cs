using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Hands on what arrives in the same step, values and traces: the target of a pooling connection.
/// <code>
/// x not 0: spike of value x
/// trace = the trace that arrives
/// </code>
/// </summary>
public sealed class Relay
    : NeuronModel<Relay.Parameters, Relay.State<double>, Relay.Derived<double>, TracedInput<double>>
{
    /// <summary>There is nothing to set.</summary>
    public struct Parameters;

    /// <summary>What there is to see of a step; nothing of it is carried over to the next one.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>What arrived in the step.</summary>
        [StateVariable("", "What arrived in the step", IsDerived = true)]
        public T value;

        /// <summary>The trace that arrived in the step.</summary>
        [StateVariable("", "The trace that arrived in the step", IsDerived = true)]
        public T trace;
    }

    /// <summary>The kernel needs nothing.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>;

    /// <inheritdoc/>
    public override string Name => "relay";

    /// <inheritdoc/>
    public override string Summary => "Hands on what arrives in the same step, values and traces: the target of a pooling connection.";

    /// <inheritdoc/>
    public override string Equations => """
        x not 0: spike of value x
        trace = the trace that arrives
        """;

    /// <inheritdoc/>
    public override string Scheme => "None: nothing is carried over from step to step.";

    /// <inheritdoc/>
    public override string Library => "Snn";

    /// <inheritdoc/>
    public override string Reference => "What PySNN's MaxPool2d hands on, as a population.";

    /// <inheritdoc/>
    public override bool EmitsValues => true;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => new StagedNeuronKernel<L, State<L>, Derived<L>, TracedInput<L>, Kernel<L>>(EventPorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => [];

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) => default;

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => default;

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : IStagedKernel<L, State<L>, Derived<L>, TracedInput<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref State<L> s, in Derived<L> d, in TracedInput<L> x)
        {
            s.value = x.Spikes + x.Current;
            s.trace = x.Trace;
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
