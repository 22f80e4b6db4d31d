using System.Numerics;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// Any list of synapses: rows of (target, weight) by source and delay. Of one source and delay, a target gets its weights in the order of the list.
/// </summary>
/// <typeparam name="T">Number.</typeparam>
internal sealed unsafe class SparseConnection<T> : LayerConnection
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _offsets;
    private readonly int[] _targets;
    private readonly T[] _weights;
    private readonly int _delays;

    public SparseConnection(int sourceCount, int targetCount, ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<double> weights, int[] delayIndices, int[] delaySteps)
        : base(sourceCount, targetCount, typeof(T) == typeof(double), delaySteps)
    {
        _delays = delaySteps.Length;
        _offsets = new int[(sourceCount * _delays) + 1];
        _targets = new int[sources.Length];
        _weights = new T[sources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            _offsets[(sources[i] * _delays) + delayIndices[i] + 1]++;
        }

        for (var row = 1; row < _offsets.Length; row++)
        {
            _offsets[row] += _offsets[row - 1];
        }

        var next = _offsets[..^1];
        for (var i = 0; i < sources.Length; i++)
        {
            var place = next[(sources[i] * _delays) + delayIndices[i]]++;
            (_targets[place], _weights[place]) = (targets[i], T.CreateChecked(weights[i]));
        }
    }

    /// <inheritdoc/>
    public override long Bytes => ((long)_offsets.Length * sizeof(int)) + ((long)_targets.Length * (sizeof(int) + sizeof(T)));

    /// <inheritdoc/>
    public override long Deliver(in LayerEvents arrivals, void* input, LayerWorkspace workspace)
    {
        long events = 0;
        fixed (int* offsets = _offsets, targets = _targets)
        fixed (T* weights = _weights)
        {
            for (var e = 0; e < arrivals.Count; e++)
            {
                var row = (arrivals.Sources[e] * _delays) + (arrivals.DelayIndices == null ? 0 : arrivals.DelayIndices[e]);
                var size = arrivals.Values == null ? T.One : ((T*)arrivals.Values)[e];
                AddRow(targets + offsets[row], weights + offsets[row], offsets[row + 1] - offsets[row], size, (T*)input);
                events += offsets[row + 1] - offsets[row];
            }
        }

        return events;
    }

    /// <inheritdoc/>
    public override void AddTraces(in LayerEvents spikes, void* sourceTraces, void* input, LayerWorkspace workspace)
    {
        for (var source = 0; source < SourceCount; source++)
        {
            for (var i = _offsets[source * _delays]; i < _offsets[(source + 1) * _delays]; i++)
            {
                ((T*)input)[_targets[i]] += ((T*)sourceTraces)[source];
            }
        }
    }

    private static void AddRow(int* targets, T* weights, int count, T size, T* input)
    {
        for (var i = 0; i < count; i++)
        {
            input[targets[i]] = T.FusedMultiplyAdd(size, weights[i], input[targets[i]]);
        }
    }
}
