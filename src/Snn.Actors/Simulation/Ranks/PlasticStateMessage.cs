using Snn.Kernels.Plasticity;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>What plastic tables know of the past, from one rank to another.</summary>
internal static class PlasticStateMessage
{
    /// <summary>Sends a state.</summary>
    public static void Send(this PlasticState state, RankWriter to)
    {
        to.Write(state.Step);
        to.Write(state.SpikesKept);
        to.WriteArray<long>(state.LastSpikes);
        to.WriteArray<double>(state.SourceNumbers);
        to.WriteArray<long>(state.TargetSpikes);
        to.WriteArray<double>(state.TargetTraces);
        to.WriteArray<double>(state.TargetSlowTraces);
        to.WriteArray<(long, double)>(state.DopamineMarks);
        to.WriteArray<(long, double)>(state.DopamineSpikes);
    }

    /// <summary>Receives a state.</summary>
    public static PlasticState Receive(RankReader from) => new()
    {
        Step = from.Read<long>(),
        SpikesKept = from.Read<int>(),
        LastSpikes = from.ReadArray<long>(),
        SourceNumbers = from.ReadArray<double>(),
        TargetSpikes = from.ReadArray<long>(),
        TargetTraces = from.ReadArray<double>(),
        TargetSlowTraces = from.ReadArray<double>(),
        DopamineMarks = from.ReadArray<(long, double)>(),
        DopamineSpikes = from.ReadArray<(long, double)>(),
    };
}
