namespace Snn.Kernels.Neurons;

/// <summary>The models by name.</summary>
public static class NeuronModels
{
    /// <summary>Every model, sorted by name.</summary>
    public static IReadOnlyList<NeuronModel> All { get; } =
    [
        new IafPscExp(),
    ];

    /// <summary>The model of that name, or null.</summary>
    public static NeuronModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
