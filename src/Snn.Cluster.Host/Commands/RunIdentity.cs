using System.Text.Json;
using System.Text.Json.Serialization;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;

namespace Snn.Cluster.Host.Commands;

/// <summary>run.json: who a run is and where its snapshots are, so that its directory is all that 'snn resume' needs.</summary>
/// <param name="Run">Identity in the store.</param>
/// <param name="Store">Address of the store, without a password; null: snapshots.sqlite beside it.</param>
/// <param name="Parent">The snapshot that the run branched off from, or null.</param>
internal sealed record RunIdentity(string Run, string? Store, string? Parent)
{
    /// <summary>Reads the identity of a run.</summary>
    /// <exception cref="SnapshotException">There is none, or it cannot be read.</exception>
    public static RunIdentity Read(RunDirectory directory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(directory.RunFile), RunIdentityJson.Default.RunIdentity)
                ?? throw new SnapshotException($"{directory.RunFile}: is empty");
        }
        catch (FileNotFoundException e)
        {
            throw new SnapshotException($"{directory.Root}: has no run.json, so it has no snapshots: start the run again", e);
        }
        catch (JsonException e)
        {
            throw new SnapshotException($"{directory.RunFile}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes it.</summary>
    public void Write(RunDirectory directory) =>
        File.WriteAllText(directory.RunFile, JsonSerializer.Serialize(this, RunIdentityJson.Default.RunIdentity) + "\n");

    /// <summary>The address of the store.</summary>
    public string StoreOf(RunDirectory directory) => Store ?? $"sqlite:{directory.SnapshotFile}";
}

/// <summary>Serialisation without reflection: it starts faster.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunIdentity))]
internal sealed partial class RunIdentityJson : JsonSerializerContext;
