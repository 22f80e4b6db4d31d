using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>
/// A normal number a neuron and step, for noise currents: the quantile of the neuron's word (<see cref="UniformColumns"/>). Float columns
/// are computed in float, double columns in double; each gives the same bits at every vector width.
/// </summary>
/// <remarks>A word resolves 2^-32 of probability, so that |z| is at most 6.34.</remarks>
public static unsafe class GaussianColumns
{
    /// <summary>column = mean + std * N(0, 1).</summary>
    /// <param name="key">Stream.</param>
    /// <param name="step">Step.</param>
    /// <param name="firstNeuron">First neuron, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="count">Number of neurons, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="column">Column of float or double; element i is that of neuron firstNeuron + i.</param>
    /// <param name="isDouble">Whether the column is of double.</param>
    /// <param name="mean">Mean, in the unit of the column.</param>
    /// <param name="std">Standard deviation, in the unit of the column.</param>
    /// <param name="purpose">Tells apart the columns that one key is used for.</param>
    public static void Fill(
        StreamKey key, long step, int firstNeuron, int count, void* column, bool isDouble, double mean, double std, uint purpose = 0) =>
        Run(key, step, firstNeuron, count, column, isDouble, mean, std, purpose, add: false);

    /// <summary>column += mean + std * N(0, 1).</summary>
    /// <param name="key">Stream.</param>
    /// <param name="step">Step.</param>
    /// <param name="firstNeuron">First neuron, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="count">Number of neurons, a multiple of <see cref="UniformColumns.Granularity"/>.</param>
    /// <param name="column">Column of float or double; element i is that of neuron firstNeuron + i.</param>
    /// <param name="isDouble">Whether the column is of double.</param>
    /// <param name="mean">Mean, in the unit of the column.</param>
    /// <param name="std">Standard deviation, in the unit of the column.</param>
    /// <param name="purpose">Tells apart the columns that one key is used for.</param>
    public static void AddTo(
        StreamKey key, long step, int firstNeuron, int count, void* column, bool isDouble, double mean, double std, uint purpose = 0) =>
        Run(key, step, firstNeuron, count, column, isDouble, mean, std, purpose, add: true);

    private static void Run(
        StreamKey key, long step, int firstNeuron, int count, void* column, bool isDouble, double mean, double std, uint purpose, bool add)
    {
        UniformColumns.CheckRange(firstNeuron, count);
        var workspace = stackalloc Vector256<ulong>[StepRounds.Workspace];
        var rounds = new StepRounds(workspace, key, step, purpose);
        var words = stackalloc uint[UniformColumns.Granularity];
        for (var i = 0; i < count; i += UniformColumns.Granularity)
        {
            // By way of memory: the words of 32 neurons and the constants of the quantile do not fit the registers together.
            rounds.ThirtyTwo((uint)(firstNeuron + i) / 4, out var first, out var second, out var third, out var fourth);
            first.Store(words);
            second.Store(words + 8);
            third.Store(words + 16);
            fourth.Store(words + 24);
            if (isDouble)
            {
                Doubles(words, (double*)column + i, mean, std, add);
            }
            else
            {
                Singles(words, (float*)column + i, mean, std, add);
            }
        }
    }

    // Methods of their own: within the caller, the compiler would give up on inlining the quantile.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Singles(uint* words, float* column, double mean, double std, bool add)
    {
        for (var j = 0; j < UniformColumns.Granularity; j += 8)
        {
            var z = SingleNormal.Standard(Vector256.Load(words + j));
            var value = Vector256.FusedMultiplyAdd(Vector256.Create((float)std), z, Vector256.Create((float)mean));
            (add ? Vector256.Load(column + j) + value : value).Store(column + j);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Doubles(uint* words, double* column, double mean, double std, bool add)
    {
        for (var j = 0; j < UniformColumns.Granularity; j += 8)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(words + j));
            Four(low, column + j, mean, std, add);
            Four(high, column + j + 4, mean, std, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(Vector256<ulong> words, double* column, double mean, double std, bool add)
    {
        var u = new F64x4((Words.ToDouble(words) + Vector256.Create(0.5)) * Vector256.Create(1.0 / (1L << 32)));
        var one = F64x4.Broadcast(1);
        var z = NormalQuantile.Of(u + u - one, F64x4.Min(u, one - u));
        var value = F64x4.FusedMultiplyAdd(F64x4.Broadcast(std), z, F64x4.Broadcast(mean));
        F64x4.Store(add ? F64x4.Load(column, 0) + value : value, column, 0);
    }
}
