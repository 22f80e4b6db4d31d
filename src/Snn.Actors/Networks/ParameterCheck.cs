using Snn.Actors.Networks.Reading;
using Snn.Actors.Networks.Source;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks;

/// <summary>Conditions between the parameters of a neuron, before and after its random ones are drawn.</summary>
public static class ParameterCheck
{
    /// <summary>Whether any parameter of a population is drawn, so that it has to be checked neuron by neuron after drawing.</summary>
    public static bool HasDrawnParameters(Population population) =>
        population.Parameters.Values.Any(v => v.Any(IsDrawn));

    /// <summary>Checks one neuron whose parameters are all known: conditions between them, and constants that can be computed.</summary>
    /// <param name="population">Its population.</param>
    /// <param name="neuron">Its index in the population.</param>
    /// <param name="parameters">[parameter], as the model's table orders them.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <param name="precision">Element type of the state.</param>
    /// <returns>What is wrong, with the path of the parameter; empty if nothing.</returns>
    public static IReadOnlyList<NetworkProblem> AfterDrawing(Population population, int neuron, double[] parameters, double dtMs, Precision precision) =>
    [
        .. Shortened(population.Model, parameters, dtMs, precision).Select(p => new NetworkProblem(
            SourcePath.Append($"populations.{population.Name}.params", p.Parameter), 0, 0,
            $"neuron {Say.Number(neuron)}, as drawn: {p.Message}; narrow the distributions with min and max, or change the seed")),
    ];

    /// <summary>
    /// Checks the lengths of lists, and the neurons of a population whose parameters are constants or arrays; a population with drawn ones is left to
    /// <see cref="AfterDrawing"/>.
    /// </summary>
    internal static IEnumerable<ParameterProblem> BeforeDrawing(Population population, double dtMs, Precision precision)
    {
        if (UnequalLists(population).ToList() is { Count: > 0 } unequal)
        {
            return unequal;
        }

        if (HasDrawnParameters(population) || double.IsNaN(dtMs))
        {
            return [];
        }

        var isHomogeneous = population.Parameters.Values.All(v => v.All(d => d is Distribution.Constant));
        if (isHomogeneous)
        {
            return Problems(population.Model, ParametersOf(population, 0), dtMs, precision);
        }

        var arrays = population.Parameters.Values.SelectMany(v => v.OfType<Distribution.Array>());
        return arrays.All(a => a.Values.Count == population.Size) ? OfArrays(population, dtMs, precision) : [];
    }

    /// <summary>What all neurons of a population have in common: [parameter], NaN where they differ.</summary>
    internal static double[] Common(NeuronModel model, IReadOnlyDictionary<string, IReadOnlyList<Distribution>> parameters)
    {
        var values = model.DefaultParameters();
        foreach (var parameter in model.ParameterTable.Where(p => !p.IsList))
        {
            values[parameter.Index] = parameters[parameter.Name] is [Distribution.Constant constant] ? constant.Value : double.NaN;
        }

        return values;
    }

    /// <summary>The problems of drawn parameters, told with six digits: the rest says nothing of a number that nobody chose.</summary>
    private static List<ParameterProblem> Shortened(NeuronModel model, double[] parameters, double dtMs, Precision precision)
    {
        var problems = Problems(model, parameters, dtMs, precision);
        if (problems.Count == 0)
        {
            return problems;
        }

        // Where rounding mends the problem, or makes another one, it is told in full.
        var shortened = Problems(model, Array.ConvertAll(parameters, p => double.IsFinite(p) ? Say.Round(p, 6) : p), dtMs, precision);
        return shortened.Select(p => p.Parameter).SequenceEqual(problems.Select(p => p.Parameter)) ? shortened : problems;
    }

    /// <summary>The parameter set of a model. [parameter]</summary>
    /// <param name="model">The model.</param>
    /// <param name="given">What was declared; the rest has its default.</param>
    /// <param name="value">The number that stands for a declared one.</param>
    internal static double[] Flat(NeuronModel model, IReadOnlyDictionary<string, IReadOnlyList<Distribution>> given, Func<Distribution, double> value)
    {
        var flat = model.DefaultParameters();
        foreach (var parameter in model.ParameterTable)
        {
            if (given.TryGetValue(parameter.Name, out var elements))
            {
                var numbers = flat.AsSpan(parameter.Index, parameter.Length);
                numbers.Fill(parameter.Info.Padding);
                for (var i = 0; i < elements.Count; i++)
                {
                    numbers[i] = value(elements[i]);
                }
            }
        }

        return flat;
    }

    private static IEnumerable<ParameterProblem> UnequalLists(Population population)
    {
        foreach (var list in population.Model.ParameterTable)
        {
            if (list.Info.SameLengthAs is { } other && (population.Parameters[list.Name].Count, population.Parameters[other].Count) is var (mine, theirs) && mine != theirs)
            {
                yield return new ParameterProblem(mine > 0 ? list.Name : other, $"{list.Name} has {Say.Some(mine, "element")}, but {other} has {Say.Number(theirs)}; give both as many: they belong together one by one");
            }
        }
    }

    private static List<ParameterProblem> OfArrays(Population population, double dtMs, Precision precision)
    {
        var first = new Dictionary<string, (int Neuron, string Message, int Others)>();
        for (var neuron = 0; neuron < population.Size; neuron++)
        {
            foreach (var problem in Problems(population.Model, ParametersOf(population, neuron), dtMs, precision))
            {
                first[problem.Parameter] = first.TryGetValue(problem.Parameter, out var known)
                    ? known with { Others = known.Others + 1 }
                    : (neuron, problem.Message, 0);
            }
        }

        return
        [
            .. first.Select(f => new ParameterProblem(f.Key, $"neuron {Say.Number(f.Value.Neuron)}"
                + (f.Value.Others > 0 ? $" (and {Say.Some(f.Value.Others, "other")})" : string.Empty) + ": " + f.Value.Message)),
        ];
    }

    private static double[] ParametersOf(Population population, int neuron) => Flat(
        population.Model, population.Parameters, d => d is Distribution.Array array ? array.Values[neuron] : ((Distribution.Constant)d).Value);

    private static List<ParameterProblem> Problems(NeuronModel model, double[] parameters, double dtMs, Precision precision)
    {
        var problems = model.Check(parameters, dtMs).ToList();
        if (problems.Count > 0)
        {
            return problems;
        }

        var derived = new double[model.DerivedColumns];
        model.Derive(parameters, dtMs, derived);
        var limit = precision == Precision.Single ? float.MaxValue : double.MaxValue;

        // A bound that is not there, such as V_min, is an infinite parameter and stays one.
        if (!derived.All(d => Math.Abs(d) <= limit || parameters.Contains(d)))
        {
            problems.Add(new ParameterProblem(
                string.Empty,
                $"these parameters together give {model.Name} constants that no {(precision == Precision.Single ? "32" : "64")}-bit number holds; look for a value that is far too large or too small"));
        }

        return problems;
    }

    private static bool IsDrawn(Distribution value) => value is not (Distribution.Constant or Distribution.Array);
}
