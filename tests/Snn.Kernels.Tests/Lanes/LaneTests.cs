using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Lanes;

/// <summary>Every lane of every width does what the scalar does, bit for bit.</summary>
public unsafe class LaneTests
{
    private const int Count = 4096;

    private delegate L Operation<L>(L a, L b, L c);

    [Fact]
    public void Eight_floats() => AgreeWithScalar<F32x8, F32x1>();

    [Fact]
    public void Sixteen_floats() => AgreeWithScalar<F32x16, F32x1>();

    [Fact]
    public void Sixteen_floats_in_pairs() => AgreeWithScalar<Pair<F32x8>, F32x1>();

    [Fact]
    public void Four_doubles() => AgreeWithScalar<F64x4, F64x1>();

    [Fact]
    public void Eight_doubles() => AgreeWithScalar<F64x8, F64x1>();

    [Fact]
    public void Sixteen_doubles_in_pairs() => AgreeWithScalar<Pair<F64x8>, F64x1>();

    [Fact]
    public void Sixteen_doubles_in_pairs_of_pairs() => AgreeWithScalar<Pair<Pair<F64x4>>, F64x1>();

    [Fact]
    public void Auto_is_one_register_as_wide_as_pays()
    {
        var bytes = Avx512Vbmi2.IsSupported ? 64 : 32;
        Assert.Equal(bytes / sizeof(float), LanePolicy.Choose(LanePolicy.Auto, isDouble: false));
        Assert.Equal(bytes / sizeof(double), LanePolicy.Choose(LanePolicy.Auto, isDouble: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    public void Every_width_that_a_user_can_ask_for_has_kernels(int lanes)
    {
        foreach (var model in NeuronModels.All)
        {
            var single = LanePolicy.CreateKernel(model, lanes, isDouble: false);
            var twice = LanePolicy.CreateKernel(model, lanes, isDouble: true);
            Assert.Equal((lanes, 4, lanes, 8), (single.Lanes, single.ElementBytes, twice.Lanes, twice.ElementBytes));
        }
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(2, true)]
    [InlineData(-1, false)]
    [InlineData(32, false)]
    public void Other_widths_are_refused(int lanes, bool isDouble) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LanePolicy.Choose(lanes, isDouble));

    private static void AgreeWithScalar<L, S>()
        where L : unmanaged, ILanes<L>
        where S : unmanaged, ILanes<S>
    {
        Assert.Equal(1, S.Count);
        Assert.Equal(S.IsDouble, L.IsDouble);
        var any = Numbers(L.IsDouble, 1);
        Same<L, S>("+", any, (a, b, _) => a + b, (a, b, _) => a + b);
        Same<L, S>("-", any, (a, b, _) => a - b, (a, b, _) => a - b);
        Same<L, S>("*", any, (a, b, _) => a * b, (a, b, _) => a * b);
        Same<L, S>("/", any, (a, b, _) => a / b, (a, b, _) => a / b);
        Same<L, S>("negate", any, (a, _, _) => -a, (a, _, _) => -a);
        Same<L, S>("<", any, (a, b, _) => a < b, (a, b, _) => a < b);
        Same<L, S>(">", any, (a, b, _) => a > b, (a, b, _) => a > b);
        Same<L, S>("<=", any, (a, b, _) => a <= b, (a, b, _) => a <= b);
        Same<L, S>(">=", any, (a, b, _) => a >= b, (a, b, _) => a >= b);
        Same<L, S>("&", any, (a, b, c) => (a < b) & c, (a, b, c) => (a < b) & c);
        Same<L, S>("|", any, (a, b, c) => (a < b) | (b < c), (a, b, c) => (a < b) | (b < c));
        Same<L, S>("~", any, (a, b, c) => ~(a < b) & c, (a, b, c) => ~(a < b) & c);
        Same<L, S>("fma", any, L.FusedMultiplyAdd, S.FusedMultiplyAdd);
        Same<L, S>("sqrt", any, (a, _, _) => L.Sqrt(a), (a, _, _) => S.Sqrt(a));
        Same<L, S>("abs", any, (a, _, _) => L.Abs(a), (a, _, _) => S.Abs(a));
        Same<L, S>("min", any, (a, b, _) => L.Min(a, b), (a, b, _) => S.Min(a, b));
        Same<L, S>("max", any, (a, b, _) => L.Max(a, b), (a, b, _) => S.Max(a, b));
        Same<L, S>("select", any, (a, b, c) => L.Select(a < b, c, a), (a, b, c) => S.Select(a < b, c, a));
        Same<L, S>("broadcast", any, (_, _, _) => L.Broadcast(0.1), (_, _, _) => S.Broadcast(0.1));
        Same<L, S>("zero", any, (_, _, _) => L.Zero, (_, _, _) => S.Zero);
        Same<L, S>("exp", any, (a, _, _) => LaneMath.Exp(a), (a, _, _) => LaneMath.Exp(a));
        Same<L, S>("expm1", any, (a, _, _) => LaneMath.ExpMinusOne(a), (a, _, _) => LaneMath.ExpMinusOne(a));

        // The others are defined for normal positive numbers, or for whole numbers within the exponents, only.
        var positive = Positive(L.IsDouble);
        Same<L, S>("exponent", positive, (a, _, _) => L.Exponent(a), (a, _, _) => S.Exponent(a));
        Same<L, S>("mantissa", positive, (a, _, _) => L.Mantissa(a), (a, _, _) => S.Mantissa(a));
        Same<L, S>("log", positive, (a, _, _) => LaneMath.Log(a), (a, _, _) => LaneMath.Log(a));
        Same<L, S>("pow", positive, (a, b, _) => LaneMath.Pow(a, b), (a, b, _) => LaneMath.Pow(a, b));
        Same<L, S>("log2", positive, (a, _, _) => LaneMath.Log2(a), (a, _, _) => LaneMath.Log2(a));
        Same<L, S>("2^x", any, (a, _, _) => LaneMath.TwoTo(a), (a, _, _) => LaneMath.TwoTo(a));
        Same<L, S>("split", positive, (a, _, _) => L.Split(a, out _), (a, _, _) => S.Split(a, out _));
        Same<L, S>("split's exponent", positive, (a, _, _) => Exponent(a), (a, _, _) => Exponent(a));
        var whole = Enumerable.Range(0, Count).Select(i => (double)((i % 250) - 125)).ToArray();
        Same<L, S>("power of two", whole, (a, _, _) => L.PowerOfTwo(a), (a, _, _) => S.PowerOfTwo(a));
        Same<L, S>("round", positive, (a, _, _) => LaneMath.Round(a), (a, _, _) => LaneMath.Round(a));
        LanesAndMasks<L>(any);
        Records<L>(any);
    }

    private static L Exponent<L>(L a)
        where L : unmanaged, ILanes<L>
    {
        L.Split(a, out var n);
        return n;
    }

    private static void Records<L>(double[] numbers)
        where L : unmanaged, ILanes<L>
    {
        var places = Enumerable.Range(0, Count / 4).Select(i => (ushort)(i * 37 % (Count / 4))).ToArray();
        var stored = Array<L>(numbers, 0);
        var all = Enumerable.Range(0, Count).Select(n => L.IsDouble ? BitConverter.ToDouble(stored, n * 8) : BitConverter.ToSingle(stored, n * 4)).ToArray();
        fixed (byte* records = stored)
        fixed (ushort* p = places)
        {
            for (var i = 0; i + L.Count <= places.Length; i += L.Count)
            {
                L.LoadRecords(records, p + i, out var a, out var b, out var c, out var d);
                for (var k = 0; k < L.Count; k++)
                {
                    var read = new[] { L.Lane(a, k), L.Lane(b, k), L.Lane(c, k), L.Lane(d, k) };
                    Assert.Equal(all.AsSpan(4 * places[i + k], 4).ToArray(), read);
                }
            }
        }
    }

    private static void Same<L, S>(string name, double[] numbers, Operation<L> wide, Operation<S> scalar)
        where L : unmanaged, ILanes<L>
        where S : unmanaged, ILanes<S>
    {
        var (a, b, c) = (Array<L>(numbers, 0), Array<L>(numbers, 1), Array<L>(numbers, 7));
        var (left, right) = (new byte[a.Length], new byte[a.Length]);
        fixed (byte* pa = a, pb = b, pc = c, pl = left, pr = right)
        {
            for (var i = 0; i < Count; i += L.Count)
            {
                L.Store(wide(L.Load(pa, i), L.Load(pb, i), L.Load(pc, i)), pl, i);
            }

            for (var i = 0; i < Count; i++)
            {
                S.Store(scalar(S.Load(pa, i), S.Load(pb, i), S.Load(pc, i)), pr, i);
                var (x, y) = L.IsDouble ? (((double*)pl)[i], ((double*)pr)[i]) : (((float*)pl)[i], ((float*)pr)[i]);

                // The standard leaves open which NaN comes out of arithmetic on a NaN.
                Assert.True(
                    BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y) || (double.IsNaN(x) && double.IsNaN(y)),
                    $"{name} of {numbers[i]}, {numbers[(i + 1) % Count]}, {numbers[(i + 7) % Count]}: {x:R} in {typeof(L).Name}, {y:R} in {typeof(S).Name}");
            }
        }
    }

    private static void LanesAndMasks<L>(double[] numbers)
        where L : unmanaged, ILanes<L>
    {
        var (a, b) = (Array<L>(numbers, 0), Array<L>(numbers, 3));
        fixed (byte* pa = a, pb = b)
        {
            for (var i = 0; i < Count; i += L.Count)
            {
                var (x, y) = (L.Load(pa, i), L.Load(pb, i));
                var mask = L.MoveMask(x < y);
                for (var k = 0; k < L.Count; k++)
                {
                    Assert.Equal(L.Lane(x, k) < L.Lane(y, k), ((mask >> k) & 1) == 1);
                    Assert.Equal(L.IsDouble ? ((double*)pa)[i + k] : ((float*)pa)[i + k], L.Lane(x, k));
                }

                Assert.Equal(0u, L.Count == 32 ? 0 : mask >> L.Count);
            }
        }
    }

    /// <summary>The numbers, from some place on, in the element type of the lanes.</summary>
    private static byte[] Array<L>(double[] numbers, int from)
        where L : unmanaged, ILanes<L>
    {
        var bytes = new byte[Count * (L.IsDouble ? sizeof(double) : sizeof(float))];
        fixed (byte* p = bytes)
        {
            for (var i = 0; i < Count; i++)
            {
                var number = numbers[(i + from) % Count];
                if (L.IsDouble)
                {
                    ((double*)p)[i] = number;
                }
                else
                {
                    ((float*)p)[i] = (float)number;
                }
            }
        }

        return bytes;
    }

    /// <summary>Random numbers over many magnitudes, and the special ones in all their meetings.</summary>
    private static double[] Numbers(bool isDouble, ulong seed)
    {
        double[] special =
        [
            0.0, -0.0, 1, -1, 0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, float.MaxValue, -float.MaxValue, float.Epsilon,
            1.1754944e-38, isDouble ? double.Epsilon : 1e-45, isDouble ? double.MaxValue : 3e38, 88.3, 88.4, -87.3, -87.4, 709.4, 709.5, -708.3, -708.4, 88.2, 1e-8,
        ];
        var numbers = new double[Count];
        var random = new TestRandom(seed);
        for (var i = 0; i < Count; i++)
        {
            numbers[i] = i < special.Length * special.Length
                ? special[i % 2 == 0 ? i / special.Length : i % special.Length]
                : (random.Next() - 0.5) * LaneMath.Exp((random.Next() * 60) - 30);
        }

        return numbers;
    }

    private static double[] Positive(bool isDouble)
    {
        var random = new TestRandom(2);
        var reach = isDouble ? 600 : 80;
        return [.. Enumerable.Range(0, Count).Select(i => i % 5 == 0 ? 1 + ((random.Next() - 0.5) * 1e-3) : LaneMath.Exp((random.Next() - 0.5) * reach))];
    }
}
