namespace Snn.Kernels.Random;

/// <summary>
/// The key of a stream of random numbers. Streams with different seeds or names are independent; one stream is addressed by
/// counters (<see cref="Philox4x32"/>), so that a draw depends on what it is for and not on when or where it is made.
/// </summary>
/// <param name="Low">First key word.</param>
/// <param name="High">Second key word.</param>
public readonly record struct StreamKey(uint Low, uint High)
{
    /// <summary>The key of a named stream of a seed.</summary>
    /// <param name="seed">Seed of the network.</param>
    /// <param name="stream">What the numbers are for, for example "projection E->I weight".</param>
    /// <remarks>
    /// name = FNV-1a, 64 bits, of the UTF-8 bytes; key = mix(mix(seed + g) + name), where mix is the finaliser of SplitMix64 and
    /// g its increment (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195). The inner mix keeps close seeds and close names from
    /// meeting. Two streams of one seed collide with probability 2^-64 a pair.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    public static StreamKey Derive(ulong seed, string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var name = 0xCBF29CE484222325UL;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(stream))
        {
            name = (name ^ b) * 0x100000001B3UL;
        }

        var key = Mix(Mix(seed + 0x9E3779B97F4A7C15UL) + name);
        return new StreamKey((uint)key, (uint)(key >> 32));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
