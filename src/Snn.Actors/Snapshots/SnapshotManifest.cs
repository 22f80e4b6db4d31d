using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snn.Actors.Snapshots;

/// <summary>What a snapshot says of itself, as JSON in the store. Keys in snake_case.</summary>
public sealed record SnapshotManifest
{
    /// <summary>The version of the content that this version of Snn writes and reads.</summary>
    public const int CurrentFormat = 2;

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>Version of the content.</summary>
    public required int Format { get; init; }

    /// <summary>Version of Snn that wrote it.</summary>
    public required string Snn { get; init; }

    /// <summary>Steps done: the next step is this one.</summary>
    public required long Step { get; init; }

    /// <summary>The time of that, ms.</summary>
    public required double TimeMs { get; init; }

    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Hash of what decides the spikes: of everything but name, duration and recorders. 16 hexadecimal digits.</summary>
    public required string Dynamics { get; init; }

    /// <summary>Populations, in the order of the network.</summary>
    public required IReadOnlyList<SnapshotPopulation> Populations { get; init; }

    /// <summary>How often the run had been resumed when it was taken.</summary>
    public required int Generation { get; init; }

    /// <summary>Bytes of each part of the recording by file name.</summary>
    public required IReadOnlyDictionary<string, long> Recording { get; init; }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, _json);

    /// <summary>From JSON.</summary>
    /// <param name="json">As <see cref="ToJson"/> wrote it.</param>
    /// <exception cref="SnapshotException">It is not that, or of another format.</exception>
    public static SnapshotManifest FromJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var format = document.RootElement.GetProperty("format").GetInt32();
            return format == CurrentFormat
                ? document.Deserialize<SnapshotManifest>(_json)!
                : throw new SnapshotException(
                    $"the snapshot has format {format}, this version of Snn reads format {CurrentFormat}: resume with the version that wrote it");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SnapshotException($"the manifest of the snapshot cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A population in a snapshot.</summary>
public sealed record SnapshotPopulation
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its neurons.</summary>
    public required int Size { get; init; }

    /// <summary>Its model.</summary>
    public required string Model { get; init; }

    /// <summary>Its spikes so far.</summary>
    public required long Spikes { get; init; }

    /// <summary>Its part of the spike hash so far. 16 hexadecimal digits.</summary>
    public required string Hash { get; init; }
}
