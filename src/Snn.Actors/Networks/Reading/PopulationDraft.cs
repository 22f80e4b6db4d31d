using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Reading;

/// <summary>A population while it is being read: what is known of it so far, right or wrong.</summary>
internal sealed class PopulationDraft(string name, int index, At at)
{
    public string Name { get; } = name;

    public int Index { get; } = index;

    public At At { get; } = at;

    /// <summary>The reader of its object; null where it is no object.</summary>
    public ObjectReader? Reader { get; set; }

    /// <summary>Number of neurons; null where it was wrong.</summary>
    public int? Size { get; set; }

    /// <summary>How its neurons are arranged; empty where that was not given or wrong.</summary>
    public IReadOnlyList<int> Shape { get; set; } = [];

    /// <summary>Its model; null where it was wrong.</summary>
    public NeuronModel? Model { get; set; }

    /// <summary>What the file gives, own or by "like".</summary>
    public Dictionary<string, IReadOnlyList<Distribution>> Parameters { get; set; } = [];

    /// <summary>Initial values, own or by "like".</summary>
    public Dictionary<string, Distribution> Initial { get; set; } = [];

    /// <summary>Where each parameter of <see cref="Parameters"/> was given.</summary>
    public Dictionary<string, At> Places { get; } = [];

    /// <summary>The group that it is placed with; null where none was given, or a wrong one.</summary>
    public int? Place { get; set; }

    /// <summary>Whether "like" has been followed.</summary>
    public DraftState State { get; set; }

    /// <summary>The population as declared; only where nothing is wrong with it.</summary>
    public Population? Finished { get; set; }
}

/// <summary>How far "like" has been followed.</summary>
internal enum DraftState
{
    Untouched,
    InProgress,
    Done,
}
