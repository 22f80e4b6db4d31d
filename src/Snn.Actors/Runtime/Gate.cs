namespace Snn.Actors.Runtime;

/// <summary>
/// A number that only grows and that workers wait for: one opens, others pass. A waiter spins for some microseconds, because the other is almost
/// always that close, and then blocks in the kernel: who sleeps is woken ahead of whoever computes, while who yields or polls loses its core for
/// a whole time slice. How long it spins it learns: on an idle machine to wake up costs more than to spin through the difference between two
/// workers, so it spins longer as long as that succeeds; on a busy one spinning is in vain, so it soon stops trying.
/// </summary>
/// <remarks>
/// Order that excludes a lost wake-up: a waiter raises <c>_sleepers</c>, then reads the number under the lock; the opener writes the number,
/// then reads <c>_sleepers</c>, with a full fence between.
/// </remarks>
internal sealed class Gate
{
    /// <summary>About 10 microseconds.</summary>
    private const int LeastSpins = 150;

    /// <summary>About 300 microseconds.</summary>
    private const int MostSpins = 4800;

    private readonly object _lock = new();
    private PaddedLong _opened = new() { Value = -1 };
    private PaddedLong _sleepers;

    /// <summary>The number so far.</summary>
    public long Opened => Volatile.Read(ref _opened.Value);

    /// <summary>Called once by a thread that is going to wait: what the runtime allocates for a thread's first wait is allocated now.</summary>
    public void Prepare()
    {
        lock (_lock)
        {
            Monitor.Wait(_lock, millisecondsTimeout: 0);
        }
    }

    /// <summary>Raises the number and wakes those who wait for it.</summary>
    public void Open(long number)
    {
        Interlocked.Exchange(ref _opened.Value, number);
        if (Volatile.Read(ref _sleepers.Value) > 0)
        {
            lock (_lock)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Raises the number by one and wakes those who wait; by any thread.</summary>
    public void Raise()
    {
        Interlocked.Increment(ref _opened.Value);
        if (Volatile.Read(ref _sleepers.Value) > 0)
        {
            lock (_lock)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Returns when the number is at least <paramref name="number"/>, or when <paramref name="supervisor"/> has a failure.</summary>
    /// <param name="number">The number to wait for.</param>
    /// <param name="supervisor">Whose failure ends the wait.</param>
    /// <param name="spins">How long this waiter spins, which it learns from wait to wait; 0 at first.</param>
    public void Await(long number, Supervisor supervisor, ref int spins)
    {
        spins = spins == 0 ? MostSpins : spins;
        for (var i = 0; i < spins; i++)
        {
            if (Opened >= number)
            {
                spins = Math.Min(MostSpins, spins + (spins / 8));
                return;
            }

            Thread.SpinWait(2);
        }

        spins = Math.Max(LeastSpins, spins / 2);
        Block(number, supervisor);
    }

    private void Block(long number, Supervisor supervisor)
    {
        Interlocked.Increment(ref _sleepers.Value);
        lock (_lock)
        {
            // A failure elsewhere opens no gate: it is noticed within the time limit.
            while (Opened < number && !supervisor.HasFailed)
            {
                Monitor.Wait(_lock, millisecondsTimeout: 50);
            }
        }

        Interlocked.Decrement(ref _sleepers.Value);
    }
}
