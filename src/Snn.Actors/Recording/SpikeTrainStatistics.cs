namespace Snn.Actors.Recording;

/// <summary>
/// Counts spikes and inter-spike intervals of the neurons of a shard as they occur. Sums are whole numbers of steps, so nothing depends on
/// the cut into shards until the last division.
/// </summary>
/// <remarks>The coefficient of variation is that of a neuron's intervals (population standard deviation over mean), for neurons with at
/// least two intervals, averaged over neurons. 32 bytes a neuron.</remarks>
/// <param name="first">First neuron of the shard.</param>
/// <param name="count">Neurons of the shard.</param>
public sealed class SpikeTrainStatistics(int first, int count)
{
    private readonly Train[] _trains = new Train[count];
    private readonly int _first = first;

    /// <summary>First neuron of the shard.</summary>
    public int First => _first;

    /// <summary>Neurons of the shard.</summary>
    public int Count => _trains.Length;

    /// <summary>Spikes so far.</summary>
    public long Spikes { get; private set; }

    /// <summary>Counts the spikes of a step.</summary>
    /// <param name="step">The step; greater than that of the last call.</param>
    /// <param name="neurons">Indices in the population, within the shard.</param>
    public void Add(long step, ReadOnlySpan<int> neurons)
    {
        var trains = _trains;
        foreach (var neuron in neurons)
        {
            ref var train = ref trains[neuron - _first];
            if (train.NextStep > 0)
            {
                var interval = step + 1 - train.NextStep;
                train.Intervals++;
                train.Sum += interval;
                train.SumOfSquares += (double)interval * interval;
            }

            train.NextStep = step + 1;
        }

        Spikes += neurons.Length;
    }

    /// <summary>Writes the trains to their places in arrays: of the whole population, or of neurons from another first one on.</summary>
    internal void CopyTo(Snapshots.SpikeTrainArrays arrays, int firstOfArrays = 0)
    {
        for (var i = 0; i < _trains.Length; i++)
        {
            ref readonly var train = ref _trains[i];
            var place = _first - firstOfArrays + i;
            arrays.NextStep[place] = train.NextStep;
            arrays.Intervals[place] = train.Intervals;
            arrays.Sum[place] = train.Sum;
            arrays.SumOfSquares[place] = train.SumOfSquares;
        }
    }

    /// <summary>Goes on from such arrays.</summary>
    /// <param name="arrays">The arrays.</param>
    /// <param name="spikes">Spikes to count in this shard: one shard takes those of all.</param>
    /// <param name="firstOfArrays">The neuron that the arrays begin with.</param>
    internal void Restore(Snapshots.SpikeTrainArrays arrays, long spikes, int firstOfArrays = 0)
    {
        for (var i = 0; i < _trains.Length; i++)
        {
            var place = _first - firstOfArrays + i;
            _trains[i] = new Train
            {
                NextStep = arrays.NextStep[place],
                Intervals = arrays.Intervals[place],
                Sum = arrays.Sum[place],
                SumOfSquares = arrays.SumOfSquares[place],
            };
        }

        Spikes = spikes;
    }

    /// <summary>Mean coefficient of variation over the neurons of all shards of a population; null if no neuron has two intervals.</summary>
    /// <param name="shards">The shards, in order of their neurons.</param>
    public static double? MeanCv(IEnumerable<SpikeTrainStatistics> shards)
    {
        var sum = 0.0;
        var neurons = 0;
        foreach (var shard in shards)
        {
            foreach (ref readonly var train in shard._trains.AsSpan())
            {
                if (train.Intervals >= 2)
                {
                    sum += train.Cv;
                    neurons++;
                }
            }
        }

        return neurons > 0 ? sum / neurons : null;
    }

    /// <summary>Neurons of a population that never spiked, in no batch item.</summary>
    /// <param name="shards">The shards of the population.</param>
    /// <param name="neurons">Its size: the neurons of one batch item.</param>
    public static int SilentNeurons(IEnumerable<SpikeTrainStatistics> shards, int neurons)
    {
        var spiked = new bool[neurons];
        foreach (var shard in shards)
        {
            for (var i = 0; i < shard._trains.Length; i++)
            {
                spiked[(shard._first + i) % neurons] |= shard._trains[i].NextStep > 0;
            }
        }

        return spiked.Count(s => !s);
    }

    private struct Train
    {
        /// <summary>Step after the last spike; 0 before the first, so that zeroed memory is a silent neuron.</summary>
        public long NextStep;

        public long Intervals;

        public long Sum;

        /// <summary>Exact below 2^53 square steps: a neuron silent for 9 000 s of 0.1 ms steps; beyond, rounded in the neuron's own order.</summary>
        public double SumOfSquares;

        public readonly double Cv
        {
            get
            {
                var mean = (double)Sum / Intervals;
                var variance = (SumOfSquares / Intervals) - (mean * mean);
                return Math.Sqrt(Math.Max(variance, 0)) / mean;
            }
        }
    }
}
