using System.Runtime.InteropServices;
using Snn.Kernels.Synapses;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>An array of a rule's state, for snapshots.</summary>
/// <param name="Name">Its name: eligibility.</param>
/// <param name="Pointer">Its numbers, of the precision of the weights.</param>
/// <param name="Count">How many numbers it has.</param>
/// <param name="IsByRow">Whether the owners of rows write it, [item][row][column]; else the owners of items do, [item][number].</param>
public readonly record struct LayerRuleArray(string Name, nint Pointer, long Count, bool IsByRow);

/// <summary>
/// A rule at work, shared by all workers of a process. In every step each owner of batch items calls <see cref="Observe"/> for them; then, once all have, each owner of
/// rows of the weights calls <see cref="Learn"/> for these.
/// </summary>
public abstract unsafe class LayerRuleKernel : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<LayerRuleArray> _state = [];
    private readonly LayerActivity[] _activity;

    private protected LayerRuleKernel(LayerWeights weights, int items, int lanes)
    {
        Weights = weights;
        Items = items;
        Arithmetic = LayerPlasticity.Create(weights, lanes);
        _owned.Add(Arithmetic);
        _activity = GC.AllocateArray<LayerActivity>(items, pinned: true);
        Activity = (LayerActivity*)Marshal.UnsafeAddrOfPinnedArrayElement(_activity, 0);
    }

    /// <summary>The weights that learn.</summary>
    public LayerWeights Weights { get; }

    /// <summary>Batch items.</summary>
    public int Items { get; }

    /// <summary>Its state beside the weights.</summary>
    public IReadOnlyList<LayerRuleArray> State => _state;

    /// <summary>The arithmetic of rules.</summary>
    public LayerPlasticity Arithmetic { get; }

    /// <summary>What was observed last. [item]</summary>
    private protected LayerActivity* Activity { get; }

    /// <summary>Takes what an item did in a step; what it points to stays as it is until all rows have learned.</summary>
    /// <param name="item">The item.</param>
    /// <param name="activity">What it did. Traces are not looked at by rules that keep their own.</param>
    public virtual void Observe(int item, in LayerActivity activity) => Activity[item] = activity;

    /// <summary>Changes rows of the weights, and what eligibility belongs to them, by what all items did in a step.</summary>
    /// <param name="rewards">Reward of each item; empty for rules without. [item]</param>
    /// <param name="changesWeights">Whether the weights change in this step; eligibility does in every step.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    public abstract void Learn(ReadOnlySpan<double> rewards, bool changesWeights, int firstRow, int lastRow);

    /// <summary>Forgets what an item has left behind: traces and eligibility. Weights stay.</summary>
    /// <param name="item">The item.</param>
    public void Reset(int item)
    {
        foreach (var array in _state)
        {
            var bytes = (nuint)(array.Count / Items * NumberBytes);
            NativeMemory.Clear((byte*)array.Pointer + ((nuint)item * bytes), bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _owned.ForEach(o => o.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Bytes of a number.</summary>
    private protected int NumberBytes => Weights.IsDouble ? sizeof(double) : sizeof(float);

    /// <summary>An array that belongs to a snapshot.</summary>
    private protected void* StateArray(string name, long perItem, bool isByRow)
    {
        var array = Scratch(perItem * Items);
        _state.Add(new LayerRuleArray(name, (nint)array, perItem * Items, isByRow));
        return array;
    }

    /// <summary>An array that does not: zero at first.</summary>
    private protected void* Scratch(long numbers)
    {
        var array = new NativeArray<byte>(numbers * NumberBytes, "the state of a learning rule", cleared: true);
        _owned.Add(array);
        return array.Pointer;
    }

    /// <summary>A number of an array.</summary>
    private protected void* At(void* array, long number) => (byte*)array + (number * NumberBytes);
}
