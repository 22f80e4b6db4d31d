using Snn.Kernels.Random;

namespace Snn.Actors.Runtime;

/// <summary>
/// All actors on one thread, in an order drawn from a seed: each turn picks one of the mailboxes that have something and handles its
/// oldest message. Whatever order a real machine could produce between different senders, some seed produces; one sender's messages
/// to one actor keep their order, as in every dispatcher. A failure is replayed by its seed.
/// </summary>
public sealed class SeededDispatcher(Supervisor supervisor, ulong seed) : Dispatcher(supervisor)
{
    private readonly StreamKey _key = StreamKey.Derive(seed, "seeded dispatcher");
    private readonly List<IMailbox> _mailboxes = [];
    private readonly List<IMailbox> _ready = [];

    private interface IMailbox
    {
        /// <summary>Handles the oldest message; true if more are waiting.</summary>
        bool HandleOne();

        void Finish();
    }

    /// <summary>Messages handled so far.</summary>
    public long Turns { get; private set; }

    /// <summary>A turn at which to let the chosen actor fail, or -1; for tests of supervision.</summary>
    public long FailAtTurn { get; init; } = -1;

    /// <inheritdoc/>
    public override ActorRef<TMessage> Start<TMessage>(string path, Actor<TMessage> actor) => StartSender(path, actor);

    /// <summary>
    /// Handles messages until no mailbox has any, or an actor has failed; then stops all actors.
    /// </summary>
    public void Run()
    {
        while (_ready.Count > 0 && !Supervisor.HasFailed)
        {
            var pick = (int)(((ulong)Philox4x32.Block(_key, (uint)Turns, (uint)(Turns >> 32), 0, 0).Item1 * (uint)_ready.Count) >> 32);
            var mailbox = _ready[pick];
            if (!mailbox.HandleOne())
            {
                _ready.Remove(mailbox);
            }

            Turns++;
        }

        foreach (var mailbox in _mailboxes)
        {
            mailbox.Finish();
        }
    }

    private Mailbox<TMessage> StartSender<TMessage>(string path, Actor<TMessage> actor)
    {
        var mailbox = new Mailbox<TMessage>(this, path, actor);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    private sealed class Mailbox<TMessage>(SeededDispatcher dispatcher, string path, Actor<TMessage> actor)
        : ActorRef<TMessage>(path), IMailbox
    {
        private readonly Queue<TMessage> _messages = new();
        private bool _stopped;
        private bool _hasFailed;

        // Set while the mailbox is among the ready ones; an actor that writes to itself must not be there twice.
        private bool _isReady;

        public override bool Tell(TMessage message)
        {
            if (_stopped)
            {
                return false;
            }

            _messages.Enqueue(message);
            if (!_isReady)
            {
                _isReady = true;
                dispatcher._ready.Add(this);
            }

            return true;
        }

        public override void Stop() => _stopped = true;

        public bool HandleOne()
        {
            var message = _messages.Dequeue();
            try
            {
                if (dispatcher.Turns == dispatcher.FailAtTurn)
                {
                    throw new InvalidOperationException($"failure injected at turn {dispatcher.Turns}");
                }

                actor.Receive(message);
            }
#pragma warning disable CA1031 // Whatever an actor throws is its failure and goes to the supervisor; nothing is lost.
            catch (Exception cause)
#pragma warning restore CA1031
            {
                _stopped = _hasFailed = true;
                dispatcher.Supervisor.Report(Path, cause);
            }

            return _isReady = _messages.Count > 0;
        }

        public void Finish()
        {
            if (!_hasFailed)
            {
                actor.Stopped();
            }

            _stopped = true;
        }
    }
}
