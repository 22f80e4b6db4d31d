using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// snnTorch's StateLeaky, step by step: the potential is the input filtered by a decaying exponential, which may be cut off. Never reset.
/// <code>
/// mem_t = sum over k = 0 ... K - 1 of e^(-k / tau) x_(t-k), tau = 1 / (1 - beta + 1e-12)
/// </code>
/// </summary>
public sealed class StateLeaky
    : NeuronModel<StateLeaky.Parameters, StateLeaky.State<double>, StateLeaky.Derived<double>, LayerInput<double>>
{
    /// <summary>Longest kernel that is cut off, steps.</summary>
    private const int MaxSteps = 4096;

    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Decay of the potential.</summary>
        [Parameter(0.9, "", "Decay of the kernel: e^(-(1 - beta)) a step, or beta itself")]
        public double beta;

        /// <summary>How beta makes a decay.</summary>
        [Parameter(0, "", "Whether the kernel keeps e^(-(1 - beta)) a step, as in snnTorch, or beta", Choices = ["exponential", "factor"])]
        public double decay;

        /// <summary>Length of the kernel.</summary>
        [Parameter(double.NaN, "steps", "Length of the kernel; null: it has no end", Min = 1, Max = MaxSteps, AllowsNull = true, IsShared = true)]
        public double kernel_truncation_steps;

        /// <summary>Spike threshold.</summary>
        [Parameter(1, "", "Spike threshold, which a potential must exceed")]
        public double threshold;

        /// <summary>Value of a spike.</summary>
        [Parameter(1, "", "Value that a spike carries; snnTorch multiplies by it twice")]
        public double graded_spikes_factor;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Membrane potential.</summary>
        [StateVariable("", "Membrane potential")]
        public T mem;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>What is left of the potential after a step.</summary>
        public T Decay;

        /// <summary>What would be left of an input where the kernel ends; 0 where it has no end.</summary>
        public T DecayAtEnd;

        /// <summary>Spike threshold.</summary>
        public T Threshold;

        /// <summary>What a spike carries.</summary>
        public T Value;
    }

    /// <inheritdoc/>
    public override string Name => "state_leaky";

    /// <inheritdoc/>
    public override string Summary => "StateLeaky, step by step: the input filtered by a decaying exponential, which may be cut off; never reset.";

    /// <inheritdoc/>
    public override string Equations => """
        mem = d mem + x - d^K x K steps ago
        d = e^(-1 / tau), tau = 1 / (1 - beta + 1e-12), K = kernel_truncation_steps; without it the last term is left out
        mem > threshold: spike of value graded_spikes_factor
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "A recurrence: one step is one step of the library's sequence, whatever dt is. It is the sum over the kernel but for rounding. With a kernel that ends, the last K inputs are part of the state. "
        + "snnTorch's LinearLeaky is a projection to this model.";

    /// <inheritdoc/>
    public override string Library => "snnTorch";

    /// <inheritdoc/>
    public override string Reference => SnnTorch.Paper;

    /// <inheritdoc/>
    public override bool EmitsValues => Common.graded_spikes_factor != 1;

    private int Steps => double.IsNaN(Common.kernel_truncation_steps) ? 0 : (int)Common.kernel_truncation_steps;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, int Length, StateVariableAttribute Info)> MoreState => Steps == 0
        ? []
        :
        [
            ("oldest", 1, new StateVariableAttribute("", "Which of the past inputs is the oldest one") { IsPublic = false }),
            ("past", Steps, new StateVariableAttribute("", "Past inputs, as a ring") { IsPublic = false }),
        ];

    /// <summary>The time constant of snnTorch's kernel, steps.</summary>
    public static double TimeConstantSteps(double beta) => 1 / (1 - beta + 1e-12);

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>()
    {
        var endless = new StagedNeuronKernel<L, State<L>, Derived<L>, LayerInput<L>, Kernel<L>>(EventPorts);
        return Steps == 0 ? endless : new EndingKernel<L>(endless, Steps);
    }

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) =>
        double.IsNaN(p.kernel_truncation_steps) ? [] : CommonChecks.WholeNumber("kernel_truncation_steps", p.kernel_truncation_steps);

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs)
    {
        var decay = p.decay == 0 ? LaneMath.Exp(-1 / TimeConstantSteps(p.beta)) : p.beta;
        var atEnd = double.IsNaN(p.kernel_truncation_steps) ? 0.0 : 1;
        for (var k = 0; k < p.kernel_truncation_steps; k++)
        {
            atEnd *= decay;
        }

        return new Derived<double> { Decay = decay, DecayAtEnd = atEnd, Threshold = p.threshold, Value = p.graded_spikes_factor };
    }

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => default;

    /// <summary>The step of a kernel without an end.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : IStagedKernel<L, State<L>, Derived<L>, LayerInput<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref State<L> s, in Derived<L> d, in LayerInput<L> x) => s.mem = (d.Decay * s.mem) + (x.Spikes + x.Current);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref State<L> s, in Derived<L> d, L may) => (s.mem > d.Threshold) & may;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in State<L> s, in Derived<L> d) => s.mem - d.Threshold;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Value(in State<L> s, in Derived<L> d) => d.Value;
    }

    /// <summary>
    /// A kernel that ends: what an input still contributes after K steps is taken off the input of that step. The inputs are kept as a ring of K state
    /// columns; the column before them says which is the oldest, the same one for all neurons.
    /// </summary>
    private sealed unsafe class EndingKernel<L>(StagedNeuronKernel endless, int steps) : StagedNeuronKernel
        where L : unmanaged, ILanes<L>
    {
        private const int OldestColumn = 1;
        private const int PastColumn = 2;

        public override int ElementBytes => endless.ElementBytes;

        public override int Lanes => endless.Lanes;

        public override int Advance(in NeuronColumns n)
        {
            TakeOffTheOldest(n, steps);
            return endless.Advance(n);
        }

        public override void Integrate(in NeuronColumns n)
        {
            TakeOffTheOldest(n, steps);
            endless.Integrate(n);
        }

        public override int Fire(in NeuronColumns n) => endless.Fire(n);

        private static void TakeOffTheOldest(NeuronColumns n, int steps)
        {
            var positions = OldestColumn * n.StateStride;
            for (nint i = 0; i < n.Count; i += L.Count)
            {
                var position = L.Load(n.State, positions + i);
                var oldest = (int)L.Lane(position, 0);
                var past = ((PastColumn + oldest) * n.StateStride) + i;
                var d = n.DerivedStride == 0 ? Columns.Broadcast<L, Derived<L>>(n.Derived) : Columns.Load<L, Derived<L>>(n.Derived, n.DerivedStride, i);
                var x = Columns.Load<L, LayerInput<L>>(n.Input, n.InputStride, i);
                L.Store(x.Spikes - (d.DecayAtEnd * L.Load(n.State, past)), n.Input, i);
                L.Store(x.Spikes + x.Current, n.State, past);
                L.Store(L.Broadcast((oldest + 1) % steps), n.State, positions + i);
            }
        }
    }
}
