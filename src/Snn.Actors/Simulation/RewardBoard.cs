using Snn.Actors.Networks;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Simulation;

/// <summary>
/// Computes rewards where a program, not a network file, says what they are. Called once a step, when all spikes of the step are known.
/// </summary>
/// <param name="spikes">The spikes of the step.</param>
/// <param name="rewards">Receives the reward of every batch item; zero at first. [item]</param>
public delegate void RewardFunction(StepSpikes spikes, Span<double> rewards);

/// <summary>The spikes of all populations of a layered network in one step.</summary>
public readonly ref struct StepSpikes
{
    private readonly RewardBoard _board;

    internal StepSpikes(RewardBoard board, long step) => (_board, Step) = (board, step);

    /// <summary>The step.</summary>
    public long Step { get; }

    /// <summary>Neurons of one batch item that spiked, ascending, counted from the item's first.</summary>
    /// <param name="population">Index of the population.</param>
    /// <param name="item">Batch item.</param>
    /// <param name="neurons">Receives them; room for all neurons of the population.</param>
    /// <returns>How many they are.</returns>
    public int Read(int population, int item, Span<int> neurons) => _board.Read(population, item, Step, neurons);
}

/// <summary>The rewards of a step, for every batch item: written by one party while all shards wait for each other, read by the rules of all.</summary>
internal sealed class RewardBoard
{
    private readonly Network _network;
    private readonly Partition _partition;
    private readonly RankOutboxes _outboxes;
    private readonly Reward[] _rewards;
    private readonly RewardFunction?[] _functions;
    private readonly double[][] _values;
    private readonly int[] _neurons;

    /// <param name="network">A layered network.</param>
    /// <param name="partition">Who owns which items.</param>
    /// <param name="outboxes">Spikes.</param>
    /// <param name="functions">Rewards that the program computes, by name.</param>
    public RewardBoard(Network network, Partition partition, RankOutboxes outboxes, IReadOnlyDictionary<string, RewardFunction> functions)
    {
        _network = network;
        _partition = partition;
        _outboxes = outboxes;
        _rewards = [.. network.Rewards];
        _functions = [.. network.Rewards.Select(r => functions.GetValueOrDefault(r.Name))];
        _values = [.. network.Rewards.Select(_ => new double[network.Items])];
        _neurons = new int[network.Populations.Max(p => p.Size)];
    }

    /// <summary>What is wrong with the rewards that a program gives: a network is not run without those that it asks for.</summary>
    public static IEnumerable<NetworkProblem> Problems(Network network, IReadOnlyDictionary<string, RewardFunction> functions) => network.Rewards
        .Where(r => r is Reward.FromProgram && !functions.ContainsKey(r.Name))
        .Select(r => new NetworkProblem(
            $"inputs.{r.Name}", 0, 0, "this reward says nothing of where it comes from; give \"value\", \"file\", or \"of\" and \"wanted\", or, in a program, a function in SimulationOptions.Rewards"));

    /// <summary>The values of a reward in the step computed last. [item]</summary>
    public double[] Values(Reward reward) => _values[System.Array.IndexOf(_rewards, reward)];

    /// <summary>Computes all rewards of a step that all shards have finished.</summary>
    public void Compute(long step)
    {
        for (var r = 0; r < _rewards.Length; r++)
        {
            var values = _values[r];
            System.Array.Clear(values);
            switch (_rewards[r])
            {
                case Reward.Constant c:
                    System.Array.Fill(values, c.Value);
                    break;
                case Reward.Listed list:
                    Fill(list, step, values);
                    break;
                case Reward.Critic critic:
                    Judge(critic, step, values);
                    break;
                default:
                    _functions[r]!(new StepSpikes(this, step), values);
                    break;
            }
        }
    }

    /// <summary>The neurons of an item that spiked.</summary>
    public int Read(int population, int item, long step, Span<int> neurons)
    {
        var size = _network.Populations[population].Size;
        var shard = 0;
        while (item >= (_partition.First(population, shard) + _partition.Count(population, shard)) / size)
        {
            shard++;
        }

        return Copy(_outboxes.OfShard(population, shard), step, item - (_partition.First(population, shard) / size), item * size, neurons);
    }

    private static unsafe int Copy(SpikeOutbox outbox, long step, int item, int first, Span<int> neurons)
    {
        var spikes = outbox.ReadItem(step, item, out var count);
        for (var i = 0; i < count; i++)
        {
            neurons[i] = spikes[i] - first;
        }

        return count;
    }

    private static void Fill(Reward.Listed list, long step, double[] values)
    {
        var row = step / list.EverySteps;
        if (row >= list.Values.Shape[0])
        {
            return;
        }

        var width = list.Values.Length / list.Values.Shape[0];
        for (var item = 0; item < values.Length; item++)
        {
            values[item] = list.Values[(int)(row * width) + (width == 1 ? 0 : item)];
        }
    }

    private void Judge(Reward.Critic critic, long step, double[] values)
    {
        var wanted = critic.Wanted;
        var width = wanted.Length / wanted.Shape[0];
        var row = (int)(step / critic.EverySteps % wanted.Shape[0]) * width;
        for (var item = 0; item < values.Length; item++)
        {
            var first = row + (width == critic.Of.Size ? 0 : item * critic.Of.Size);
            var count = Read(critic.Of.Index, item, step, _neurons);
            for (var i = 0; i < count; i++)
            {
                values[item] += wanted[first + _neurons[i]] != 0 ? critic.Right : critic.Wrong;
            }
        }
    }
}
