namespace Snn.Actors.Simulation.Ranks;

/// <summary>
/// Carries bytes between the ranks (processes) of a run. Messages from one rank to another with one tag arrive in the order in which they were sent; nothing else
/// is promised. Used by one thread at a time, though not always by the same.
/// </summary>
/// <remarks>What cannot be delivered any more, because a rank died, ends the process or throws <see cref="SimulationException"/>: a run goes on from its last snapshot.</remarks>
public unsafe interface IRankTransport
{
    /// <summary>Number of this rank, from 0.</summary>
    int Rank { get; }

    /// <summary>How many there are.</summary>
    int Ranks { get; }

    /// <summary>Whether there are no others, and what they say is made up: then they have no results either.</summary>
    bool AreOthersMadeUp => false;

    /// <summary>Begins to send. Returns a request for <see cref="IsDone"/>.</summary>
    /// <param name="to">The rank that receives; not this one.</param>
    /// <param name="tag">Tells kinds of messages apart: 0 to 32767.</param>
    /// <param name="data">Stays as it is until the request is done.</param>
    /// <param name="bytes">How many.</param>
    nint Send(int to, int tag, void* data, int bytes);

    /// <summary>Begins to receive one message. Returns a request for <see cref="IsDone"/>.</summary>
    /// <param name="from">The rank that sends; not this one.</param>
    /// <param name="tag">The tag that it sends with.</param>
    /// <param name="room">Belongs to the transport until the request is done.</param>
    /// <param name="capacity">Bytes of it; a longer message is an error.</param>
    nint Receive(int from, int tag, void* room, int capacity);

    /// <summary>Whether a request is done; it is then forgotten. Also lets other requests make progress. Does not wait.</summary>
    /// <param name="request">From <see cref="Send"/> or <see cref="Receive"/>.</param>
    /// <param name="bytes">Bytes of the message that was received; those sent otherwise.</param>
    bool IsDone(nint request, out int bytes);
}
