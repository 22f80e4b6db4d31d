using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Spike-timing dependent plasticity that dopamine turns into changes of the weight.
/// <code>
/// dw/dt = c (n - b), Wmin &lt;= w &lt;= Wmax
/// dc/dt = -c / tau_c + A_plus K_plus delta(t - t_target) - A_minus K_minus delta(t - t_source)
/// dn/dt = -n / tau_n + sum of delta(t - t_dopamine) / tau_n
/// </code>
/// Izhikevich 2007, doi:10.1093/cercor/bhl152; Potjans, Morrison and Diesmann 2010, doi:10.3389/fncom.2010.00141.
/// </summary>
public sealed class StdpDopamineSynapse : SynapseModel<StdpDopamineSynapse.Parameters>
{
    // Without dopamine spikes, rows may be advanced, and bounds act, this often.
    private const double MarkMs = 10;

    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Eligibility by potentiation.</summary>
        [Parameter(1, "", "Eligibility by a pair of a spike of the source and a later one of the target", Min = 0)]
        public double A_plus;

        /// <summary>Eligibility by depression.</summary>
        [Parameter(1.5, "", "Loss of eligibility by a pair of a spike of the target and a later one of the source", Min = 0)]
        public double A_minus;

        /// <summary>Trace of the source, ms.</summary>
        [Parameter(20, "ms", "Time constant of the presynaptic trace", Min = 0, MinExcluded = true)]
        public double tau_plus;

        /// <summary>Trace of the target, ms.</summary>
        [Parameter(20, "ms", "Time constant of the postsynaptic trace (in NEST a parameter of the postsynaptic neuron)", Min = 0, MinExcluded = true)]
        public double tau_minus;

        /// <summary>Eligibility, ms.</summary>
        [Parameter(1000, "ms", "Time constant of the eligibility trace", Min = 0, MinExcluded = true)]
        public double tau_c;

        /// <summary>Dopamine, ms.</summary>
        [Parameter(200, "ms", "Time constant of the dopamine concentration", Min = 0, MinExcluded = true)]
        public double tau_n;

        /// <summary>Baseline of dopamine, 1/ms.</summary>
        [Parameter(0, "1/ms", "Dopamine concentration at which weights stay")]
        public double b;

        /// <summary>Lower bound of the weights.</summary>
        [Parameter(0, "", "Least weight")]
        public double Wmin;

        /// <summary>Upper bound of the weights.</summary>
        [Parameter(200, "", "Greatest weight")]
        public double Wmax;
    }

    /// <inheritdoc/>
    public override string Name => "stdp_dopamine_synapse";

    /// <inheritdoc/>
    public override string Summary => "Spike-timing dependent plasticity modulated by dopamine.";

    /// <inheritdoc/>
    public override string Equations => """
        dw/dt = c (n - b), Wmin <= w <= Wmax
        dc/dt = -c / tau_c + A_plus K_plus delta(t - t_target) - A_minus K_minus delta(t - t_source)
        dn/dt = -n / tau_n + sum of delta(t - t_dopamine) / tau_n
        dK_plus/dt = -K_plus / tau_plus + sum of delta(t - t_source)
        dK_minus/dt = -K_minus / tau_minus + sum of delta(t - t_target)
        """;

    /// <inheritdoc/>
    public override string Scheme => SchemeText.Stdp
        + " The integral of dw/dt is exact between events; the bounds act at every spike of source, target or dopamine neuron and every 10 ms (in NEST at every such "
        + "spike and every deliver_interval of the volume transmitter).";

    /// <inheritdoc/>
    public override string Reference =>
        "Izhikevich EM (2007) Cereb Cortex 17:2443, doi:10.1093/cercor/bhl152; Potjans W, Morrison A, Diesmann M (2010) Front Comput Neurosci 4:141, "
        + "doi:10.3389/fncom.2010.00141.";

    /// <inheritdoc/>
    public override bool UsesDopamine => true;

    private protected override IEnumerable<ParameterProblem> Check(Parameters p, double leastWeight, double greatestWeight)
    {
        if (!(p.Wmin < p.Wmax))
        {
            yield return WeightChecks.Problem("Wmin", $"Wmin = {p.Wmin} is not below Wmax = {p.Wmax}; use Wmin < Wmax");
        }
        else if (leastWeight < p.Wmin || greatestWeight > p.Wmax)
        {
            yield return WeightChecks.Problem(
                "Wmin", $"weights from {leastWeight:G6} to {greatestWeight:G6} leave the bounds {p.Wmin} to {p.Wmax}; use weights within them");
        }
    }

    private protected override int WeightSign(Parameters p) => p.Wmin >= 0 ? 1 : p.Wmax <= 0 ? -1 : 0;

    private protected override PlasticKernel CreateKernel<L>(Parameters p, double dtMs) => new DopamineKernel<L>(
        p, dtMs, new DopamineTrace(dtMs / p.tau_n, 1 / p.tau_n, Math.Max(1, (int)Math.Round(MarkMs / dtMs))));
}
