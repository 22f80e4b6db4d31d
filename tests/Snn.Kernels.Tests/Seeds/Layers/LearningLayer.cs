using Snn.Kernels.Plasticity.Layers;
using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>A connection that learns, driven by arrays of doubles: what a rule sees of some items, and its arithmetic.</summary>
internal sealed unsafe class LearningLayer : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Numbers[] _columns;
    private readonly bool _isDouble;

    public LearningLayer(ConvolutionShape shape, ReadOnlySpan<double> weights, int items, bool isDouble, double[]? mask = null, int[]? delays = null, int lanes = 0)
    {
        _isDouble = isDouble;
        Weights = Own(LayerRig.Weights(shape, weights, isDouble, mask, delays: delays));
        Rules = Own(LayerPlasticity.Create(Weights, lanes));
        var post = shape.Locations * (int)Weights.Stride;
        var delayCount = Weights.DelaySteps.Count;
        _columns = [.. Enumerable.Range(0, items).SelectMany(_ => new[] { shape.SourceCount * delayCount, shape.SourceCount, post, post }).Select(Column)];
        Activity = new LayerActivity[items];
        for (var item = 0; item < items; item++)
        {
            Activity[item] = new LayerActivity
            {
                PreSpikes = _columns[4 * item].Pointer,
                PreTraces = _columns[(4 * item) + 1].Pointer,
                PostSpikes = _columns[(4 * item) + 2].Pointer,
                PostTraces = _columns[(4 * item) + 3].Pointer,
            };
        }
    }

    /// <summary>The weights.</summary>
    public LayerWeights Weights { get; }

    /// <summary>The arithmetic.</summary>
    public LayerPlasticity Rules { get; }

    /// <summary>What the rule sees. [item]</summary>
    public LayerActivity[] Activity { get; }

    /// <summary>Rows that a worker may own.</summary>
    public int Rows => Weights.Rows;

    /// <summary>A column of numbers.</summary>
    public Numbers Column(int count) => Own(new Numbers(count, _isDouble));

    /// <summary>An array over the synapses of some items.</summary>
    public Numbers Synapses(int items = 1) => Column(items * (int)Rules.SynapseNumbers);

    /// <summary>Sets what the rule sees of an item; what is null stays. Targets are [output channel][location].</summary>
    public void Set(int item, double[]? preSpikes = null, double[]? preTraces = null, double[]? postSpikes = null, double[]? postTraces = null)
    {
        Fill(_columns[4 * item], preSpikes);
        Fill(_columns[(4 * item) + 1], preTraces);
        FillPost(_columns[(4 * item) + 2], postSpikes);
        FillPost(_columns[(4 * item) + 3], postTraces);
    }

    /// <summary>An array over synapses in the order of users: [output channel][tap].</summary>
    public double[] Read(Numbers synapses, int item = 0)
    {
        var shape = Weights.Shape;
        var all = new double[shape.OutputChannels * shape.Taps];
        for (var i = 0; i < all.Length; i++)
        {
            var (column, tap) = Math.DivRem(i, shape.Taps);
            all[i] = synapses[(int)((item * Rules.SynapseNumbers) + (shape.RowOfTap(tap) * Weights.Stride) + column)];
        }

        return all;
    }

    public void Dispose() => _owned.ForEach(o => o.Dispose());

    private static void Fill(Numbers column, double[]? values)
    {
        if (values is not null)
        {
            column.Fill(values);
        }
    }

    private void FillPost(Numbers column, double[]? values)
    {
        if (values is not null)
        {
            using var targets = new Numbers(values, _isDouble);
            Rules.ByLocation(targets.Pointer, column.Pointer);
        }
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
