using System.Buffers.Binary;
using System.Text;
using Snn.Actors.Networks;
using Xunit;

namespace Snn.Actors.Tests.Networks;

public sealed class NpyTests
{
    [Theory]
    [InlineData("<f4", 1)]
    [InlineData("<f8", 2)]
    [InlineData("<i2", 1)]
    [InlineData("<i4", 2)]
    [InlineData("<i8", 1)]
    [InlineData("<u2", 3)]
    [InlineData("|i1", 1)]
    [InlineData("|u1", 1)]
    [InlineData("|b1", 1)]
    public void Values_arrive_in_every_type(string type, byte version)
    {
        var array = Npy.Read(new MemoryStream(Make(type, "(2, 3)", [1, 0, 1, 1, 0, 1], version)));
        Assert.Equal([2, 3], array.Shape);
        Assert.Equal([1, 0, 1, 1, 0, 1], array.Values);
    }

    [Theory]
    [InlineData("<c8", "(1,)", "its element type '<c8' is not supported; convert it with a.astype(numpy.float32)")]
    [InlineData("<f8", "(2,)", "its header promises 2 elements of 8 bytes, but 8 bytes follow; save it again")]
    [InlineData("<f8", "(99999999999,)", "its shape (99999999999,) is too large")]
    [InlineData("<f8", "(2147483647, 2147483647)", "its header promises 4611686014132420609 elements of 8 bytes, but 8 bytes follow; save it again")]
    public void Wrong_files_say_what_to_do(string type, string shape, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Npy.Read(new MemoryStream(Make(type, shape, [1], 1))));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        var whole = Make("<f4", "(2, 3)", [1, 2, 3, 4, 5, 6], 1);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<InvalidDataException>(() => Npy.Read(new MemoryStream(cut)));
        }
    }

    [Fact]
    public void An_array_input_reads_the_file_beside_the_network()
    {
        var folder = Directory.CreateTempSubdirectory("snn-npy-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "currents.npy"), Make("<f8", "(2, 3)", [1, 2, 3, 4, 5, 6], 1));
            File.WriteAllText(Path.Combine(folder.FullName, "net.json"), """
                {
                  "snn": 1, "duration": 10, "populations": { "E": { "size": 3, "model": "iaf_psc_exp" }, "I": { "size": 2, "like": "E" } },
                  "inputs": {
                    "a": { "model": "array", "file": "currents.npy", "kind": "current", "to": "E", "every": 0.5 },
                    "b": { "model": "array", "file": "currents.npy", "kind": "spikes", "to": "E", "weight": 2 },
                  },
                }
                """);
            var path = Path.Combine(folder.FullName, "net.json");
            var reading = NetworkFile.Read(path);
            Assert.True(reading.IsValid, reading.Format(path));
            var input = Assert.IsType<ArrayInput>(reading.Network.Inputs[0]);
            Assert.Equal((2, 5), (input.Rows, input.EverySteps));
            Assert.Equal([1, 2, 3, 4, 5, 6], input.Values.ToDoubles());
            var again = NetworkFile.Read(Encoding.UTF8.GetBytes(NetworkFile.ToText(reading.Network)));
            Assert.Null(Same.Difference(reading.Network, again.Network));

            var wrong = NetworkFile.Read(path, new NetworkOverrides { Set = ["inputs.a.to=I"] });
            Assert.Equal(
                path + ":4:38: inputs.a.file: \"currents.npy\" has 3 columns, but this input drives 2 neurons; give one column a neuron, or choose \"neurons\"",
                wrong.Format(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Make(string type, string shape, double[] values, byte version)
    {
        var header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}\n");
        var bytes = new List<byte> { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', version, 0 };
        var length = new byte[version == 1 ? 2 : 4];
        (length[0], length[1]) = ((byte)header.Length, (byte)(header.Length >> 8));
        bytes.AddRange(length);
        bytes.AddRange(header);
        foreach (var value in values)
        {
            bytes.AddRange(Element(type[1..], value));
        }

        return [.. bytes];
    }

    private static byte[] Element(string kind, double value)
    {
        var b = new byte[8];
        switch (kind)
        {
            case "f4":
                BinaryPrimitives.WriteSingleLittleEndian(b, (float)value);
                return b[..4];
            case "f8" or "c8":
                BinaryPrimitives.WriteDoubleLittleEndian(b, value);
                return b;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(b, (long)value);
                return b[..(kind[1] - '0')];
        }
    }
}
