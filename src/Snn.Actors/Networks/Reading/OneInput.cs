namespace Snn.Actors.Networks.Reading;

/// <summary>An input and one of its targets.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="Reader">Reads its keys.</param>
/// <param name="To">All its targets.</param>
/// <param name="Target">This target; null where none is right.</param>
/// <param name="Start">First step in which it is on.</param>
/// <param name="Stop">First step in which it is off again.</param>
internal sealed record OneInput(
    string Name, ObjectReader Reader, IReadOnlyList<PopulationDraft> To, PopulationDraft? Target, long Start, long Stop)
{
    /// <summary>The neurons of this target; null where they are wrong.</summary>
    public NeuronSelection? Neurons { get; set; }

    /// <summary>An array has one value a driven neuron.</summary>
    public ArrayShape PerNeuron() =>
        new(Neurons?.Count, "neuron", $"this input into {Say.Quote(Target?.Name ?? string.Empty)}");
}
