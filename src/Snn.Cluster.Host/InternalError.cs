using System.Globalization;
using Snn.Actors.Recording;

namespace Snn.Cluster.Host;

/// <summary>An exception that nobody expected: a sentence for the user, the trace for us.</summary>
internal static class InternalError
{
    /// <summary>Writes the trace to error.txt of the run, or to a temporary file where there is no run, and says so.</summary>
    public static int Report(Exception exception, TextWriter error, RunDirectory? directory)
    {
        error.WriteLine($"snn: internal error: {exception.Message}");
        error.WriteLine(WriteTrace(exception, directory) is { } path
            ? $"snn: please report it, with your network file and {path}"
            : $"snn: please report it, with your network file ({exception.GetType().Name}; no file could be written for the details)");
        return ExitStatus.Failed;
    }

    /// <summary>Writes the trace.</summary>
    /// <returns>Where it is; null if the disk took it nowhere.</returns>
    public static string? WriteTrace(Exception exception, RunDirectory? directory)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"snn-error-{Environment.ProcessId}.txt");
        string[] candidates = [.. directory is null ? [] : new[] { directory.ErrorFile }, Path.Combine(Path.GetTempPath(), name)];
        foreach (var path in candidates)
        {
            try
            {
                File.WriteAllText(path, exception + "\n");
                return path;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next place may take it; the caller says so if none does.
            }
        }

        return null;
    }
}
