using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Xunit;

namespace Snn.Actors.Tests.Recording;

public class StateRecordingTests
{
    private const int Variables = 2;

    /// <summary>Columns of three shards, in chunks smaller than a row, become whole rows; a second recording gets a name of its own.</summary>
    [Fact]
    public void ColumnsOfShardsBecomeRows()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var recorder = new Recorder(run.Parts, shards: 3, chunks: 4, chunkWords: 7);
        Record<float>(recorder, 0, [2, 3, 1], [4, 9, 14]);
        Record<float>(recorder, 1, [0, 0, 1], [9]);
        recorder.Flush();
        var network = TestNetwork.Of(20, Precision.Single, Recording(new NeuronSelection { First = 3, Count = 6 }), Recording(new NeuronSelection { List = [17] }));
        RecordingMerge.Write(network, run);

        Assert.Empty(Directory.GetFiles(run.Parts));
        var arrays = Npz.Read(run.StateFile("E"));
        Assert.Equal(["V_m", "I_syn_ex", "times", "neurons"], arrays.Keys);
        Assert.Equal([0.5, 1.0, 1.5], arrays["times"].As<double>());
        Assert.Equal([3L, 4, 5, 6, 7, 8], arrays["neurons"].As<long>());
        Assert.Equal([3, 6], arrays["V_m"].Shape);
        Assert.Equal("<f4", arrays["V_m"].TypeCode);
        Assert.Equal(Expected<float>(0, 6, 4, 9, 14), arrays["V_m"].As<float>());
        Assert.Equal(Expected<float>(1, 6, 4, 9, 14), arrays["I_syn_ex"].As<float>());
        Assert.EndsWith("E#2.npz", run.StateFile("E", 1), StringComparison.Ordinal);
        Assert.Equal([17L], Npz.Read(run.StateFile("E", 1))["neurons"].As<long>());
    }

    [Fact]
    public void GenerationsOfOtherShardsFollowEachOther()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var first = new Recorder(run.Parts, shards: 2);
        Record<double>(first, 0, [4, 2], [0, 1]);
        first.Flush();
        var second = new Recorder(run.Parts, shards: 3, generation: 1);
        Record<double>(second, 0, [1, 1, 4], [2]);
        second.Flush();
        RecordingMerge.Write(TestNetwork.Of(20, Precision.Double, Recording(new NeuronSelection { Count = 6 })), run);
        var arrays = Npz.Read(run.StateFile("E"));
        Assert.Equal([0.1, 0.2, 0.3], arrays["times"].As<double>());
        Assert.Equal(Expected<double>(0, 6, 0, 1, 2), arrays["V_m"].As<double>());
    }

    [Fact]
    public void AMissingPartIsAnError()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var recorder = new Recorder(run.Parts, shards: 2);
        Record<float>(recorder, 0, [4, 2], [0, 1]);
        recorder.Flush();
        File.Delete(Directory.GetFiles(run.Parts).Order(StringComparer.Ordinal).First());
        var network = TestNetwork.Of(20, Precision.Single, Recording(new NeuronSelection { Count = 6 }));
        Assert.Throws<RecordingException>(() => RecordingMerge.Write(network, run));
        Assert.False(File.Exists(run.StateFile("E")));
    }

    [Fact]
    public void ASampleHasAValueForEveryVariableAndNeuron()
    {
        using var directory = new TemporaryDirectory();
        var buffer = new Recorder(directory.Path, shards: 1).AddState(0, 0, 0, columns: 3, Variables, sizeof(float));
        Assert.Throws<ArgumentException>(() => buffer.Append<float>(0, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => buffer.Append<double>(0, [1, 2, 3, 4, 5, 6]));
    }

    private static StateRecording Recording(NeuronSelection neurons) => new()
    {
        Of = TestNetwork.Population(20),
        Variables = [("V_m", 0), ("I_syn_ex", 1)],
        Neurons = neurons,
        EverySteps = 5,
    };

    /// <summary>A value that names its step, variable and column.</summary>
    private static T Value<T>(int step, int variable, int column)
        where T : System.Numerics.INumberBase<T> => T.CreateChecked((1000 * step) + (100 * variable) + column);

    private static IEnumerable<T> Expected<T>(int variable, int columns, params int[] steps)
        where T : System.Numerics.INumberBase<T> =>
        steps.SelectMany(step => Enumerable.Range(0, columns).Select(c => Value<T>(step, variable, c)));

    private static void Record<T>(Recorder recorder, int recording, int[] shards, int[] steps)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        for (var shard = 0; shard < shards.Length; shard++)
        {
            if (shards[shard] == 0)
            {
                continue;
            }

            var first = shards.Take(shard).Sum();
            var buffer = recorder.AddState(shard, recording, first, shards[shard], Variables, System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
            foreach (var step in steps)
            {
                var columns = Enumerable.Range(first, shards[shard]);
                T[] values = [.. Enumerable.Range(0, Variables).SelectMany(v => columns.Select(c => Value<T>(step, v, c)))];
                buffer.Append<T>(step, values);
                recorder.HandOver(shard);
                recorder.Drain();
            }
        }
    }
}
