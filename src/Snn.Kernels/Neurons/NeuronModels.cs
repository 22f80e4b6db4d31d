namespace Snn.Kernels.Neurons;

/// <summary>The models by name.</summary>
public static class NeuronModels
{
    /// <summary>Every model, sorted by name.</summary>
    public static IReadOnlyList<NeuronModel> All { get; } =
    [
        new AeifCondAlpha(),
        new AeifCondExp(),
        new AlphaSynapse(),
        new DeltaLeaky(),
        new GifPscExp(),
        new HhPscAlpha(),
        new IafCondAlpha(),
        new IafCondExp(),
        new IafPscAlpha(),
        new IafPscDelta(),
        new IafPscExp(),
        new Izhikevich(),
        new Lapicque(),
        new Leaky(),
        new Mat2PscExp(),
        new PySnnAdaptiveLif(),
        new PySnnFede(),
        new PySnnIf(),
        new PySnnInput(),
        new PySnnLif(),
        new Relay(),
        new RLeaky(),
        new SnngrowIf(),
        new SnngrowLif(),
        new StateLeaky(),
        new Synaptic(),
    ];

    /// <summary>The model of that name, or null.</summary>
    public static NeuronModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
