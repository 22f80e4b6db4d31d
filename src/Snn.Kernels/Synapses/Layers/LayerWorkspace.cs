namespace Snn.Kernels.Synapses.Layers;

/// <summary>Memory that one worker's deliveries through one connection use; all zero between them.</summary>
public sealed unsafe class LayerWorkspace : IDisposable
{
    private readonly NativeArray<byte> _bytes;

    /// <summary>Memory for a connection.</summary>
    /// <param name="connection">The connection.</param>
    public LayerWorkspace(LayerConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _bytes = new NativeArray<byte>(connection.WorkspaceBytes, "the workspace of a layer", cleared: true);
    }

    /// <summary>Bytes taken.</summary>
    public long Bytes => _bytes.Bytes;

    internal byte* Pointer => _bytes.Pointer;

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
