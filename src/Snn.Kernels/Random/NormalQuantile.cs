using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>
/// The inverse of the standard normal distribution function, over lanes. The argument is given twice, so that neither the middle nor
/// a tail loses digits: x = 2 p - 1 and q = min(p, 1 - p).
/// </summary>
/// <remarks>
/// With w = -log(4 q (1 - q)), z / x is a smooth function of w (Giles 2012, "Approximating the erfinv function"), and in the tails |z| is a
/// smooth function of r = sqrt(w). The polynomials are our own: Chebyshev interpolation, in 50 digits, of the inverse of erfc found
/// by Newton's method, on the ranges given below, written in a variable that runs over [-1, 1].
/// Largest relative error of z, rounding included: double 4e-15 for q >= 1e-14 and 3e-14 for q down to 1e-300; float 4e-7 for q >= 2^-34.
/// </remarks>
internal static class NormalQuantile
{
    /// <summary>The z below which a standard normal number falls with probability p.</summary>
    /// <param name="x">2 p - 1.</param>
    /// <param name="q">min(p, 1 - p), normal and positive.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L Of<L>(L x, L q)
        where L : unmanaged, ILanes<L>
    {
        var one = L.Broadcast(1);
        var w = -LaneMath.Log(L.Broadcast(4) * q * (one - q));
        var edge = L.Broadcast(L.IsDouble ? 6.25 : 5);
        var z = x * (L.IsDouble ? Middle64(w) : Middle32(w));
        var tail = w > edge;
        return L.MoveMask(tail) == 0 ? z : L.Select(tail, Tail(x, w), z);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static L Tail<L>(L x, L w)
        where L : unmanaged, ILanes<L>
    {
        // The Max only keeps lanes that are not in the tail away from the root of a negative rounding error.
        var r = L.Sqrt(L.Max(w, L.Broadcast(1)));
        var z = L.IsDouble ? Tail64(r) : Tail32(r);
        var far = r > L.Broadcast(5.5);
        if (L.IsDouble && L.MoveMask(far) != 0)
        {
            var s = L.Broadcast(1) / r;
            z = L.Select(far, r * FarTail64(s), z);
        }

        return L.Select(x < L.Zero, -z, z);
    }

    // z / x for w in [0, 5].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Middle32<L>(L w)
        where L : unmanaged, ILanes<L>
    {
        var t = (w - L.Broadcast(2.5)) * L.Broadcast(1 / 2.5);
        var p = L.Broadcast(-4.8185923939635636e-05);
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(5.035711868173835e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.00040407574547843224));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.0011959997425165306));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.0006867249377576096));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.012062213412348397));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.027681603956068935));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.036923285371706444));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.8720050691663798));
        return L.FusedMultiplyAdd(p, t, L.Broadcast(2.12331348022277));
    }

    // |z| for r in [sqrt 5, 4.875].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Tail32<L>(L r)
        where L : unmanaged, ILanes<L>
    {
        var t = (r - L.Broadcast(3.5555339887498948)) * L.Broadcast(1 / 1.3194660112501052);
        var p = L.Broadcast(4.0633370712799395e-05);
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-7.960548198760581e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.9576055849117076e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.0002914076019945128));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.0009133636919516154));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.002395256374832625));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.005164310678970426));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.006970588198548342));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(1.8804715664366651));
        return L.FusedMultiplyAdd(p, t, L.Broadcast(4.796210811942042));
    }

    // z / x for w in [0, 6.25].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Middle64<L>(L w)
        where L : unmanaged, ILanes<L>
    {
        var t = (w - L.Broadcast(3.125)) * L.Broadcast(1 / 3.125);
        var p = L.Broadcast(-6.128408648041057e-09);
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(1.2185116279979637e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(4.1167943057388236e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.4723251242036234e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(4.658821085673167e-09));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(7.697680005755421e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.5139881196655746e-06));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-9.710028471551783e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(1.0091920480019182e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.59186445287315e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-2.1255309877934553e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.00013204101216644993));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.00016530515851856636));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.00037390904152095363));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.0017429977288879344));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.0017984444602868724));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.005851046099389461));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.02518482680746776));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.03196751615874024));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.08332909352801021));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(1.0613592459410595));
        return L.FusedMultiplyAdd(p, t, L.Broadcast(2.338620710026593));
    }

    // |z| for r in [2.5, 5.5].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Tail64<L>(L r)
        where L : unmanaged, ILanes<L>
    {
        var t = (r - L.Broadcast(4)) * L.Broadcast(1 / 1.5);
        var p = L.Broadcast(-7.218535556022609e-09);
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-2.5566668180813884e-09));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(7.886680587171577e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-9.255462934080144e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.5387966330554092e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(5.181852010138631e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-7.208150599238041e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(4.507507247408398e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(1.1397249313334769e-06));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-4.93087156457416e-06));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(1.0291129477989135e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.3923920529542781e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(8.53193643073427e-06));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(2.1235060777984536e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.00011065006243819106));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.0003437704008390131));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.0009057159020743774));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.0021140255284834175));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.00407632589400358));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.003988943160765994));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(2.1414621208824363));
        return L.FusedMultiplyAdd(p, t, L.Broadcast(5.430274017331444));
    }

    // |z| / r as a function of s = 1 / r in [1 / 27, 1 / 5.5].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L FarTail64<L>(L s)
        where L : unmanaged, ILanes<L>
    {
        var t = (s - L.Broadcast(0.10942760942760943)) * L.Broadcast(1 / 0.07239057239057239);
        var p = L.Broadcast(7.609098190071631e-09);
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.3224622586692508e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.4887827515836681e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(2.5228162521006685e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(3.7968822487298634e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-6.7452806571873e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(2.625622310440943e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-5.646637237422558e-08));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(1.9115195931707146e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-3.941123989250246e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(8.148340258425891e-07));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.8502547360745199e-06));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(4.488395229440394e-06));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-1.1782401962705966e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(3.4742987641756864e-05));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.0001372334131374048));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(0.0008008264600495034));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.0022647756362303233));
        p = L.FusedMultiplyAdd(p, t, L.Broadcast(-0.017942314977755676));
        return L.FusedMultiplyAdd(p, t, L.Broadcast(1.3964469054426714));
    }
}
