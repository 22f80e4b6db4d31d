using System.Runtime.Intrinsics;

namespace Snn.Kernels.Random;

/// <summary>
/// Independent Poisson input for a range of neurons: neuron n receives, in step t, a Poisson number of spikes that is a function of
/// (key, n, t) and its mean, whatever range it is asked for in and whatever its neighbours receive.
/// </summary>
/// <remarks>
/// Means up to 5 use a 16-column alias table in registers (<see cref="PoissonAlias"/>), means up to 20 the sum of up to four such numbers,
/// larger ones inversion of a table. Every probability is exact to
/// 2^-47, and what lies beyond a total of 1e-21 is left out.
/// </remarks>
public sealed unsafe class PoissonSource
{
    /// <summary>Largest mean.</summary>
    public const double MaxMean = 1e5;

    private const int Streams = 1 + PoissonSampler.MaxParts;

    private readonly StreamKey _key;
    private readonly PoissonSampler[] _samplers;

    // Which sampler each neuron has; null where all have the first.
    private readonly int[]? _samplerOf;
    private readonly int _firstNeuron;
    private readonly bool _needsWords;
    private readonly int _parts;

    /// <summary>One mean for all neurons.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="mean">Mean number of spikes a step, 0 to <see cref="MaxMean"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mean is outside its range.</exception>
    public PoissonSource(StreamKey key, double mean)
    {
        _key = key;
        _samplers = [new PoissonSampler(Check(mean))];
        (_needsWords, _parts) = Needs(_samplers);
    }

    /// <summary>A mean for each neuron.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="means">[neuron - firstNeuron] mean number of spikes a step, each 0 to <see cref="MaxMean"/>.</param>
    /// <param name="firstNeuron">Neuron that the first mean belongs to, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="stop">Asked with every table whether to give up.</param>
    /// <remarks>Neurons past the last mean receive nothing. A table is kept for every different mean.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A mean is outside its range.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public PoissonSource(StreamKey key, ReadOnlySpan<double> means, int firstNeuron = 0, CancellationToken stop = default)
    {
        UniformColumns.CheckRange(firstNeuron, 0);
        _key = key;
        _firstNeuron = firstNeuron;
        _samplerOf = new int[means.Length];
        List<PoissonSampler> samplers = [];
        Dictionary<double, int> known = [];
        for (var i = 0; i < means.Length; i++)
        {
            if (!known.TryGetValue(Check(means[i]), out _samplerOf[i]))
            {
                _samplerOf[i] = known[means[i]] = samplers.Count;
                stop.ThrowIfCancellationRequested();
                samplers.Add(new PoissonSampler(means[i]));
            }
        }

        _samplers = [.. samplers];
        (_needsWords, _parts) = Needs(_samplers);
    }

    /// <summary>Bytes that a source takes for each of its different means, about; what making it leaves to be collected included.</summary>
    /// <param name="mean">Mean number of spikes a step, 0 to <see cref="MaxMean"/>.</param>
    public static double BytesOf(double mean)
    {
        // An alias table and its place in the lists; or, above, a threshold for every number within some twenty standard deviations.
        const double AliasBytes = 1000;
        return mean <= PoissonSampler.MaxParts * PoissonAlias.MaxMean ? AliasBytes : AliasBytes + (2 * sizeof(uint) * ((18.5 * Math.Sqrt(mean)) + 25));
    }

    /// <summary>input += weight * spikes, with one weight.</summary>
    /// <param name="input">Input column of float or double; element i is that of neuron firstNeuron + i.</param>
    /// <param name="isDouble">Whether the column is of double.</param>
    /// <param name="firstNeuron">First neuron, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="count">Number of neurons, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="step">Step.</param>
    /// <param name="weight">Weight of a spike.</param>
    public void AddTo(void* input, bool isDouble, int firstNeuron, int count, long step, double weight) =>
        Add(input, isDouble, firstNeuron, count, step, null, weight);

    /// <summary>input += weight * spikes, with a weight for each neuron.</summary>
    /// <param name="input">Input column of float or double; element i is that of neuron firstNeuron + i.</param>
    /// <param name="isDouble">Whether both columns are of double.</param>
    /// <param name="firstNeuron">First neuron, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="count">Number of neurons, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="step">Step.</param>
    /// <param name="weights">Weight column of the same type; element i is that of neuron firstNeuron + i.</param>
    public void AddTo(void* input, bool isDouble, int firstNeuron, int count, long step, void* weights) =>
        Add(input, isDouble, firstNeuron, count, step, weights, 0);

    /// <summary>Spikes that one neuron receives in one step.</summary>
    /// <param name="neuron">Neuron.</param>
    /// <param name="step">Step.</param>
    public int Count(int neuron, long step)
    {
        var halves = stackalloc ushort[32 * PoissonSampler.MaxParts];
        var words = stackalloc uint[32];
        var workspace = stackalloc Vector256<ulong>[Streams * StepRounds.Workspace];
        var rounds = stackalloc StepRounds[Streams];
        Prepare(workspace, rounds, step);
        var first = neuron & ~31;
        Draw(rounds, first, halves, words);
        return SamplerOf(neuron)?.Draw(halves + (neuron - first), words[neuron - first], _key, step, (uint)neuron) ?? 0;
    }

    private static (bool Words, int Parts) Needs(PoissonSampler[] samplers)
    {
        var small = samplers.Where(s => s.Alias is not null).Select(s => s.Parts).DefaultIfEmpty(0).Max();
        return (samplers.Any(s => s.Parts > PoissonSampler.MaxParts), small);
    }

    private static double Check(double mean) =>
        mean is >= 0 and <= MaxMean
            ? mean
            : throw new ArgumentOutOfRangeException(
                nameof(mean), mean, $"PoissonSource: the mean number of spikes a step must be between 0 and {MaxMean:R}; check rate * dt.");

    private PoissonSampler? SamplerOf(int neuron)
    {
        if (_samplerOf is null)
        {
            return _samplers[0];
        }

        var i = neuron - _firstNeuron;
        return (uint)i < (uint)_samplerOf.Length ? _samplers[_samplerOf[i]] : null;
    }

    private void Add(void* input, bool isDouble, int firstNeuron, int count, long step, void* weights, double weight)
    {
        UniformColumns.CheckRange(firstNeuron, count);
        if (_samplerOf is null && _samplers[0].IsZero)
        {
            return;
        }

        if (_samplerOf is null && _samplers[0].Alias is not null)
        {
            if (isDouble)
            {
                PoissonKernel.AddTo(_samplers[0], _key, step, firstNeuron, count, (double*)input, (double*)weights, weight);
            }
            else
            {
                PoissonKernel.AddTo(_samplers[0], _key, step, firstNeuron, count, (float*)input, (float*)weights, (float)weight);
            }

            return;
        }

        AddOneByOne(input, isDouble, firstNeuron, count, step, weights, weight);
    }

    private void AddOneByOne(void* input, bool isDouble, int firstNeuron, int count, long step, void* weights, double weight)
    {
        var halves = stackalloc ushort[32 * PoissonSampler.MaxParts];
        var words = stackalloc uint[32];
        var workspace = stackalloc Vector256<ulong>[Streams * StepRounds.Workspace];
        var rounds = stackalloc StepRounds[Streams];
        Prepare(workspace, rounds, step);
        for (var i = 0; i < count; i += 32)
        {
            Draw(rounds, firstNeuron + i, halves, words);
            for (var j = 0; j < 32; j++)
            {
                var neuron = firstNeuron + i + j;
                var spikes = SamplerOf(neuron)?.Draw(halves + j, words[j], _key, step, (uint)neuron) ?? 0;
                AddOne(input, isDouble, i + j, spikes, weights, weight);
            }
        }
    }

    // The words of large means, then the half words of each part of small ones.
    private void Prepare(Vector256<ulong>* workspace, StepRounds* rounds, long step)
    {
        rounds[0] = new StepRounds(workspace, _key, step, PoissonWords.WordPurpose);
        PoissonWords.Prepare(workspace + StepRounds.Workspace, rounds + 1, PoissonSampler.MaxParts, _key, step);
    }

    private void Draw(StepRounds* rounds, int firstNeuron, ushort* halves, uint* words)
    {
        if (_needsWords)
        {
            PoissonWords.Words(rounds[0], firstNeuron, words);
        }

        for (var part = 0; part < _parts; part++)
        {
            PoissonWords.Halves(rounds[1 + part], firstNeuron, halves + (32 * part));
        }
    }

    private static void AddOne(void* input, bool isDouble, int i, int spikes, void* weights, double weight)
    {
        if (isDouble)
        {
            ((double*)input)[i] += spikes * (weights == null ? weight : ((double*)weights)[i]);
        }
        else
        {
            ((float*)input)[i] += spikes * (weights == null ? (float)weight : ((float*)weights)[i]);
        }
    }
}
