namespace Snn.Actors.Networks.Reading;

/// <summary>Reads a file that the network file names; what goes wrong is a problem of the user, not an exception.</summary>
internal static class DataFiles
{
    /// <summary>What a file holds; null, and a problem, where it cannot be used.</summary>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="at">The name of the file.</param>
    /// <param name="name">The name.</param>
    /// <param name="directory">The folder that it is relative to; null: the current one.</param>
    /// <param name="read">Reads the file of that full path; may report problems of its own and return null.</param>
    public static T? Load<T>(Problems problems, At at, string name, string? directory, Func<string, T?> read)
        where T : class
    {
        try
        {
            return read(Path.GetFullPath(name, directory ?? Environment.CurrentDirectory));
        }
        catch (InvalidDataException error)
        {
            problems.Add(at, $"{Say.Quote(name)} cannot be used: {error.Message}");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(at, $"there is no file {Say.Quote(name)} beside the network file; its path is relative to the folder of the network file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(at, $"{Say.Quote(name)} cannot be read; check that it is a file and that you may read it");
        }

        return null;
    }
}
