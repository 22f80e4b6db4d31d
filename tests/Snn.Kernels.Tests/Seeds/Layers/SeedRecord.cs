namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>Outputs as they come out, step by step.</summary>
internal sealed class SeedRecord
{
    private readonly Dictionary<string, List<double>> _data = [];

    public void Add(string name, IEnumerable<double> values)
    {
        if (!_data.TryGetValue(name, out var list))
        {
            _data[name] = list = [];
        }

        list.AddRange(values);
    }

    /// <summary>Those that the case has, in its shapes; a wrong number of values keeps a shape of its own, which is then a difference.</summary>
    public Dictionary<string, SeedTensor> Outputs(SeedCase golden)
    {
        var expected = golden.Outputs();
        return _data.Where(d => expected.ContainsKey(d.Key)).ToDictionary(
            d => d.Key, d => new SeedTensor(expected[d.Key].Data.Length == d.Value.Count ? expected[d.Key].Shape : [d.Value.Count], [.. d.Value]));
    }
}
