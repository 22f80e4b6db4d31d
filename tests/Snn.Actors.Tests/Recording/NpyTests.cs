using System.Diagnostics;
using System.IO.Compression;
using Snn.Actors.Recording;
using Xunit;

namespace Snn.Actors.Tests.Recording;

public class NpyTests
{
    [Theory]
    [InlineData(new long[0], "()")]
    [InlineData(new long[] { 3 }, "(3,)")]
    [InlineData(new long[] { 2, 3 }, "(2, 3)")]
    [InlineData(new long[] { 5_000_000_000, 1, 4 }, "(5000000000, 1, 4)")]
    public void HeaderNamesTheShapeAsAPythonTuple(long[] shape, string tuple)
    {
        var header = NpyFormat.Header("<f8", shape);
        Assert.Contains($"'shape': {tuple}, }}", System.Text.Encoding.ASCII.GetString(header), StringComparison.Ordinal);
        var npy = Npy.Parse(header);
        Assert.Equal(shape, npy.Shape);
        Assert.Equal(1, npy.Version);
        Assert.Equal(0, npy.DataOffset % 64);
    }

    [Fact]
    public void AHeaderTooLongForVersion1IsVersion2()
    {
        var npy = Npy.Parse(NpyFormat.Header("<f8", Enumerable.Repeat(1L, 30_000).ToArray()));
        Assert.Equal(2, npy.Version);
        Assert.Equal(30_000, npy.Shape.Length);
        Assert.Equal(0, npy.DataOffset % 64);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    public void EqualArraysMakeEqualBytes(CompressionLevel compression)
    {
        using var directory = new TemporaryDirectory();
        WriteExample(directory["a.npz"], compression);
        Thread.Sleep(2100); // longer than the resolution of a time in a zip
        WriteExample(directory["b.npz"], compression);
        Assert.Equal(File.ReadAllBytes(directory["a.npz"]), File.ReadAllBytes(directory["b.npz"]));
        var arrays = Npz.Read(directory["a.npz"]);
        Assert.Equal(["senders", "matrix"], arrays.Keys);
        Assert.Equal("<i8", arrays["senders"].TypeCode);
        Assert.Equal([7L, 8, 9], arrays["senders"].As<long>());
        Assert.Equal([2, 2], arrays["matrix"].Shape);
        Assert.Equal([0.1, 0.2, 0.3, 0.4], arrays["matrix"].As<double>());
    }

    [Fact]
    public void WithoutCompressionTheBytesLieInTheFileAsTheyAre()
    {
        using var directory = new TemporaryDirectory();
        WriteExample(directory["a.npz"], CompressionLevel.NoCompression);
        using var zip = ZipFile.OpenRead(directory["a.npz"]);
        Assert.All(zip.Entries, e => Assert.Equal(e.Length, e.CompressedLength));
        Assert.All(zip.Entries, e => Assert.Equal(1980, e.LastWriteTime.Year));
    }

    [Fact]
    public void AFileThatIsNotCompletedLeavesNothing()
    {
        using var directory = new TemporaryDirectory();
        using (var npz = new NpzWriter(directory["a.npz"]))
        {
            npz.Add<int>("x", [1, 2]);
        }

        Assert.Empty(Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void AnArrayMustHaveTheElementsOfItsShape()
    {
        using var directory = new TemporaryDirectory();
        using var npz = new NpzWriter(directory["a.npz"]);
        npz.Begin<int>("x", 2, 2);
        npz.Append([1, 2, 3]);
        Assert.Contains("shape", Assert.Throws<InvalidOperationException>(npz.Complete).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => npz.Append([4, 5]));
    }

    [Fact]
    public void AnArrayIsThereOnce()
    {
        using var directory = new TemporaryDirectory();
        using var npz = new NpzWriter(directory["a.npz"]);
        npz.Add<int>("x", [1]);
        Assert.Throws<ArgumentException>(() => npz.Add<int>("x", [2]));
    }

    [Fact]
    public void WeightsHaveAllFourArraysAndDelaysInMs()
    {
        using var directory = new TemporaryDirectory();
        using (var weights = new WeightWriter<float>(directory["w.npz"], 0.1))
        {
            weights.Append([0, 1], [5, 6], [0.5f, -0.25f], [15, 3]);
            weights.Append([2], [7], [1], [1]);
            weights.Complete();
        }

        Assert.Equal(["w.npz"], Directory.GetFiles(directory.Path).Select(Path.GetFileName));
        var arrays = Npz.Read(directory["w.npz"]);
        Assert.Equal([0, 1, 2], arrays["sources"].As<int>());
        Assert.Equal([5, 6, 7], arrays["targets"].As<int>());
        Assert.Equal([0.5f, -0.25f, 1], arrays["weights"].As<float>());
        Assert.Equal([1.5, 0.3, 0.1], arrays["delays"].As<double>());
    }

    [Fact]
    public void NumpyReadsWhatIsWritten()
    {
        var python = Array.Find(["python3", "/usr/bin/python3"], p => Python(p, "import numpy") == (0, ""));
        Assert.SkipWhen(python is null, "NUMPY IS MISSING: nothing was compared with numpy (install python3-numpy).");
        using var directory = new TemporaryDirectory();
        WriteExample(directory["a.npz"], CompressionLevel.NoCompression);
        WriteExample(directory["b.npz"], CompressionLevel.Optimal);
        const string Script = """
            import numpy as np, sys
            for name in sys.argv[1:]:
                a = np.load(name)
                assert sorted(a.files) == ['matrix', 'senders'], a.files
                assert a['senders'].dtype == np.int64 and a['senders'].tolist() == [7, 8, 9]
                assert a['matrix'].shape == (2, 2) and a['matrix'].tolist() == [[0.1, 0.2], [0.3, 0.4]]
            """;
        Assert.Equal((0, ""), Python(python!, Script, directory["a.npz"], directory["b.npz"]));
    }

    private static void WriteExample(string path, CompressionLevel compression)
    {
        using var npz = new NpzWriter(path, compression);
        npz.Add<long>("senders", [7, 8, 9]);
        using (var spool = new ArraySpool<double>(path + ".spool"))
        {
            spool.Append([0.1, 0.2]);
            spool.Append([0.3, 0.4]);
            npz.Add("matrix", spool, 2, 2);
        }

        npz.Complete();
    }

    /// <summary>Runs a script: exit status and what it complained of; -1 where there is no such interpreter.</summary>
    private static (int Status, string Errors) Python(string interpreter, string script, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(interpreter, ["-c", script, .. arguments]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
