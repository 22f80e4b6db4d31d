namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the rewards that stand among the inputs.</summary>
internal sealed class RewardReader(Problems problems, Targets targets, ArrayFiles files, double dtMs)
{
    private readonly Dictionary<string, Reward?> _rewards = [];

    /// <summary>All rewards, by name; null where one is wrong.</summary>
    public IReadOnlyDictionary<string, Reward?> Rewards => _rewards;

    /// <summary>Reads one.</summary>
    public void Read(string name, ObjectReader reader)
    {
        var value = reader.Optional("value");
        var file = reader.Optional("file");
        var of = reader.Optional("of");
        var wanted = reader.Optional("wanted");
        var every = reader.Optional("every") is { } e ? (int?)Values.Steps(problems, e, "every", dtMs, 1, int.MaxValue) : 1;
        var right = reader.Optional("right") is { } r ? Values.Number(problems, r, new Quantity("right", string.Empty)) : 1;
        var wrong = reader.Optional("wrong") is { } w ? Values.Number(problems, w, new Quantity("wrong", string.Empty)) : -1;
        reader.Close();
        _rewards[name] = null;
        if (!targets.IsLayered)
        {
            problems.Add(reader.At, "rewards belong to the learning rules of layered networks; remove it, or add \"batch\": 1 to the network");
            return;
        }

        if (new[] { value is not null, file is not null, of is not null || wanted is not null }.Count(given => given) > 1)
        {
            problems.Add(reader.At, "a reward is a \"value\", a \"file\", or \"of\" a population whose spikes are \"wanted\" or not; give one of the three");
            return;
        }

        if (every is null || right is null || wrong is null)
        {
            return;
        }

        _rewards[name] = value is { } v ? (Values.Number(problems, v, new Quantity("value", string.Empty)) is { } number ? new Reward.Constant(number) { Name = name } : null)
            : file is { } f ? Listed(name, f, every.Value)
            : of is not null || wanted is not null ? Critic(name, reader, every.Value, right.Value, wrong.Value)
            : new Reward.FromProgram { Name = name };
    }

    private Reward.Listed? Listed(string name, At at, int every)
    {
        var (path, values) = files.ReadAny(at);
        if (values is null)
        {
            return null;
        }

        if (values.Shape.Count is 1 || (values.Shape.Count == 2 && (values.Shape[1] == targets.Items || values.Shape[1] == 1)))
        {
            return new Reward.Listed(path, values, every) { Name = name };
        }

        problems.Add(at, $"a file of rewards has one number a row, or one for each of the {Say.Some(targets.Items, "batch item")}; this one has the shape {Say.Shape(values.Shape)}");
        return null;
    }

    private Reward.Critic? Critic(string name, ObjectReader reader, int every, double right, double wrong)
    {
        var of = reader.Required("of", "\"of\": \"out\" (a population)") is { } o && Values.Text(problems, o, "the name of a population") is { } population
            ? targets.Find(population, o) : null;
        if (reader.Required("wanted", "\"wanted\": \"targets.npy\" (1 where a spike is right, one row every \"every\")") is not { } at)
        {
            return null;
        }

        var (path, values) = files.ReadAny(at);
        if (values is null || of?.Finished is null)
        {
            return null;
        }

        var width = values.Shape.Skip(1).Aggregate(1L, (n, d) => n * d);
        if (values.Shape.Count >= 2 && values.Shape[0] > 0 && (width == of.Size || width == (long)of.Size!.Value * targets.Items))
        {
            return new Reward.Critic(of.Finished, path, values, every, right, wrong) { Name = name };
        }

        problems.Add(at, $"{Say.Quote(of.Name)} has {Say.Some(of.Size!.Value, "neuron")} in {Say.Some(targets.Items, "batch item")}, but the file has the shape {Say.Shape(values.Shape)}; give rows of one number a neuron, for all items or for each");
        return null;
    }
}
