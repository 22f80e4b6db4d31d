using Snn.Kernels.Random;

namespace Snn.Actors.Runtime;

/// <summary>
/// All actors on one thread, in an order drawn from a seed. A message from one actor to another waits behind those that the same sender sent before, and
/// for nobody else: each turn picks one of the pairs that have something. Now and then a message is late by some tens of turns, while others overtake it.
/// Whatever order a real machine could produce, some seed produces. A failure is replayed by its seed.
/// </summary>
public sealed class SeededDispatcher(Supervisor supervisor, ulong seed) : Dispatcher(supervisor)
{
    /// <summary>One message in so many is late ...</summary>
    private const uint OneInIsLate = 8;

    /// <summary>... by up to so many turns.</summary>
    private const uint MostLate = 64;

    private readonly StreamKey _key = StreamKey.Derive(seed, "seeded dispatcher");
    private readonly List<IMailbox> _mailboxes = [];
    private readonly List<IChannel> _ready = [];
    private readonly List<IChannel> _due = [];
    private object? _running;
    private uint _drawn;

    private interface IMailbox
    {
        void Finish();
    }

    /// <summary>What one sender has sent to one actor and is not handled yet.</summary>
    private interface IChannel
    {
        /// <summary>The turn before which its oldest message is not handled, if anything else can be.</summary>
        long NotBefore { get; }

        /// <summary>Handles the oldest message; true if more are waiting.</summary>
        bool HandleOne();
    }

    /// <summary>Messages handled so far.</summary>
    public long Turns { get; private set; }

    /// <summary>A turn at which to let the chosen actor fail, or -1; for tests of supervision.</summary>
    public long FailAtTurn { get; init; } = -1;

    /// <inheritdoc/>
    public override ActorRef<TMessage> Start<TMessage>(string path, Actor<TMessage> actor)
    {
        var mailbox = new Mailbox<TMessage>(this, path, actor);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    /// <summary>
    /// Handles messages until no mailbox has any, or an actor has failed; then stops all actors.
    /// </summary>
    public void Run()
    {
        while (_ready.Count > 0 && !Supervisor.HasFailed)
        {
            var channel = Pick();
            if (!channel.HandleOne())
            {
                _ready.Remove(channel);
            }

            Turns++;
        }

        foreach (var mailbox in _mailboxes)
        {
            mailbox.Finish();
        }
    }

    private IChannel Pick()
    {
        _due.Clear();
        _due.AddRange(_ready.Where(c => c.NotBefore <= Turns));
        return _due.Count > 0 ? _due[Draw((uint)_due.Count)] : _ready.MinBy(c => c.NotBefore)!;
    }

    /// <summary>The turn before which a message that has become the oldest of its channel is not handled.</summary>
    private long DrawNotBefore() => Draw(OneInIsLate) == 0 ? Turns + Draw(MostLate) : Turns;

    private int Draw(uint below) => (int)(((ulong)Philox4x32.Block(_key, _drawn++, 0, 0, 0).W0 * below) >> 32);

    private sealed class Mailbox<TMessage>(SeededDispatcher dispatcher, string path, Actor<TMessage> actor)
        : ActorRef<TMessage>(path), IMailbox
    {
        private readonly SeededDispatcher _dispatcher = dispatcher;
        private readonly Dictionary<object, Channel> _channels = [];
        private bool _stopped;
        private bool _hasFailed;

        public override bool Tell(TMessage message)
        {
            if (_stopped)
            {
                return false;
            }

            // Who is no actor is one sender too.
            var sender = _dispatcher._running ?? _dispatcher;
            if (!_channels.TryGetValue(sender, out var channel))
            {
                channel = _channels[sender] = new Channel(this);
            }

            channel.Add(message);
            return true;
        }

        public override void Stop() => _stopped = true;

        public void Finish()
        {
            if (!_hasFailed)
            {
                actor.Stopped();
            }

            _stopped = true;
        }

        private void Handle(TMessage message)
        {
            _dispatcher._running = this;
            try
            {
                if (_dispatcher.Turns == _dispatcher.FailAtTurn)
                {
                    throw new InvalidOperationException($"failure injected at turn {_dispatcher.Turns}");
                }

                actor.Receive(message);
            }
#pragma warning disable CA1031 // Whatever an actor throws is its failure and goes to the supervisor; nothing is lost.
            catch (Exception cause)
#pragma warning restore CA1031
            {
                _stopped = _hasFailed = true;
                _dispatcher.Supervisor.Report(Path, cause);
            }
            finally
            {
                _dispatcher._running = null;
            }
        }

        private sealed class Channel(Mailbox<TMessage> mailbox) : IChannel
        {
            private readonly Queue<TMessage> _messages = new();

            // Set while the channel is among the ready ones: an actor that writes to itself must not put it there twice.
            private bool _isReady;

            public long NotBefore { get; private set; }

            public void Add(TMessage message)
            {
                _messages.Enqueue(message);
                if (!_isReady)
                {
                    _isReady = true;
                    NotBefore = mailbox._dispatcher.DrawNotBefore();
                    mailbox._dispatcher._ready.Add(this);
                }
            }

            public bool HandleOne()
            {
                mailbox.Handle(_messages.Dequeue());
                NotBefore = mailbox._dispatcher.DrawNotBefore();
                return _isReady = _messages.Count > 0;
            }
        }
    }
}
