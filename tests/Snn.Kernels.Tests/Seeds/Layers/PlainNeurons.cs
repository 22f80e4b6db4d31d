namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>
/// PySNN's Input, LIF and Fede cells as plain loops over doubles, for the closed loops of its learning rules: order and equations of the functional updates, refractory
/// time in whole steps.
/// </summary>
internal sealed class PlainNeurons
{
    private readonly SeedParameters _p;
    private readonly bool _isFede;
    private readonly bool _isLinear;
    private readonly int _refractorySteps;
    private readonly int[] _refractory;

    public PlainNeurons(System.Text.Json.JsonElement parameters, int count)
    {
        _p = new SeedParameters(parameters);
        _isFede = _p.Word("kind") == "FedeNeuron";
        _isLinear = !_isFede && _p.Word("update_type") != "exponential";
        _refractorySteps = (int)Math.Round(_p.Number("duration_refrac", 0) / _p.Number("dt", 1));
        _refractory = new int[count];
        V = [.. Enumerable.Repeat(_p.Number("v_rest", 0), count)];
        Spikes = new double[count];
        Traces = new double[count];
    }

    /// <summary>Voltages after the reset.</summary>
    public double[] V { get; }

    /// <summary>Spikes of the step.</summary>
    public double[] Spikes { get; }

    /// <summary>Traces with the spikes of the step.</summary>
    public double[] Traces { get; }

    /// <summary>One step of input cells: spikes are what is not zero.</summary>
    public void StepInput(ReadOnlySpan<double> x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            Spikes[i] = x[i] != 0 ? 1 : 0;
            Trace(i, x[i]);
        }
    }

    /// <summary>One step of neurons.</summary>
    /// <param name="input">Sums of what arrives.</param>
    /// <param name="preTraces">For Fede cells, sums of the traces of the sources.</param>
    public void Step(ReadOnlySpan<double> input, ReadOnlySpan<double> preTraces)
    {
        var (rest, alpha, dt) = (_p.Number("v_rest", 0), _p.Number("alpha_v", 1), _p.Number("dt", 1));
        for (var i = 0; i < V.Length; i++)
        {
            var free = _refractory[i] == 0 ? 1 : 0;
            var drive = alpha * (_isFede ? input[i] - preTraces[i] : input[i]);
            var decay = _p.Number("tau_v", 1);
            V[i] = _isLinear
                ? rest + ((((V[i] - rest) * decay) + drive) * free)
                : V[i] + (dt / decay * (drive - (V[i] - rest)) * free);
            Spikes[i] = V[i] >= _p.Number("thresh", 1) ? 1 : 0;
            Trace(i, Spikes[i]);
            _refractory[i] += (_refractory[i] > 0 ? -1 : 0) + (Spikes[i] == 1 ? _refractorySteps : 0);
            V[i] = Spikes[i] == 1 ? rest : V[i];
        }
    }

    private void Trace(int i, double x)
    {
        var (alpha, tau) = (_p.Number("alpha_t", 1), _p.Number("tau_t", 1));
        Traces[i] = _isLinear ? (tau * Traces[i]) + (alpha * x) : Traces[i] + (_p.Number("dt", 1) / tau * ((alpha * x) - Traces[i]));
    }

    private readonly struct SeedParameters(System.Text.Json.JsonElement element)
    {
        public double Number(string name, double byDefault) => element.TryGetProperty(name, out var value) ? SeedTensor.Of(value).Scalar : byDefault;

        public string Word(string name) => element.TryGetProperty(name, out var value) ? value.GetString()! : string.Empty;
    }
}
