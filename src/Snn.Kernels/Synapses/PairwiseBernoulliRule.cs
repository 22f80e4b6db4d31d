using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses;

/// <summary>
/// Every pair of a source and a target is connected with one probability, independently. A target draws the gaps between its
/// sources, which are geometric, so that the cost goes with the synapses and not with the pairs.
/// </summary>
/// <remarks>gap = floor(log u / log(1 - p)), u uniform in (0, 1] with 53 bits: Batagelj and Brandes 2005, doi:10.1103/PhysRevE.71.036113.</remarks>
public sealed class PairwiseBernoulliRule : ConnectionRule
{
    /// <inheritdoc/>
    public override string Name => "pairwise_bernoulli";

    /// <summary>Probability of a pair, in [0, 1].</summary>
    public required double Probability { get; init; }

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) => Probability * SourceCandidates * (last - first);

    private protected override IEnumerable<string> FindProblems()
    {
        if (!(Probability >= 0 && Probability <= 1))
        {
            yield return Text($"pairwise_bernoulli with probability {Probability} is not possible; use a number from 0 to 1");
        }
    }

    private protected override void DrawRange(int first, int last, SynapseWriter writer)
    {
        if (Probability == 0)
        {
            return;
        }

        // At p = 1 the logarithm has no value; any gap is then zero.
        var scale = Probability == 1 ? 0 : 1 / LogOneMinus(Probability);
        var logs = new double[SynapseBatch.Capacity];
        for (var target = first; target < last; target++)
        {
            DrawTarget(target, scale, logs, writer);
        }
    }

    /// <summary>log(1 - p), exact to a few units in the last place for small p too.</summary>
    private static double LogOneMinus(double p)
    {
        if (p > 0.01)
        {
            return LaneMath.Log(1 - p);
        }

        // - (p + p^2 / 2 + p^3 / 3 + ...), from the inside out; the first term left out is below 1e-18 of the sum.
        var sum = 0.0;
        for (var k = 9; k >= 1; k--)
        {
            sum = (sum * p) + (1.0 / k);
        }

        return -p * sum;
    }

    private void DrawTarget(int target, double scale, double[] logs, SynapseWriter writer)
    {
        var self = ExcludesSelf ? target : int.MaxValue;
        double candidates = SourceCandidates;
        double next = 0;
        for (uint k = 0; next < candidates;)
        {
            // Somewhat more than are expected, so that a second draw is rare; what is left over is dropped.
            var expected = (candidates - next) * Probability;
            var n = (int)Math.Min(writer.Room, expected + (3 * Math.Sqrt(expected)) + 8);
            writer.Draw(Key, k, (uint)target, DrawPurpose.ByTarget, n);
            Logarithms(writer.High, writer.Low, n, logs);
            var sources = writer.Batch.Sources.AsSpan(writer.Batch.Count, n);
            var count = 0;
            for (; count < n; count++)
            {
                next += Math.Floor(logs[count] * scale);
                if (!(next < candidates))
                {
                    break;
                }

                var source = (int)next;
                sources[count] = source >= self ? source + 1 : source;
                next++;
            }

            if (count > 0)
            {
                writer.Commit(count, target);
            }

            k += (uint)n;
        }
    }

    /// <summary>Logarithms of uniform numbers in (0, 1].</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void Logarithms(ReadOnlySpan<uint> high, ReadOnlySpan<uint> low, int count, double[] logs)
    {
        for (var i = 0; i < count; i++)
        {
            logs[i] = (((((ulong)high[i] << 32) | low[i]) >> 11) + 1) * (1.0 / (1UL << 53));
        }

        fixed (double* p = logs)
        {
            // Whole vectors: the array's length is a multiple of four, and what lies behind the count is not read.
            for (nint i = 0; i < count; i += F64x4.Count)
            {
                F64x4.Store(LaneMath.Log(F64x4.Load(p, i)), p, i);
            }
        }
    }
}
