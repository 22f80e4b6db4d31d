using System.Reflection;
using Xunit;

namespace Snn.Cluster.Tests.House;

/// <summary>Dependencies point one way: Host -> Actors -> Kernels.</summary>
public sealed class DependencyTests
{
    private static readonly string[] FrameworkPrefixes = ["System", "Microsoft.Win32", "netstandard", "mscorlib"];

    [Fact]
    public void KernelsReferenceNothingButTheFramework() => Assert.Empty(References("Snn.Kernels"));

    [Fact]
    public void ActorsReferenceKernelsAndDatabasesOnly() =>
        Assert.Equal(["Dapper", "Microsoft.Data.Sqlite", "Npgsql", "Snn.Kernels"], References("Snn.Actors"));

    [Fact]
    public void TheHostReferencesActorsAndKernels()
    {
        var own = References("snn").Where(r => r.StartsWith("Snn.", StringComparison.Ordinal));
        Assert.All(own, r => Assert.Contains(r, new[] { "Snn.Actors", "Snn.Kernels" }));
    }

    [Fact]
    public void TheCheckSeesAReference() => Assert.NotEmpty(References("Snn.Cluster.Tests"));

    private static string[] References(string assembly) =>
    [
        .. Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(a => !FrameworkPrefixes.Any(p => a == p || a.StartsWith(p + ".", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];
}
