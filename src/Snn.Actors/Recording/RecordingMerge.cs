using Snn.Actors.Networks;

namespace Snn.Actors.Recording;

/// <summary>Makes the files that a user reads from the parts that the shards wrote, and removes the parts.</summary>
public static class RecordingMerge
{
    private const int BlockSpikes = 1 << 13;

    /// <summary>Writes spikes/*.npz and state/*.npz of everything that the network records.</summary>
    /// <param name="network">What is recorded, under which names, with which time step.</param>
    /// <param name="run">Where the parts are and where the files go.</param>
    /// <param name="keepsParts">Whether the parts stay, because the run may be resumed.</param>
    /// <exception cref="RecordingException">A part is missing or was cut.</exception>
    public static void Write(Network network, RunDirectory run, bool keepsParts = false)
    {
        var times = new StepTimes(network.DtMs);
        // The directory is listed once: there may be thousands of populations, each with a part a shard.
        var all = PartName.In(run.Parts).ToLookup(p => (p.Kind, p.Of));
        foreach (var population in network.Record.Spikes)
        {
            var parts = all[(PartKind.Spikes, population.Index)].ToArray();
            WriteSpikes(Paths(run.Parts, parts), times, run.SpikesFile(population.Name), network.IsLayered ? population.Size : null);
            if (!keepsParts)
            {
                Delete(run.Parts, parts);
            }
        }

        var elementBytes = network.Precision == Precision.Single ? sizeof(float) : sizeof(double);
        var recordings = network.Record.State;
        for (var i = 0; i < recordings.Count; i++)
        {
            var parts = all[(PartKind.State, i)].ToArray();
            var occurrence = recordings.Take(i).Count(r => r.Of.Name == recordings[i].Of.Name);
            WriteState(run.Parts, parts, recordings[i], network.Batch, elementBytes, times, run.StateFile(recordings[i].Of.Name, occurrence));
            if (!keepsParts)
            {
                Delete(run.Parts, parts);
            }
        }
    }

    /// <summary>Merges the parts of a population: senders and times, sorted by time, then sender; in a layered network by time, item and sender.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="times">Times of steps.</param>
    /// <param name="path">Receives the file.</param>
    /// <param name="size">Layered networks: neurons of a batch item; else null.</param>
    internal static void WriteSpikes(IReadOnlyList<string> parts, StepTimes times, string path, int? size = null)
    {
        using var merge = new SpikeMerge(parts);
        using var npz = new NpzWriter(path);
        using var spool = new ArraySpool<double>(path + ".times");
        using var items = new ArraySpool<long>(path + ".items");
        var block = new SpikeRecord[BlockSpikes];
        var senders = new long[BlockSpikes];
        var ends = new double[BlockSpikes];
        npz.Begin<long>("senders", merge.Total);
        for (int count; (count = merge.Read(block)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                senders[i] = block[i].Neuron % (size ?? int.MaxValue);
                ends[i] = times.End(block[i].Step);
            }

            npz.Append<long>(senders.AsSpan(0, count));
            spool.Append(ends.AsSpan(0, count));
            for (var i = 0; i < count && size is not null; i++)
            {
                items.Append([(long)block[i].Neuron / size.Value]);
            }
        }

        npz.Add("times", spool);
        if (size is not null)
        {
            npz.Add("items", items);
        }

        npz.Complete();
    }

    private static void WriteState(
        string directory, IReadOnlyList<PartName> parts, StateRecording recording, int? batch, int elementBytes, StepTimes times, string path)
    {
        var neurons = Neurons(recording.Neurons);
        using var merge = new StateMerge(directory, parts, recording.Variables.Count, elementBytes, neurons.Length * (batch ?? 1));
        using var npz = new NpzWriter(path);
        for (var v = 0; v < recording.Variables.Count; v++)
        {
            ReadOnlySpan<long> shape = batch is { } items ? [merge.Samples, items, neurons.Length] : [merge.Samples, neurons.Length];
            Begin(npz, recording.Variables[v].Name, elementBytes, shape);
            merge.ReadVariable(v, npz.AppendBytes);
        }

        npz.Begin<double>("times", merge.Samples);
        merge.ReadSteps(steps =>
        {
            foreach (var step in steps)
            {
                npz.Append([times.End(step)]);
            }
        });
        npz.Add<long>("neurons", neurons);
        npz.Complete();
    }

    private static void Begin(NpzWriter npz, string name, int elementBytes, ReadOnlySpan<long> shape)
    {
        if (elementBytes == sizeof(float))
        {
            npz.Begin<float>(name, shape);
        }
        else
        {
            npz.Begin<double>(name, shape);
        }
    }

    private static long[] Neurons(NeuronSelection selection)
    {
        if (selection.List is { } list)
        {
            return [.. list.Select(n => (long)n)];
        }

        var neurons = new long[selection.Count];
        for (var i = 0; i < neurons.Length; i++)
        {
            neurons[i] = selection.First + i;
        }

        return neurons;
    }

    private static string[] Paths(string directory, IReadOnlyList<PartName> parts) =>
        [.. parts.Select(p => Path.Combine(directory, p.FileName))];

    private static void Delete(string directory, IReadOnlyList<PartName> parts)
    {
        foreach (var path in Paths(directory, parts))
        {
            File.Delete(path);
        }
    }
}
