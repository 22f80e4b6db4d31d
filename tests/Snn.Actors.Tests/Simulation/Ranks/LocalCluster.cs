using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Xunit;

namespace Snn.Actors.Tests.Simulation.Ranks;

/// <summary>
/// Ranks in one process, with what MPI promises between them and no more: messages from one rank to another with one tag keep their order. With a seed, each message is
/// held back for a drawn number of looks, so that those of different ranks and tags overtake each other as they may.
/// </summary>
/// <param name="ranks">How many.</param>
/// <param name="seed">Draws delays; null: there are none.</param>
/// <param name="loses">The rank that dies, and after how many of its messages.</param>
internal sealed class LocalCluster(int ranks, int? seed = null, (int Rank, int AfterMessages)? loses = null)
{
    private readonly Dictionary<(int From, int To, int Tag), Queue<Message>> _messages = [];
    private readonly Random? _random = seed is { } s ? new Random(s) : null;
    private readonly Lock _gate = new();
    private string? _lost;

    /// <summary>Messages that overtook others which were sent before.</summary>
    public int Delayed { get; private set; }

    /// <summary>Runs a network on all ranks, each on a thread of its own, with its own options. Returns what each rank returns; throws what the first to fail throws.</summary>
    public SimulationResult[] Run(Network network, Func<int, SimulationOptions> options, RunDirectory? run = null, Func<int, CancellationToken>? stop = null)
    {
        var outcomes = Outcomes(network, options, run, stop);
        var failures = outcomes.Select(o => o.Failure).OfType<Exception>().ToArray();
        var failure = failures.FirstOrDefault(f => !f.Message.EndsWith("is gone", StringComparison.Ordinal)) ?? failures.FirstOrDefault();
        return failure is null ? [.. outcomes.Select(o => o.Result!)] : throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>The same, with what each rank threw. A rank that fails takes the others with it, as MPI does.</summary>
    public (SimulationResult? Result, Exception? Failure)[] Outcomes(
        Network network, Func<int, SimulationOptions> options, RunDirectory? run = null, Func<int, CancellationToken>? stop = null)
    {
        var outcomes = new (SimulationResult? Result, Exception? Failure)[ranks];
        var token = TestContext.Current.CancellationToken;
        var threads = Enumerable.Range(0, ranks)
            .Select(r => new Thread(() => outcomes[r] = OutcomeOf(r, network, options(r), run, stop?.Invoke(r) ?? token)))
            .ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return outcomes;
    }

    /// <summary>Runs one rank, on the thread of the caller.</summary>
    public (SimulationResult? Result, Exception? Failure) OutcomeOf(
        int rank, Network network, SimulationOptions options, RunDirectory? run = null, CancellationToken stop = default)
    {
        try
        {
            return (new Simulator().Run(network, options with { Transport = new Endpoint(this, rank) }, run, null, stop), null);
        }
        catch (Exception e)
        {
            Lose(rank);
            return (null, e);
        }
    }

    private int Ranks => ranks;

    private (int, int)? Loses => loses;

    /// <summary>A rank is gone.</summary>
    private void Lose(int rank)
    {
        lock (_gate)
        {
            _lost ??= $"rank {rank} is gone";
        }
    }

    private sealed class Message
    {
        public required byte[] Bytes { get; init; }

        /// <summary>Looks that it stays away for.</summary>
        public int Looks { get; set; }
    }

    private sealed unsafe class Endpoint(LocalCluster cluster, int rank) : IRankTransport
    {
        private readonly Dictionary<nint, Request> _requests = [];
        private readonly Dictionary<(int From, int Tag), Queue<nint>> _posted = [];
        private nint _next = 1;
        private int _sent;
        private int _inside;

        public int Rank => rank;

        public int Ranks => cluster.Ranks;

        public nint Send(int to, int tag, void* data, int bytes) => Alone(() =>
        {
            Assert.NotEqual(rank, to);
            if (cluster.Loses == (rank, _sent++))
            {
                throw new SimulationException($"the machine of rank {rank} is lost");
            }

            lock (cluster._gate)
            {
                var message = new Message { Bytes = new Span<byte>(data, bytes).ToArray(), Looks = cluster._random is { } random && random.Next(4) == 0 ? random.Next(40) : 0 };
                cluster.Delayed += message.Looks > 0 ? 1 : 0;
                Queue(cluster._messages, (rank, to, tag)).Enqueue(message);
            }

            _requests[_next] = new Request { Bytes = bytes };
            return _next++;
        });

        public nint Receive(int from, int tag, void* room, int capacity) => Alone(() =>
        {
            Assert.NotEqual(rank, from);
            _requests[_next] = new Request { From = from, Tag = tag, Room = (nint)room, Bytes = capacity, IsReceive = true };
            Queue(_posted, (from, tag)).Enqueue(_next);
            return _next++;
        });

        public bool IsDone(nint request, out int bytes)
        {
            var count = 0;
            var done = Alone(() => TakeIfDone(request, ref count));
            bytes = count;
            return done;
        }

        private static Queue<T> Queue<TKey, T>(Dictionary<TKey, Queue<T>> queues, TKey key)
            where TKey : notnull
        {
            if (!queues.TryGetValue(key, out var queue))
            {
                queues[key] = queue = new Queue<T>();
            }

            return queue;
        }

        private bool TakeIfDone(nint number, ref int bytes)
        {
            var request = _requests[number];
            if (!request.IsReceive)
            {
                bytes = request.Bytes;
                return _requests.Remove(number);
            }

            var posted = _posted[(request.From, request.Tag)];
            lock (cluster._gate)
            {
                // A receive that was posted before takes the message that was sent before.
                if (posted.Peek() != number)
                {
                    return false;
                }

                var arriving = Queue(cluster._messages, (request.From, rank, request.Tag));
                if (arriving.Count == 0 && cluster._lost is { } lost)
                {
                    throw new SimulationException(lost);
                }

                if (arriving.Count == 0 || arriving.Peek().Looks-- > 0)
                {
                    return false;
                }

                var message = arriving.Dequeue().Bytes;
                Assert.True(message.Length <= request.Bytes, "a message is longer than the room for it");
                message.CopyTo(new Span<byte>((void*)request.Room, message.Length));
                bytes = message.Length;
            }

            posted.Dequeue();
            return _requests.Remove(number);
        }

        /// <summary>One thread at a time, as MPI is asked for.</summary>
        private T Alone<T>(Func<T> work)
        {
            Assert.Equal(1, Interlocked.Increment(ref _inside));
            try
            {
                return work();
            }
            finally
            {
                Interlocked.Decrement(ref _inside);
            }
        }

        private sealed class Request
        {
            public int From { get; init; }

            public int Tag { get; init; }

            public nint Room { get; init; }

            public int Bytes { get; init; }

            public bool IsReceive { get; init; }
        }
    }
}
