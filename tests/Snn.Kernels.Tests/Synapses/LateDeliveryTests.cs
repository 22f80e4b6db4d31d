using System.Numerics;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>Spikes that come when some of their rows should have been delivered.</summary>
public sealed unsafe class LateDeliveryTests
{
    private const int MostLate = 25;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Late_spikes_are_delivered_at_once_and_counted(int shortestDelaySteps)
    {
        var lateInAll = 0L;
        for (ulong seed = 200; seed < 240; seed++)
        {
            var network = new RandomNetwork(seed);
            var projections = network.Shard(0, 1);
            using var tables = SynapseTables.Build(network.SourceCount, projections, WeightFormat.Double, shortestDelaySteps);
            var spikes = Delivered.Spikes(network.SourceCount, seed);
            var word = new Word(seed);
            var arrivals = spikes.Select((_, step) => step + 1 + (word.Coin() ? 0 : word.Next(MostLate))).ToArray();
            var end = Delivered.StepCount + MostLate + tables.MaxDelaySteps + 1;

            var late = new LateEvents();
            var (events, inputs) = (0L, new List<double[]>());
            for (var now = 0; now < end; now++)
            {
                for (var step = 0; step < spikes.Length; step++)
                {
                    if (arrivals[step] == now)
                    {
                        fixed (int* s = spikes[step])
                        {
                            tables.FileArrived(step, s, spikes[step].Length, now, late);
                        }
                    }
                }

                inputs.Add(Delivered.Step(tables, now, RandomNetwork.InputLength, isDouble: true, out var inStep));
                events += inStep;
            }

            var expected = Enumerable.Range(0, end).Select(_ => new double[RandomNetwork.InputLength]).ToArray();
            var (all, bins) = (0L, new long[32]);
            foreach (var synapse in NaiveNetwork.Synapses(projections, WeightFormat.Double))
            {
                foreach (var step in Enumerable.Range(0, spikes.Length).Where(t => spikes[t].Contains(synapse.Source)))
                {
                    var due = step + synapse.DelaySteps;
                    expected[Math.Max(due, arrivals[step])][synapse.Entry] += synapse.Weight;
                    bins[due < arrivals[step] ? BitOperations.Log2((uint)(arrivals[step] - due)) : 0] += due < arrivals[step] ? 1 : 0;
                    all++;
                }
            }

            Assert.Equal(all, events);
            Assert.Equal(bins, late.Counts);
            lateInAll += late.Total;
            for (var now = 0; now < end; now++)
            {
                Assert.All(inputs[now].Zip(expected[now]), x => Assert.Equal(x.Second, x.First, 1e-9 * Math.Max(1, Math.Abs(x.Second))));
            }
        }

        Assert.True(lateInAll > 10_000, "the canary: nothing was late");
    }

    [Fact]
    public void Spikes_that_come_in_time_are_delivered_as_filed()
    {
        for (ulong seed = 300; seed < 310; seed++)
        {
            var network = new RandomNetwork(seed);
            var projections = network.Shard(0, 1);
            var filed = Delivered.Steps(network.SourceCount, projections, WeightFormat.Single, RandomNetwork.InputLength, seed, shortestDelaySteps: 1);
            using var tables = SynapseTables.Build(network.SourceCount, projections, WeightFormat.Single, shortestDelaySteps: 1);
            var spikes = Delivered.Spikes(network.SourceCount, seed);
            var late = new LateEvents();
            for (var step = 0; step < filed.Count; step++)
            {
                Assert.Equal(filed[step], Delivered.Step(tables, step, RandomNetwork.InputLength, isDouble: false, out _));
                if (step < spikes.Length)
                {
                    fixed (int* s = spikes[step])
                    {
                        tables.FileArrived(step, s, spikes[step].Length, step + 1, late);
                    }
                }
            }

            Assert.Equal(0, late.Total);
        }
    }
}
