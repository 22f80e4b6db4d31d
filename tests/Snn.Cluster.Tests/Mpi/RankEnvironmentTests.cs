using Snn.Cluster.Host.Mpi;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>What the environment of a launcher says.</summary>
public class RankEnvironmentTests
{
    [Fact]
    public void NobodyStartedAProcessWithoutALauncher()
    {
        Assert.Null(Of(""));

        // The script of a batch job is no rank, and a step of one task is one process.
        Assert.Null(Of("SLURM_JOB_ID=1 SLURM_NTASKS=8 SLURM_PROCID=0"));
        Assert.Null(Of("SLURM_JOB_ID=1 SLURM_NTASKS=8 SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1"));
    }

    [Fact]
    public void OpenMpi() => Assert.Equal(
        new RankEnvironment("mpirun", MpiFamily.OpenMpi, 3, 8, 4),
        Of("OMPI_COMM_WORLD_SIZE=8 OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_LOCAL_SIZE=4 PMIX_RANK=3"));

    [Fact]
    public void Hydra() => Assert.Equal(
        new RankEnvironment("mpiexec", MpiFamily.Mpich, 1, 2, 2), Of("PMI_SIZE=2 PMI_RANK=1 PMI_FD=5 MPI_LOCALNRANKS=2 MPI_LOCALRANKID=1"));

    [Fact]
    public void SlurmWithPmi2() => Assert.Equal(
        new RankEnvironment("srun", MpiFamily.Mpich, 9, 11, 3),
        Of("PMI_SIZE=11 PMI_RANK=9 SLURM_PROCID=9 SLURM_STEP_NUM_TASKS=11 SLURM_NODEID=2 SLURM_STEP_TASKS_PER_NODE=4(x2),3"));

    [Fact]
    public void SlurmWithPmix() => Assert.Equal(
        new RankEnvironment("srun", null, 1, 4, 2), Of("PMIX_RANK=1 SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=4 SLURM_NODEID=0 SLURM_STEP_TASKS_PER_NODE=2(x2)"));

    /// <summary>Several tasks without MPI would each run the whole network: MPI is asked, and says that it sees one.</summary>
    [Fact]
    public void SlurmWithoutMpi() => Assert.Equal(new RankEnvironment("srun", null, 2, 4, 1), Of("SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4"));

    [Fact]
    public void PmixOfAnotherLauncherDoesNotSayHowManyThereAre() => Assert.Equal(new RankEnvironment("mpiexec", null, 1, null, 1), Of("PMIX_RANK=1"));

    [Theory]
    [InlineData("4", 0, 4)]
    [InlineData("4(x2),3", 0, 4)]
    [InlineData("4(x2),3", 1, 4)]
    [InlineData("4(x2),3", 2, 3)]
    [InlineData("1,2(x3),5", 4, 5)]
    [InlineData("1,2(x3),5", 5, null)]
    [InlineData("", 0, null)]
    [InlineData("many", 0, null)]
    public void TasksOfANode(string list, int node, int? tasks) => Assert.Equal(tasks, RankEnvironment.TasksOfNode(list, node));

    private static RankEnvironment? Of(string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return RankEnvironment.Of(name => variables.GetValueOrDefault(name));
    }
}
