using Snn.Actors.Data;
using Xunit;

namespace Snn.Actors.Tests.Data;

public sealed class SampleFileTests
{
    private static readonly byte[] _bytes = [.. Enumerable.Range(0, 5 * 6).Select(i => (byte)(i * 8))];

    [Theory]
    [InlineData("images.npy")]
    [InlineData("images-idx3-ubyte")]
    [InlineData("images-idx3-ubyte.gz")]
    [InlineData("images.npy.gz")]
    public void Any_samples_of_any_kind_of_file_are_read(string name)
    {
        using var folder = new DataFolder();
        var path = name.Contains("idx", StringComparison.Ordinal) ? folder.Idx(name, _bytes, 5, 2, 3)
            : name.EndsWith(".gz", StringComparison.Ordinal) ? folder.Bytes(name, File.ReadAllBytes(folder.Npy("plain.npy", _bytes, 5, 2, 3)))
            : folder.Npy(name, _bytes, 5, 2, 3);
        foreach (var (first, count) in new[] { (0, 5), (0, 2), (3, 2), (4, 1), (2, 0) })
        {
            using var file = SampleFile.Open(path);
            Assert.Equal([5, 2, 3], file.Shape);
            Assert.Equal((5, 6, true), (file.Count, (int)file.Columns, file.AreBytes));
            Assert.Equal(_bytes.Skip(6 * first).Take(6 * count).Select(b => (float)b), file.Read(first, count));
        }
    }

    /// <summary>Every type that the format has, with the numbers as its page defines them: big-endian.</summary>
    [Theory]
    [InlineData(0x09, new byte[] { 0xFF, 0x7F }, new float[] { -1, 127 })]
    [InlineData(0x0B, new byte[] { 0x01, 0x02, 0xFF, 0xFE }, new float[] { 258, -2 })]
    [InlineData(0x0C, new byte[] { 0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, new float[] { 65_536, -1 })]
    [InlineData(0x0D, new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 }, new float[] { 1, -2 })]
    [InlineData(0x0E, new byte[] { 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, new float[] { 1, -2 })]
    public void Numbers_of_an_idx_file_arrive_in_every_type(byte type, byte[] elements, float[] expected)
    {
        using var folder = new DataFolder();
        using var file = SampleFile.Open(folder.Bytes("numbers.idx", [0, 0, type, 1, 0, 0, 0, 2, .. elements]));
        Assert.False(file.AreBytes);
        Assert.Equal(expected, file.Read(0, 2));
    }

    [Theory]
    [InlineData("cut-idx3-ubyte")]
    [InlineData("cut-idx3-ubyte.gz")]
    public void Every_cut_of_an_idx_file_is_refused(string name)
    {
        using var folder = new DataFolder();
        var whole = File.ReadAllBytes(folder.Idx("whole-idx3-ubyte", _bytes, 5, 2, 3));
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Bytes(name, whole[..length]);
            Assert.Throws<InvalidDataException>(() =>
            {
                using var file = SampleFile.Open(path);
                file.Read(0, file.Count);
            });
        }
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "it is neither a .npy file nor an IDX file; save it with numpy.save, or give a file as MNIST's come")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3 }, "its header promises 2 elements of 1 bytes, but 3 bytes follow; save it again")]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 0, 0, 2, 1, 2 }, "its header gives a dimension the length 4278190082, which is too large; copy it again")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0, 2 }, "it ends in its header; copy it again")]
    [InlineData(new byte[] { 0, 0, 10, 1, 0, 0, 0, 1, 1 }, "it is neither a .npy file nor an IDX file; save it with numpy.save, or give a file as MNIST's come")]
    public void Wrong_files_say_what_to_do(byte[] bytes, string message)
    {
        using var folder = new DataFolder();
        var path = folder.Bytes("wrong", bytes);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => SampleFile.Open(path)).Message);
    }

    [Fact]
    public void Types_that_the_format_does_not_have_are_refused()
    {
        Assert.Contains("'<f4' in 1 dimensions", Assert.Throws<ArgumentException>(() => IdxFile.WriteHeader(new MemoryStream(), "<f4", [1])).Message, StringComparison.Ordinal);
        Assert.Contains("in 0 dimensions", Assert.Throws<ArgumentException>(() => IdxFile.WriteHeader(new MemoryStream(), "|u1", [])).Message, StringComparison.Ordinal);
    }
}
