namespace Snn.Kernels.Plasticity;

/// <summary>A learning rule over some lanes: what happens to a row of synapses. Owns what state the rule has for a whole table.</summary>
internal abstract class PlasticKernel : IDisposable
{
    /// <summary>Whether numbers are double (else float).</summary>
    public abstract bool IsDouble { get; }

    /// <summary>Numbers that belong to a source and a delay: traces of its spikes.</summary>
    public abstract int SourceNumbers { get; }

    /// <summary>Whether a synapse has a second number beside its weight.</summary>
    public virtual bool HasSecondNumber => false;

    /// <summary>Traces of the targets; null where their spikes do not matter.</summary>
    public abstract PostTraces? PostTraces { get; }

    /// <summary>
    /// Lets the targets' spikes act that have come since the last visit; and where the visit is for a spike, lets the spike act, and adds the weights
    /// to the input.
    /// </summary>
    public abstract void Run(in RowTask row);

    /// <summary>Takes note of a spike of the source, after the row of the spike.</summary>
    /// <param name="source">Its numbers.</param>
    /// <param name="hasSpiked">Whether it has spiked before.</param>
    /// <param name="stepsSinceSpike">Steps since it did.</param>
    public abstract void Spike(Span<double> source, bool hasSpiked, double stepsSinceSpike);

    /// <summary>The dopamine concentration, where the rule has one.</summary>
    public virtual DopamineTrace? Dopamine => null;

    /// <summary>Whether the rule keeps so much of the past that rows should be visited, so that it can forget.</summary>
    public virtual bool IsHistoryLong => false;

    /// <summary>Up to which step a row can be advanced without a spike, so that the visit leaves no trace in the result.</summary>
    /// <param name="step">Not beyond this step.</param>
    public virtual long EndOfCatchUp(long step) => step;

    /// <summary>How many steps <see cref="EndOfCatchUp"/> may stay behind what is asked for, at most.</summary>
    public virtual int CatchUpLagSteps => 0;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
