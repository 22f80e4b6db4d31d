using System.Threading.Channels;

namespace Snn.Actors.Runtime;

/// <summary>Time to do again what an actor does again and again.</summary>
public readonly record struct Tick;

/// <summary>
/// Slow actors (files, terminal, stores) on the thread pool: a mailbox is a channel, an actor handles its messages one at a time on
/// whatever pool thread is free. Never used on the step path.
/// </summary>
public sealed class PoolDispatcher(Supervisor supervisor) : Dispatcher(supervisor), IAsyncDisposable
{
    private readonly List<(Action Stop, Task Loop)> _actors = [];
    private readonly CancellationTokenSource _stopTicking = new();

    /// <inheritdoc/>
    public override ActorRef<TMessage> Start<TMessage>(string path, Actor<TMessage> actor) =>
        Start(path, actor, Channel.CreateUnbounded<TMessage>(new UnboundedChannelOptions { SingleReader = true }));

    /// <summary>
    /// Starts an actor that is told a <see cref="Tick"/> again and again, until the dispatcher is disposed of. While it is busy with one, at
    /// most one more waits for it.
    /// </summary>
    public ActorRef<Tick> StartTicking(string path, Actor<Tick> actor, TimeSpan period)
    {
        var mailbox = Channel.CreateBounded<Tick>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        var reference = Start(path, actor, mailbox);
        _ = TickAsync(reference, period, _stopTicking.Token);
        return reference;
    }

    /// <summary>Stops every actor, in the order started, and waits until each has handled what is in its mailbox.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopTicking.CancelAsync().ConfigureAwait(false);
        foreach (var (stop, loop) in _actors)
        {
            stop();
            await loop.ConfigureAwait(false);
        }

        _stopTicking.Dispose();
    }

    private static async Task TickAsync(ActorRef<Tick> reference, TimeSpan period, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            do
            {
                reference.Tell(default);
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The dispatcher is being disposed of: that is how ticking ends.
        }
    }

    private PoolRef<TMessage> Start<TMessage>(string path, Actor<TMessage> actor, Channel<TMessage> mailbox)
    {
        var reference = new PoolRef<TMessage>(path, mailbox.Writer);
        lock (_actors)
        {
            _actors.Add((reference.Stop, Task.Run(() => HandleAsync(path, actor, mailbox))));
        }

        return reference;
    }

    private async Task HandleAsync<TMessage>(string path, Actor<TMessage> actor, Channel<TMessage> mailbox)
    {
        try
        {
            await foreach (var message in mailbox.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                actor.Receive(message);
            }

            actor.Stopped();
        }
#pragma warning disable CA1031 // Whatever an actor throws is its failure and goes to the supervisor; nothing is lost.
        catch (Exception cause)
#pragma warning restore CA1031
        {
            mailbox.Writer.TryComplete();
            Supervisor.Report(path, cause);
        }
    }

    private sealed class PoolRef<TMessage>(string path, ChannelWriter<TMessage> mailbox) : ActorRef<TMessage>(path)
    {
        public override bool Tell(TMessage message) => mailbox.TryWrite(message);

        public override void Stop() => mailbox.TryComplete();
    }
}
