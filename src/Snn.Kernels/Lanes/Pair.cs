using System.Runtime.CompilerServices;

namespace Snn.Kernels.Lanes;

/// <summary>Twice as many lanes, in two vectors: how a width is had on a machine whose registers are half of it.</summary>
/// <typeparam name="L">The vector of each half.</typeparam>
public readonly unsafe struct Pair<L> : ILanes<Pair<L>>
    where L : unmanaged, ILanes<L>
{
    private readonly L _low;
    private readonly L _high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Pair(L low, L high)
    {
        _low = low;
        _high = high;
    }

    /// <inheritdoc/>
    public static int Count => 2 * L.Count;

    /// <inheritdoc/>
    public static bool IsDouble => L.IsDouble;

    /// <inheritdoc/>
    public static Pair<L> Zero => new(L.Zero, L.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Broadcast(double value) => new(L.Broadcast(value), L.Broadcast(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Load(void* array, nint index) => new(L.Load(array, index), L.Load(array, index + L.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Pair<L> value, void* array, nint index)
    {
        L.Store(value._low, array, index);
        L.Store(value._high, array, index + L.Count);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRecords(void* records, ushort* places, out Pair<L> a, out Pair<L> b, out Pair<L> c, out Pair<L> d)
    {
        L.LoadRecords(records, places, out var a0, out var b0, out var c0, out var d0);
        L.LoadRecords(records, places + L.Count, out var a1, out var b1, out var c1, out var d1);
        a = new Pair<L>(a0, a1);
        b = new Pair<L>(b0, b1);
        c = new Pair<L>(c0, c1);
        d = new Pair<L>(d0, d1);
    }

    /// <inheritdoc/>
    public static double Lane(Pair<L> value, int lane) =>
        lane < L.Count ? L.Lane(value._low, lane) : L.Lane(value._high, lane - L.Count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator +(Pair<L> a, Pair<L> b) => new(a._low + b._low, a._high + b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator -(Pair<L> a, Pair<L> b) => new(a._low - b._low, a._high - b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator *(Pair<L> a, Pair<L> b) => new(a._low * b._low, a._high * b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator /(Pair<L> a, Pair<L> b) => new(a._low / b._low, a._high / b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator <(Pair<L> a, Pair<L> b) => new(a._low < b._low, a._high < b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator >(Pair<L> a, Pair<L> b) => new(a._low > b._low, a._high > b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator <=(Pair<L> a, Pair<L> b) => new(a._low <= b._low, a._high <= b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator >=(Pair<L> a, Pair<L> b) => new(a._low >= b._low, a._high >= b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator &(Pair<L> a, Pair<L> b) => new(a._low & b._low, a._high & b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator |(Pair<L> a, Pair<L> b) => new(a._low | b._low, a._high | b._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator -(Pair<L> a) => new(-a._low, -a._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> operator ~(Pair<L> a) => new(~a._low, ~a._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Sqrt(Pair<L> a) => new(L.Sqrt(a._low), L.Sqrt(a._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Abs(Pair<L> a) => new(L.Abs(a._low), L.Abs(a._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> PowerOfTwo(Pair<L> a) => new(L.PowerOfTwo(a._low), L.PowerOfTwo(a._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Round(Pair<L> x, out Pair<L> power)
    {
        var low = L.Round(x._low, out var powerLow);
        var high = L.Round(x._high, out var powerHigh);
        power = new Pair<L>(powerLow, powerHigh);
        return new Pair<L>(low, high);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Scale(Pair<L> a, Pair<L> power) => new(L.Scale(a._low, power._low), L.Scale(a._high, power._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Exponent(Pair<L> a) => new(L.Exponent(a._low), L.Exponent(a._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Split(Pair<L> x, out Pair<L> n)
    {
        var low = L.Split(x._low, out var nLow);
        var high = L.Split(x._high, out var nHigh);
        n = new Pair<L>(nLow, nHigh);
        return new Pair<L>(low, high);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Mantissa(Pair<L> a) => new(L.Mantissa(a._low), L.Mantissa(a._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Min(Pair<L> a, Pair<L> b) => new(L.Min(a._low, b._low), L.Min(a._high, b._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Max(Pair<L> a, Pair<L> b) => new(L.Max(a._low, b._low), L.Max(a._high, b._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> FusedMultiplyAdd(Pair<L> a, Pair<L> b, Pair<L> c) =>
        new(L.FusedMultiplyAdd(a._low, b._low, c._low), L.FusedMultiplyAdd(a._high, b._high, c._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<L> Select(Pair<L> mask, Pair<L> a, Pair<L> b) =>
        new(L.Select(mask._low, a._low, b._low), L.Select(mask._high, a._high, b._high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(Pair<L> mask) => L.MoveMask(mask._low) | (L.MoveMask(mask._high) << L.Count);
}
