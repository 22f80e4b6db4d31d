namespace Snn.Kernels.Neurons;

/// <summary>The models by name.</summary>
public static class NeuronModels
{
    /// <summary>Every model, sorted by name.</summary>
    public static IReadOnlyList<NeuronModel> All { get; } =
    [
        new AeifCondAlpha(),
        new AeifCondExp(),
        new GifPscExp(),
        new HhPscAlpha(),
        new IafCondAlpha(),
        new IafCondExp(),
        new IafPscAlpha(),
        new IafPscDelta(),
        new IafPscExp(),
        new Izhikevich(),
        new Mat2PscExp(),
    ];

    /// <summary>The model of that name, or null.</summary>
    public static NeuronModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
