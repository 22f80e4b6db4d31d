using System.Runtime.CompilerServices;

namespace Snn.Kernels.Synapses;

/// <summary>How a stored weight becomes the number that is added to an input.</summary>
/// <typeparam name="TInput">Element of the input array.</typeparam>
internal unsafe interface IStoredWeight<TInput>
    where TInput : unmanaged
{
    /// <summary>Bytes of a stored weight.</summary>
    static abstract int Bytes { get; }

    /// <summary>One of some weights.</summary>
    /// <param name="weights">First weight.</param>
    /// <param name="i">Which.</param>
    /// <param name="unit">The weight that a 16-bit 1 stands for.</param>
    static abstract TInput At(byte* weights, nint i, TInput unit);
}

/// <summary>32-bit weights to 32-bit inputs.</summary>
internal readonly unsafe struct SingleToSingle : IStoredWeight<float>
{
    public static int Bytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At(byte* weights, nint i, float unit) => ((float*)weights)[i];
}

/// <summary>32-bit weights to 64-bit inputs.</summary>
internal readonly unsafe struct SingleToDouble : IStoredWeight<double>
{
    public static int Bytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double At(byte* weights, nint i, double unit) => ((float*)weights)[i];
}

/// <summary>64-bit weights to 64-bit inputs.</summary>
internal readonly unsafe struct DoubleToDouble : IStoredWeight<double>
{
    public static int Bytes => sizeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double At(byte* weights, nint i, double unit) => ((double*)weights)[i];
}

/// <summary>16-bit weights to 32-bit inputs.</summary>
internal readonly unsafe struct Int16ToSingle : IStoredWeight<float>
{
    public static int Bytes => sizeof(short);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At(byte* weights, nint i, float unit) => ((short*)weights)[i] * unit;
}

/// <summary>16-bit weights to 64-bit inputs.</summary>
internal readonly unsafe struct Int16ToDouble : IStoredWeight<double>
{
    public static int Bytes => sizeof(short);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double At(byte* weights, nint i, double unit) => ((short*)weights)[i] * unit;
}
