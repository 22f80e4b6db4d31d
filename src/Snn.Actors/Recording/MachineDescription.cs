using System.Globalization;
using System.Runtime.InteropServices;

namespace Snn.Actors.Recording;

/// <summary>The machine that a run was timed on.</summary>
public sealed record MachineDescription
{
    /// <summary>Model of the processor.</summary>
    public required string Cpu { get; init; }

    /// <summary>Cores that this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory that this process may use, bytes: that of the machine, or of its container.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Operating system.</summary>
    public required string Os { get; init; }

    /// <summary>Mean number of runnable threads over the last minute before the run, or null where the system does not say: above zero, times are noisy.</summary>
    public required double? LoadAverage { get; init; }

    /// <summary>Describes this machine, now.</summary>
    public static MachineDescription Read() => new()
    {
        Cpu = Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Cores = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Os = RuntimeInformation.OSDescription,
        LoadAverage = ReadLoadAverage(),
    };

    /// <summary>The most memory that this process ever used, bytes.</summary>
    public static long PeakMemoryBytes()
    {
        var peak = Field("/proc/self/status", "VmHWM")?.Split(' ')[0];
        if (peak is not null)
        {
            return long.Parse(peak, CultureInfo.InvariantCulture) * 1024;
        }

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>
    /// Memory that can be had now, bytes: what the system says is available, and no more than this process may use.
    /// </summary>
    public static long AvailableMemoryBytes()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var free = Field("/proc/meminfo", "MemAvailable")?.Split(' ')[0];
        return free is null ? limit : Math.Min(limit, long.Parse(free, CultureInfo.InvariantCulture) * 1024);
    }

    private static double? ReadLoadAverage() =>
        File.Exists("/proc/loadavg")
            ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
            : null;

    /// <summary>The value of the first line "name : value" of a file of the system, or null.</summary>
    private static string? Field(string path, string name)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return null;
    }
}
