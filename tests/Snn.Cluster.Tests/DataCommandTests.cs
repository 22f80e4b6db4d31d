using Snn.Actors.Data;
using Snn.Actors.Recording;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests;

public sealed class DataCommandTests
{
    private static readonly byte[] _image = [.. Enumerable.Range(0, 3 * 4 * 5).Select(i => (byte)(4 * i))];

    [Fact]
    public void AnArrayGoesToIdxAndBackToTheByte()
    {
        using var session = new Session();
        File.WriteAllBytes(session["a.npy"], [.. NpyFormat.Header("|u1", [3, 4, 5]), .. _image]);
        var expected = File.ReadAllBytes(session["a.npy"]);
        foreach (var name in new[] { "a-idx3-ubyte", "a-idx3-ubyte.gz", "a.idx" })
        {
            Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["a.npy"], session[name]));
            Assert.Contains("3 x 4 x 5", session.Out.ToString(), StringComparison.Ordinal);
            Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session[name], session["b.npy"], "--force"));
            Assert.Equal(expected, File.ReadAllBytes(session["b.npy"]));
        }

        Assert.Equal([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 4], File.ReadAllBytes(session["a-idx3-ubyte"])[..18]);
        Assert.True(new FileInfo(session["a-idx3-ubyte.gz"]).Length != new FileInfo(session["a.idx"]).Length);
    }

    [Theory]
    [InlineData("<f4", 0x0D)]
    [InlineData("<f8", 0x0E)]
    [InlineData("<i2", 0x0B)]
    [InlineData("<i4", 0x0C)]
    [InlineData("|i1", 0x09)]
    public void NumbersOfManyBytesAreTurnedRound(string code, byte type)
    {
        using var session = new Session();
        var size = code[2] - '0';
        byte[] elements = [.. Enumerable.Range(0, 3 * size).Select(i => (byte)(i + 1))];
        File.WriteAllBytes(session["a.npy"], [.. NpyFormat.Header(code, [3]), .. elements]);
        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["a.npy"], session["a.idx"]));
        byte[] expected = [0, 0, type, 1, 0, 0, 0, 3, .. elements.Chunk(size).SelectMany(e => e.Reverse())];
        Assert.Equal(expected, File.ReadAllBytes(session["a.idx"]));
        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["a.idx"], session["b.npy"]));
        Assert.Equal(File.ReadAllBytes(session["a.npy"]), File.ReadAllBytes(session["b.npy"]));
    }

    [Fact]
    public void NeuronsAnswerWithTheClassThatTheyRespondTo()
    {
        using var session = new Session();
        // Two neurons, 10 ms a sample. Samples 0 and 1 give them the classes 3 and 0; of samples 2 to 4 the first two are answered rightly, the last one not at all.
        using (var file = new NpzWriter(session["out.npz"]))
        {
            file.Add<long>("senders", [0, 1, 0, 1, 1]);
            file.Add<double>("times", [1, 20, 21, 31, 40]);
            file.Complete();
        }

        File.WriteAllBytes(session["labels.idx"], [0, 0, 8, 1, 0, 0, 0, 6, 9, 3, 0, 3, 0, 3]);
        string[] command = ["data", "accuracy", session["out.npz"], session["labels.idx"], "--present", "10", "--assign", "0:2", "--first", "1"];
        Assert.Equal(ExitStatus.Done, session.Run([.. command, "--test", "2:5"]));
        Assert.Contains("neurons of each class: 1, 0, 0, 1\n", session.Out.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("accuracy 0.667: 2 of 3 right, 1 without an answer", session.Out.ToString(), StringComparison.Ordinal);

        foreach (var (test, complaint) in new[] { ("2:6", "give a class for each of 7 samples"), ("5:2", "--test 5:2: give the first sample"), ("2", "--test 2: give the first sample") })
        {
            Assert.Equal(ExitStatus.WrongInput, session.Run([.. command, "--test", test]));
            Assert.Contains(complaint, session.Error.ToString(), StringComparison.Ordinal);
        }

        File.WriteAllBytes(session["labels.idx"], [0, 0, 13, 1, 0, 0, 0, 6, .. new byte[20], 0x3F, 0, 0, 0]);
        Assert.Equal(ExitStatus.WrongInput, session.Run([.. command, "--test", "2:5"]));
        Assert.Contains("values that are no classes", session.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitStatus.WrongInput, session.Run("data", "accuracy", session["labels.idx"], session["labels.idx"], "--present", "10", "--assign", "0:2", "--test", "2:5"));
    }

    [Fact]
    public void EventsGoToAnArrayAndBack()
    {
        using var session = new Session();
        var events = new Events([0, 3, 2], [1, 0, 1], [0, 1, 1], [0, 2, 7]);
        Write(session["e.bin"], events);
        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["e.bin"], session["e.npy"], "--format", "2d"));
        Assert.Contains("2 x 2 x 4 x 8", session.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["e.npy"], session["f.bin"], "--format", "2d"));
        Assert.Equal(File.ReadAllBytes(session["e.bin"]), File.ReadAllBytes(session["f.bin"]));

        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["e.bin"], session["g.npy"], "--format", "2d", "--shape", "2,3,3", "--sampling", "2", "--length", "6"));
        Assert.Contains("2 x 3 x 3 x 3", session.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["g.npy"], session["h.bin"], "--format", "2d", "--sampling", "2"));
        using var cut = File.OpenRead(session["h.bin"]);
        Assert.Equal([0.0], EventFile.Read(cut, EventFormat.TwoD).TimesMs);
    }

    [Fact]
    public void AFolderGoesToAnArrayAndBack()
    {
        using var session = new Session();
        foreach (var (name, k) in Enumerable.Range(0, 12).Select(k => (k.ToString("D2", null), k)))
        {
            Directory.CreateDirectory(session["in/" + name]);
            Write(session[$"in/{name}/{k:00000}.bin"], new Events([k % 5, 4], [k % 4, 3], [0, 1], [k, 19]));
        }

        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["in"], session["all.npy"], "--shape", "2,4,5", "--length", "20"));
        Assert.Contains("12 x 2 x 4 x 5 x 20; labels in", session.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Done, session.Run("data", "convert", session["all.npy"], session["out"] + "/"));
        Assert.Contains("12 files in 12 folders", session.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(Files(session["in"]), Files(session["out"]));
        Assert.Equal(ExitStatus.WrongInput, session.Run("data", "convert", session["all.npy"], session["out"] + "/"));
        Assert.Contains("not empty", session.Error.ToString(), StringComparison.Ordinal);

        session.Out.GetStringBuilder().Clear();
        Assert.Equal(ExitStatus.Done, session.Run("data", "info", session["in"]));
        Assert.Matches(@"files +12", session.Out.ToString());
        Assert.Matches(@"class 11 +11, 1 files", session.Out.ToString());
    }

    [Fact]
    public void InfoSaysWhatIsInside()
    {
        using var session = new Session();
        File.WriteAllBytes(session["a.npy"], [.. NpyFormat.Header("|u1", [3, 4, 5]), .. _image]);
        Write(session["e.bin"], new Events([0, 3, 2], [1, 0, 1], [0, 1, 1], [0.5, 2, 7]));
        using (var file = File.Create(session["c.bin"]))
        {
            new SpikeCounts([4, 4], [0, 10], [5, 20], [7, 8]).Write(file);
        }

        string Info(params string[] args)
        {
            session.Out.GetStringBuilder().Clear();
            Assert.Equal(ExitStatus.Done, session.Run(["data", "info", .. args]));
            return session.Out.ToString();
        }

        Assert.Matches(@"samples +3\b.*shape +3 x 4 x 5.*numbers of a sample +20.*\|u1.*values +0 to 236, mean 118", Info(session["a.npy"]).ReplaceLineEndings(" "));
        Assert.Matches(@"events +3\b.*channels +2.*width +4.*height +2.*time +0.5 to 7 ms", Info(session["e.bin"], "--format", "2d").ReplaceLineEndings(" "));
        Assert.Matches(@"records +2\b.*neurons +1.*spikes +15", Info(session["c.bin"], "--format", "counts").ReplaceLineEndings(" "));
    }

    [Theory]
    [InlineData("none.bin", "data", "info", "none.bin")]
    [InlineData("is neither a .npy nor an IDX file; if it holds events, give their format", "data", "info", "tiny.json")]
    [InlineData("there is no format '4d' of events; use 1d, 2d, 3d", "data", "info", "tiny.json", "--format", "4d")]
    [InlineData("no whole number of records", "data", "info", "odd.bin", "--format", "2d")]
    [InlineData("if it holds events, give their format", "data", "convert", "tiny.json", "x.npy")]
    [InlineData("its name does not say what it is to be", "data", "convert", "a.npy", "x")]
    [InlineData("a.npy is there already", "data", "convert", "a.npy", "a.npy")]
    [InlineData("--shape 2,x: give two or three whole numbers", "data", "convert", "a.npy", "x", "--shape", "2,x")]
    [InlineData("--sampling 0: give a time in ms above 0", "data", "convert", "a.npy", "x", "--sampling", "0")]
    [InlineData("--length -1: give a time in ms above 0", "data", "convert", "a.npy", "x", "--length", "-1")]
    [InlineData("do not go into the format", "data", "convert", "a.npy", "x.bin", "--format", "2d")]
    [InlineData("has 3 dimensions; a folder of events is made of five", "data", "convert", "a.npy", "folder/")]
    [InlineData("there is no command 'inof'; did you mean 'info'?", "data", "inof", "a.npy")]
    [InlineData("'snn data convert --help' says", "data", "convert", "a.npy", "x", "--formt", "2d")]
    public void AMistakeIsToldInALine(string expected, params string[] args)
    {
        using var session = new Session();
        File.WriteAllBytes(session["a.npy"], [.. NpyFormat.Header("|u1", [3, 4, 5]), .. _image]);
        File.WriteAllBytes(session["odd.bin"], [1, 2, 3]);
        string[] full = [.. args.Select((a, i) => i >= 2 && !a.StartsWith('-') && a.Any(c => c is '.' or '/' or 'x') && !char.IsDigit(a[0]) ? session[a] : a)];
        Assert.Equal(ExitStatus.WrongInput, session.Run(full));
        Assert.Contains(expected, session.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", session.Error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(session["x"]) || File.Exists(session["x.npy"]) || File.Exists(session["x.bin"]));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(session["x"])!, "*.partial"));
    }

    private static void Write(string path, Events events)
    {
        using var file = File.Create(path);
        EventFile.Write(file, events, EventFormat.TwoD);
    }

    private static IEnumerable<(string, string)> Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(f => (Path.GetRelativePath(folder, f), System.Convert.ToHexString(File.ReadAllBytes(f))));
}
