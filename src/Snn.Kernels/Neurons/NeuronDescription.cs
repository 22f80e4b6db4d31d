using System.Globalization;
using System.Reflection;

namespace Snn.Kernels.Neurons;

/// <summary>A parameter of a model: a public <see cref="double"/> field of its Parameters struct.</summary>
/// <param name="default">Value where the user gives none.</param>
/// <param name="unit">Unit, as in the field: ms, mV, pA, pF, nS; empty for a number or a switch.</param>
/// <param name="meaning">One line for the docs table.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ParameterAttribute(double @default, string unit, string meaning) : Attribute
{
    /// <summary>Value where the user gives none.</summary>
    public double Default { get; } = @default;

    /// <summary>Unit; empty for a number or a switch.</summary>
    public string Unit { get; } = unit;

    /// <summary>One line for the docs table.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>Least value allowed (included unless <see cref="MinExcluded"/>).</summary>
    public double Min { get; set; } = double.NegativeInfinity;

    /// <summary>Whether <see cref="Min"/> itself is not allowed.</summary>
    public bool MinExcluded { get; set; }

    /// <summary>Greatest value allowed.</summary>
    public double Max { get; set; } = double.PositiveInfinity;

    /// <summary>Whether the parameter is a switch: true or false in a network file, 1 or 0 here.</summary>
    public bool IsSwitch { get; set; }

    /// <summary>The words that a user chooses from; here the number of the word, counted from 0. Null where it is no choice.</summary>
    public string[]? Choices { get; set; }

    /// <summary>Whether a network file may say null, which is not a number (NaN) here; the meaning says what that stands for.</summary>
    public bool AllowsNull { get; set; }

    /// <summary>Whether it is one value for the whole population, because it decides which kernel runs or how much state there is.</summary>
    public bool IsShared { get; set; }

    /// <summary>
    /// For a field that is an inline array: the value of the elements that the user does not give. A user gives a list of at most as
    /// many elements as the inline array has.
    /// </summary>
    public double Padding { get; set; }

    /// <summary>For a list: another list that must have as many elements, because they belong together. Null where there is none.</summary>
    public string? SameLengthAs { get; set; }

    /// <summary>The same parameter with another default.</summary>
    internal ParameterAttribute WithDefault(double value) => new(value, Unit, Meaning)
    {
        Min = Min,
        MinExcluded = MinExcluded,
        Max = Max,
        IsSwitch = IsSwitch,
        Choices = Choices,
        Padding = Padding,
    };
}

/// <summary>A state variable of a model: a public field of its State struct.</summary>
/// <param name="unit">Unit, as in the field.</param>
/// <param name="meaning">One line for the docs table.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class StateVariableAttribute(string unit, string meaning) : Attribute
{
    /// <summary>Unit.</summary>
    public string Unit { get; } = unit;

    /// <summary>One line for the docs table.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>Whether a user may record it and set its initial value (else it is a counter of the scheme).</summary>
    public bool IsPublic { get; set; } = true;

    /// <summary>
    /// Whether every step computes it afresh from the rest of the state, as a sum that a user wants to see: it may be recorded, but an initial
    /// value would be without effect.
    /// </summary>
    public bool IsDerived { get; set; }
}

/// <summary>What arrives at a port of a model.</summary>
public enum PortKind
{
    /// <summary>Weights of spikes, whatever their sign.</summary>
    Spikes,

    /// <summary>Weights of spikes that are zero or positive.</summary>
    ExcitatorySpikes,

    /// <summary>Weights of spikes that are negative; a conductance-based model takes their absolute value itself.</summary>
    InhibitorySpikes,

    /// <summary>Traces of presynaptic neurons, whatever their sign; not a receptor of spikes.</summary>
    Trace,

    /// <summary>A current that stays until it is changed.</summary>
    Current,

    /// <summary>A random number of each neuron and step, uniform in [0, 1); comes after the current port.</summary>
    Uniform,
}

/// <summary>An input port of a model: a public field of its Input struct. Spike ports come first, then traces, then the current port.</summary>
/// <param name="name">Name of the receptor in a network file.</param>
/// <param name="kind">What arrives here.</param>
/// <param name="unit">Unit of a weight.</param>
/// <param name="meaning">One line for the docs table.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class PortAttribute(string name, PortKind kind, string unit, string meaning) : Attribute
{
    /// <summary>Name of the receptor in a network file.</summary>
    public string Name { get; } = name;

    /// <summary>What arrives here.</summary>
    public PortKind Kind { get; } = kind;

    /// <summary>Unit of a weight.</summary>
    public string Unit { get; } = unit;

    /// <summary>One line for the docs table.</summary>
    public string Meaning { get; } = meaning;
}

/// <summary>One parameter, or one list of them, of a described model.</summary>
/// <param name="Name">The field's name, which is the field's own name for it: tau_m, C_m.</param>
/// <param name="Index">Place of its first number among the numbers of Parameters.</param>
/// <param name="Length">How many numbers: 1, or the capacity of a list.</param>
/// <param name="Info">Default, unit, range, meaning.</param>
public sealed record ParameterDescription(string Name, int Index, int Length, ParameterAttribute Info)
{
    /// <summary>Whether a user gives a list of up to <see cref="Length"/> numbers.</summary>
    public bool IsList => Length > 1;

    /// <summary>The default as a network file would say it.</summary>
    public string DefaultText => IsList ? "[]"
        : Info.IsSwitch ? (Info.Default != 0 ? "true" : "false")
        : Info.Choices is { } words ? words[(int)Info.Default]
        : double.IsNaN(Info.Default) ? "null"
        : double.IsNegativeInfinity(Info.Default) ? "none"
        : Number(Info.Default);

    /// <summary>What a user may give.</summary>
    public string AllowedText => Info.IsSwitch ? "true, false"
        : Info.Choices is { } words ? string.Join(", ", words)
        : Range + (Info.AllowsNull ? ", or null" : string.Empty) + (IsList ? string.Create(CultureInfo.InvariantCulture, $"; a list of at most {Length}") : string.Empty);

    private string Range
    {
        get
        {
            var low = double.IsFinite(Info.Min) ? $"{(Info.MinExcluded ? ">" : ">=")} {Number(Info.Min)}" : string.Empty;
            var high = double.IsFinite(Info.Max) ? $"<= {Number(Info.Max)}" : string.Empty;
            return low.Length == 0 && high.Length == 0 ? "any" : low.Length > 0 && high.Length > 0 ? low + ", " + high : low + high;
        }
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>One state variable of a described model.</summary>
/// <param name="Name">The field's name: V_m, g_ex.</param>
/// <param name="Column">Place of its first column among the columns of State.</param>
/// <param name="Length">How many columns: 1, or the length of an inline array.</param>
/// <param name="Info">Unit and meaning.</param>
public sealed record StateDescription(string Name, int Column, int Length, StateVariableAttribute Info);

/// <summary>One input port of a described model.</summary>
/// <param name="Column">Place among the model's ports.</param>
/// <param name="Info">Name, kind, unit, meaning.</param>
public sealed record PortDescription(int Column, PortAttribute Info);

/// <summary>Reads a model's structs. This is the only place that knows how a struct becomes columns.</summary>
internal static class StructDescription
{
    public static IReadOnlyList<ParameterDescription> Parameters(Type parameters)
    {
        var list = new List<ParameterDescription>();
        Add(list, parameters, 0);
        return list;
    }

    /// <summary>A field that is itself a struct of parameters is a group: its parameters are the model's, in its place.</summary>
    private static int Add(List<ParameterDescription> list, Type parameters, int index)
    {
        foreach (var field in Fields(parameters))
        {
            if (field.GetCustomAttribute<ParameterAttribute>() is { } info)
            {
                var length = Length(field.FieldType);
                list.Add(new ParameterDescription(field.Name, index, length, info));
                index += length;
            }
            else if (field.FieldType is { IsValueType: true, IsPrimitive: false })
            {
                index = Add(list, field.FieldType, index);
            }
            else
            {
                throw new InvalidOperationException($"{parameters}.{field.Name} has no [Parameter].");
            }
        }

        return index;
    }

    public static IReadOnlyList<StateDescription> State(Type state)
    {
        var list = new List<StateDescription>();
        var column = 0;
        foreach (var field in Fields(state))
        {
            var info = field.GetCustomAttribute<StateVariableAttribute>()
                ?? throw new InvalidOperationException($"{state}.{field.Name} has no [StateVariable].");
            var length = Length(field.FieldType);
            list.Add(new StateDescription(field.Name, column, length, info));
            column += length;
        }

        return list;
    }

    public static IReadOnlyList<PortDescription> Ports(Type input)
    {
        var list = new List<PortDescription>();
        foreach (var field in Fields(input))
        {
            var info = field.GetCustomAttribute<PortAttribute>()
                ?? throw new InvalidOperationException($"{input}.{field.Name} has no [Port].");
            list.Add(new PortDescription(list.Count, info));
        }

        return list;
    }

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public).OrderBy(f => f.MetadataToken);

    private static int Length(Type field) =>
        field.GetCustomAttribute<System.Runtime.CompilerServices.InlineArrayAttribute>()?.Length ?? 1;
}
