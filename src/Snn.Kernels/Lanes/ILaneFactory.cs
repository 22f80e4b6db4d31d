namespace Snn.Kernels.Lanes;

/// <summary>Makes the same thing over any lanes; <see cref="LanePolicy"/> says over which.</summary>
/// <typeparam name="T">What is made.</typeparam>
internal interface ILaneFactory<out T>
{
    /// <summary>Makes it over lanes <typeparamref name="L"/>.</summary>
    T Create<L>()
        where L : unmanaged, ILanes<L>;
}
