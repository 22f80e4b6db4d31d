using System.Globalization;
using System.Text.Json;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>An array of numbers with a shape, row by row, the last index fastest. An empty shape is a single number.</summary>
public sealed record SeedTensor(int[] Shape, double[] Data)
{
    /// <summary>The only number.</summary>
    public double Scalar => Data.Length == 1 ? Data[0] : throw new InvalidOperationException($"{Data.Length} numbers are not one");

    /// <summary>A tensor of zeros.</summary>
    public static SeedTensor Zeros(params int[] shape) => new(shape, new double[shape.Aggregate(1, (n, d) => n * d)]);

    /// <summary>Whether an element is a tensor.</summary>
    public static bool Is(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("shape", out _) && element.TryGetProperty("data", out _);

    /// <summary>The tensor, or a number as a tensor without a shape.</summary>
    public static SeedTensor Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return new SeedTensor([], [Number(element)]);
        }

        var shape = element.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ToArray();
        var data = element.GetProperty("data").EnumerateArray().Select(Number).ToArray();
        var size = shape.Aggregate(1, (n, d) => n * d);
        return data.Length == size ? new SeedTensor(shape, data) : throw new InvalidDataException($"{data.Length} numbers do not fill {size} places");
    }

    /// <summary>The slice at an index of the first axis.</summary>
    public SeedTensor At(int index)
    {
        var size = Data.Length / Shape[0];
        return new SeedTensor(Shape[1..], Data[(index * size)..((index + 1) * size)]);
    }

    /// <summary>The slices put together along a new first axis.</summary>
    public static SeedTensor Stack(IReadOnlyList<SeedTensor> slices) =>
        new([slices.Count, .. slices[0].Shape], [.. slices.SelectMany(s => s.Data)]);

    /// <summary>The same numbers in another shape.</summary>
    public SeedTensor Reshape(params int[] shape) => new(shape, Data);

    private static double Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => double.Parse(element.GetString()!, CultureInfo.InvariantCulture),
        _ => throw new InvalidDataException($"{element} is not a number"),
    };
}
