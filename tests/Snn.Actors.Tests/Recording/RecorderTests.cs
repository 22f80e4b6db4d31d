using FsCheck;
using FsCheck.Fluent;
using Snn.Actors.Recording;
using Snn.Actors.Runtime;
using Snn.Actors.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Recording;

public class RecorderTests
{
    /// <summary>Whatever the shards and however their steps interleave, the merged file is the sorted union of the spikes.</summary>
    [Fact]
    public void MergedIsTheSortedUnion()
    {
        var spikes = Gen.Choose(0, 40).Zip(Gen.Choose(0, 11)).ListOf();
        var shards = Gen.Choose(1, 5);
        var chunkWords = Gen.Choose(5, 40);
        Prop.ForAll(spikes.Zip(shards).Zip(chunkWords).ToArbitrary(), x => CheckMerge([.. x.Item1.Item1], x.Item1.Item2, x.Item2))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(7, 11));
    }

    [Fact]
    public void APopulationWithoutSpikesGivesEmptyArrays()
    {
        using var directory = new TemporaryDirectory();
        var arrays = Merge(RunDirectory.Create(directory["run"]));
        Assert.Equal([0], arrays["senders"].Shape);
        Assert.Equal([0], arrays["times"].Shape);
    }

    /// <summary>Two workers and a slow consumer at once: nothing is lost, nothing twice, memory stays at two chunks, waits are counted.</summary>
    [Fact]
    public async Task AWorkerWaitsForASlowRecorder()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var recorder = new Recorder(run.Parts, shards: 2, chunks: 2, chunkWords: 64);
        var buffers = new[] { recorder.AddSpikes(0, 0, 0, 10), recorder.AddSpikes(1, 0, 10, 10) };
        var workers = Enumerable.Range(0, 2).Select(shard => Task.Run(() =>
        {
            for (var step = 0L; step < 5000; step++)
            {
                buffers[shard].Append(step, [(10 * shard) + 1, (10 * shard) + 5]);
            }

            recorder.HandOver(shard);
        })).ToArray();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(workers, w => w.IsCompleted);
        await using (var pool = new PoolDispatcher(new Supervisor()))
        {
            pool.StartTicking("recorder", new RecorderActor(recorder), RecorderActor.Period);
            await Task.WhenAll(workers).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }

        recorder.Flush();
        Assert.True(recorder.Waits > 0);
        var arrays = Merge(run);
        Assert.Equal(20_000, arrays["senders"].Shape[0]);
        Assert.Equal([1, 5, 11, 15], arrays["senders"].As<long>()[^4..]);
        Assert.Equal(500.0, arrays["times"].As<double>()[^1]);
    }

    [Fact]
    public void TryAppendTakesAllOrNone()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var recorder = new Recorder(run.Parts, shards: 1, chunks: 2, chunkWords: 11);
        var buffer = recorder.AddSpikes(0, 0, 0, 10);
        Assert.True(buffer.TryAppend(1, [1, 2]));
        Assert.True(buffer.TryAppend(2, [3, 4]));
        Assert.False(buffer.TryAppend(3, [5, 6]));
        Assert.True(recorder.Drain());
        Assert.True(buffer.TryAppend(3, [5, 6]));
        recorder.HandOver(0);
        recorder.Flush();
        Assert.Equal([1, 2, 3, 4, 5, 6], Merge(run)["senders"].As<long>());
    }

    [Fact]
    public void AppendingAllocatesNothing()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var recorder = new Recorder(run.Parts, shards: 1);
        var spikes = recorder.AddSpikes(0, 0, 0, 10);
        var state = recorder.AddState(0, 0, 0, 2, 1, sizeof(float));
        int[] neurons = [1, 2, 3];
        float[] values = [1, 2];
        spikes.Append(0, neurons);
        state.Append<float>(0, values);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 1; step < 1000; step++)
        {
            spikes.Append(step, neurons);
            state.Append<float>(step, values);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Cut back to a position and gone on with, in other shards: the same file as one that was never interrupted.</summary>
    [Fact]
    public void ARecordingGoesOnFromItsPosition()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["resumed"]);
        var first = new Recorder(run.Parts, shards: 2);
        var buffers = AddSpikes(first, 5, 5);
        Record(first, buffers, [5, 5], 0, 50);
        var position = first.Flush(toDisk: true);
        Record(first, buffers, [5, 5], 50, 80);

        position.TruncateTo(run.Parts);
        var second = new Recorder(run.Parts, shards: 3, generation: 1);
        Record(second, AddSpikes(second, 2, 4, 4), [2, 4, 4], 50, 100);

        var straight = RunDirectory.Create(directory["straight"]);
        var whole = new Recorder(straight.Parts, shards: 1);
        Record(whole, AddSpikes(whole, 10), [10], 0, 100);
        var expected = Merge(straight);
        Assert.True(expected["senders"].Shape[0] > 100);
        Assert.Equal(expected["senders"].Data, Merge(run)["senders"].Data);
        Assert.Equal(File.ReadAllBytes(straight.SpikesFile("E")), File.ReadAllBytes(run.SpikesFile("E")));
    }

    [Fact]
    public void AShorterPartThanThePositionIsAnError()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var recorder = new Recorder(run.Parts, shards: 1);
        Record(recorder, AddSpikes(recorder, 10), [10], 0, 10);
        var position = recorder.Flush();
        File.Delete(Directory.GetFiles(run.Parts).Single());
        Assert.Contains("snapshot", Assert.Throws<RecordingException>(() => position.TruncateTo(run.Parts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APartThatWasCutInsideASpikeIsAnError()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        File.WriteAllBytes(Path.Combine(run.Parts, "spikes.0.0.0.5.part"), new byte[13]);
        Assert.Throws<RecordingException>(() => Merge(run));
    }

    /// <summary>A disk that takes nothing fails the worker at its next chunk, whatever the system throws: it must not wait for ever.</summary>
    [Theory]
    [InlineData("snn-no-such-directory")]
    [InlineData("snn-no\0directory")]
    public async Task AFailedRecorderFailsItsWorkers(string name)
    {
        var recorder = new Recorder(Path.Combine(Path.GetTempPath(), name), shards: 1, chunks: 2, chunkWords: 8192);
        var buffer = recorder.AddSpikes(0, 0, 0, 10);
        var token = TestContext.Current.CancellationToken;
        var worker = Task.Run(
            () =>
            {
                for (var step = 0L; !token.IsCancellationRequested; step++)
                {
                    buffer.Append(step, [1, 2, 3]);
                }
            },
            token);
        var supervisor = new Supervisor();
        await using var pool = new PoolDispatcher(supervisor);
        pool.StartTicking("recorder", new RecorderActor(recorder), RecorderActor.Period);
        var failure = await Assert.ThrowsAsync<RecordingException>(
            () => worker.WaitAsync(TimeSpan.FromSeconds(60), token));
        Assert.Contains("--out", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(recorder.Failure);
        // The worker may hear of it first.
        Assert.True(SpinWait.SpinUntil(() => supervisor.HasFailed, TimeSpan.FromSeconds(60)));
        Assert.IsType<RecordingException>(supervisor.Failure!.Cause);
        Assert.Throws<RecordingException>(() => recorder.Flush());
    }

    [Theory]
    [InlineData(0.1, 2, 0.3)]
    [InlineData(0.1, 9_999_999, 1_000_000)]
    [InlineData(0.025, 6, 0.175)]
    [InlineData(1, 4, 5)]
    [InlineData(0.3, 9, 3)]
    public void TimesAreTheNearestNumbersToTheDecimals(double dtMs, long step, double ms) => Assert.Equal(ms, new StepTimes(dtMs).End(step));

    [Fact]
    public void AStepThatIsNoDecimalIsMultiplied() => Assert.Equal(3 * (1.0 / 3), new StepTimes(1.0 / 3).End(2));

    private static void CheckMerge((int Step, int Neuron)[] drawn, int shards, int chunkWords)
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var spikes = drawn.Distinct().Order().ToArray();
        // 16 chunks hold the 12 spikes of a step whatever the size of a chunk, so one thread can play worker and recorder.
        var recorder = new Recorder(run.Parts, shards, chunks: 16, chunkWords: chunkWords);
        for (var shard = 0; shard < shards; shard++)
        {
            var (first, end) = (12 * shard / shards, 12 * (shard + 1) / shards);
            var buffer = recorder.AddSpikes(shard, 0, first, end - first);
            foreach (var step in spikes.Where(s => s.Neuron >= first && s.Neuron < end).GroupBy(s => s.Step))
            {
                buffer.Append(step.Key, [.. step.Select(s => s.Neuron)]);
                recorder.Drain();
            }

            recorder.HandOver(shard);
        }

        recorder.Flush();
        var arrays = Merge(run);
        Assert.Equal(spikes.Select(s => (long)s.Neuron), arrays["senders"].As<long>());
        Assert.Equal(spikes.Select(s => (s.Step + 1) / 10.0), arrays["times"].As<double>());
    }

    private static SpikeBuffer[] AddSpikes(Recorder recorder, params int[] shards) =>
        [.. shards.Select((size, shard) => recorder.AddSpikes(shard, 0, shards.Take(shard).Sum(), size))];

    /// <summary>Ten neurons, of which neuron n spikes whenever n + 1 divides the step.</summary>
    private static void Record(Recorder recorder, SpikeBuffer[] buffers, int[] shards, int from, int to)
    {
        for (var shard = 0; shard < shards.Length; shard++)
        {
            var first = shards.Take(shard).Sum();
            for (var step = from; step < to; step++)
            {
                buffers[shard].Append(step, [.. Enumerable.Range(first, shards[shard]).Where(n => step % (n + 1) == 0)]);
            }

            recorder.HandOver(shard);
        }

        recorder.Flush();
    }

    private static Dictionary<string, Npy> Merge(RunDirectory run)
    {
        RecordingMerge.Write(TestNetwork.Of(neurons: 20), run);
        Assert.Empty(Directory.GetFiles(run.Parts));
        return Npz.Read(run.SpikesFile("E"));
    }
}
