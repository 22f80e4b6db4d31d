using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>That spikes add their weights to the right places, at the right steps, in the canonical order.</summary>
public sealed unsafe class DeliveryTests
{
    [Theory]
    [InlineData(WeightFormat.Single)]
    [InlineData(WeightFormat.Double)]
    [InlineData(WeightFormat.Int16)]
    public void Sums_equal_those_of_a_list_to_the_last_bit(WeightFormat format)
    {
        for (ulong seed = 100; seed < 130; seed++)
        {
            var network = new RandomNetwork(seed);
            var projections = network.Shard(0, 1);

            var delivered = Delivered.Steps(network.SourceCount, projections, format, RandomNetwork.InputLength, seed);

            var naive = Delivered.Naive(network.SourceCount, projections, format, RandomNetwork.InputLength, delivered.Count, seed);
            Assert.Equal(naive.SelectMany(x => x.Select(BitConverter.DoubleToInt64Bits)), delivered.SelectMany(x => x.Select(BitConverter.DoubleToInt64Bits)));
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(40)]
    [InlineData(5)]
    public void Sums_of_padded_rows_equal_those_of_a_list(int indegree)
    {
        foreach (var format in Enum.GetValues<WeightFormat>())
        {
            ShardProjection[] projections = [Projection(indegree, ValueDistribution.Normal(0, 1))];

            var delivered = Delivered.Steps(12, projections, format, 80, 3);

            Assert.Equal(Delivered.Naive(12, projections, format, 80, delivered.Count, 3), delivered);
        }
    }

    [Theory]
    [InlineData(WeightFormat.Single)]
    [InlineData(WeightFormat.Double)]
    public void Weights_that_come_with_the_shortest_delay_are_added_last(WeightFormat format)
    {
        // Two tables: within one, what comes with the shortest delay was emitted last and is last anyhow.
        ShardProjection[] projections = [Projection(300, ValueDistribution.Normal(0, 1)), Projection(40, ValueDistribution.Constant(0.3))];

        var delivered = Delivered.Steps(12, projections, format, 80, 5, shortestDelaySteps: 1);

        Assert.Equal(Delivered.Naive(12, projections, format, 80, delivered.Count, 5, shortestDelaySteps: 1), delivered);
        Assert.NotEqual(Delivered.Naive(12, projections, format, 80, delivered.Count, 5), delivered);
    }

    [Fact]
    public void What_is_delivered_ahead_needs_no_spike_of_the_step_before()
    {
        ShardProjection[] projections = [Projection(300, ValueDistribution.Normal(0, 1)), Projection(20, ValueDistribution.Normal(0, 1))];
        var afterwards = Delivered.Steps(12, projections, WeightFormat.Single, 80, 6, shortestDelaySteps: 1);
        using var tables = SynapseTables.Build(12, projections, WeightFormat.Single, shortestDelaySteps: 1);
        var spikes = Delivered.Spikes(12, 6);
        for (var step = 0; step < Delivered.StepCount; step++)
        {
            var input = new float[80];
            fixed (float* x = input)
            {
                tables.DeliverAhead(step, x);
                if (step > 0)
                {
                    Delivered.File(tables, step - 1, spikes[step - 1]);
                }

                tables.Deliver(step, x);
            }

            Assert.Equal(afterwards[step], Array.ConvertAll(input, v => (double)v));
        }
    }

    [Fact]
    public void The_order_of_a_sum_matters_here()
    {
        // The canary: were all sums exact in any order, the tests of order could not fail.
        ShardProjection[] projections = [Projection(300, ValueDistribution.Normal(0, 1))];
        var weights = NaiveNetwork.Synapses(projections, WeightFormat.Single).GroupBy(s => s.Entry, s => s.SingleWeight).ToArray();

        Assert.NotEqual(weights.Select(w => Sum(w)), weights.Select(w => Sum(w.Reverse())));

        static float Sum(IEnumerable<float> numbers) => numbers.Aggregate(0f, (a, b) => a + b);
    }

    [Fact]
    public void Events_are_counted_without_padding()
    {
        using var tables = SynapseTables.Build(12, [Projection(300, ValueDistribution.Normal(0, 1))], WeightFormat.Single);
        Delivered.File(tables, 0, [0, 3, 11]);
        long expected = 0;
        tables.ForEachSynapse((source, _, _, _) => expected += source is 0 or 3 or 11 ? 1 : 0);

        long events = 0;
        for (var step = 1; step <= tables.MaxDelaySteps; step++)
        {
            Delivered.Step(tables, step, 80, isDouble: false, out var inStep);
            events += inStep;
        }

        Assert.Equal(expected, events);
    }

    [Fact]
    public void A_whole_slice_can_be_filed_at_its_end()
    {
        // Delays of 5 to 9 steps, slices of 5.
        var slow = new DelayDistribution(ValueDistribution.Uniform(0.5, 0.9), 0.1);
        ShardProjection[] projections = [Projection(30, ValueDistribution.Normal(0, 1), slow)];
        using var tables = SynapseTables.Build(12, projections, WeightFormat.Single);
        var spikes = Delivered.Spikes(12, 8);

        var delivered = new List<double[]>();
        for (var step = 0; step < Delivered.StepCount; step++)
        {
            delivered.Add(Delivered.Step(tables, step, 80, isDouble: false, out _));
            for (var emitted = step - 4; (step + 1) % 5 == 0 && emitted <= step; emitted++)
            {
                Delivered.File(tables, emitted, spikes[emitted]);
            }
        }

        Assert.Equal(Delivered.Steps(12, projections, WeightFormat.Single, 80, 8).Take(Delivered.StepCount), delivered);
    }

    [Fact]
    public void Spikes_on_their_way_can_be_filed_again_when_a_run_resumes()
    {
        ShardProjection[] projections = [Projection(60, ValueDistribution.Normal(0, 1))];
        var uninterrupted = Delivered.Steps(12, projections, WeightFormat.Single, 80, 4);
        using var tables = SynapseTables.Build(12, projections, WeightFormat.Single);
        var spikes = Delivered.Spikes(12, 4);

        // A life before, which must leave nothing.
        Delivered.File(tables, 3, spikes[2]);
        tables.ClearSpikes();

        const int resumed = 17;
        for (var step = 0; step < resumed; step++)
        {
            Delivered.File(tables, step, spikes[step], firstDueStep: resumed);
        }

        for (var step = resumed; step < Delivered.StepCount; step++)
        {
            Assert.Equal(uninterrupted[step], Delivered.Step(tables, step, 80, isDouble: false, out _));
            Delivered.File(tables, step, spikes[step]);
        }
    }

    [Fact]
    public void Double_weights_are_not_rounded_in_silence()
    {
        using var tables = SynapseTables.Build(12, [Projection(30, ValueDistribution.Normal(0, 1))], WeightFormat.Double);

        var error = Assert.Throws<InvalidOperationException>(() => Delivered.Step(tables, 1, 80, isDouble: false, out _));

        Assert.Contains("build it with 32-bit or 16-bit weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thirty_two_and_sixteen_bit_weights_reach_double_inputs()
    {
        foreach (var format in new[] { WeightFormat.Single, WeightFormat.Int16 })
        {
            ShardProjection[] projections = [Projection(100, ValueDistribution.Normal(0, 1)), Projection(10, ValueDistribution.Constant(0.1))];
            using var tables = SynapseTables.Build(12, projections, format);
            Delivered.File(tables, 0, [4]);

            var expected = new double[80];
            foreach (var s in NaiveNetwork.Synapses(projections, format).Where(s => s is { Source: 4, DelaySteps: 2 }).OrderBy(s => s.Group))
            {
                expected[s.Entry] += s.Weight;
            }

            Assert.Equal(expected, Delivered.Step(tables, 2, 80, isDouble: true, out _));
        }
    }

    [Fact]
    public void Delivery_allocates_nothing()
    {
        using var tables = SynapseTables.Build(
            12, [Projection(300, ValueDistribution.Normal(0, 1)), Projection(20, ValueDistribution.Constant(1))], WeightFormat.Single);
        var input = new float[80];
        fixed (float* x = input)
        {
            var sources = stackalloc int[] { 1, 5, 6, 10 };
            Run(tables, x, sources, 0);
            var before = GC.GetAllocatedBytesForCurrentThread();

            Run(tables, x, sources, 1000);

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }

        Assert.Contains(input, v => v != 0);

        static void Run(SynapseTables tables, float* input, int* sources, long start)
        {
            for (var step = start; step < start + 1000; step++)
            {
                tables.PrefetchFirst(step);
                tables.Deliver(step, input);
                tables.File(step, sources, 1 + (int)(step % 4));
            }
        }
    }

    private static ShardProjection Projection(int indegree, ValueDistribution weight, DelayDistribution? delay = null) => new()
    {
        Rule = new FixedIndegreeRule { SourceCount = 12, TargetCount = 40, Indegree = indegree, Key = StreamKey.Derive(1, $"{indegree}") },
        Weight = weight,
        Delay = delay ?? new DelayDistribution(ValueDistribution.Uniform(0.1, 0.4), 0.1),
        FirstTarget = 0,
        LastTarget = 40,
        OffsetIfPositive = 0,
        OffsetIfNegative = 40,
    };
}
