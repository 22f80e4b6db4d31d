using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>Synaptic events that came later than they were due, by how late they were.</summary>
public sealed class LateEvents
{
    private readonly long[] _counts = new long[32];

    /// <summary>Events by lateness: number k has those that were late by 2^k to 2^(k+1) - 1 steps. [k]</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>All of them.</summary>
    public long Total => _counts.Sum();

    /// <summary>Some events were late.</summary>
    /// <param name="steps">By how much: 1 or more.</param>
    /// <param name="events">How many.</param>
    public void Add(long steps, long events) => _counts[BitOperations.Log2((uint)Math.Min(steps, uint.MaxValue))] += events;

    /// <summary>Adds what another has counted.</summary>
    public void Add(LateEvents other)
    {
        for (var k = 0; k < _counts.Length; k++)
        {
            _counts[k] += other.Counts[k];
        }
    }
}
