using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>A delay line of all items, as columns of spikes and as what a connection delivers of them.</summary>
internal sealed unsafe class DelayedSpikes : IDisposable
{
    private readonly LayerConnection _connection;
    private readonly DelayLines _lines;
    private readonly EventList _room;

    public DelayedSpikes(LayerConnection connection, int delay, int items, bool isDouble)
    {
        if (connection.DelaySteps is not [var steps] || steps != delay)
        {
            throw new ArgumentException($"the connection has other delays than {delay}");
        }

        _connection = connection;
        _lines = new DelayLines(connection, items, DelayRule.Overwrite);
        _room = new EventList(_lines.MaxArrivals, isDouble);
    }

    /// <summary>What the connection adds to the inputs of the item in the step last taken.</summary>
    public double[] Delivered { get; private set; } = [];

    /// <summary>Takes the spikes of a step and gives those that arrive in it, 0 or 1. [source]</summary>
    public double[] Step(int item, int t, double[] spikes)
    {
        using var list = EventList.Of(spikes, _connection.IsDouble, out var entering);
        _lines.Enter(item, t, entering);
        var arrivals = _lines.Arrivals(item, t, _room.Room);
        Delivered = LayerRig.Deliver(_connection, arrivals);
        var column = new double[_connection.SourceCount];
        for (var e = 0; e < arrivals.Count; e++)
        {
            column[arrivals.Sources[e]] = 1;
        }

        return column;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _room.Dispose();
    }
}
