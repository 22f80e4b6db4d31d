using Snn.Actors.Networks;
using Snn.Kernels.Encoding;
using Snn.Kernels.Random;

namespace Snn.Actors.Simulation;

/// <summary>
/// An encoder at work on the driven neurons of a population on one shard. Which of them spike in a step is a function of the sample, the presentation and the step
/// alone: nothing of it needs to be in a snapshot.
/// </summary>
internal abstract class SampleCode
{
    /// <summary>Begins a presentation.</summary>
    /// <param name="presentation">Which it is.</param>
    /// <param name="values">Values of the sample, as they are in the file. [driven neuron of the shard]</param>
    /// <param name="previous">Those of the sample before; empty if it is the first.</param>
    public abstract void Begin(long presentation, ReadOnlySpan<float> values, ReadOnlySpan<float> previous);

    /// <summary>The spikes of a step of the presentation.</summary>
    /// <param name="step">Step of the simulation in which they are emitted.</param>
    /// <param name="within">The same, counted from the beginning of the presentation; not smaller than in the last call.</param>
    /// <param name="spiking">Receives the driven neurons that spike, ascending, as their place, or ~place for a negative spike.</param>
    /// <returns>How many spike.</returns>
    public abstract int Emit(long step, int within, Span<int> spiking);

    /// <summary>The code of an input's encoder.</summary>
    public static SampleCode Create(EncodedInput input, ShardTarget target, int[] selected, Network network)
    {
        var key = StreamKey.Derive(network.Seed, $"input {input.Name} -> {target.Population.Name}");
        return input.Encoder switch
        {
            SpikeEncoder.Rate rate => new RateSamples(rate, input.Scale, target, selected, key),
            SpikeEncoder.Latency latency => new LatencySamples(latency, input, network.DtMs, selected.Length),
            SpikeEncoder.Delta delta => new DeltaSamples(delta, input.Scale, selected.Length),
            SpikeEncoder.PoissonIntervals intervals => new IntervalSamples(intervals, input.Scale, network.DtMs, target.KeyFirst, selected, key),
            _ => throw new ArgumentException($"input '{input.Name}' has an unknown encoder", nameof(input)),
        };
    }

    /// <summary>Every neuron spikes with its probability in every step.</summary>
    private sealed unsafe class RateSamples(SpikeEncoder.Rate rate, double scale, ShardTarget target, int[] selected, StreamKey key) : SampleCode
    {
        private readonly ulong[] _bounds = new ulong[selected.Length];

        // Nothing is drawn beyond the last driven neuron.
        private readonly uint[] _words = new uint[selected.Length == 0 ? 0 : PopulationActor.Padded(selected[^1] + 1)];

        public override void Begin(long presentation, ReadOnlySpan<float> values, ReadOnlySpan<float> previous)
        {
            for (var i = 0; i < values.Length; i++)
            {
                _bounds[i] = RateCode.Bound(RateCode.Probability(values[i] * scale, rate.Gain, rate.Offset));
            }
        }

        public override int Emit(long step, int within, Span<int> spiking)
        {
            if (within < rate.FirstSpikeStep)
            {
                return 0;
            }

            fixed (uint* words = _words)
            {
                UniformColumns.Fill(key, step, target.KeyFirst, _words.Length, words);
            }

            return RateCode.Pick(_words, selected, _bounds, spiking);
        }
    }

    /// <summary>Every neuron spikes once, the sooner the larger its value.</summary>
    private sealed class LatencySamples : SampleCode
    {
        private readonly LatencyTimes _times;
        private readonly double _scale;
        private readonly int _steps;
        private readonly int[] _spikeSteps;

        public LatencySamples(SpikeEncoder.Latency latency, EncodedInput input, double dtMs, int count)
        {
            // Normalised times are those of all samples, whatever of them this shard sees.
            var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var value in input.Values.Span)
            {
                least = Math.Min(least, value * input.Scale);
                greatest = Math.Max(greatest, value * input.Scale);
            }

            (_scale, _steps, _spikeSteps) = (input.Scale, input.PresentSteps, new int[count]);
            _times = LatencyCode.Times(latency.Options(_steps, dtMs), least, greatest);
        }

        public override void Begin(long presentation, ReadOnlySpan<float> values, ReadOnlySpan<float> previous)
        {
            for (var i = 0; i < values.Length; i++)
            {
                _spikeSteps[i] = _times.StepOf(values[i] * _scale, _steps);
            }
        }

        public override int Emit(long step, int within, Span<int> spiking)
        {
            var count = 0;
            for (var i = 0; i < _spikeSteps.Length; i++)
            {
                if (_spikeSteps[i] == within)
                {
                    spiking[count++] = i;
                }
            }

            return count;
        }
    }

    /// <summary>A neuron spikes at the beginning of a presentation if its value has changed.</summary>
    private sealed class DeltaSamples(SpikeEncoder.Delta delta, double scale, int count) : SampleCode
    {
        private readonly sbyte[] _signs = new sbyte[count];

        public override void Begin(long presentation, ReadOnlySpan<float> values, ReadOnlySpan<float> previous)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var value = values[i] * scale;
                var before = previous.Length > 0 ? previous[i] * scale : delta.IsPadded ? value : 0;
                _signs[i] = DeltaCode.Spike(before, value, delta.Threshold, delta.HasOffSpikes);
            }
        }

        public override int Emit(long step, int within, Span<int> spiking)
        {
            var count = 0;
            for (var i = 0; i < _signs.Length && within == 0; i++)
            {
                if (_signs[i] != 0)
                {
                    spiking[count++] = _signs[i] > 0 ? i : ~i;
                }
            }

            return count;
        }
    }

    /// <summary>Every neuron spikes after intervals that are Poisson numbers of steps.</summary>
    private sealed class IntervalSamples(SpikeEncoder.PoissonIntervals intervals, double scale, double dtMs, int keyFirst, int[] selected, StreamKey key) : SampleCode
    {
        private readonly double[] _means = new double[selected.Length];
        private readonly int[] _drawn = new int[selected.Length];

        // Steps of the presentation after which the next spike has come; one of t steps is in step t - 1.
        private readonly long[] _next = new long[selected.Length];
        private long _presentation;

        public override void Begin(long presentation, ReadOnlySpan<float> values, ReadOnlySpan<float> previous)
        {
            _presentation = presentation;
            for (var i = 0; i < values.Length; i++)
            {
                _means[i] = PoissonIntervals.MeanInterval(values[i] * scale * intervals.RateHz, dtMs);
                (_drawn[i], _next[i]) = (0, _means[i] == 0 ? long.MaxValue : 0);
                Draw(i);
            }
        }

        public override int Emit(long step, int within, Span<int> spiking)
        {
            var count = 0;
            for (var i = 0; i < _next.Length; i++)
            {
                // A run that is resumed within a presentation passes over what came before.
                while (_next[i] <= within)
                {
                    Draw(i);
                }

                if (_next[i] == within + 1L)
                {
                    spiking[count++] = i;
                    Draw(i);
                }
            }

            return count;
        }

        private void Draw(int i)
        {
            if (_means[i] > 0)
            {
                _next[i] += PoissonIntervals.Draw(key, keyFirst + selected[i], _presentation, _drawn[i]++, _means[i]);
            }
        }
    }
}
