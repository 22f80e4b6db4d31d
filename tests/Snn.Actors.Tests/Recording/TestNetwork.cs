using Snn.Actors.Networks;

namespace Snn.Actors.Tests.Recording;

/// <summary>A network of one population E, of which all spikes are recorded, and what a test asks for.</summary>
internal static class TestNetwork
{
    public static Network Of(int neurons, Precision precision = Precision.Single, params ReadOnlySpan<StateRecording> state)
    {
        var builder = new NetworkBuilder("test") { Dt = 0.1, Duration = 100, Seed = 1, Precision = precision };
        builder.Population("E", neurons, "iaf_psc_exp");
        var network = builder.Build();
        return network with { Record = new Recordings { Spikes = network.Populations, State = [.. state] } };
    }

    public static Population Population(int neurons) => Of(neurons).Populations[0];
}
