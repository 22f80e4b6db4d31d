using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed class PhiloxTests
{
    // Known answers published with Random123 (kat_vectors): rounds, counter, key, result.
    public static TheoryData<int, uint[], uint[], uint[]> KnownAnswers => new()
    {
        { 7, [0, 0, 0, 0], [0, 0], [0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48] },
        { 7, [~0u, ~0u, ~0u, ~0u], [~0u, ~0u], [0x5207ddc2, 0x45165e59, 0x4d8ee751, 0x8c52f662] },
        {
            7, [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0],
            [0x4dfccaba, 0x190a87f0, 0xc47362ba, 0xb6b5242a]
        },
        { 10, [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        { 10, [~0u, ~0u, ~0u, ~0u], [~0u, ~0u], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
        {
            10, [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0],
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Gives_the_published_answers(int rounds, uint[] counter, uint[] key, uint[] expected)
    {
        var block = Philox4x32.Block(rounds, new StreamKey(key[0], key[1]), counter[0], counter[1], counter[2], counter[3]);

        Assert.Equal((expected[0], expected[1], expected[2], expected[3]), block);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(0u, 37)]
    [InlineData(4294967290u, 64)]
    [InlineData(123456u, 7)]
    public void Filling_equals_block_by_block(uint first, int count)
    {
        var key = StreamKey.Derive(7, "fill");
        uint[] w0 = new uint[count], w1 = new uint[count], w2 = new uint[count], w3 = new uint[count];

        Philox4x32.Fill(key, first, 11, 22, 33, w0, w1, w2, w3);

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(Philox4x32.Block(key, first + (uint)i, 11, 22, 33), (w0[i], w1[i], w2[i], w3[i]));
        }
    }

    [Fact]
    public void Filling_rejects_spans_of_different_lengths()
    {
        var error = Assert.Throws<ArgumentException>(
            () => Philox4x32.Fill(default, 0, 0, 0, 0, new uint[3], new uint[3], new uint[2], new uint[3]));

        Assert.Contains("3, 3, 2 and 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_and_names_that_are_close_have_keys_that_are_not()
    {
        HashSet<StreamKey> keys = [];
        for (var seed = 0UL; seed < 300; seed++)
        {
            for (var name = 0; name < 300; name++)
            {
                keys.Add(StreamKey.Derive(seed, $"projection {name}"));
            }
        }

        Assert.Equal(90_000, keys.Count);
        Assert.NotEqual(StreamKey.Derive(1, "ab"), StreamKey.Derive(1, "ba"));
        Assert.Equal(StreamKey.Derive(42, "weights"), StreamKey.Derive(42, "weights"));
    }

    [Fact]
    public void The_key_of_a_stream_is_pinned()
    {
        // A change here changes every network that was ever drawn: it is a decision, not a repair.
        Assert.Equal(new StreamKey(3606654704, 2749551002), StreamKey.Derive(12345, "projection E->I weight"));
    }
}
