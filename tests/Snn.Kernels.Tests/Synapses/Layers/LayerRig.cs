using Snn.Kernels.Lanes;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>Connections driven by arrays of doubles: what tests hold against plain loops.</summary>
internal static unsafe class LayerRig
{
    /// <summary>Weights of a shape, with what else the test gives.</summary>
    public static LayerWeights Weights(
        ConvolutionShape shape, ReadOnlySpan<double> weights, bool isDouble, double[]? mask = null, int delay = 0, int[]? delays = null)
    {
        var made = new LayerWeights(shape, isDouble);
        made.Set(weights);
        if (mask is not null)
        {
            made.SetMask(mask);
        }

        made.SetDelay(delay);
        if (delays is not null)
        {
            made.SetDelays(delays);
        }

        return made;
    }

    /// <summary>What one step's spikes add to inputs of zero.</summary>
    public static double[] Deliver(LayerConnection connection, in LayerEvents events)
    {
        using var workspace = new LayerWorkspace(connection);
        using var input = new Numbers(connection.TargetCount, connection.IsDouble);
        connection.Deliver(events, input.Pointer, workspace);
        return input.ToArray();
    }

    /// <summary>What sources of these sizes (0: silent) add to inputs of zero.</summary>
    public static double[] Deliver(LayerConnection connection, ReadOnlySpan<double> sources)
    {
        using var list = EventList.Of(sources, connection.IsDouble, out var events);
        return Deliver(connection, events);
    }

    /// <summary>What the bias adds to inputs of zero.</summary>
    public static double[] Bias(LayerConnection connection)
    {
        using var input = new Numbers(connection.TargetCount, connection.IsDouble);
        connection.AddBias(input.Pointer);
        return input.ToArray();
    }

    /// <summary>What the traces of the sources add to trace inputs of zero.</summary>
    public static double[] Traces(LayerConnection connection, ReadOnlySpan<double> traces, ReadOnlySpan<double> spikes)
    {
        using var workspace = new LayerWorkspace(connection);
        using var input = new Numbers(connection.TargetCount, connection.IsDouble);
        using var column = new Numbers(traces, connection.IsDouble);
        using var list = EventList.Of(spikes, connection.IsDouble, out var events);
        connection.AddTraces(events, column.Pointer, input.Pointer, workspace);
        return input.ToArray();
    }

    /// <summary>All widths that a precision has.</summary>
    public static int[] Widths(bool isDouble) => isDouble ? [1, 4, 8, 16] : [1, 8, 16];

    /// <summary>A connection over the widest of the machine's lanes.</summary>
    public static LayerConnection Connection(LayerWeights weights, double[]? bias = null, int lanes = LanePolicy.Auto) =>
        LayerConnection.Create(weights, bias, lanes);
}
