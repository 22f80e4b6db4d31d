using System.Reflection;

namespace Snn.Cluster.Host.Mpi;

/// <summary>How to start this program again.</summary>
internal static class OwnProgram
{
    /// <summary>The program, and what it needs before its arguments.</summary>
    public static string[] Words()
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("the process does not know its own program");
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, (Assembly.GetEntryAssembly() ?? Assembly.GetExecutingAssembly()).Location] : [host];
    }
}
