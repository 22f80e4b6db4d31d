namespace Snn.Kernels.Plasticity;

/// <summary>The synapse models by name; the static one is not among them.</summary>
public static class SynapseModels
{
    /// <summary>Every model, sorted by name.</summary>
    public static IReadOnlyList<SynapseModel> All { get; } =
    [
        new StdpDopamineSynapse(),
        new StdpSynapse("stdp_nn_pre_centered_synapse", 3),
        new StdpSynapse("stdp_nn_restr_synapse", 2),
        new StdpSynapse("stdp_nn_symm_synapse", 1),
        new StdpPlSynapseHom(),
        new StdpSynapse("stdp_synapse", 0),
        new StdpTripletSynapse(),
        new Tsodyks2Synapse(),
        new TsodyksSynapse(),
        new VogelsSprekelerSynapse(),
    ];

    /// <summary>The model of that name, or null.</summary>
    public static SynapseModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
