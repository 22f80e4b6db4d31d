using System.Globalization;

namespace Snn.Cluster.Host.Mpi;

/// <summary>What the launcher of this process says of the ranks that it started.</summary>
/// <param name="Launcher">Its name, for messages.</param>
/// <param name="Family">The family whose libraries it can start; null: either.</param>
/// <param name="Rank">Number of this process.</param>
/// <param name="Ranks">How many there are; null: only MPI knows.</param>
/// <param name="LocalRanks">How many are on this machine; 1 where nobody says.</param>
internal sealed record RankEnvironment(string Launcher, MpiFamily? Family, int Rank, int? Ranks, int LocalRanks)
{
    /// <summary>Reads the environment.</summary>
    /// <param name="variable">A variable of it, or null.</param>
    /// <returns>Null: no launcher started this process.</returns>
    public static RankEnvironment? Of(Func<string, string?> variable)
    {
        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        if (Number("OMPI_COMM_WORLD_SIZE") is { } open && Number("OMPI_COMM_WORLD_RANK") is { } openRank)
        {
            return new("mpirun", MpiFamily.OpenMpi, openRank, open, Least1(Number("OMPI_COMM_WORLD_LOCAL_SIZE")));
        }

        // srun says how many tasks a step has; the batch script of a job, which is no rank, has no step.
        var slurm = variable("SLURM_PROCID") is not null ? Number("SLURM_STEP_NUM_TASKS") : null;
        var slurmLocal = slurm is null ? null : TasksOfNode(variable("SLURM_STEP_TASKS_PER_NODE") ?? variable("SLURM_TASKS_PER_NODE"), Number("SLURM_NODEID") ?? 0);
        var launcher = slurm is null ? "mpiexec" : "srun";
        if (Number("PMI_SIZE") is { } pmi && Number("PMI_RANK") is { } pmiRank)
        {
            return new(launcher, MpiFamily.Mpich, pmiRank, pmi, Least1(Number("MPI_LOCALNRANKS") ?? slurmLocal));
        }

        if (Number("PMIX_RANK") is { } pmixRank)
        {
            return new(launcher, null, pmixRank, slurm, Least1(slurmLocal));
        }

        return slurm > 1 && Number("SLURM_PROCID") is { } task ? new("srun", null, task, slurm, Least1(slurmLocal)) : null;
    }

    /// <summary>Reads Slurm's list of tasks a node: "4(x2),3" are 4, 4 and 3.</summary>
    internal static int? TasksOfNode(string? list, int node)
    {
        foreach (var part in (list ?? "").Split(','))
        {
            var words = part.Split("(x");
            if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var tasks))
            {
                return null;
            }

            var nodes = words.Length > 1 && int.TryParse(words[1].TrimEnd(')'), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? times : 1;
            if (node < nodes)
            {
                return tasks;
            }

            node -= nodes;
        }

        return null;
    }

    private static int Least1(int? number) => Math.Max(number ?? 1, 1);
}
