using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Runtime;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Snapshots;

/// <summary>
/// Decides at which slice boundaries a snapshot is taken, and lends the workers the buffer that they copy their state into. All methods but
/// <see cref="Release"/> and <see cref="Close"/> are called by one party at a time: the last worker to arrive at a boundary, or the test dispatcher's clock.
/// </summary>
internal sealed class SnapshotTaker : IDisposable
{
    private readonly SnapshotPolicy _policy;
    private readonly Network _network;
    private readonly RankLayout _layout;
    private readonly Partition _partition;
    private readonly long _everySteps;
    private readonly SnapshotParts _parts;
    private readonly SnapshotBuffer _buffer;
    private long _lastStep;
    private long _lastTime;
    private int _busy;
    private bool _hasTaken;
    private volatile bool _isClosed;

    public SnapshotTaker(SnapshotPolicy policy, Network network, RankLayout layout, Partition partition, long firstStep, SnapshotParts parts)
    {
        _policy = policy;
        _network = network;
        _layout = layout;
        _partition = partition;
        _everySteps = policy.EveryMs is { } ms ? Math.Max(1, (long)Math.Round(ms / network.DtMs)) : 0;
        _parts = parts;
        _buffer = new SnapshotBuffer(network, layout, partition, parts);
        _lastTime = policy.Time.GetTimestamp();
        _lastStep = firstStep;
    }

    /// <summary>Whether a snapshot should be taken at a boundary, if the run goes on there. Rank 0 decides for all.</summary>
    /// <param name="step">The next step.</param>
    /// <param name="waits">Whether it may wait until the one before is written, where the policy skips none.</param>
    public bool IsWanted(long step, bool waits)
    {
        while (waits && !_policy.SkipsWhileBusy && Volatile.Read(ref _busy) != 0 && !_isClosed)
        {
            Thread.Yield();
        }

        return _layout.Rank == 0 && !_isClosed && Volatile.Read(ref _busy) == 0 && (_policy.TakeRequest() || IsDue(step));
    }

    /// <summary>The buffer to copy into at a boundary, or null if no snapshot is taken there.</summary>
    /// <param name="step">The next step.</param>
    /// <param name="ends">Whether the run ends here.</param>
    /// <param name="isStopped">Whether it ends because it was stopped.</param>
    /// <param name="isWanted">What <see cref="IsWanted"/> said, to the rank that decides.</param>
    public SnapshotBuffer? At(long step, bool ends, bool isStopped, bool isWanted)
    {
        var isDue = !_isClosed && (ends ? _policy.AtEnd && step > _lastStep && (isStopped || _hasTaken || _policy.AtEndOfShortRuns) : isWanted);
        if (!isDue)
        {
            return null;
        }

        // The last one does not wait for one that a slow store has not taken yet; nor do other ranks for one that is still under way to rank 0.
        var buffer = Interlocked.Exchange(ref _busy, 1) == 0 ? _buffer : Another();
        buffer.Begin(step);
        _hasTaken = true;
        _lastStep = step;
        _lastTime = _policy.Time.GetTimestamp();
        return buffer;
    }

    /// <summary>Called once all shards are built.</summary>
    public void Prepare() => _buffer.Prepare();

    /// <summary>A snapshot was written, or given up: another may be taken.</summary>
    public void Release() => Volatile.Write(ref _busy, 0);

    /// <summary>No snapshot is taken any more.</summary>
    public void Close() => _isClosed = true;

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private SnapshotBuffer Another()
    {
        var buffer = new SnapshotBuffer(_network, _layout, _partition, _parts);
        buffer.Prepare();
        return buffer;
    }

    private bool IsDue(long step) => _everySteps > 0
        ? step / _everySteps > _lastStep / _everySteps
        : _policy.Time.GetElapsedTime(_lastTime) >= _policy.Every;
}

/// <summary>Writes what the workers have copied to the store, on the pool; tries again when the store fails, while the simulation goes on.</summary>
/// <param name="policy">Where to.</param>
/// <param name="taker">Told when the next may be taken.</param>
/// <param name="recorder">Whose recording belongs to the snapshot, or null.</param>
/// <param name="ranks">The other ranks, whose shares rank 0 collects, or null.</param>
/// <param name="generation">How often the run has been resumed.</param>
/// <param name="isOver">Whether the simulation has ended: then trying again has a limit.</param>
internal sealed class SnapshotActor(
    SnapshotPolicy policy, SnapshotTaker taker, Recorder? recorder, RankPart? ranks, int generation, Func<bool> isOver) : Actor<SnapshotBuffer>
{
    /// <summary>Snapshots written.</summary>
    public int Written { get; private set; }

    /// <summary>What was said of the last one, if it could not be written.</summary>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    protected internal override void Receive(SnapshotBuffer message)
    {
        try
        {
            var recording = recorder?.TakePosition() ?? new RecordingPosition(new Dictionary<string, long>());
            if (ranks is { Layout.Rank: > 0 })
            {
                ranks.Send(message, recording);
            }
            else
            {
                Write(message.ToSnapshot(ranks?.Collect(message, recording) ?? recording, generation));
            }
        }
        catch
        {
            // The recording has failed, and with it the run: nobody is to wait for a snapshot any more.
            taker.Close();
            throw;
        }

        taker.Release();
    }

    private void Write(Snapshot snapshot)
    {
        var wait = policy.Backoff.First;
        long? overSince = null;
        while (true)
        {
            try
            {
                policy.Write(snapshot);
                Written++;
                Problem = null;
                return;
            }
            catch (SnapshotException e)
            {
                Problem = e.Message;
                if (isOver())
                {
                    overSince ??= policy.Time.GetTimestamp();
                    if (policy.Time.GetElapsedTime(overSince.Value) >= policy.Patience)
                    {
                        policy.Warn?.Invoke($"the snapshot at {snapshot.Manifest.TimeMs:0.###} ms is given up: {e.Message}");
                        return;
                    }
                }

                policy.Warn?.Invoke($"the snapshot at {snapshot.Manifest.TimeMs:0.###} ms could not be written, and will be tried again: {e.Message}");
            }

            Wait(wait);
            wait = wait * 2 < policy.Backoff.Longest ? wait * 2 : policy.Backoff.Longest;
        }
    }

    /// <summary>Waits, but no longer than shortly after the end of the simulation.</summary>
    private void Wait(TimeSpan time)
    {
        var start = policy.Time.GetTimestamp();
        var slice = TimeSpan.FromMilliseconds(Math.Min(time.TotalMilliseconds, 100));
        while (policy.Time.GetElapsedTime(start) < time)
        {
            Thread.Sleep(slice);
            if (isOver() && policy.Time.GetElapsedTime(start) >= policy.Backoff.First)
            {
                return;
            }
        }
    }
}
