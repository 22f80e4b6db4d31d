using Snn.Actors.Data;
using Snn.Kernels.Tests.Seeds;

namespace Snn.Actors.Tests.Seeds;

/// <summary>PySNN's event files, and events as arrays.</summary>
public sealed class FileIoRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["pysnn/fileio"];

    /// <summary>Files hold whole numbers.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) => golden.Kind["pysnn.file_io.".Length..] switch
    {
        "read_1d_spikes" => Of(Read(golden, EventFormat.OneD)),
        "read_2d_spikes" => Of(Read(golden, EventFormat.TwoD)),
        "read_3d_spikes" => Of(Read(golden, EventFormat.ThreeD)),
        "encode_1d_spikes" => Written(s => EventFile.Write(s, Given(golden), EventFormat.OneD)),
        "encode_2d_spikes" => Written(s => EventFile.Write(s, Given(golden), EventFormat.TwoD)),
        "encode_3d_spikes" => Written(s => EventFile.Write(s, Given(golden), EventFormat.ThreeD)),
        "encode_1d_num_spikes" => Counts(golden),
        "spike_array_to_events" => Of(Events.From(new SpikeArray(golden.Input("array").Shape, golden.Input("array").Data), SamplingTime(golden))),
        "Events.to_spike_tensor" => Tensor(golden),
        "Events.to_spike_array" => Array(golden),
        var other => throw new InvalidDataException($"{other} is no function that this runner knows"),
    };

    private static double SamplingTime(SeedCase golden) => golden.Param("sampling_time", 1).Scalar;

    private static int[] Whole(SeedTensor tensor) => System.Array.ConvertAll(tensor.Data, x => (int)x);

    private static int[]? WholeList(SeedCase golden, string name) =>
        golden.Params.TryGetProperty(name, out var list) && list.ValueKind == System.Text.Json.JsonValueKind.Array ? [.. list.EnumerateArray().Select(e => e.GetInt32())] : null;

    private static Events Read(SeedCase golden, EventFormat format) =>
        EventFile.Read(new MemoryStream(System.Array.ConvertAll(golden.Input("bytes").Data, b => (byte)b)), format);

    private static Events Given(SeedCase golden) => new(
        Whole(golden.Input("x")), golden.OptionalInput("y") is { } y ? Whole(y) : null, Whole(golden.Input("p")), golden.Input("t").Data);

    private static SeedTensor Line(IEnumerable<double> numbers)
    {
        double[] data = [.. numbers];
        return new SeedTensor([data.Length], data);
    }

    private static SeedTensor Line(IEnumerable<int> numbers) => Line(numbers.Select(n => (double)n));

    private static Dictionary<string, SeedTensor> Of(Events events)
    {
        var outputs = new Dictionary<string, SeedTensor> { ["x"] = Line(events.X), ["p"] = Line(events.Polarity), ["t"] = Line(events.TimesMs) };
        if (events.Y is { } y)
        {
            outputs["y"] = Line(y);
        }

        return outputs;
    }

    private static Dictionary<string, SeedTensor> Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return new Dictionary<string, SeedTensor> { ["bytes"] = Line(stream.ToArray().Select(b => (int)b)) };
    }

    private static Dictionary<string, SeedTensor> Counts(SeedCase golden)
    {
        var counts = new SpikeCounts(
            Whole(golden.Input("neuron_id")), golden.Input("t_start_ms").Data, golden.Input("t_end_ms").Data, Whole(golden.Input("n_spikes")));
        var outputs = Written(counts.Write);
        var read = SpikeCounts.Read(new MemoryStream(System.Array.ConvertAll(outputs["bytes"].Data, b => (byte)b)));
        outputs["read_neuron_id"] = Line(read.Neurons);
        outputs["read_t_start_ms"] = Line(read.StartsMs);
        outputs["read_t_end_ms"] = Line(read.EndsMs);
        outputs["read_n_spikes"] = Line(read.Counts);
        return outputs;
    }

    private static Dictionary<string, SeedTensor> Tensor(SeedCase golden)
    {
        var shape = WholeList(golden, "shape")!;
        var tensor = Given(golden).ToSpikeTensor(shape, SamplingTime(golden));
        int[] cells = [.. Enumerable.Range(0, tensor.Values.Length).Where(i => tensor.Values[i] != 0)];
        var indices = cells.SelectMany(c => Enumerable.Range(0, shape.Length).Select(axis => (double)(c / shape.Skip(axis + 1).Aggregate(1, (n, d) => n * d) % shape[axis])));
        return new Dictionary<string, SeedTensor>
        {
            ["nonzero_index"] = new([cells.Length, shape.Length], [.. indices]),
            ["value"] = new([], [cells.Select(c => tensor.Values[c]).Distinct().Single()]),
        };
    }

    private static Dictionary<string, SeedTensor> Array(SeedCase golden)
    {
        var array = Given(golden).ToSpikeArray(SamplingTime(golden), WholeList(golden, "dim"));
        return new Dictionary<string, SeedTensor> { ["array"] = new([.. array.Shape], array.Values) };
    }
}
