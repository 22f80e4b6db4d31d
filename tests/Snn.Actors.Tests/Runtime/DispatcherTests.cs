using Snn.Actors.Runtime;
using Xunit;

namespace Snn.Actors.Tests.Runtime;

public sealed class DispatcherTests
{
    [Fact]
    public async Task PoolActorHandlesEveryMessageOfASenderInOrder()
    {
        var supervisor = new Supervisor();
        var log = new Log();
        await using (var pool = new PoolDispatcher(supervisor))
        {
            var reference = pool.Start("log", log);
            for (var i = 0; i < 10_000; i++)
            {
                Assert.True(reference.Tell(i));
            }
        }

        Assert.Equal(Enumerable.Range(0, 10_000), log.Seen);
        Assert.True(log.HasStopped);
        Assert.False(supervisor.HasFailed);
    }

    [Fact]
    public async Task PoolActorThatThrowsIsReportedAndTakesNoMoreMessages()
    {
        var supervisor = new Supervisor();
        await using var pool = new PoolDispatcher(supervisor);
        var reference = pool.Start("simulation/recorder", new Log { ThrowAt = 3 });
        reference.Tell(3);
        await WaitUntil(() => supervisor.HasFailed);
        Assert.Equal("simulation/recorder", supervisor.Failure!.Path);
        await WaitUntil(() => !reference.Tell(4));
        var error = Assert.Throws<SimulationFailedException>(supervisor.ThrowIfFailed);
        Assert.Equal("simulation/recorder failed: message 3", error.Message);
    }

    [Fact]
    public async Task TickingActorIsToldAgainAndAgainAndNeverTwiceAtOnce()
    {
        var counter = new Counter();
        await using (var pool = new PoolDispatcher(new Supervisor()))
        {
            pool.StartTicking("counter", counter, TimeSpan.FromMilliseconds(1));
            await WaitUntil(() => counter.Count >= 5);
        }

        var atEnd = counter.Count;
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(atEnd, counter.Count);
    }

    [Fact]
    public void TheFirstFailureIsTheOneThatIsKept()
    {
        var supervisor = new Supervisor();
        supervisor.Report("a", new InvalidOperationException("first"));
        supervisor.Report("b", new InvalidOperationException("consequence"));
        Assert.Equal("a", supervisor.Failure!.Path);
    }

    [Fact]
    public void SeededDispatcherRepeatsItsOrderAndDiffersBetweenSeeds()
    {
        Assert.Equal(OrderOf(1), OrderOf(1));
        Assert.True(Enumerable.Range(0, 20).Select(s => string.Join(',', OrderOf((ulong)s))).Distinct().Count() > 15);
    }

    [Fact]
    public void SeededDispatcherKeepsTheOrderOfOneSenderToOneActor()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var order = OrderOf(seed);
            Assert.Equal(order.Where(m => m < 100).Order(), order.Where(m => m < 100));
            Assert.Equal(order.Where(m => m >= 100).Order(), order.Where(m => m >= 100));
        }
    }

    /// <summary>Two senders to one actor: the messages of either come in order, those of the two in any, and some very late.</summary>
    [Fact]
    public void SeededDispatcherLetsOneSenderOvertakeAnother()
    {
        const int Messages = 40;
        var latest = 0;
        var orders = new HashSet<string>();
        for (ulong seed = 0; seed < 50; seed++)
        {
            var dispatcher = new SeededDispatcher(new Supervisor(), seed);
            var log = new Log();
            var target = dispatcher.Start("log", log);
            var first = dispatcher.Start("first", new Forward(target));
            var second = dispatcher.Start("second", new Forward(target));
            for (var i = 0; i < Messages; i++)
            {
                first.Tell(i);
                second.Tell(100 + i);
            }

            dispatcher.Run();
            Assert.Equal(Enumerable.Range(0, Messages), log.Seen.Where(m => m < 100));
            Assert.Equal(Enumerable.Range(100, Messages), log.Seen.Where(m => m >= 100));
            orders.Add(string.Join(',', log.Seen));
            // How many of the other's messages came between two of the first's.
            var places = log.Seen.Select((m, i) => (m, i)).Where(x => x.m < 100).Select(x => x.i).ToArray();
            latest = Math.Max(latest, places.Zip(places.Skip(1), (a, b) => b - a).Max());
        }

        Assert.True(orders.Count > 45);
        Assert.True(latest > 15, $"no message is later than by {latest} others");
    }

    [Fact]
    public void SeededDispatcherStopsAtAnInjectedFailure()
    {
        var supervisor = new Supervisor();
        var dispatcher = new SeededDispatcher(supervisor, 7) { FailAtTurn = 5 };
        var log = new Log();
        var reference = dispatcher.Start("log", log);
        for (var i = 0; i < 10; i++)
        {
            reference.Tell(i);
        }

        dispatcher.Run();
        Assert.Equal(5, log.Seen.Count);
        Assert.Equal("log", supervisor.Failure!.Path);
        Assert.False(reference.Tell(11));
    }

    [Fact]
    public void WorkersThatThrowEndTheRunWithTheirName()
    {
        var supervisor = new Supervisor();
        var error = Assert.Throws<SimulationFailedException>(() =>
            new WorkerDispatcher(supervisor).Run([new Job("shard 0", null), new Job("shard 1", "no luck")]));
        Assert.Equal("shard 1 failed: no luck", error.Message);
    }

    private sealed class Forward(ActorRef<int> to) : Actor<int>
    {
        protected internal override void Receive(int message) => to.Tell(message);
    }

    /// <summary>Two actors whose messages go into one list: the order in which they were handled.</summary>
    private static List<int> OrderOf(ulong seed)
    {
        var dispatcher = new SeededDispatcher(new Supervisor(), seed);
        var log = new Log();
        var first = dispatcher.Start("first", log);
        var second = dispatcher.Start("second", log);
        for (var i = 0; i < 20; i++)
        {
            first.Tell(i);
            second.Tell(100 + i);
        }

        dispatcher.Run();
        return log.Seen;
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        for (var i = 0; i < 2000 && !condition(); i++)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.True(condition(), "the condition did not come true within 10 s");
    }

    private sealed class Log : Actor<int>
    {
        public List<int> Seen { get; } = [];

        public bool HasStopped { get; private set; }

        public int ThrowAt { get; init; } = -1;

        protected internal override void Receive(int message)
        {
            if (message == ThrowAt)
            {
                throw new InvalidOperationException($"message {message}");
            }

            Seen.Add(message);
        }

        protected internal override void Stopped() => HasStopped = true;
    }

    private sealed class Counter : Actor<Tick>
    {
        private int _count;
        private int _inside;

        public int Count => Volatile.Read(ref _count);

        protected internal override void Receive(Tick message)
        {
            Assert.Equal(1, Interlocked.Increment(ref _inside));
            Thread.Sleep(2);
            Interlocked.Increment(ref _count);
            Interlocked.Decrement(ref _inside);
        }
    }

    private sealed class Job(string path, string? failure) : WorkerJob
    {
        public override string Path => path;

        public override void Run()
        {
            if (failure is not null)
            {
                throw new InvalidOperationException(failure);
            }
        }
    }
}
