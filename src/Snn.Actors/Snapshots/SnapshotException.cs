namespace Snn.Actors.Snapshots;

/// <summary>A snapshot cannot be used: it is damaged, of another network, or of another version; or a store does not answer.</summary>
/// <param name="message">Where, what is wrong, what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class SnapshotException(string message, Exception? inner = null) : Exception(message, inner);
