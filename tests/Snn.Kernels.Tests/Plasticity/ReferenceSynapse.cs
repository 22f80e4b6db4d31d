using Snn.Kernels.Lanes;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>
/// One synapse, replayed literally from the equations: every trace is a sum over all spikes, every time. Times are steps; a spike of the target comes
/// to the synapse a delay after it, and a spike of the source reaches the target a delay after it.
/// </summary>
internal sealed class ReferenceSynapse(PlasticCase network, PlasticSynapse synapse)
{
    private readonly Dictionary<string, double> _p = network.Values;
    private readonly int[] _pre = Steps(network.Pre[synapse.Source]);

    // When the target's spikes come to the synapse.
    private readonly int[] _post = [.. Steps(network.Post[synapse.Target]).Select(q => q + synapse.DelaySteps)];
    private readonly int[] _dopamine = Steps(network.Dopamine);
    private double _w = synapse.Weight;
    private double _c;

    /// <summary>What it adds to its target. [step]</summary>
    public double[] Transmitted { get; } = new double[PlasticCase.Steps];

    /// <summary>Its weight in the end.</summary>
    public double Weight => _w;

    private int Pairing => (int)_p.GetValueOrDefault("pairing");

    public ReferenceSynapse Run()
    {
        var delivered = _pre.Where(p => p + synapse.DelaySteps < PlasticCase.Steps).ToArray();
        if (network.Model.Name.StartsWith("tsodyks", StringComparison.Ordinal))
        {
            ShortTerm(delivered);
            return this;
        }

        var last = -1;
        foreach (var p in delivered)
        {
            Window(last, p);
            Depress(last, p);
            Transmitted[p + synapse.DelaySteps] = _w;
            last = p;
        }

        var end = PlasticCase.Steps - synapse.DelaySteps;
        if (last >= 0)
        {
            // Dopamine acts up to a mark: the rest is still to be done.
            Window(last, network.Model.UsesDopamine ? Marks().Where(m => m <= end).DefaultIfEmpty(-1).Max() : end);
        }

        return this;
    }

    private static int[] Steps(bool[] train) => [.. Enumerable.Range(0, train.Length).Where(s => train[s])];

    private double Decay(int steps, string tau) => LaneMath.Exp(-steps * PlasticCase.DtMs / _p[tau]);

    private double Sum(IEnumerable<int> spikes, int now, string tau) => spikes.Sum(s => Decay(now - s, tau));

    /// <summary>Spikes of the target that come after the last spike of the source, up to now.</summary>
    private void Window(int last, int now)
    {
        var spikes = _post.Where(q => q > last && q <= now).ToArray();
        if (network.Model.UsesDopamine)
        {
            Dopamine(last, now, spikes);
            return;
        }

        if (last < 0)
        {
            return;
        }

        foreach (var q in Pairing >= 2 ? spikes.Take(1) : spikes)
        {
            _w = Facilitated(PlusTrace(last, q), q);
        }
    }

    private double PlusTrace(int last, int q)
    {
        var counted = Pairing switch
        {
            1 or 2 => [last],

            // Those that no spike of the target has erased.
            3 => _pre.Where(p => p <= last && !_post.Any(r => r > p && r <= last)),
            _ => _pre.Where(p => p <= last),
        };
        return Sum(counted, q, network.Model.Name == "vogels_sprekeler_synapse" ? "tau" : "tau_plus");
    }

    private double MinusTrace(int now)
    {
        var before = _post.Where(q => q < now);
        return Sum(Pairing > 0 ? before.TakeLast(1) : before, now, "tau_minus");
    }

    private double Facilitated(double trace, int q)
    {
        switch (network.Model.Name)
        {
            case "stdp_pl_synapse_hom":
                return _w + (_p["lambda"] * Power(_w, _p["mu"]) * trace);
            case "stdp_triplet_synapse":
                var slow = Sum(_post.Where(r => r < q), q, "tau_minus_triplet");
                return Bound(Math.Abs(_w) + (trace * (_p["Aplus"] + (_p["Aplus_triplet"] * slow))));
            case "vogels_sprekeler_synapse":
                return Bound(Math.Abs(_w) + (_p["eta"] * trace));
            default:
                var part = _w / _p["Wmax"];
                return Bound(Math.Abs(_p["Wmax"]) * (part + (_p["lambda"] * Power(1 - part, _p["mu_plus"]) * trace)));
        }
    }

    private void Depress(int last, int now)
    {
        var trace = MinusTrace(now);
        var isPaired = Pairing != 2 || _post.Any(q => q > last && q <= now);
        switch (network.Model.Name)
        {
            case "stdp_pl_synapse_hom":
                _w = isPaired ? Math.Max(_w - (_p["lambda"] * _p["alpha"] * _w * trace), 0) : _w;
                break;
            case "stdp_triplet_synapse":
                var slow = Sum(_pre.Where(p => p < now), now, "tau_plus_triplet");
                _w = Bound(Math.Abs(_w) - (trace * (_p["Aminus"] + (_p["Aminus_triplet"] * slow))));
                break;
            case "vogels_sprekeler_synapse":
                _w = Bound(Math.Abs(_w) + (_p["eta"] * trace));
                _w = Bound(Math.Abs(_w) - (_p["alpha"] * _p["eta"]));
                break;
            case "stdp_dopamine_synapse":
                _c -= _p["A_minus"] * trace;
                break;
            default:
                var part = _w / _p["Wmax"];
                part -= isPaired ? _p["alpha"] * _p["lambda"] * Power(part, _p["mu_minus"]) * trace : 0;
                _w = Bound(Math.Abs(_p["Wmax"]) * part);
                break;
        }
    }

    private double Bound(double magnitude) => Math.Sign(_p["Wmax"]) * Math.Clamp(magnitude, 0, Math.Abs(_p["Wmax"]));

    private static double Power(double x, double exponent) => exponent == 0 ? 1 : x < 1e-300 ? 0 : LaneMath.Pow(x, exponent);

    /// <summary>Steps at which bounds act beside those of the synapse's own spikes.</summary>
    private IEnumerable<int> Marks() => Enumerable.Range(0, PlasticCase.Steps).Where(s => s % 100 == 0).Concat(_dopamine);

    private void Dopamine(int last, int now, int[] spikes)
    {
        // Before the first spike of the source there is no eligibility.
        var from = last;
        foreach (var at in Marks().Concat(spikes).Append(now).Where(s => s > last && s <= now).Distinct().Order())
        {
            var n = Sum(_dopamine.Where(s => s <= from), from, "tau_n") / _p["tau_n"];
            var ms = (at - from) * PlasticCase.DtMs;
            var rate = (1 / _p["tau_c"]) + (1 / _p["tau_n"]);
            var gain = (n * (1 - LaneMath.Exp(-ms * rate)) / rate) - (_p["b"] * _p["tau_c"] * (1 - LaneMath.Exp(-ms / _p["tau_c"])));
            _w = Math.Clamp(_w + (_c * gain), _p["Wmin"], _p["Wmax"]);
            _c *= Decay(at - from, "tau_c");
            _c += spikes.Contains(at) && last >= 0 ? _p["A_plus"] * Sum(_pre.Where(p => p <= last), at, "tau_plus") : 0;
            from = at;
        }
    }

    private void ShortTerm(int[] delivered)
    {
        var isCurrent = network.Model.Name == "tsodyks_synapse";
        var (x, u, y, last) = (_p["x"], _p["u"], _p.GetValueOrDefault("y"), -1);
        foreach (var p in delivered)
        {
            var facilitation = _p["tau_fac"] == 0 ? 0 : Decay(p - last, "tau_fac");
            var recovery = Decay(p - last, "tau_rec");
            if (isCurrent)
            {
                var (tauPsc, tauRec, z) = (_p["tau_psc"], _p["tau_rec"], 1 - x - y);
                var current = Decay(p - last, "tau_psc");

                // z is fed by y and feeds x: z(t) = z e^(-t / rec) + y (e^(-t / rec) - e^(-t / psc)) tau_rec / (tau_rec - tau_psc).
                var inactive = (z * recovery) + (y * (recovery - current) * tauRec / (tauRec - tauPsc));
                y *= current;
                x = 1 - y - inactive;
                u *= facilitation;
                u += _p["U"] * (1 - u);
                Transmitted[p + synapse.DelaySteps] = _w * u * x;
                (x, y) = (x - (u * x), y + (u * x));
            }
            else
            {
                (x, u) = last < 0 ? (x, u) : (1 + ((x - (x * u) - 1) * recovery), _p["U"] + (u * (1 - _p["U"]) * facilitation));
                Transmitted[p + synapse.DelaySteps] = _w * x * u;
            }

            last = p;
        }
    }
}
