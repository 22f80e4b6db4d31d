using System.Runtime.InteropServices;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

/// <summary>
/// Hashes of draws. They must hold on every machine and with the vector instructions switched off (DOTNET_EnableAVX2=0,
/// DOTNET_EnableHWIntrinsic=0); a change of one changes every network or run: it is a decision, not a repair.
/// </summary>
public sealed unsafe class PinnedBitsTests
{
    private static readonly StreamKey Key = StreamKey.Derive(2024, "pinned");

    [Theory]
    [InlineData("words", 6035724674334412332UL)]
    [InlineData("uniform", 15682908444708479768UL)]
    [InlineData("gauss", 11476920528060707212UL)]
    [InlineData("poisson", 5358706428770699170UL)]
    [InlineData("values", 1587538958849946226UL)]
    [InlineData("delays", 4770817309867051672UL)]
    [InlineData("split", 10611841226868926837UL)]
    public void Draws_have_their_pinned_bits(string what, ulong expected)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var b in Draw(what))
        {
            hash = (hash ^ b) * 0x100000001B3UL;
        }

        Assert.Equal(expected, hash);
    }

    private static byte[] Draw(string what) => what switch
    {
        "words" => Column<uint>((p, step) => UniformColumns.Fill(Key, step, 64, 256, (uint*)p)),
        "uniform" => Column<double>((p, step) => UniformColumns.FillUniform(Key, step, 64, 256, (void*)p, true)),
        "gauss" =>
        [
            .. Column<double>((p, step) => GaussianColumns.AddTo(Key, step, 64, 256, (void*)p, true, 1, 2)),
            .. Column<float>((p, step) => GaussianColumns.AddTo(Key, step, 64, 256, (void*)p, false, 1, 2)),
        ],
        "poisson" =>
        [
            .. Poisson<double>(0.3), .. Poisson<float>(2), .. Poisson<double>(4.5), .. Poisson<float>(12), .. Poisson<double>(300),
        ],
        "values" =>
        [
            .. Values(ValueDistribution.Uniform(-1, 2)), .. Values(ValueDistribution.Normal(3, 2)),
            .. Values(ValueDistribution.Normal(3, 2, 2.5, 7)), .. Values(ValueDistribution.Normal(0, 1, 6)),
            .. Values(ValueDistribution.Lognormal(0, 1)), .. Values(ValueDistribution.Exponential(2)),
        ],
        "delays" => Delays(),
        _ => Split(),
    };

    private static byte[] Poisson<T>(double mean)
        where T : unmanaged
    {
        var source = new PoissonSource(Key, mean);
        return Column<T>((p, step) => source.AddTo((void*)p, typeof(T) == typeof(double), 64, 256, step, 0.1));
    }

    private static byte[] Values(ValueDistribution distribution)
    {
        var words = Words();
        var (wide, single) = (new double[words.Length], new float[words.Length]);
        distribution.Fill(words, wide.AsSpan());
        distribution.Fill(words, single.AsSpan());
        return [.. MemoryMarshal.AsBytes(wide.AsSpan()), .. MemoryMarshal.AsBytes(single.AsSpan())];
    }

    private static byte[] Delays()
    {
        var steps = new ushort[2048];
        new DelayDistribution(ValueDistribution.Normal(1.5, 0.75, 0.1), 0.1).Fill(Words(), steps);
        return [.. MemoryMarshal.AsBytes(steps.AsSpan())];
    }

    private static byte[] Split()
    {
        var counts = new int[1000];
        SplitCounts.Counts(Key, 1_000_000, 1000, 0, counts.AsSpan());
        return [.. MemoryMarshal.AsBytes(counts.AsSpan())];
    }

    private static uint[] Words() => [.. MemoryMarshal.Cast<byte, uint>(Draw("words"))];

    // Eight steps of 256 neurons.
    private static byte[] Column<T>(Action<nint, long> add)
        where T : unmanaged
    {
        var column = new T[8 * 256];
        fixed (T* p = column)
        {
            for (var step = 0; step < 8; step++)
            {
                add((nint)(p + (256 * step)), 1000 + step);
            }
        }

        return [.. MemoryMarshal.AsBytes(column.AsSpan())];
    }
}
