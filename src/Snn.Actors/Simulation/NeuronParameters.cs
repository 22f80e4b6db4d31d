using Snn.Actors.Networks;
using Snn.Actors.Networks.Reading;
using Snn.Kernels.Random;

namespace Snn.Actors.Simulation;

/// <summary>
/// The parameters and initial values of single neurons. A drawn number is a function of (seed, population, name, neuron) alone, so any
/// shard finds the same one.
/// </summary>
internal sealed class NeuronParameters
{
    private readonly Population _population;
    private readonly double[] _defaults;
    private readonly List<Source> _parameters = [];
    private readonly List<Source> _initial = [];

    public NeuronParameters(Population population, ulong seed)
    {
        _population = population;
        _defaults = population.Model.DefaultParameters();
        foreach (var p in population.Model.ParameterTable)
        {
            if (population.Parameters.TryGetValue(p.Name, out var given))
            {
                for (var i = 0; i < given.Count; i++)
                {
                    var name = p.IsList ? $"{p.Name}[{i}]" : p.Name;
                    _parameters.Add(new Source(p.Index + i, given[i], Key(seed, name)));
                }
            }
        }

        foreach (var (name, _, column, _) in ParameterReader.StateColumns(population.Model))
        {
            if (population.Initial.TryGetValue(name, out var given))
            {
                _initial.Add(new Source(column, given, Key(seed, $"initial {name}")));
            }
        }
    }

    /// <summary>The problems of the first neuron of every population whose drawn parameters do not go together.</summary>
    public static IReadOnlyList<NetworkProblem> DrawnProblems(Network network)
    {
        var all = new List<NetworkProblem>();
        foreach (var population in network.Populations.Where(ParameterCheck.HasDrawnParameters))
        {
            var draws = new NeuronParameters(population, network.Seed);
            var parameters = new double[population.Model.ParameterCount];
            for (var neuron = 0; neuron < population.Size; neuron++)
            {
                draws.Parameters(neuron, parameters);
                var problems = ParameterCheck.AfterDrawing(population, neuron, parameters, network.DtMs, network.Precision);
                if (problems.Count > 0)
                {
                    all.AddRange(problems);
                    break;
                }
            }
        }

        return all;
    }

    /// <summary>Whether all neurons have the same parameters.</summary>
    public bool AreShared => _parameters.TrueForAll(p => p.Value is Distribution.Constant);

    /// <summary>The parameter set of a neuron. [parameter]</summary>
    public void Parameters(int neuron, double[] parameters)
    {
        _defaults.CopyTo(parameters, 0);
        foreach (var p in _parameters)
        {
            parameters[p.Index] = p.Of(neuron);
        }
    }

    /// <summary>The initial state of a neuron with those parameters. [state column]</summary>
    public void Initial(int neuron, double[] parameters, double[] state)
    {
        _population.Model.Initialize(parameters, state);
        foreach (var s in _initial)
        {
            state[s.Index] = s.Of(neuron);
        }
    }

    private StreamKey Key(ulong seed, string name) => StreamKey.Derive(seed, $"population {_population.Name} {name}");

    /// <summary>Where one number of a neuron comes from.</summary>
    private sealed class Source(int index, Distribution value, StreamKey key)
    {
        private readonly ValueDistribution? _drawn = value is Distribution.Array or Distribution.Constant ? null : value.ToValues();

        public int Index => index;

        public Distribution Value => value;

        public double Of(int neuron) => value switch
        {
            Distribution.Constant c => c.Value,
            Distribution.Array list => list.Values[neuron],
            _ => _drawn!.Value.Quantile(Philox4x32.Block(key, (uint)neuron, 0, 0, 0).W0),
        };
    }
}
