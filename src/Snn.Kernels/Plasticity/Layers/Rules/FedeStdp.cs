using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>
/// Weight-dependent STDP that looks at the presynaptic trace only.
/// <code>
/// n = trace / greatest trace of all sources and items (0 where all are silent), d = w - w_init
/// w = w + lr mean over items (exp(-d) (exp(n) - a) - exp(d) (exp(1 - n) - a))
/// </code>
/// Paredes-Vallés, Scheper and de Croon 2020, doi:10.1109/TPAMI.2019.2903179, as PySNN has it.
/// </summary>
public sealed class FedeStdp : LayerRule<FedeStdp.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Learning rate.</summary>
        [Parameter(0.001, "", "Learning rate", Min = 0, MinExcluded = true)]
        public double lr;

        /// <summary>Weight at which potentiation and depression have equal factors.</summary>
        [Parameter(0.5, "", "Weight around which the rule is symmetric")]
        public double w_init;

        /// <summary>Offset.</summary>
        [Parameter(0, "", "Offset of the trace's exponentials", Min = 0, Max = 1)]
        public double a;
    }

    /// <inheritdoc/>
    public override string Name => "fede_stdp";

    /// <inheritdoc/>
    public override string Summary => "Weight-dependent STDP of optical-flow networks (PySNN's FedeSTDP).";

    /// <inheritdoc/>
    public override string Equations => """
        n = trace of the source / greatest trace, d = w - w_init
        w = w + lr mean over batch items, and positions of a kernel, of (exp(-d) (exp(n) - a) - exp(d) (exp(1 - n) - a))
        """;

    /// <inheritdoc/>
    public override string Reference =>
        "Paredes-Vallés F, Scheper KYW, de Croon GCHE (2020) IEEE Trans Pattern Anal Mach Intell 42:2051, doi:10.1109/TPAMI.2019.2903179; PySNN.";

    /// <inheritdoc/>
    public override TraceSource Traces => TraceSource.OfSource;

    private protected override LayerRuleKernel Create(Parameters p, LayerWeights weights, int items, int lanes) => new Kernel(p, weights, items, lanes);

    private sealed unsafe class Kernel : LayerRuleKernel
    {
        private readonly Parameters _p;
        private readonly nint[] _traces;
        private readonly double[] _potentiation;
        private readonly double[] _depression;

        public Kernel(Parameters p, LayerWeights weights, int items, int lanes)
            : base(weights, items, lanes)
        {
            _p = p;
            _traces = new nint[items];
            _potentiation = new double[weights.Rows];
            _depression = new double[weights.Rows];
        }

        public override void Observe(int item, in LayerActivity activity)
        {
            base.Observe(item, activity);
            _traces[item] = (nint)activity.PreTraces;
        }

        public override void Learn(ReadOnlySpan<double> rewards, bool changesWeights, int firstRow, int lastRow)
        {
            if (!changesWeights)
            {
                return;
            }

            var max = 0.0;
            for (var item = 0; item < Items; item++)
            {
                max = Math.Max(max, Arithmetic.MaxTrace((void*)_traces[item]));
            }

            fixed (nint* traces = _traces)
            fixed (double* potentiation = _potentiation, depression = _depression)
            {
                Arithmetic.FedeAverages((void**)traces, Items, max, firstRow, lastRow, potentiation, depression);
                Arithmetic.Fede(potentiation, depression, _p.lr, _p.w_init, _p.a, firstRow, lastRow);
            }
        }
    }
}
