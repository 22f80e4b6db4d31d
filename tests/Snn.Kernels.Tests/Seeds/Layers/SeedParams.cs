using System.Text.Json;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>Parameters that PySNN takes as one number or as a pair.</summary>
internal static class SeedParams
{
    /// <summary>A pair (y, x): a list of two, or one number for both.</summary>
    public static (int Y, int X) Pair(SeedCase golden, string name, int byDefault)
    {
        if (!golden.Params.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.String)
        {
            return (byDefault, byDefault);
        }

        var numbers = Integers(value);
        return (numbers[0], numbers[^1]);
    }

    /// <summary>A whole number.</summary>
    public static int Integer(SeedCase golden, string name, int byDefault = 0) =>
        golden.Params.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? (int)value.GetDouble() : byDefault;

    /// <summary>A list of whole numbers, a tensor of them, or one.</summary>
    public static int[] Integers(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(v => (int)v.GetDouble())],
        _ => Array.ConvertAll(SeedTensor.Of(value).Data, v => (int)v),
    };
}
