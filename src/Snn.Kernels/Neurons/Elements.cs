using System.Runtime.CompilerServices;

namespace Snn.Kernels.Neurons;

/// <summary>A short list of numbers in a model's structs: the time constants of an adaptation, its jumps, its elements.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
[InlineArray(Capacity)]
public struct Elements<T>
{
    /// <summary>Numbers in the list; those that a user does not give have a neutral value.</summary>
    public const int Capacity = 4;

    private T _first;
}
