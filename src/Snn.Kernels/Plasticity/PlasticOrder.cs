namespace Snn.Kernels.Plasticity;

/// <summary>
/// The canonical order of a shard's plastic synapses: (target, port, source, delay, synapse). In it the parts of all shards follow one another, so that it
/// does not depend on the partition. Tables hold synapses by (source, delay, place of target and port): a counter a place puts each where it belongs.
/// </summary>
internal sealed unsafe class PlasticOrder
{
    private readonly PlasticTable[] _tables;
    private readonly int[] _firstPlaces;
    private readonly int _targets;
    private readonly int[] _ports;
    private readonly long[] _begins;
    private readonly long[] _next;

    /// <param name="tables">All tables of the shard.</param>
    /// <param name="targets">Targets of the shard.</param>
    /// <param name="offsets">Where its ports begin in the input array, ascending.</param>
    public PlasticOrder(PlasticTable[] tables, int targets, int[] offsets)
    {
        _tables = tables;
        _targets = targets;
        _firstPlaces = [.. tables.Select(t => t.EntryBase - offsets[0])];
        _ports = [.. offsets.Select(o => o - offsets[0])];
        _begins = new long[_ports[^1] + targets];
        _next = new long[_begins.Length];
        Count();
        ToBegins();
    }

    /// <summary>How many synapses each target has. [target]</summary>
    public void CountSynapses(Span<int> counts)
    {
        var all = _tables.Sum(t => t.SynapseCount);
        for (var target = 0; target < _targets; target++)
        {
            counts[target] = (int)((target + 1 < _targets ? _begins[target + 1] : all) - _begins[target]);
        }
    }

    /// <summary>Copies the tables' numbers into canonical order.</summary>
    /// <param name="to">[synapse]</param>
    /// <param name="seconds">Whether the second numbers are meant, not the weights.</param>
    public void Capture(void* to, bool seconds)
    {
        _begins.CopyTo(_next, 0);
        fixed (long* next = _next)
        {
            for (var t = 0; t < _tables.Length; t++)
            {
                var table = _tables[t];
                var from = seconds ? table.Seconds : table.Weights;
                if (table.ElementBytes == sizeof(ulong))
                {
                    Capture((ulong*)from, table.Places, table.SynapseCount, next + _firstPlaces[t], (ulong*)to);
                }
                else
                {
                    Capture((uint*)from, table.Places, table.SynapseCount, next + _firstPlaces[t], (uint*)to);
                }
            }
        }
    }

    /// <summary>Gives the tables numbers that are in canonical order.</summary>
    /// <param name="from">[synapse]</param>
    /// <param name="seconds">Whether they are the second numbers, not the weights.</param>
    public void Restore(void* from, bool seconds)
    {
        _begins.CopyTo(_next, 0);
        fixed (long* next = _next)
        {
            for (var t = 0; t < _tables.Length; t++)
            {
                var table = _tables[t];
                var to = seconds ? table.Seconds : table.Weights;
                if (table.ElementBytes == sizeof(ulong))
                {
                    Restore((ulong*)from, table.Places, table.SynapseCount, next + _firstPlaces[t], (ulong*)to);
                }
                else
                {
                    Restore((uint*)from, table.Places, table.SynapseCount, next + _firstPlaces[t], (uint*)to);
                }
            }
        }
    }

    private static void Capture<T>(T* from, ushort* places, long count, long* next, T* to)
        where T : unmanaged
    {
        for (nint i = 0; i < (nint)count; i++)
        {
            to[next[places[i]]++] = from[i];
        }
    }

    private static void Restore<T>(T* from, ushort* places, long count, long* next, T* to)
        where T : unmanaged
    {
        for (nint i = 0; i < (nint)count; i++)
        {
            to[i] = from[next[places[i]]++];
        }
    }

    /// <summary>Counts the synapses of every place.</summary>
    private void Count()
    {
        fixed (long* counts = _begins)
        {
            for (var t = 0; t < _tables.Length; t++)
            {
                var places = _tables[t].Places;
                var of = counts + _firstPlaces[t];
                for (nint i = 0; i < (nint)_tables[t].SynapseCount; i++)
                {
                    of[places[i]]++;
                }
            }
        }
    }

    /// <summary>Turns counts into sums of what comes before, by target, then port.</summary>
    private void ToBegins()
    {
        var sum = 0L;
        for (var target = 0; target < _targets; target++)
        {
            foreach (var port in _ports)
            {
                var count = _begins[port + target];
                _begins[port + target] = sum;
                sum += count;
            }
        }
    }
}
