using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// snnTorch's DeltaLeaky: spikes where a decaying potential changes by more than a threshold in a step. Never reset.
/// <code>
/// mem_prev = mem, mem = beta mem + x
/// |mem - mem_prev| &gt; delta_threshold: spike
/// </code>
/// </summary>
public sealed class DeltaLeaky
    : NeuronModel<DeltaLeaky.Parameters, DeltaLeaky.State<double>, DeltaLeaky.Derived<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Decay of the potential.</summary>
        [Parameter(0.9, "", "What is left of the potential after a step")]
        public double beta;

        /// <summary>Threshold of the change.</summary>
        [Parameter(1, "", "Change of the potential in a step that must be exceeded for a spike")]
        public double delta_threshold;

        /// <summary>Levels of the state.</summary>
        public StateQuantisation state_quant;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Membrane potential.</summary>
        [StateVariable("", "Membrane potential")]
        public T mem;

        /// <summary>Membrane potential before the step.</summary>
        [StateVariable("", "Membrane potential before the step", IsDerived = true)]
        public T mem_prev;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>What is left of the potential.</summary>
        public T Beta;

        /// <summary>Threshold of the change.</summary>
        public T DeltaThreshold;
    }

    /// <inheritdoc/>
    public override string Name => "delta_leaky";

    /// <inheritdoc/>
    public override string Summary => "DeltaLeaky: spikes where a decaying potential changes by more than a threshold in a step; never reset.";

    /// <inheritdoc/>
    public override string Equations => """
        mem_prev = mem
        mem = beta mem + x
        |mem - mem_prev| > delta_threshold: spike
        """;

    /// <inheritdoc/>
    public override string Scheme => "A recurrence: one step is one call of the library, whatever dt is. Unlike that of leaky, beta may be beyond 0 and 1.";

    /// <inheritdoc/>
    public override string Library => "snnTorch";

    /// <inheritdoc/>
    public override string Reference => SnnTorch.Paper;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => new StagedNeuronKernel<L, State<L>, Derived<L>, LayerInput<L>, Kernel<L>>(
        EventPorts, quantiser: StateQuantiser.Create(Common.state_quant, columns: 1));

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => p.state_quant.Check();

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) => new() { Beta = p.beta, DeltaThreshold = p.delta_threshold };

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
            s.mem_prev = s.mem;
            s.mem = (d.Beta * s.mem) + (x.Spikes + x.Current);
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref State<L> s, in Derived<L> d, L may) => (L.Abs(s.mem - s.mem_prev) > d.DeltaThreshold) & may;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in State<L> s, in Derived<L> d) => L.Abs(s.mem - s.mem_prev) - d.DeltaThreshold;
    }
}
