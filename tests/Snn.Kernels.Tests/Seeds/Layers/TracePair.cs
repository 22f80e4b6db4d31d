using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>Traces of sources and targets of all items, by the kernels, with jumps of 1.</summary>
internal sealed unsafe class TracePair
{
    private readonly LearningLayer _layer;
    private readonly double _keepPre;
    private readonly double _keepPost;
    private readonly bool _isDouble;
    private readonly Numbers[] _pre;
    private readonly Numbers[] _post;

    public TracePair(LearningLayer layer, int items, double keepPre, double keepPost, bool isDouble)
    {
        (_layer, _keepPre, _keepPost, _isDouble) = (layer, keepPre, keepPost, isDouble);
        _pre = [.. Enumerable.Range(0, items).Select(_ => layer.Column(layer.Weights.Shape.SourceCount))];
        _post = [.. Enumerable.Range(0, items).Select(_ => layer.Column(layer.Weights.Shape.TargetCount))];
    }

    public double[] Pre(int item) => _pre[item].ToArray();

    public double[] Post(int item) => _post[item].ToArray();

    /// <summary>Both traces with the spikes of the step in them, and the rule sees them.</summary>
    public void Step(int item, double[] sources, double[] targets)
    {
        Update(_pre[item], sources, _keepPre);
        Update(_post[item], targets, _keepPost);
        _layer.Set(item, sources, Pre(item), targets, Post(item));
    }

    private void Update(Numbers traces, double[] spikes, double keep)
    {
        using var column = new Numbers(spikes, _isDouble);
        _layer.Rules.UpdateTraces(traces.Pointer, column.Pointer, spikes.Length, keep, 1);
    }
}
