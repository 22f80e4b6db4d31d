using System.Globalization;
using System.Text.RegularExpressions;

namespace Snn.Cluster.Host.Mpi;

/// <summary>A machine and how many ranks go there.</summary>
/// <param name="Host">Its name or IPv4 address.</param>
/// <param name="Slots">Ranks.</param>
internal sealed partial record HostSlots(string Host, int Slots)
{
    /// <summary>Reads --hosts: "a,b" shares the ranks out evenly, "a:3,b:1" says where they go.</summary>
    /// <exception cref="MpiException">It is no such list, or has no room for the ranks.</exception>
    public static IReadOnlyList<HostSlots> Parse(string given, int ranks)
    {
        var parts = given.Split(',').Select(p => Pattern().Match(p)).ToArray();
        if (parts.FirstOrDefault(p => !p.Success || (p.Groups[2].Success && !int.TryParse(p.Groups[2].Value, CultureInfo.InvariantCulture, out _))) is not null)
        {
            throw new MpiException($"--hosts {given}: give names or IPv4 addresses of machines, with commas between them, each with ':' and a number of ranks if they are not to be shared out evenly: a,b or a:3,b:1");
        }

        var names = parts.Select(p => p.Groups[1].Value).ToArray();
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new MpiException($"--hosts {given}: names a machine twice; give each once, with ':' and its number of ranks");
        }

        var withSlots = parts.Count(p => p.Groups[2].Success);
        if (withSlots != 0 && withSlots != parts.Length)
        {
            throw new MpiException($"--hosts {given}: give a number of ranks for every machine, or for none");
        }

        var (least, rest) = Math.DivRem(ranks, names.Length);
        HostSlots[] hosts = [.. parts.Select((p, i) => new HostSlots(names[i], withSlots > 0 ? int.Parse(p.Groups[2].Value, CultureInfo.InvariantCulture) : least + (i < rest ? 1 : 0)))];
        return hosts.Sum(h => (long)h.Slots) == ranks && hosts.All(h => h.Slots > 0)
            ? hosts
            : throw new MpiException(string.Create(
                CultureInfo.InvariantCulture,
                $"--hosts {given}: {(withSlots > 0 ? $"has {hosts.Sum(h => (long)h.Slots)} ranks" : $"has {hosts.Length} machines")}, --ranks has {ranks}; give as many{(withSlots > 0 ? "" : ", or more ranks than machines")}"));
    }

    /// <summary>The value of --hosts that names some machines and their ranks, as launchers take it too.</summary>
    public static string ToOption(IEnumerable<HostSlots> hosts) =>
        string.Join(',', hosts.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Host}:{h.Slots}")));

    [GeneratedRegex(@"^([A-Za-z0-9_][A-Za-z0-9_.-]*)(?::([0-9]{1,9}))?$")]
    private static partial Regex Pattern();
}
