using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// The equations of a rule of short-term plasticity: how much of their weight the synapses of a source transmit. All of a projection share their
/// parameters, so that all of a source share this state.
/// </summary>
internal interface IShortTermRule
{
    /// <summary>Numbers of the state.</summary>
    static abstract int Numbers { get; }

    /// <summary>A spike of the source.</summary>
    /// <param name="state">The state just after its last spike; receives the state just after this one. [number]</param>
    /// <param name="hasSpiked">Whether it has spiked before; else there is no state yet.</param>
    /// <param name="steps">Steps since its last spike, or since time 0.</param>
    /// <returns>The part of the weight that this spike transmits.</returns>
    double Spike(Span<double> state, bool hasSpiked, double steps);
}

/// <summary>Delivers rows of constant weights, each spike with a factor of its source's.</summary>
/// <typeparam name="L">Lanes.</typeparam>
/// <typeparam name="TRule">Equations.</typeparam>
internal sealed unsafe class ShortTermKernel<L, TRule>(TRule rule) : PlasticKernel
    where L : unmanaged, ILanes<L>
    where TRule : struct, IShortTermRule
{
    /// <inheritdoc/>
    public override bool IsDouble => L.IsDouble;

    /// <inheritdoc/>
    public override int SourceNumbers => TRule.Numbers;

    /// <inheritdoc/>
    public override PostTraces? PostTraces => null;

    /// <inheritdoc/>
    public override void Spike(Span<double> source, bool hasSpiked, double stepsSinceSpike) => rule.Spike(source, hasSpiked, stepsSinceSpike);

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Run(in RowTask row)
    {
        // The table takes note of the spike afterwards: here the state is only looked at.
        Span<double> state = stackalloc double[TRule.Numbers];
        new Span<double>(row.Source, TRule.Numbers).CopyTo(state);
        var factor = rule.Spike(state, row.HasSpiked, row.StepsSinceSpike);
        var scaled = stackalloc double[Scratch.Chunk];
        for (var begin = 0; begin < row.Count; begin += Scratch.Chunk)
        {
            var count = Math.Min(Scratch.Chunk, row.Count - begin);
            Scale(Numbers<L>.At(row.Weights, begin), L.Broadcast(factor), scaled, count);
            Numbers<L>.AddTo(row.Input, row.Targets + begin, scaled, count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Scale(void* weights, L factor, void* scaled, int count)
    {
        for (var i = 0; i < count; i += L.Count)
        {
            L.Store(L.Load(weights, i) * factor, scaled, i);
        }
    }
}
