namespace Snn.Kernels.Neurons;

/// <summary>
/// A leaky integrate-and-fire neuron of NIR, the neuromorphic intermediate representation (Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9): tau dv/dt = v_leak - v + r x,
/// a spike at v_threshold. NIR has time constants in seconds where snnTorch has a decay a step; these are the numbers of snnTorch's export and import. NIR's files, which are HDF5, are not read or
/// written here.
/// </summary>
/// <param name="Tau">Time constant, s.</param>
/// <param name="R">Resistance.</param>
/// <param name="VLeak">Potential that it leaks to.</param>
/// <param name="VThreshold">Threshold.</param>
/// <param name="VReset">Potential after a spike.</param>
public readonly record struct NirLif(double Tau, double R, double VLeak, double VThreshold, double VReset)
{
    /// <summary>Step that snnTorch takes, s.</summary>
    public const double DefaultDt = 1e-4;

    /// <summary>The node of a Leaky neuron: tau = dt / (1 - beta), r = tau / dt.</summary>
    /// <param name="beta">Decay of the potential a step, 0 to below 1.</param>
    /// <param name="threshold">Threshold.</param>
    /// <param name="dt">Step, s.</param>
    /// <exception cref="ArgumentException">The decay is out of range or the step is not above 0.</exception>
    public static NirLif FromLeaky(double beta, double threshold, double dt = DefaultDt)
    {
        var tau = TauOf(beta, "beta", dt);
        return new NirLif(tau, tau / dt, 0, threshold, 0);
    }

    /// <summary>
    /// The Leaky neuron of a node: beta = 1 - dt / tau. Its input has the weight 1 where that of the node is r dt / tau: the threshold is divided by it.
    /// </summary>
    /// <param name="dt">Step, s.</param>
    /// <exception cref="ArgumentException">The node leaks to another potential than 0, or a number is out of range.</exception>
    public (double Beta, double Threshold) ToLeaky(double dt = DefaultDt)
    {
        RequireNoLeakPotential(VLeak);
        return (DecayOf(Tau, "tau", dt), VThreshold / Weight(R, Tau, dt));
    }

    /// <summary>The time constant of a decay a step.</summary>
    internal static double TauOf(double decay, string name, double dt) => decay is >= 0 and < 1 && dt > 0
        ? dt / (1 - decay)
        : throw new ArgumentException($"NIR: {name} = {decay:R} in steps of {dt:R} s; give a decay from 0 to below 1 and a step above 0.");

    /// <summary>The decay a step of a time constant.</summary>
    internal static double DecayOf(double tau, string name, double dt) => dt > 0 && tau >= dt
        ? 1 - (dt / tau)
        : throw new ArgumentException($"NIR: {name} = {tau:R} s in steps of {dt:R} s; give a step above 0 and a time constant that is not shorter.");

    /// <summary>What an input is multiplied with in a step.</summary>
    internal static double Weight(double gain, double tau, double dt) => gain * dt / tau is var weight && weight > 0
        ? weight
        : throw new ArgumentException($"NIR: an input of weight {weight:R}; give a resistance, or w_in, above 0.");

    /// <summary>A potential other than 0 has no place in a Leaky or Synaptic neuron.</summary>
    internal static void RequireNoLeakPotential(double vLeak)
    {
        if (vLeak != 0)
        {
            throw new ArgumentException($"NIR: v_leak = {vLeak:R}; only nodes that leak to 0 are Leaky or Synaptic neurons: shift threshold, reset and potential by it.");
        }
    }
}

/// <summary>A leaky integrate-and-fire neuron with a current of NIR: tau_syn dI/dt = -I + w_in x, tau_mem dv/dt = v_leak - v + r I.</summary>
/// <param name="TauSyn">Time constant of the current, s.</param>
/// <param name="TauMem">Time constant of the potential, s.</param>
/// <param name="R">Resistance.</param>
/// <param name="VLeak">Potential that it leaks to.</param>
/// <param name="VThreshold">Threshold.</param>
/// <param name="VReset">Potential after a spike.</param>
/// <param name="WIn">Weight of the input.</param>
public readonly record struct NirCubaLif(double TauSyn, double TauMem, double R, double VLeak, double VThreshold, double VReset, double WIn)
{
    /// <summary>The node of a Synaptic neuron: time constants as <see cref="NirLif.FromLeaky"/>, w_in = tau_syn / dt.</summary>
    /// <param name="alpha">Decay of the current a step, 0 to below 1.</param>
    /// <param name="beta">Decay of the potential a step, 0 to below 1.</param>
    /// <param name="threshold">Threshold.</param>
    /// <param name="dt">Step, s.</param>
    /// <exception cref="ArgumentException">A decay is out of range or the step is not above 0.</exception>
    public static NirCubaLif FromSynaptic(double alpha, double beta, double threshold, double dt = NirLif.DefaultDt)
    {
        var (tauSyn, tauMem) = (NirLif.TauOf(alpha, "alpha", dt), NirLif.TauOf(beta, "beta", dt));
        return new NirCubaLif(tauSyn, tauMem, tauMem / dt, 0, threshold, 0, tauSyn / dt);
    }

    /// <summary>The Synaptic neuron of a node: the threshold is divided by the weight of the input in a step, w_in dt / tau_syn.</summary>
    /// <param name="dt">Step, s.</param>
    /// <exception cref="ArgumentException">The node leaks to another potential than 0, or a number is out of range.</exception>
    public (double Alpha, double Beta, double Threshold) ToSynaptic(double dt = NirLif.DefaultDt)
    {
        NirLif.RequireNoLeakPotential(VLeak);
        return (NirLif.DecayOf(TauSyn, "tau_syn", dt), NirLif.DecayOf(TauMem, "tau_mem", dt), VThreshold / NirLif.Weight(WIn, TauSyn, dt));
    }
}
