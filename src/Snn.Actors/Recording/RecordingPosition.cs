namespace Snn.Actors.Recording;

/// <summary>
/// How far the parts of a recording reach: what a snapshot keeps, so that the recording can be cut back to it and goes on without a gap or
/// a duplicate.
/// </summary>
/// <param name="Parts">Bytes of each part by its file name.</param>
public sealed record RecordingPosition(IReadOnlyDictionary<string, long> Parts)
{
    /// <summary>Cuts the parts of a directory back to this position and removes those that it does not know.</summary>
    /// <param name="directory">The directory of parts.</param>
    /// <exception cref="RecordingException">A part is missing or shorter than the position: spikes are lost.</exception>
    public void TruncateTo(string directory)
    {
        foreach (var (name, bytes) in Parts)
        {
            var file = new FileInfo(Path.Combine(directory, name));
            var length = file.Exists ? file.Length : 0;
            if (length < bytes)
            {
                throw new RecordingException(
                    $"{file.FullName}: has {length} bytes, but the snapshot was taken after {bytes}: the recording is not the one that "
                    + "belongs to the snapshot; resume in the directory of the run that made it.");
            }
        }

        foreach (var part in PartName.In(directory))
        {
            var path = Path.Combine(directory, part.FileName);
            if (Parts.TryGetValue(part.FileName, out var bytes) && bytes > 0)
            {
                using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
                RandomAccess.SetLength(handle, bytes);
            }
            else
            {
                File.Delete(path);
            }
        }
    }
}
