namespace Snn.Kernels.Neurons;

/// <summary>What leaky and rleaky share: they differ in what a reset to zero takes.</summary>
public abstract class LeakyModel
    : NeuronModel<LeakyModel.Parameters, MembraneState<double>, FirstOrderMembrane<double>, LayerInput<double>>
{
    private readonly bool _zeroesInput;

    private protected LeakyModel(bool zeroesInput) => _zeroesInput = zeroesInput;

    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
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
    public override NeuronKernel CreateKernel<L>() => SnnTorch.CreateKernel<L, MembraneState<L>, FirstOrderMembrane<L>, FirstOrderKernel<L>>(this, Common.spike, 1);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => SnnTorchReset.Check(p.spike);

    /// <inheritdoc/>
    protected override FirstOrderMembrane<double> Derive(in Parameters p, double dtMs) => new()
    {
        Decay = Math.Clamp(p.beta, 0, 1),
        Gain = 1,
        ZeroesInput = _zeroesInput && p.reset_mechanism == SnnTorchReset.Zero ? 1 : 0,
        Reset = SnnTorchReset.Derive(p.spike, p.reset_mechanism, p.reset_time),
    };

    /// <inheritdoc/>
    protected override MembraneState<double> Initialize(in Parameters p) => default;
}

/// <summary>
/// snnTorch's Leaky: a potential that decays by a factor a step.
/// <code>
/// reset = 1 if mem &gt; threshold else 0
/// mem = beta mem + x - reset threshold
/// </code>
/// </summary>
public sealed class Leaky() : LeakyModel(zeroesInput: false)
{
    /// <inheritdoc/>
    public override string Name => "leaky";

    /// <inheritdoc/>
    public override string Summary => "Leaky: a potential that decays by a factor a step; its reset comes with the next step or at once.";

    /// <inheritdoc/>
    public override string Equations => """
        reset = 1 if mem > threshold else 0
        subtract: mem = beta mem + x - reset threshold
        zero:     mem = beta mem (1 - reset) + x
        none:     mem = beta mem + x
        mem > threshold: spike of value graded_spikes_factor
        without reset_delay: mem = mem - (spike - reset) threshold (subtract) or mem - (spike - reset) mem (zero) after the spike
        """;
}

/// <summary>
/// snnTorch's RLeaky: as Leaky, but a reset to zero takes the input too. Its recurrent connection is a projection of the population onto itself with a delay
/// of one step.
/// <code>
/// reset = 1 if mem &gt; threshold else 0
/// mem = beta mem + x - reset threshold
/// </code>
/// </summary>
public sealed class RLeaky() : LeakyModel(zeroesInput: true)
{
    /// <inheritdoc/>
    public override string Name => "rleaky";

    /// <inheritdoc/>
    public override string Summary => "RLeaky: as leaky, but a reset to zero takes the input too; its recurrence is a projection of the population onto itself with a delay of one step.";

    /// <inheritdoc/>
    public override string Equations => """
        reset = 1 if mem > threshold else 0
        subtract: mem = beta mem + x - reset threshold
        zero:     mem = (beta mem + x) (1 - reset)
        none:     mem = beta mem + x
        mem > threshold: spike of value graded_spikes_factor
        without reset_delay: mem = mem - (spike - reset) threshold (subtract) or mem - (spike - reset) mem (zero) after the spike
        """;
}
