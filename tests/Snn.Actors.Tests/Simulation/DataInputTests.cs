using Snn.Actors.Data;
using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Actors.Tests.Data;
using Snn.Kernels.Encoding;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Inputs that show data: what arrives is what the encoders give, on any shard, from any step on.</summary>
public sealed class DataInputTests
{
    private const int Neurons = 200;
    private const int Samples = 3;
    private const int Present = 12;
    private const int Rest = 5;
    private const int Start = 4;
    private const int Delay = 2;

    public static TheoryData<string> Encoders => ["rate", "latency", "delta", "poisson_intervals"];

    /// <summary>[step, neuron]: spikes of weight 2 that arrive, each sample from step Start + Delay + k (Present + Rest) on.</summary>
    [Theory]
    [MemberData(nameof(Encoders))]
    public void What_arrives_is_what_the_encoder_gives(string encoder)
    {
        using var folder = new DataFolder();
        var network = Network(folder, encoder);
        var expected = Expected(encoder, network, steps: 80);
        Assert.Contains(expected.SelectMany(row => row), w => w != 0);
        Assert.Equal(expected, Arriving(network, 0, Neurons, 0, 80));
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Any_shard_and_any_first_step_see_the_same(string encoder)
    {
        using var folder = new DataFolder();
        var network = Network(folder, encoder);
        var whole = Arriving(network, 0, Neurons, 0, 80);
        foreach (var (first, count) in new[] { (0, 64), (64, 128), (192, 8) })
        {
            for (var from = 0; from < 80; from += 7)
            {
                Assert.Equal(whole.Skip(from).Select(row => row[first..(first + count)]), Arriving(network, first, count, from, 80 - from));
            }
        }
    }

    [Fact]
    public void Samples_begin_anew_where_they_are_repeated_and_stop_where_the_input_does()
    {
        using var folder = new DataFolder();
        var once = Arriving(Network(folder, "latency"), 0, Neurons, 0, 200);
        var again = Arriving(Network(folder, "latency", b => b.Repeat()), 0, Neurons, 0, 200);
        const int Period = Samples * (Present + Rest);
        Assert.All(once.Skip(Start + Delay + Period), row => Assert.All(row, w => Assert.Equal(0, w)));
        Assert.Equal(once.Skip(Start + Delay).Take(Period), again.Skip(Start + Delay).Take(Period));
        Assert.Equal(once.Skip(Start + Delay).Take(Period), again.Skip(Start + Delay + Period).Take(Period));
        var stopped = Arriving(Network(folder, "latency", b => b.Stop(20)), 0, Neurons, 0, 200);
        Assert.Equal(once.Take(20 + Delay), stopped.Take(20 + Delay));
        Assert.All(stopped.Skip(20 + Delay), row => Assert.All(row, w => Assert.Equal(0, w)));
    }

    /// <summary>Presentation k of item b has sample 2 k + b.</summary>
    [Fact]
    public void Batch_items_take_turns()
    {
        using var folder = new DataFolder();
        var one = Network(folder, "latency");
        var two = one with { Batch = 2 };
        var alone = Arriving(one, 0, Neurons, 0, 80);
        double[][] Presentation(double[][] rows, int k) => [.. rows.Skip(Start + Delay + (k * (Present + Rest))).Take(Present + Rest)];
        var items = Enumerable.Range(0, 2).Select(item => Arriving(two, 0, Neurons, 0, 80, item)).ToArray();
        Assert.Equal(Presentation(alone, 0), Presentation(items[0], 0));
        Assert.Equal(Presentation(alone, 1), Presentation(items[1], 0));
        Assert.Equal(Presentation(alone, 2), Presentation(items[0], 1));
        Assert.All(Presentation(items[1], 1), row => Assert.All(row, w => Assert.Equal(0, w)));

        // What is drawn is drawn for each item.
        var drawn = Network(folder, "rate", b => b.Samples(0, 1).Repeat()) with { Batch = 2 };
        Assert.NotEqual(Arriving(drawn, 0, Neurons, 0, 40, item: 0), Arriving(drawn, 0, Neurons, 0, 40, item: 1));
    }

    /// <summary>
    /// A layered network: threads share out the items and change nothing. Neurons that spike at every spike they receive show the samples: item b has the spikes of sample
    /// 4 k + b in presentation k.
    /// </summary>
    [Fact]
    public void Items_of_a_layered_network_see_their_own_samples()
    {
        using var folder = new DataFolder();
        folder.Npy("samples.npy", DataFolder.Numbers(8 * 60), 8, 3, 4, 5);
        folder.Events("events.bin", DataFolder.SomeEvents(500, 5, 4, 3, 80), EventFormat.ThreeD);
        Network Make(string batch) => Runs.FromText($$"""
            { "snn": 1, "name": "items", "dt": 1, "duration": 80, "seed": 1, {{batch}}
              "populations": {
                "image": { "shape": [3, 4, 5], "model": "iaf_psc_delta", "params": { "E_L": 0, "V_th": 10, "V_reset": 0, "t_ref": 1 }, "initial": { "V_m": 0 } },
                "drawn": { "shape": [3, 4, 5], "like": "image" }, "sensor": { "shape": [3, 4, 5], "like": "image" } },
              "inputs": {
                "late": { "model": "encode", "encoder": "latency", "tau": 2, "normalize": true, "file": "samples.npy", "present": 8, "rest": 2, "to": "image", "weight": 20, "delay": 1 },
                "rate": { "model": "encode", "encoder": "rate", "gain": 0.3, "file": "samples.npy", "present": 8, "rest": 2, "to": "drawn", "weight": 20, "delay": 1 },
                "events": { "model": "events", "file": "events.bin", "format": "3d", "to": "sensor", "weight": 20, "delay": 1 } } }
            """, folder.Path);
        var (log, alone) = (new SpikeLog(), new SpikeLog());
        var expected = Runs.Run(Make("\"batch\": 4,"), threads: 1, log: log);
        foreach (var threads in new[] { 2, 3, 4 })
        {
            Assert.Equal(expected.SpikeHash, Runs.Run(Make("\"batch\": 4,"), threads).SpikeHash);
        }

        Runs.Run(Make(""), log: alone);
        foreach (var (step, neuron) in log.Of(0))
        {
            var (presentation, item) = ((step - 1) / 10, neuron / 60);
            Assert.Contains((step + (10 * ((3 * presentation) + item)), neuron % 60), alone.Of(0));
        }

        Assert.Equal(8 * 60, log.Of(0).Count);
        Assert.Equal(alone.Of(2), log.Of(2).Where(s => s.Neuron < 60));
        var items = Enumerable.Range(0, 4).Select(i => log.Of(1).Where(s => s.Neuron / 60 == i).Select(s => (s.Step, s.Neuron % 60)).ToArray()).ToArray();
        Assert.All(items, i => Assert.NotEmpty(i));
        Assert.NotEqual(items[0], items[1]);
    }

    /// <summary>A rate of 200 Hz at a value of 1: all neurons of a sample together, at a false-alarm rate of 1e-8.</summary>
    [Theory]
    [InlineData("rate")]
    [InlineData("poisson_intervals")]
    public void Rates_in_hertz_are_rates(string encoder)
    {
        using var folder = new DataFolder();
        folder.Npy("flat.npy", Enumerable.Repeat(0.5f, 1000).ToArray(), 1, 1000);
        var builder = new NetworkBuilder { Dt = 0.5, Duration = 10, Directory = folder.Path };
        builder.Population("N", 1000, "iaf_psc_delta");
        builder.Encode("in", "N").File("flat.npy").Encoder(encoder).Rate(200).Present(1000).Weight(1).Delay(0.5);
        var rows = Arriving(builder.Build(), 0, 1000, 0, 2000);
        var spikes = rows.Sum(row => row.Sum());

        // 100 Hz of 1000 neurons in one second; the intervals are more regular than those of a Poisson process.
        var std = encoder == "rate" ? Math.Sqrt(100_000 * 0.95) : Math.Sqrt(100_000 / 20.0);
        Assert.InRange(spikes, 100_000 - (encoder == "rate" ? 0 : 1000) - (6 * std), 100_000 + (6 * std));
    }

    [Fact]
    public void A_fall_is_a_spike_of_the_other_sign()
    {
        using var folder = new DataFolder();
        folder.Npy("series.npy", [0.5f, 0, 0, 0.5f, 0.5f, 0.5f], 3, 2);
        var builder = new NetworkBuilder { Dt = 1, Duration = 10, Directory = folder.Path };
        builder.Population("N", 2, "iaf_psc_exp");
        builder.Encode("in", "N").File("series.npy").Encoder("delta").Present(1).Weight(new Distribution.Array([3, -4])).OffSpike();
        var network = builder.Build();
        Assert.Equal([[0, 0], [3, 0], [0, 0], [3, 0]], Arriving(network, 0, 2, 0, 4, port: 0));
        Assert.Equal([[0, 0], [0, 0], [-3, -4], [0, 0]], Arriving(network, 0, 2, 0, 4, port: 1));
    }

    [Theory]
    [InlineData(EventFormat.OneD)]
    [InlineData(EventFormat.TwoD)]
    [InlineData(EventFormat.ThreeD)]
    public void Events_arrive_at_their_neuron_in_their_step(EventFormat format)
    {
        using var folder = new DataFolder();
        var events = DataFolder.SomeEvents(400, 10, format == EventFormat.OneD ? null : 10, 2, 30);
        folder.Events("events.bin", events, format);
        int[] shape = format == EventFormat.OneD ? [2, 10] : [2, 10, 10];
        var places = shape.Aggregate((n, d) => n * d);
        var builder = new NetworkBuilder { Dt = 0.5, Duration = 10, Directory = folder.Path };
        builder.Population("N", places + 20, "iaf_psc_delta");
        builder.Events("in", "N").File("events.bin").Format(format).Shape(shape).Weight(2).Delay(1).Start(3).Neurons(5..(places + 5));
        var network = builder.Build();
        var expected = Enumerable.Range(0, 80).Select(_ => new double[places + 20]).ToArray();
        for (var i = 0; i < events.Count; i++)
        {
            var step = (int)Math.Round(events.TimesMs[i] / 0.5, MidpointRounding.ToEven);
            expected[step + 6 + 2][5 + (((events.Polarity[i] * (events.Y is null ? 1 : 10)) + (events.Y?[i] ?? 0)) * 10) + events.X[i]] = 2;
        }

        Assert.Equal(expected, Arriving(network, 0, places + 20, 0, 80));
        Assert.Equal(expected.Skip(33), Arriving(network, 0, places + 20, 33, 47));
    }

    /// <summary>The whole simulator: threads, lanes and orders of messages change nothing, nothing is allocated on the step path, and a resumed run goes on alike.</summary>
    [Theory]
    [InlineData("single")]
    [InlineData("double")]
    public void Network_and_seed_decide_every_spike(string precision)
    {
        using var folder = new DataFolder();
        var network = Everything(folder, precision);
        var expected = Runs.Run(network, threads: 2);
        Assert.Equal(0, expected.AllocatedBytes);
        Assert.All(expected.Populations, p => Assert.True(p.Spikes > 50, $"{p.Name}: {p.Spikes}"));
        foreach (var (threads, lanes) in new[] { (1, 0), (3, 0), (5, 0), (2, 1), (2, 8), (3, 16) })
        {
            var result = Runs.Run(network, threads, lanes);
            Assert.Equal(expected.SpikeHash, result.SpikeHash);
            Assert.Equal(expected.Populations, result.Populations);
        }

        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(expected.SpikeHash, Runs.Run(network, 1 + (int)(seed % 4), dispatcherSeed: seed).SpikeHash);
        }

        Assert.NotEqual(expected.SpikeHash, Runs.Run(network with { Seed = 2 }, threads: 2).SpikeHash);
    }

    [Fact]
    public void A_resumed_run_goes_on_alike()
    {
        using var folder = new DataFolder();
        var network = Everything(folder, "single");
        var snapshots = new List<Snapshot>();
        var policy = new SnapshotPolicy { EveryMs = 13, SkipsWhileBusy = false, Write = s => AddTo(snapshots, s) };
        var expected = Runs.Run(network, new SimulationOptions { Threads = 2, Snapshots = policy });
        Assert.InRange(snapshots.Count, 5, 20);
        foreach (var (snapshot, threads) in snapshots.Zip([1, 3, 2, 5, 1, 2, 3, 4]))
        {
            var result = Runs.Run(network, new SimulationOptions { Threads = threads, Resume = snapshot });
            Assert.Equal(expected.SpikeHash, result.SpikeHash);

            // The silent neurons too: those that spiked before the snapshot are not silent.
            Assert.Equal(expected.Populations, result.Populations);
        }

        Assert.Contains(expected.Populations, p => p.Silent > 0 && p.Silent < p.Neurons);
    }

    private static void AddTo(List<Snapshot> snapshots, Snapshot snapshot)
    {
        lock (snapshots)
        {
            snapshots.Add(snapshot.Copy());
        }
    }

    private static Network Network(DataFolder folder, string encoder, Func<InputBuilder, InputBuilder>? more = null)
    {
        folder.Npy("samples.npy", DataFolder.Numbers(Samples * Neurons), Samples, 10, 20);
        var builder = new NetworkBuilder { Dt = 1, Duration = 100, Directory = folder.Path };
        builder.Population("N", Neurons, "iaf_psc_delta");
        var input = builder.Encode("in", "N").File("samples.npy").Encoder(encoder).Present(Present).Rest(Rest).Start(Start).Delay(Delay).Weight(2);
        _ = encoder switch
        {
            "rate" => input.Gain(0.5).Offset(0.1).FirstSpikeTime(2),
            "latency" => input.Tau(3).Threshold(0.2).FirstSpikeTime(1).Normalize().Clip(),
            "delta" => input.Threshold(0.3).Scale(1.1).OffSpike(),
            _ => input.Rate(400),
        };
        return (more is null ? builder : Changed(builder, input, more)).Build();
    }

    private static NetworkBuilder Changed(NetworkBuilder builder, InputBuilder input, Func<InputBuilder, InputBuilder> more)
    {
        more(input);
        return builder;
    }

    /// <summary>What the encoders of Snn.Kernels give for all samples at once.</summary>
    private static double[][] Expected(string encoder, Network network, int steps)
    {
        var input = (EncodedInput)network.Inputs[0];
        var values = Array.ConvertAll(input.Values.ToArray(), v => v * input.Scale);
        var rows = Enumerable.Range(0, steps).Select(_ => new double[Neurons]).ToArray();
        var key = StreamKey.Derive(network.Seed, "input in -> N");
        for (var sample = 0; sample < Samples; sample++)
        {
            var begin = Start + (sample * (Present + Rest));
            var shown = values[(sample * Neurons)..((sample + 1) * Neurons)];
            for (var k = 0; k < Present; k++)
            {
                var (row, step) = (rows[begin + k + Delay], begin + k);
                for (var i = 0; i < Neurons; i++)
                {
                    row[i] = 2 * encoder switch
                    {
                        "rate" => k >= 2 && UniformColumns.Word(key, step, i) < RateCode.Bound((0.5 * shown[i]) + 0.1) ? 1 : 0,
                        "latency" => Latency(values)[(k * values.Length) + (sample * Neurons) + i],
                        "delta" => k == 0 ? Delta(values)[(sample * Neurons) + i] : 0,
                        _ => Intervals(key, sample, i, shown[i] * 400).Contains(k + 1) ? 1 : 0,
                    };
                }
            }
        }

        return rows;
    }

    private static double[] Latency(double[] values)
    {
        var output = new double[Present * values.Length];
        LatencyCode.Encode(new LatencyOptions { Steps = Present, Tau = 3, Threshold = 0.2, FirstSpikeStep = 1, Normalize = true, Clip = true }, values, output);
        return output;
    }

    private static sbyte[] Delta(double[] values)
    {
        var spikes = new sbyte[values.Length];
        DeltaCode.Encode(values, Neurons, spikes, 0.3, hasOffSpikes: true);
        return spikes;
    }

    /// <summary>Sums of the intervals of a neuron.</summary>
    private static List<long> Intervals(StreamKey key, int presentation, int neuron, double rateHz)
    {
        var times = new List<long>();
        for (var time = 0L; time <= Present;)
        {
            time += PoissonIntervals.Draw(key, neuron, presentation, times.Count, PoissonIntervals.MeanInterval(rateHz, 1));
            times.Add(time);
        }

        return times;
    }

    /// <summary>What an input's actor adds to a port of a part of a population in some steps. [step, neuron]</summary>
    private static double[][] Arriving(Network network, int first, int count, int fromStep, int steps, int item = 0, int port = 0)
    {
        var population = network.Populations[0];
        using var columns = new NumberColumns(population.Model.PortTable.Count, PopulationActor.Padded(count), isDouble: true);
        var target = new ShardTarget(population, first, count, columns, 0) { Item = item };
        using InputActor actor = network.Inputs[0] is EncodedInput encoded
            ? new EncodedInputActor(encoded, target, network)
            : new EventsInputActor((EventsInput)network.Inputs[0], target, network.Seed);
        var rows = new double[steps][];
        for (var k = 0; k < steps; k++)
        {
            actor.Add(fromStep + k);
            rows[k] = [.. Enumerable.Range(0, count).Select(i => columns[port, i])];
            for (var i = 0; i < count * columns.Columns; i++)
            {
                columns[i / count, i % count] = 0;
            }
        }

        return rows;
    }

    /// <summary>All encoders and events at once, with drawn weights, on populations that feed one another; some neurons of I hear nothing.</summary>
    private static Network Everything(DataFolder folder, string precision)
    {
        folder.Npy("samples.npy", DataFolder.Numbers(5 * 300), 5, 300);
        folder.Idx("images-idx3-ubyte.gz", [.. Enumerable.Range(0, 4 * 200).Select(i => (byte)(DataFolder.Number(i) * 256))], 4, 10, 20);
        folder.Events("events.bin", DataFolder.SomeEvents(3000, 10, 10, 2, 100), EventFormat.TwoD);
        return Runs.FromText($$"""
            { "snn": 1, "name": "data", "dt": 0.1, "duration": 150, "seed": 1, "precision": "{{precision}}",
              "populations": { "A": { "size": 300, "model": "iaf_psc_exp" }, "B": { "size": 200, "model": "iaf_cond_exp" }, "I": { "size": 300, "like": "A" } },
              "inputs": {
                "rate": { "model": "encode", "encoder": "rate", "rate": 500, "file": "samples.npy", "present": 20, "rest": 3, "repeat": true,
                          "to": ["A", "I"], "neurons": { "range": [0, 300] }, "weight": { "uniform": [-50, 200] }, "delay": 1.5 },
                "late": { "model": "encode", "encoder": "latency", "tau": 2, "normalize": true, "file": "samples.npy", "present": 7, "repeat": true, "to": "A", "weight": 900 },
                "change": { "model": "encode", "encoder": "delta", "off_spike": true, "threshold": 0.2, "file": "images-idx3-ubyte.gz", "present": 3, "repeat": true, "to": "B", "weight": 100 },
                "intervals": { "model": "encode", "encoder": "poisson_intervals", "rate": 800, "file": "images-idx3-ubyte.gz", "first": 1, "count": 2, "present": 30, "repeat": true, "start": 5, "to": "B", "weight": 80 },
                "events": { "model": "events", "file": "events.bin", "format": "2d", "shape": [2, 10, 10], "to": "I", "neurons": { "range": [50, 250] }, "weight": 800, "delay": 0.7 } },
              "projections": [
                { "from": "A", "to": ["A", "B"], "rule": { "fixed_indegree": 20 }, "weight": 5, "delay": 1.1 },
                { "from": "I", "to": "A", "rule": { "fixed_indegree": 20 }, "weight": -20, "delay": { "uniform": [0.3, 2] } } ] }
            """, folder.Path);
    }
}
