using System.Globalization;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// snnTorch's Alpha: the potential is an alpha function of the input, the difference of a slow and a fast decay.
/// <code>
/// syn_exc = alpha syn_exc + x
/// syn_inh = beta syn_inh - x
/// mem = tau (syn_exc + syn_inh), tau = ln(alpha) / (ln(beta) - ln(alpha)) + 1
/// </code>
/// </summary>
public sealed class AlphaSynapse
    : NeuronModel<AlphaSynapse.Parameters, AlphaSynapse.State<double>, AlphaSynapse.Derived<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Decay of the rising part.</summary>
        [Parameter(0.9, "", "What is left of syn_exc after a step; above beta; taken as 1 where it is greater")]
        public double alpha;

        /// <summary>Decay of the falling part.</summary>
        [Parameter(0.8, "", "What is left of syn_inh after a step; below 1; taken as 0 where it is less")]
        public double beta;

        /// <summary>What a reset does.</summary>
        [Parameter(1, "", "What a reset does: takes off the threshold, sets to zero, nothing", Choices = ["subtract", "zero", "none"])]
        public double reset_mechanism;

        /// <summary>Threshold and spikes.</summary>
        public SnnTorchSpike spike;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Slow part of the synaptic current.</summary>
        [StateVariable("", "Slow part of the synaptic current")]
        public T syn_exc;

        /// <summary>Fast part of the synaptic current.</summary>
        [StateVariable("", "Fast part of the synaptic current")]
        public T syn_inh;

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
        /// <summary>What is left of syn_exc.</summary>
        public T Alpha;

        /// <summary>What is left of syn_inh.</summary>
        public T Beta;

        /// <summary>Synaptic current -&gt; potential.</summary>
        public T Tau;

        /// <summary>Whether a reset sets syn_inh to zero: 1 or 0.</summary>
        public T ZeroesInhibition;

        /// <summary>Whether a reset adds the old syn_inh to the potential: 1 or 0.</summary>
        public T AddsInhibition;

        /// <summary>The reset of syn_exc.</summary>
        public SnnTorchReset<T> Reset;
    }

    /// <inheritdoc/>
    public override string Name => "alpha";

    /// <inheritdoc/>
    public override string Summary => "Alpha: the potential is an alpha function of the input, the difference of a slow and a fast decay.";

    /// <inheritdoc/>
    public override string Equations => """
        reset = 1 if mem > threshold else 0
        syn_exc = alpha syn_exc + x, syn_inh = beta syn_inh - x
        mem = tau (syn_exc + syn_inh), tau = ln(alpha) / (ln(beta) - ln(alpha)) + 1
        subtract: then syn_exc = syn_exc - reset threshold, syn_inh = syn_inh (1 - reset), mem = mem + reset syn_inh before the step
        zero:     then all three (1 - reset)
        mem > threshold: spike of value graded_spikes_factor
        """;

    /// <inheritdoc/>
    public override string Scheme => "A recurrence: one step is one call of the library, whatever dt is. The reset always comes with the next step.";

    /// <inheritdoc/>
    public override string Library => "snnTorch";

    /// <inheritdoc/>
    public override string Reference => SnnTorch.Paper;

    /// <inheritdoc/>
    public override bool EmitsValues => Common.spike.EmitsValues;

    /// <inheritdoc/>
    public override bool IsIndivisible => Common.spike.inhibition != 0;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => SnnTorch.CreateKernel<L, State<L>, Derived<L>, Kernel<L>>(this, Common.spike, 3);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs)
    {
        // Beyond 0 and 1 both are clamped, and the limits must differ too.
        if (!(Math.Clamp(p.alpha, 0, 1) > Math.Clamp(p.beta, 0, 1)))
        {
            yield return new ParameterProblem("alpha", string.Create(
                CultureInfo.InvariantCulture, $"alpha = {p.alpha} is not above beta = {p.beta}, both taken between 0 and 1; use alpha > beta"));
        }

        foreach (var problem in SnnTorchReset.Check(p.spike))
        {
            yield return problem;
        }
    }

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs)
    {
        var alpha = Math.Clamp(p.alpha, 0, 1);
        var beta = Math.Clamp(p.beta, 0, 1);
        var isSubtract = p.reset_mechanism == SnnTorchReset.Subtract;
        return new Derived<double>
        {
            Alpha = alpha,
            Beta = beta,
            // ln(0) is minus infinity, which leaves 1.
            Tau = beta == 0 ? 1 : (LaneMath.Log(alpha) / (LaneMath.Log(beta) - LaneMath.Log(alpha))) + 1,
            ZeroesInhibition = isSubtract || p.reset_mechanism == SnnTorchReset.Zero ? 1 : 0,
            AddsInhibition = isSubtract ? 1 : 0,
            Reset = SnnTorchReset.Derive(p.spike, p.reset_mechanism),
        };
    }

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
            var input = x.Spikes + x.Current;
            s.reset = SnnTorchReset.Pending(s.mem, d.Reset);
            var exc = (d.Alpha * s.syn_exc) + input;
            var inh = (d.Beta * s.syn_inh) - input;
            var mem = d.Tau * (exc + inh);
            var kept = L.Broadcast(1) - (s.reset * d.Reset.Zeroes);
            s.mem = (mem * kept) + (s.reset * d.AddsInhibition * s.syn_inh);
            s.syn_exc = (exc * kept) - (s.reset * d.Reset.Subtracted);
            s.syn_inh = inh * (L.Broadcast(1) - (s.reset * d.ZeroesInhibition));
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref State<L> s, in Derived<L> d, L may) => (s.mem > d.Reset.Threshold) & may;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in State<L> s, in Derived<L> d) => s.mem - d.Reset.Threshold;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Value(in State<L> s, in Derived<L> d) => d.Reset.Value;
    }
}
