using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>A parameter set that a model refuses, beyond the ranges of its single parameters.</summary>
/// <param name="Parameter">Name of the parameter to blame.</param>
/// <param name="Message">What is wrong and what to do, with values and units.</param>
public readonly record struct ParameterProblem(string Parameter, string Message);

/// <summary>
/// A neuron model as the rest of Snn sees it: names, units and ranges read from the model's structs, and numbers in flat arrays in the order
/// of those structs. Validation, documentation, recording, snapshots and kernels all come from here.
/// </summary>
public abstract class NeuronModel
{
    private protected NeuronModel(Type parameters, Type state, Type input, int parameterCount, int derivedColumns)
    {
        ParameterTable = StructDescription.Parameters(parameters);
        StateTable = StructDescription.State(state);
        PortTable = StructDescription.Ports(input);
        ParameterCount = parameterCount;
        DerivedColumns = derivedColumns;
        SpikePorts = PortTable.Count(p => p.Info.Kind is PortKind.Spikes or PortKind.ExcitatorySpikes or PortKind.InhibitorySpikes);
        EventPorts = SpikePorts + PortTable.Count(p => p.Info.Kind == PortKind.Trace);
    }

    /// <summary>The name in a network file: iaf_psc_exp.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>The equations and the rule at threshold, one a line, in plain text.</summary>
    public abstract string Equations { get; }

    /// <summary>The integration scheme, its order and its error.</summary>
    public abstract string Scheme { get; }

    /// <summary>The papers.</summary>
    public abstract string Reference { get; }

    /// <summary>The library whose names, defaults and semantics it has: NEST, PySNN, snngrow or snnTorch; Snn where it is our own.</summary>
    public abstract string Library { get; }

    /// <summary>What a user sets.</summary>
    public IReadOnlyList<ParameterDescription> ParameterTable { get; }

    /// <summary>What changes.</summary>
    public IReadOnlyList<StateDescription> StateTable { get; private protected set; }

    /// <summary>What arrives: spike ports first, then trace ports.</summary>
    public IReadOnlyList<PortDescription> PortTable { get; }

    /// <summary>Numbers in a parameter set.</summary>
    public int ParameterCount { get; }

    /// <summary>Columns of state.</summary>
    public int StateColumns => StateTable.Sum(s => s.Length);

    /// <summary>Columns of derived constants.</summary>
    public int DerivedColumns { get; }

    /// <summary>How many of the ports take spikes; they are the first ones.</summary>
    public int SpikePorts { get; }

    /// <summary>How many of the ports are emptied once read, those of spikes and of traces; they are the first ones.</summary>
    public int EventPorts { get; }

    /// <summary>Whether spikes carry values other than 1, which the kernel then writes to <see cref="NeuronColumns.Values"/>.</summary>
    public virtual bool EmitsValues => false;

    /// <summary>Whether one call of the kernel must advance all neurons of a population together, because they compete.</summary>
    public virtual bool IsIndivisible => false;

    /// <summary>The default parameter set.</summary>
    public double[] DefaultParameters()
    {
        var values = new double[ParameterCount];
        foreach (var p in ParameterTable)
        {
            values.AsSpan(p.Index, p.Length).Fill(p.IsList ? p.Info.Padding : p.Info.Default);
        }

        return values;
    }

    /// <summary>What is wrong with a parameter set that is in range, number by number; empty if nothing.</summary>
    /// <param name="parameters">[parameter]</param>
    /// <param name="dtMs">Time step, ms.</param>
    public abstract IEnumerable<ParameterProblem> Check(double[] parameters, double dtMs);

    /// <summary>Computes what the kernel needs from what the user set.</summary>
    /// <param name="parameters">[parameter]</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <param name="derived">Receives [derived column].</param>
    public abstract void Derive(ReadOnlySpan<double> parameters, double dtMs, Span<double> derived);

    /// <summary>
    /// The state where the user gives none. Of the models of NEST it is a constant, as there: a population that is given another resting potential does not start at it.
    /// </summary>
    /// <param name="parameters">[parameter]</param>
    /// <param name="state">Receives [state column].</param>
    public abstract void Initialize(ReadOnlySpan<double> parameters, Span<double> state);

    /// <summary>
    /// The model of a population: its shared parameters decide which kernel runs, what state there is and whether spikes carry values. A model of
    /// <see cref="NeuronModels"/> has the default ones.
    /// </summary>
    /// <param name="parameters">[parameter], in range; NaN for one that differs from neuron to neuron.</param>
    public abstract NeuronModel Bind(ReadOnlySpan<double> parameters);

    /// <summary>The kernel over some lanes, for the shared parameters of <see cref="Bind"/>.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public abstract NeuronKernel CreateKernel<L>()
        where L : unmanaged, ILanes<L>;
}

/// <summary>The typed half of <see cref="NeuronModel"/>: a model derives from it and speaks of its structs only.</summary>
/// <typeparam name="TParameters">What a user sets: only double fields or inline arrays of double, each with [Parameter].</typeparam>
/// <typeparam name="TState">State over double.</typeparam>
/// <typeparam name="TDerived">Derived over double.</typeparam>
/// <typeparam name="TInput">Input over double.</typeparam>
public abstract class NeuronModel<TParameters, TState, TDerived, TInput> : NeuronModel
    where TParameters : unmanaged
    where TState : unmanaged
    where TDerived : unmanaged
    where TInput : unmanaged
{
    private readonly IReadOnlyList<StateDescription> _state;

    /// <summary>Describes the four structs.</summary>
    protected NeuronModel()
        : base(
            typeof(TParameters),
            typeof(TState),
            typeof(TInput),
            Unsafe.SizeOf<TParameters>() / sizeof(double),
            Unsafe.SizeOf<TDerived>() / sizeof(double))
    {
        _state = StateTable;
        Common = Read<TParameters>(DefaultParameters());
    }

    /// <summary>What the population has in common: of the shared parameters, and of others that all its neurons share.</summary>
    protected TParameters Common { get; private set; }

    /// <summary>State that follows the State struct in columns of its own, where <see cref="Common"/> says how many: name, columns, description.</summary>
    protected virtual IEnumerable<(string Name, int Length, StateVariableAttribute Info)> MoreState => [];

    /// <inheritdoc/>
    public sealed override NeuronModel Bind(ReadOnlySpan<double> parameters)
    {
        if (!ParameterTable.Any(p => p.Info.IsShared))
        {
            return this;
        }

        var bound = (NeuronModel<TParameters, TState, TDerived, TInput>)MemberwiseClone();
        bound.Common = Read<TParameters>(parameters);
        var table = _state.ToList();
        foreach (var (name, length, info) in bound.MoreState)
        {
            table.Add(new StateDescription(name, table.Sum(s => s.Length), length, info));
        }

        bound.StateTable = table;
        return bound;
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<ParameterProblem> Check(double[] parameters, double dtMs) => Check(Read<TParameters>(parameters), dtMs);

    /// <inheritdoc/>
    public sealed override void Derive(ReadOnlySpan<double> parameters, double dtMs, Span<double> derived) =>
        Write(Derive(Read<TParameters>(parameters), dtMs), derived);

    /// <inheritdoc/>
    public sealed override void Initialize(ReadOnlySpan<double> parameters, Span<double> state)
    {
        state.Clear();
        Write(Initialize(Read<TParameters>(parameters)), state);
    }

    /// <inheritdoc cref="NeuronModel.Check"/>
    protected abstract IEnumerable<ParameterProblem> Check(TParameters p, double dtMs);

    /// <inheritdoc cref="NeuronModel.Derive"/>
    protected abstract TDerived Derive(in TParameters p, double dtMs);

    /// <inheritdoc cref="NeuronModel.Initialize"/>
    protected abstract TState Initialize(in TParameters p);

    /// <summary>A struct from its numbers; one without fields has none, but is a byte long.</summary>
    private static TStruct Read<TStruct>(ReadOnlySpan<double> numbers)
        where TStruct : unmanaged => Unsafe.SizeOf<TStruct>() < sizeof(double) ? default : MemoryMarshal.Cast<double, TStruct>(numbers)[0];

    private static void Write<TStruct>(TStruct value, Span<double> numbers)
        where TStruct : unmanaged
    {
        if (Unsafe.SizeOf<TStruct>() >= sizeof(double))
        {
            MemoryMarshal.Cast<double, TStruct>(numbers)[0] = value;
        }
    }
}
