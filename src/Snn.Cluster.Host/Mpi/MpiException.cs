namespace Snn.Cluster.Host.Mpi;

/// <summary>Ranks cannot be started or cannot find each other: something that the user can put right.</summary>
/// <param name="message">Where, what was given, what is allowed, what to do.</param>
/// <param name="inner">What the system said.</param>
internal sealed class MpiException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the other ranks may know nothing of it.</summary>
    public bool IsOfOneRank { get; init; }
}
