using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Snapshots;

/// <summary>The spike trains of a population as <see cref="Recording.SpikeTrainStatistics"/> counts them, one array a quantity. [neuron]</summary>
/// <param name="neurons">Size of the population.</param>
internal sealed class SpikeTrainArrays(int neurons)
{
    /// <summary>Step after the last spike; 0: none yet.</summary>
    public long[] NextStep { get; } = new long[neurons];

    /// <summary>Inter-spike intervals.</summary>
    public long[] Intervals { get; } = new long[neurons];

    /// <summary>Their sum, steps.</summary>
    public long[] Sum { get; } = new long[neurons];

    /// <summary>The sum of their squares, steps squared.</summary>
    public double[] SumOfSquares { get; } = new double[neurons];

    /// <summary>Sends the trains of some neurons to another rank.</summary>
    public void Send(RankWriter to, int first, int count)
    {
        to.WriteAll<long>(NextStep.AsSpan(first, count));
        to.WriteAll<long>(Intervals.AsSpan(first, count));
        to.WriteAll<long>(Sum.AsSpan(first, count));
        to.WriteAll<double>(SumOfSquares.AsSpan(first, count));
    }

    /// <summary>Takes the trains of some neurons from another rank.</summary>
    public void Receive(RankReader from, int first, int count)
    {
        from.ReadAll(NextStep.AsSpan(first, count));
        from.ReadAll(Intervals.AsSpan(first, count));
        from.ReadAll(Sum.AsSpan(first, count));
        from.ReadAll(SumOfSquares.AsSpan(first, count));
    }

    /// <summary>Reads the arrays of a population.</summary>
    public static SpikeTrainArrays From(Snapshot snapshot, string population, int neurons)
    {
        var trains = new SpikeTrainArrays(neurons);
        snapshot[SnapshotNames.Trains(population, "next_step")].As<long>().CopyTo(trains.NextStep);
        snapshot[SnapshotNames.Trains(population, "intervals")].As<long>().CopyTo(trains.Intervals);
        snapshot[SnapshotNames.Trains(population, "sum")].As<long>().CopyTo(trains.Sum);
        snapshot[SnapshotNames.Trains(population, "sum_of_squares")].As<double>().CopyTo(trains.SumOfSquares);
        return trains;
    }

    /// <summary>The arrays, copied.</summary>
    public IEnumerable<SnapshotArray> ToSnapshot(string population) =>
    [
        SnapshotArray.Of<long>(SnapshotNames.Trains(population, "next_step"), NextStep),
        SnapshotArray.Of<long>(SnapshotNames.Trains(population, "intervals"), Intervals),
        SnapshotArray.Of<long>(SnapshotNames.Trains(population, "sum"), Sum),
        SnapshotArray.Of<double>(SnapshotNames.Trains(population, "sum_of_squares"), SumOfSquares),
    ];
}
