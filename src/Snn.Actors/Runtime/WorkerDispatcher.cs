namespace Snn.Actors.Runtime;

/// <summary>
/// A worker's job: the actors of one shard. The dispatcher calls it on the worker's own thread only.
/// </summary>
public abstract class WorkerJob
{
    /// <summary>Name that failures show.</summary>
    public abstract string Path { get; }

    /// <summary>Runs to the end of the simulation. Must return soon after the supervisor has a failure.</summary>
    public abstract void Run();
}

/// <summary>
/// Workers: one dedicated thread each, which runs the actors of its shard to completion, one after another, in the order of the step. No
/// mailbox object, no queue and no lock stands between them; what crosses to another worker goes through preallocated rings.
/// </summary>
public sealed class WorkerDispatcher(Supervisor supervisor)
{
    /// <summary>
    /// Runs the jobs, one thread each, and returns when all have ended: never before, since the caller then frees what they work on. A thread
    /// that the system does not grant is a failure of its job.
    /// </summary>
    /// <exception cref="SimulationFailedException">A job, or an actor that it runs, failed.</exception>
    public void Run(IReadOnlyList<WorkerJob> jobs)
    {
        var threads = new List<Thread>(jobs.Count);
        foreach (var job in jobs)
        {
            var thread = new Thread(() => RunSupervised(job), maxStackSize: 16 << 20) { Name = job.Path, IsBackground = true };
            try
            {
                thread.Start();
            }
            catch (Exception cause) when (cause is OutOfMemoryException or ThreadStartException)
            {
                supervisor.Report(job.Path, new InvalidOperationException("the system grants no more threads; use fewer --threads", cause));
                break;
            }

            threads.Add(thread);
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        supervisor.ThrowIfFailed();
    }

    private void RunSupervised(WorkerJob job)
    {
        try
        {
            job.Run();
        }
#pragma warning disable CA1031 // Whatever an actor throws is its failure and goes to the supervisor; nothing is lost.
        catch (Exception cause)
#pragma warning restore CA1031
        {
            supervisor.Report(job.Path, cause);
        }
    }
}
