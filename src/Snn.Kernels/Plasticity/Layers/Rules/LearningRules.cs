namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>The learning rules of layered networks by name.</summary>
public static class LearningRules
{
    /// <summary>Every rule, sorted by name.</summary>
    public static IReadOnlyList<LayerRule> All { get; } = [new FedeStdp(), new Mstdpet(), new SnngrowStdp(), new SnntorchMstdpet(), new SnntorchStdp()];

    /// <summary>The rule of that name, or null.</summary>
    public static LayerRule? Find(string name) => All.FirstOrDefault(r => r.Name == name);
}
