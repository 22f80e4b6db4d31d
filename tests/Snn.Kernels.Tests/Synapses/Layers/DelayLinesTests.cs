using Snn.Kernels.Synapses.Layers;
using Xunit;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>Delay lines against synapses that are simulated one by one.</summary>
public unsafe class DelayLinesTests
{
    private const int Steps = 60;

    /// <summary>The examples of the reference: a spike that enters a busy synapse.</summary>
    [Theory]
    [InlineData(DelayRule.Accumulate, 3, new[] { 0, 1 }, new[] { 7 })]
    [InlineData(DelayRule.Accumulate, 3, new[] { 0, 3 }, new[] { 3, 7 })]
    [InlineData(DelayRule.Accumulate, 1, new[] { 0, 1, 2 }, new[] { 1, 5 })]
    [InlineData(DelayRule.Overwrite, 3, new[] { 0, 1 }, new[] { 4 })]
    [InlineData(DelayRule.Overwrite, 3, new[] { 0, 3 }, new[] { 3, 6 })]
    [InlineData(DelayRule.Overwrite, 1, new[] { 0, 1, 2 }, new[] { 1, 2, 3 })]
    [InlineData(DelayRule.Queue, 3, new[] { 0, 1 }, new[] { 3, 4 })]
    [InlineData(DelayRule.Queue, 0, new[] { 0, 1 }, new[] { 0, 1 })]
    [InlineData(DelayRule.Accumulate, 0, new[] { 0, 1 }, new[] { 0, 1 })]
    public void A_busy_synapse(DelayRule rule, int delay, int[] spikes, int[] arrivals)
    {
        using var connection = LayerConnection.Create(1, 1, [0], [0], [1], [delay], isDouble: true);
        var got = Run(connection, rule, (_, t) => spikes.Contains(t) ? 1 : 0, enterFirst: true).Select(a => a.Step);
        Assert.Equal(arrivals, got);
    }

    [Theory]
    [CombinatorialSeeds(20)]
    public void Arrivals_are_those_of_single_synapses_ascending(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var (sources, count) = (random.Next(1, 150), random.Next(1, 4));
        int[] delays = [.. Enumerable.Range(0, count).Select(_ => random.Next(0, 9)).Distinct().Order()];
        var all = Enumerable.Range(0, sources * delays.Length).ToArray();
        using var connection = LayerConnection.Create(
            sources, 1, [.. all.Select(i => i / delays.Length)], new int[all.Length], new double[all.Length], [.. all.Select(i => delays[i % delays.Length])], isDouble);
        var spikes = Enumerable.Range(0, Steps).Select(_ => random.Spikes(sources, graded: true, share: 0.25)).ToArray();
        foreach (var rule in Enum.GetValues<DelayRule>())
        {
            var expected =
                from t in Enumerable.Range(0, Steps)
                from i in all
                let size = Alone(rule, delays[i % delays.Length], [.. spikes.Select(s => s[i / delays.Length])])[t]
                where size != 0
                select (t, i / delays.Length, i % delays.Length, size);
            Assert.Equal(expected, Run(connection, rule, (s, t) => spikes[t][s], enterFirst: true));
            if (delays[0] > 0)
            {
                Assert.Equal(expected, Run(connection, rule, (s, t) => spikes[t][s], enterFirst: false));
            }
        }
    }

    /// <summary>A resumed run enters the spikes of the last steps again and goes on alike.</summary>
    [Theory]
    [InlineData(DelayRule.Queue)]
    [InlineData(DelayRule.Overwrite)]
    public void The_last_spikes_are_the_state(DelayRule rule)
    {
        using var connection = LayerConnection.Create(5, 1, [0, 1, 2, 3, 4, 0], new int[6], new double[6], [4, 4, 7, 7, 2, 2], isDouble: false);
        var random = new RandomLayers(11);
        var spikes = Enumerable.Range(0, Steps).Select(_ => random.Spikes(5, graded: true)).ToArray();
        var whole = Run(connection, rule, (s, t) => spikes[t][s], enterFirst: true);
        var resumed = Run(connection, rule, (s, t) => spikes[t][s], enterFirst: true, first: 30);
        Assert.Equal(whole.Where(a => a.Step >= 30), resumed);
        Assert.NotEmpty(resumed);
    }

    [Fact]
    public void Clearing_forgets_what_is_on_its_way()
    {
        using var connection = LayerConnection.Create(1, 1, [0], [0], [1], [3], isDouble: true);
        foreach (var rule in Enum.GetValues<DelayRule>())
        {
            Assert.Empty(Run(connection, rule, (_, t) => t == 0 ? 1 : 0, enterFirst: true, clearBefore: 2));
            Assert.Single(Run(connection, rule, (_, t) => t == 0 ? 1 : 0, enterFirst: true));
        }
    }

    private static List<(int Step, int Source, int Delay, double Size)> Run(
        LayerConnection connection, DelayRule rule, Func<int, int, double> spikes, bool enterFirst, int first = 0, int clearBefore = -1)
    {
        using var lines = new DelayLines(connection, 2, rule, graded: true);
        using var room = new EventList(lines.MaxArrivals, connection.IsDouble);
        var all = new List<(int, int, int, double)>();
        for (var t = Math.Max(0, first - lines.MaxDelaySteps); t < Steps; t++)
        {
            if (t == clearBefore)
            {
                lines.Clear();
            }

            double[] sizes = [.. Enumerable.Range(0, connection.SourceCount).Select(s => spikes(s, t))];
            using var list = EventList.Of(sizes, connection.IsDouble, out var events);
            if (enterFirst)
            {
                lines.Enter(1, t, events);
            }

            var arrivals = t < first ? default : lines.Arrivals(1, t, room.Room);
            for (var e = 0; e < arrivals.Count; e++)
            {
                var size = connection.IsDouble ? ((double*)arrivals.Values)[e] : ((float*)arrivals.Values)[e];
                all.Add((t, arrivals.Sources[e], arrivals.DelayIndices == null ? 0 : arrivals.DelayIndices[e], size));
            }

            if (!enterFirst)
            {
                lines.Enter(1, t, events);
            }
        }

        return all;
    }

    /// <summary>Sizes that leave one synapse, step by step.</summary>
    private static double[] Alone(DelayRule rule, int delay, double[] x)
    {
        var left = new double[x.Length + delay];
        var (counter, onItsWay) = (0, -1);
        for (var t = 0; t < x.Length; t++)
        {
            if (delay == 0 || rule == DelayRule.Queue)
            {
                left[t + delay] = x[t];
                continue;
            }

            if (rule == DelayRule.Overwrite)
            {
                left[t] = onItsWay >= 0 && t == onItsWay + delay ? x[onItsWay] : 0;
                onItsWay = x[t] != 0 ? t : onItsWay;
                continue;
            }

            counter = counter > 0 ? counter - 1 : 0;
            left[t] = counter == 1 ? 1 : 0;
            counter += x[t] != 0 ? delay + 1 : 0;
        }

        return left;
    }
}
