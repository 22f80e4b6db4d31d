using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>
/// How the engine uses plastic tables, by hand: one table set a projection and shard; in every step deliver, advance the targets, note their spikes; at
/// the end of a slice file all spikes of the sources, those of other shards too.
/// </summary>
public sealed unsafe class PlasticShardTests
{
    private const int Sources = 20;
    private const int Targets = 30;
    private const int SliceSteps = 5;
    private const int Slices = 60;

    [Fact]
    public void Two_shards_do_what_one_does_and_no_spike_is_lost()
    {
        var one = Run(1, out var eventsOfOne);
        var two = Run(2, out var eventsOfTwo);

        Assert.Equal(one, two);
        Assert.Equal(eventsOfOne, eventsOfTwo);

        // Every spike of a source that had the time to arrive, on every synapse: 0.5 to 0.9 ms are less than two slices.
        var outdegrees = one.GroupBy(s => s.Source).ToDictionary(g => g.Key, g => g.GroupBy(s => s.DelaySteps).ToDictionary(d => d.Key, d => d.Count()));
        long expected = 0;
        for (var step = 0; step < Slices * SliceSteps; step++)
        {
            expected += SpikesOfSources(step).Sum(s => outdegrees[s].Sum(d => step + d.Key < Slices * SliceSteps ? d.Value : 0));
        }

        Assert.Equal(expected, eventsOfOne);
        Assert.Contains(one, s => s.Weight != 1);
    }

    /// <summary>
    /// Weights of both signs, hence two receptors; and more places than a table has, so that a receptor has several tables and a table may have both.
    /// </summary>
    [Theory]
    [InlineData(200, 3)]
    [InlineData(40_000, 2)]
    [InlineData(70_000, 3)]
    public void Numbers_do_not_depend_on_the_partition_and_go_back_to_where_they_were(int targets, int shardCount)
    {
        var whole = Numbers(targets, 1, out var synapses);
        Assert.True(whole.Weights.Length > 4 * targets);
        var parts = Numbers(targets, shardCount, out var other);
        Assert.Equal(whole.Weights, parts.Weights);
        Assert.Equal(whole.Counts, parts.Counts);
        Assert.Equal(synapses, other);
        Assert.Contains(synapses, s => s.Weight > 0);
        Assert.Contains(synapses, s => s.Weight < 0);

        // Other numbers, each its own, to the parts: each comes back at its place, and a partition shows the same synapses as another.
        var marks = Enumerable.Range(0, synapses.Count).Select(i => 1f + i).ToArray();
        var marked = whole with { Weights = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(marks).ToArray() };
        Assert.Equal(Marked(targets, 1, marked), Marked(targets, shardCount, marked));
    }

    private static List<PlasticSynapse> Marked(int targets, int shardCount, PlasticNumbers numbers)
    {
        var synapses = new List<PlasticSynapse>();
        for (var i = 0; i < shardCount; i++)
        {
            var (first, last) = (targets * i / shardCount, targets * (i + 1) / shardCount);
            using var tables = BuildSigned(targets, first, last);
            var run = new PlasticRun(tables, last - first, isDouble: false);
            run.RestoreNumbers(numbers, first);
            Assert.Equal(numbers.Weights.AsSpan(4 * numbers.Counts[..first].Sum(), (int)tables.SynapseCount * 4).ToArray(), run.CaptureNumbers().Weights);
            synapses.AddRange(PlasticSynapses.Of(tables));
        }

        return synapses;
    }

    private static PlasticNumbers Numbers(int targets, int shardCount, out List<PlasticSynapse> synapses)
    {
        synapses = [];
        var parts = new List<PlasticNumbers>();
        for (var i = 0; i < shardCount; i++)
        {
            var (first, last) = (targets * i / shardCount, targets * (i + 1) / shardCount);
            using var tables = BuildSigned(targets, first, last);
            parts.Add(new PlasticRun(tables, last - first, isDouble: false).CaptureNumbers());
            synapses.AddRange(PlasticSynapses.Of(tables));
        }

        return PlasticNumbers.Join(parts);
    }

    private static PlasticTables BuildSigned(int targets, int first, int last)
    {
        var model = SynapseModels.Find("tsodyks2_synapse")!;
        var projection = new ShardProjection
        {
            Rule = new FixedIndegreeRule { SourceCount = Sources, TargetCount = targets, Indegree = 4, Key = StreamKey.Derive(1, "signed") },
            Weight = ValueDistribution.Normal(0, 1),
            Delay = new DelayDistribution(ValueDistribution.Uniform(0.5, 0.95), 0.1),
            FirstTarget = first,
            LastTarget = last,
            OffsetIfPositive = 16 + last - first,
            OffsetIfNegative = 0,
        };
        return PlasticTables.Build(model, model.DefaultParameters(), projection, 0.1, 0, isDouble: false);
    }

    private static List<PlasticSynapse> Run(int shardCount, out long events)
    {
        var shards = Enumerable.Range(0, shardCount).Select(i => Build(Targets * i / shardCount, Targets * (i + 1) / shardCount)).ToArray();
        var potentials = new double[Targets];
        for (var slice = 0; slice < Slices; slice++)
        {
            var first = slice * SliceSteps;
            for (var step = first; step < first + SliceSteps; step++)
            {
                for (var shard = 0; shard < shardCount; shard++)
                {
                    // The targets of a shard, advanced with what was delivered: those that spike are the shard's own, as numbers in their population.
                    var input = shards[shard].Deliver(step);
                    shards[shard].NoteTargets(step, Advance(potentials, Targets * shard / shardCount, input));
                }
            }

            // The exchange: every shard hears of the sources of all.
            foreach (var shard in shards)
            {
                for (var step = first; step < first + SliceSteps; step++)
                {
                    shard.File(step, SpikesOfSources(step));
                }
            }
        }

        var synapses = new List<PlasticSynapse>();
        foreach (var shard in shards)
        {
            shard.Tables.CatchUp(Slices * SliceSteps);
            synapses.AddRange(PlasticSynapses.Of(shard.Tables));
        }

        events = shards.Sum(s => s.Events);
        Array.ForEach(shards, s => s.Tables.Dispose());
        return synapses;
    }

    /// <summary>No allocation once buffers have grown, whatever the model.</summary>
    [Theory]
    [MemberData(nameof(PlasticTablesTests.Models), MemberType = typeof(PlasticTablesTests))]
    public void A_step_allocates_nothing(string model)
    {
        var found = SynapseModels.Find(model)!;
        using var tables = PlasticTables.Build(found, found.DefaultParameters(), Projection(0, Targets), 0.1, 0, isDouble: false);
        var spikes = Enumerable.Range(0, 400).Select(SpikesOfSources).ToArray();
        var input = new float[Targets];
        Drive(tables, spikes, input, 0, 1500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drive(tables, spikes, input, 1500, 3000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        // The canary: the counter counts.
        var kept = new byte[1];
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > before && kept.Length == 1);
    }

    private static void Drive(PlasticTables tables, int[][] spikes, float[] input, int first, int last)
    {
        fixed (float* x = input)
        {
            for (var step = first; step < last; step++)
            {
                tables.PrefetchFirst(step);
                tables.Deliver(step, x);
                fixed (int* s = spikes[step % spikes.Length])
                {
                    tables.NoteTargets(step, s, spikes[step % spikes.Length].Length);
                    tables.File(step, s, spikes[step % spikes.Length].Length);
                }

                if (step % 50 == 0)
                {
                    tables.NoteDopamine(step, 1);
                }
            }
        }
    }

    private static int[] Advance(double[] potentials, int first, double[] input)
    {
        var spikes = new List<int>();
        for (var i = 0; i < input.Length; i++)
        {
            potentials[first + i] += input[i];
            if (potentials[first + i] > 9)
            {
                potentials[first + i] = 0;
                spikes.Add(first + i);
            }
        }

        return [.. spikes];
    }

    private static int[] SpikesOfSources(int step) => [.. Enumerable.Range(0, Sources).Where(s => ((step * 7) + (s * 13)) % 29 == 0)];

    private static PlasticRun Build(int first, int last)
    {
        var model = SynapseModels.Find("stdp_synapse")!;
        var parameters = model.DefaultParameters();
        parameters[model.ParameterTable.Single(p => p.Name == "Wmax").Index] = 2;
        return new PlasticRun(PlasticTables.Build(model, parameters, Projection(first, last), 0.1, 0, isDouble: false), last - first, isDouble: false);
    }

    private static ShardProjection Projection(int first, int last) => new()
    {
        Rule = new FixedIndegreeRule { SourceCount = Sources, TargetCount = Targets, Indegree = 12, Key = StreamKey.Derive(1, "by hand") },
        Weight = ValueDistribution.Constant(1),
        Delay = new DelayDistribution(ValueDistribution.Uniform(0.5, 0.9), 0.1),
        FirstTarget = first,
        LastTarget = last,
        OffsetIfPositive = 0,
        OffsetIfNegative = 0,
    };
}
