using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// snngrow's IFNode: adds up its input.
/// <code>
/// v = v + x
/// v &gt;= v_threshold: spike, v = v_reset, or v = v - v_threshold where v_reset is null
/// </code>
/// </summary>
public sealed class SnngrowIf
    : NeuronModel<SnngrowIf.Parameters, SnngrowState<double>, SnngrowReset<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Threshold, reset and spike function.</summary>
        public SnngrowParameters node;
    }

    /// <inheritdoc/>
    public override string Name => "snngrow_if";

    /// <inheritdoc/>
    public override string Summary => "IFNode: adds up its input.";

    /// <inheritdoc/>
    public override string Equations => """
        v = v + x
        v >= v_threshold: spike, v = v_reset, or v = v - v_threshold where v_reset is null
        """;

    /// <inheritdoc/>
    public override string Scheme => SnngrowLif.CallsOfTheLibrary;

    /// <inheritdoc/>
    public override string Library => "snngrow";

    /// <inheritdoc/>
    public override string Reference => SnngrowLif.Source;

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
    protected override SnngrowReset<double> Derive(in Parameters p, double dtMs) => SnngrowReset.Derive(p.node);

    /// <inheritdoc/>
    protected override SnngrowState<double> Initialize(in Parameters p) => new() { v = SnngrowReset.Start(p.node) };

    private StagedNeuronKernel<L, SnngrowState<L>, SnngrowReset<L>, LayerInput<L>, Kernel<L, TFunction>> Create<L, TFunction>()
        where L : unmanaged, ILanes<L>
        where TFunction : ISpikeFunction<L> => new(EventPorts);

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    /// <typeparam name="TFunction">What a node makes of its potential.</typeparam>
    public readonly struct Kernel<L, TFunction> : IStagedKernel<L, SnngrowState<L>, SnngrowReset<L>, LayerInput<L>>
        where L : unmanaged, ILanes<L>
        where TFunction : ISpikeFunction<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref SnngrowState<L> s, in SnngrowReset<L> d, in LayerInput<L> x) => s.v += x.Spikes + x.Current;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref SnngrowState<L> s, in SnngrowReset<L> d, L may)
        {
            var spike = TFunction.Of(s.v - d.Threshold, d.Alpha) & may;
            s.v = SnngrowReset.After(s.v, spike, d);
            return spike > L.Zero;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in SnngrowState<L> s, in SnngrowReset<L> d) => s.v - d.Threshold;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Value(in SnngrowState<L> s, in SnngrowReset<L> d) => TFunction.Of(s.v - d.Threshold, d.Alpha);
    }
}
