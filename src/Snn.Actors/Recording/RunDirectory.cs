using System.Globalization;
using System.Text;

namespace Snn.Actors.Recording;

/// <summary>The directory of a run cannot be made or used: the user's --out is wrong.</summary>
/// <param name="message">Where, what is wrong, what to do.</param>
/// <param name="inner">What the system said.</param>
public sealed class RunDirectoryException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// What a run leaves behind, and where: summary.json, network.json, spikes/, state/, weights/. A marker file tells a run's directory from
/// any other, and is claimed by one process only.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    /// <summary>Where runs go by default, below the current directory.</summary>
    public const string DefaultParent = "runs";

    private const string MarkerName = ".snn-run";
    private static readonly string[] Folders = ["spikes", "state", "weights", "parts"];
    private static readonly string[] Files = ["summary.json", "network.json", "error.txt", "run.json", "snapshots.sqlite", "snapshots.sqlite-journal"];

    private FileStream? _lock;
    private bool _isNew;

    private RunDirectory(string path) => Root = path;

    /// <summary>The directory.</summary>
    public string Root { get; }

    /// <summary>Its summary.json.</summary>
    public string SummaryFile => Path.Combine(Root, "summary.json");

    /// <summary>Its network.json.</summary>
    public string NetworkFile => Path.Combine(Root, "network.json");

    /// <summary>Its run.json: who it is, and where its snapshots are.</summary>
    public string RunFile => Path.Combine(Root, "run.json");

    /// <summary>Where its snapshots are, unless they are elsewhere.</summary>
    public string SnapshotFile => Path.Combine(Root, "snapshots.sqlite");

    /// <summary>Its error.txt: the trace of an internal error.</summary>
    public string ErrorFile => Path.Combine(Root, "error.txt");

    /// <summary>Where the recorder keeps its parts while the run lasts.</summary>
    public string Parts => Path.Combine(Root, "parts");

    /// <summary>Makes a new directory for a run.</summary>
    /// <param name="path">The directory: new, empty, or, with <paramref name="force"/>, an older run.</param>
    /// <param name="force">Whether the files of an older run may be removed. Files that no run made are never touched.</param>
    /// <exception cref="RunDirectoryException">It is not empty, or cannot be written.</exception>
    public static RunDirectory Create(string path, bool force = false)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new RunDirectoryException("--out: the name of the directory is empty; give a new or empty directory, or leave --out out.");
        }

        var run = new RunDirectory(Path.GetFullPath(path));
        try
        {
            run._isNew = !Directory.Exists(run.Root);
            Directory.CreateDirectory(run.Root);
            run.RefuseForeignFiles(force);
            if (force && IsRun(run.Root))
            {
                run.Clear();
            }

            run.Claim();
            Directory.CreateDirectory(run.Parts);
            return run;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not RunDirectoryException)
        {
            throw new RunDirectoryException($"--out {path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Opens the directory of a run that has ended or was interrupted, to go on with it.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="RunDirectoryException">It is none, or another process is at work in it.</exception>
    public static RunDirectory Open(string path)
    {
        var run = At(path);
        try
        {
            run.Hold();
            Directory.CreateDirectory(run.Parts);
            return run;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not RunDirectoryException)
        {
            throw new RunDirectoryException($"{path}: cannot be used: {e.Message}; is another snn at work in it?", e);
        }
    }

    /// <summary>The directory of a run, to look at: another process may be at work in it.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="RunDirectoryException">It is none.</exception>
    public static RunDirectory At(string path) => IsRun(path)
        ? new RunDirectory(Path.GetFullPath(path))
        : throw new RunDirectoryException($"{path}: is no directory of a run; 'snn runs' lists those below runs");

    /// <summary>Lets another process take the directory.</summary>
    public void Dispose() => _lock?.Dispose();

    /// <summary>Makes the next free runs/NAME-NNN.</summary>
    /// <param name="parent">Where: <see cref="DefaultParent"/>.</param>
    /// <param name="networkName">Name of the network.</param>
    /// <exception cref="RunDirectoryException">It cannot be written.</exception>
    public static RunDirectory CreateNext(string parent, string networkName)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{FileName(networkName)}-{number:000}"));
            if (!Directory.Exists(path) && !File.Exists(path))
            {
                try
                {
                    return Create(path);
                }
                catch (RunDirectoryException) when (IsRun(path))
                {
                    // Another process was faster: the next number is ours.
                }
            }
        }
    }

    /// <summary>The runs below a directory, by name; empty if there is none.</summary>
    /// <param name="parent">Where: <see cref="DefaultParent"/>.</param>
    public static IReadOnlyList<RunDirectory> In(string parent) =>
        Directory.Exists(parent)
            ? [.. Directory.EnumerateDirectories(parent).Where(IsRun).Order(StringComparer.Ordinal).Select(p => new RunDirectory(p))]
            : [];

    /// <summary>Where the spikes of a population go.</summary>
    /// <param name="population">Its name.</param>
    public string SpikesFile(string population) => InFolder("spikes", population);

    /// <summary>Where the samples of a population's state go.</summary>
    /// <param name="population">Its name.</param>
    /// <param name="occurrence">0 for the first recording of that population, 1 for the second ("#2" in its name), and so on.</param>
    public string StateFile(string population, int occurrence = 0) =>
        InFolder("state", occurrence == 0 ? population : string.Create(CultureInfo.InvariantCulture, $"{population}#{occurrence + 1}"));

    /// <summary>Where the weights of a projection go.</summary>
    /// <param name="projection">Its name.</param>
    public string WeightsFile(string projection) => InFolder("weights", projection);

    /// <summary>Removes the directory of parts, and the parts that are left in it.</summary>
    public void RemoveParts()
    {
        if (Directory.Exists(Parts))
        {
            Directory.Delete(Parts, recursive: true);
        }
    }

    /// <summary>Gives a directory up that <see cref="Create"/> made and in which nothing came of a run: leaves it as it was found.</summary>
    public void Abandon()
    {
        Dispose();
        Clear();
        if (_isNew)
        {
            Directory.Delete(Root);
        }
    }

    /// <summary>
    /// A name as a file name: what no file system takes (slashes, control characters) and the percent sign are written as %XX, as is a first dot.
    /// </summary>
    internal static string FileName(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            var forbidden = c is '/' or '\\' or '%' or < ' ' or '\u007f' || (c == '.' && text.Length == 0)
                || (OperatingSystem.IsWindows() && c is '<' or '>' or ':' or '"' or '|' or '?' or '*');
            text.Append(forbidden ? string.Create(CultureInfo.InvariantCulture, $"%{(int)c:X2}") : c.ToString());
        }

        return text.ToString();
    }

    private static bool IsRun(string path) => File.Exists(Path.Combine(path, MarkerName));

    private string InFolder(string folder, string name)
    {
        var directory = Path.Combine(Root, folder);
        Directory.CreateDirectory(directory);
        return Path.Combine(directory, FileName(name) + ".npz");
    }

    private void RefuseForeignFiles(bool force)
    {
        if (!Directory.EnumerateFileSystemEntries(Root).Any() || (force && IsRun(Root)))
        {
            return;
        }

        throw new RunDirectoryException(IsRun(Root)
            ? $"--out {Root}: holds a run already; give another directory, or --force to replace it."
            : $"--out {Root}: is not empty and holds no run of snn; give a new or empty directory.");
    }

    /// <summary>Removes what a run makes, and the marker last: a directory that was half cleared still is a run's.</summary>
    private void Clear()
    {
        foreach (var folder in Folders.Select(f => Path.Combine(Root, f)).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Files.Append(MarkerName))
        {
            File.Delete(Path.Combine(Root, file));
        }
    }

    /// <summary>Only one process can make the marker.</summary>
    private void Claim()
    {
        using var marker = new FileStream(Path.Combine(Root, MarkerName), FileMode.CreateNew);
        marker.Write("The results of a run of snn. 'snn run --force' may replace them.\n"u8);
        marker.Dispose();
        Hold();
    }

    /// <summary>Keeps the directory for this process: the lock goes with the process, however that ends.</summary>
    private void Hold() => _lock = new FileStream(Path.Combine(Root, MarkerName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
}
