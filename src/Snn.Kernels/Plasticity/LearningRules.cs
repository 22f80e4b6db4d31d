using Snn.Kernels.Plasticity.Layers.Rules;

namespace Snn.Kernels.Plasticity;

/// <summary>The learning rules by name: of layered networks, and the synapse models of sparse ones.</summary>
public static class LearningRules
{
    /// <summary>Every rule, sorted by name.</summary>
    public static IReadOnlyList<LearningRule> All { get; } =
    [
        .. new LearningRule[] { new FedeStdp(), new Mstdpet(), new SnngrowStdp(), new SnntorchMstdpet(), new SnntorchStdp() }
            .Concat(SynapseModels.All)
            .OrderBy(r => r.Name, StringComparer.Ordinal),
    ];

    /// <summary>The rule of that name, or null.</summary>
    public static LearningRule? Find(string name) => All.FirstOrDefault(r => r.Name == name);
}
