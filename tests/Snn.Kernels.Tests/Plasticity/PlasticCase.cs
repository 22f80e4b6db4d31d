using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Snn.Kernels.Tests.Synapses;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>How a case is run: nothing of it may show in what comes out.</summary>
/// <param name="Lanes">Lanes.</param>
/// <param name="IsDouble">Precision, which may show.</param>
/// <param name="Shards">Parts that the targets are cut into.</param>
/// <param name="SliceSteps">Steps after which spikes of sources are filed; at most the shortest delay.</param>
/// <param name="History">Spikes that are kept of a target; 0: as many as seem good.</param>
/// <param name="FirstStep">Step that the run begins with.</param>
/// <param name="SnapshotStep">Step before which everything is taken to other tables; 0: none.</param>
/// <param name="ShardsAfter">Parts after that.</param>
internal sealed record PlasticSetting(
    int Lanes, bool IsDouble, int Shards = 1, int SliceSteps = 1, int History = 0, long FirstStep = 0, int SnapshotStep = 0, int ShardsAfter = 1);

/// <summary>What came out of a run.</summary>
/// <param name="Inputs">What each step added to each target. [step][target]</param>
/// <param name="Synapses">All synapses, caught up at the end, in canonical order.</param>
/// <param name="Events">Weights that were added.</param>
/// <param name="RowsCaughtUp">Rows that were visited without a spike of their own.</param>
internal sealed record PlasticResult(double[][] Inputs, PlasticSynapse[] Synapses, long Events, long RowsCaughtUp)
{
    public IEnumerable<long> Bits() => Inputs.SelectMany(x => x).Concat(Synapses.SelectMany(s => new[] { s.Weight, s.Second, s.Source, s.Target, s.DelaySteps }))
        .Select(BitConverter.DoubleToInt64Bits);
}

/// <summary>A random plastic projection between two populations that spike at random.</summary>
internal sealed class PlasticCase
{
    private readonly ConnectionRule _rule;
    private readonly ValueDistribution _weight;
    private readonly DelayDistribution _delay;

    public PlasticCase(ulong seed, SynapseModel? model = null)
    {
        var word = new Word(seed);
        Model = model ?? SynapseModels.All[word.Next(SynapseModels.All.Count)];
        SourceCount = 1 + word.Next(12);
        TargetCount = 1 + word.Next(40);
        _rule = RandomRules.Make(word.Next(RandomRules.Kinds), SourceCount, TargetCount, word, StreamKey.Derive(seed, "plastic"));
        var least = 1 + word.Next(4);
        _delay = new DelayDistribution(ValueDistribution.Uniform(0.1 * least, 0.1 * (least + word.Next(9))), 0.1);
        MinDelaySteps = _delay.MinSteps;
        Values = Draw(word);
        var isNegative = Values.GetValueOrDefault("Wmax") < 0;
        _weight = isNegative ? ValueDistribution.Uniform(-1, -0.2) : ValueDistribution.Uniform(0.2, 1);
        Pre = Trains(word, SourceCount, 2 + word.Next(30));
        Post = Trains(word, TargetCount, 2 + word.Next(30));
        Dopamine = Trains(word, 1, 40)[0];
    }

    public const double DtMs = 0.1;

    public const int Steps = 400;

    public SynapseModel Model { get; }

    public int SourceCount { get; }

    public int TargetCount { get; }

    public int MinDelaySteps { get; }

    /// <summary>Parameters by name.</summary>
    public Dictionary<string, double> Values { get; }

    /// <summary>Whether a neuron spikes in a step. [neuron][step]</summary>
    public bool[][] Pre { get; }

    /// <summary>The same for the targets.</summary>
    public bool[][] Post { get; }

    /// <summary>Whether a dopamine spike comes in a step.</summary>
    public bool[] Dopamine { get; }

    /// <summary>The synapses as they start, drawn as static ones are.</summary>
    public PlasticSynapse[] Synapses(bool isDouble)
    {
        var drawn = new StaticSynapses();
        SynapseReadout.Visit([Projection(0, TargetCount)], 0, isDouble ? WeightFormat.Double : WeightFormat.Single, drawn);
        return [.. drawn.All];
    }

    public PlasticResult Run(PlasticSetting setting)
    {
        var shards = Build(setting, setting.Shards);
        var inputs = new double[Steps][];
        long events = 0;
        for (var step = 0; step < Steps; step++)
        {
            if (step == setting.SnapshotStep && step > 0)
            {
                shards = Move(shards, setting, step);
            }

            inputs[step] = [.. shards.SelectMany(s => s.Deliver(setting.FirstStep + step))];
            foreach (var shard in shards)
            {
                // The shard passes over the spikes of targets that are not its own.
                shard.NoteTargets(setting.FirstStep + step, Spikes(Post, step));
                if ((step + 1) % setting.SliceSteps == 0)
                {
                    FileSlice(shard, setting, step);
                }
            }
        }

        var synapses = new List<PlasticSynapse>();
        var caughtUp = shards.Sum(s => s.Tables.RowsCaughtUp);
        foreach (var shard in shards)
        {
            shard.Tables.CatchUp(setting.FirstStep + Steps);
            synapses.AddRange(PlasticSynapses.Of(shard.Tables));
            events += shard.Events;
            shard.Tables.Dispose();
        }

        return new PlasticResult(inputs, [.. synapses], events, caughtUp);
    }

    public static int[] Spikes(bool[][] trains, int step) => [.. Enumerable.Range(0, trains.Length).Where(i => trains[i][step])];

    private void FileSlice(PlasticRun shard, PlasticSetting setting, int lastStep)
    {
        for (var step = lastStep - setting.SliceSteps + 1; step <= lastStep; step++)
        {
            shard.File(setting.FirstStep + step, Spikes(Pre, step));
            if (Dopamine[step] && Model.UsesDopamine)
            {
                shard.Tables.NoteDopamine(setting.FirstStep + step, 1);
            }
        }
    }

    /// <summary>All that a snapshot keeps, to other tables on other shards.</summary>
    private PlasticRun[] Move(PlasticRun[] from, PlasticSetting setting, int step)
    {
        // The state first: taking it catches up.
        var state = PlasticState.Join([.. from.Select(s => s.Tables.Capture(setting.FirstStep + step))]);
        var numbers = PlasticNumbers.Join([.. from.Select(s => s.CaptureNumbers())]);
        Array.ForEach(from, s => s.Tables.Dispose());
        var to = Build(setting, setting.ShardsAfter);
        for (var shard = 0; shard < to.Length; shard++)
        {
            // A life before, which must leave nothing.
            to[shard].NoteTargets(setting.FirstStep, [0, TargetCount - 1]);
            to[shard].File(setting.FirstStep, [0]);

            var first = TargetCount * shard / to.Length;
            to[shard].Tables.Restore(state.Part(first, TargetCount * (shard + 1) / to.Length));
            to[shard].RestoreNumbers(numbers, first);
            for (var emitted = 0; emitted < step; emitted++)
            {
                to[shard].File(setting.FirstStep + emitted, Spikes(Pre, emitted), setting.FirstStep + step);
            }
        }

        return to;
    }

    private PlasticRun[] Build(PlasticSetting setting, int shards) => [.. Enumerable.Range(0, shards).Select(shard =>
    {
        var (first, last) = (TargetCount * shard / shards, TargetCount * (shard + 1) / shards);
        var tables = PlasticTables.Build(
            Model, Parameters(), Projection(first, last), DtMs, setting.Lanes, setting.IsDouble, setting.History);
        return new PlasticRun(tables, last - first, setting.IsDouble);
    })];

    private double[] Parameters() => [.. Model.ParameterTable.Select(p => Values[p.Name])];

    private ShardProjection Projection(int first, int last) => new()
    {
        Rule = _rule,
        Weight = _weight,
        Delay = _delay,
        FirstTarget = first,
        LastTarget = last,
        OffsetIfPositive = 0,
        OffsetIfNegative = 0,
    };

    private Dictionary<string, double> Draw(Word word)
    {
        double Between(double low, double high) => low + ((high - low) * word.Next(1000) / 1000.0);
        var values = new Dictionary<string, double>();
        foreach (var p in Model.ParameterTable)
        {
            values[p.Name] = p.Name switch
            {
                "pairing" => Model.Name == "stdp_synapse" || Model.Name == "stdp_pl_synapse_hom" ? word.Next(4) : p.Info.Default,
                "mu_plus" or "mu_minus" => word.Next(3) / 2.0,
                "Wmax" => Model.Name == "stdp_dopamine_synapse" || word.Coin() ? 1.1 : -1.1,
                "Wmin" => 0.1,

                // From 1 on weights would grow without end.
                "mu" => Between(0.2, 0.9),
                "lambda" or "eta" => Between(0.01, 0.1),
                "Aplus" or "Aminus" or "Aplus_triplet" or "Aminus_triplet" => Between(0.01, 0.05),
                "tau_fac" => word.Coin() ? 0 : Between(1, 50),
                "y" or "b" => 0.05,
                "U" or "u" or "x" => Between(0.1, 0.9),
                var name when name.StartsWith("tau", StringComparison.Ordinal) => Between(1, 30),
                _ => Between(0.5, 1.5),
            };
        }

        return values;
    }

    private static bool[][] Trains(Word word, int neurons, int stepsBetween) =>
        [.. Enumerable.Range(0, neurons).Select(_ => Enumerable.Range(0, Steps).Select(_ => word.Next(stepsBetween) == 0).ToArray())];

    private sealed class StaticSynapses : ISynapseVisitor
    {
        public List<PlasticSynapse> All { get; } = [];

        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<double> weights, ReadOnlySpan<int> delaySteps)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                All.Add(new PlasticSynapse(sources[i], targets[i], delaySteps[i], weights[i], 0));
            }
        }
    }
}
