namespace Snn.Actors.Recording;

/// <summary>A recording cannot be written: the disk is full, the directory is gone, the file is not ours.</summary>
/// <param name="message">Where, what happened, what to do.</param>
/// <param name="inner">What the system said.</param>
public sealed class RecordingException(string message, Exception? inner = null) : IOException(message, inner);
