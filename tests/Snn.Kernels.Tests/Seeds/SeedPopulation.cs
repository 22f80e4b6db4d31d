using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Snn.Kernels.Tests.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>
/// Neurons of a case in the shape that the library gives them, [batch item, ...]: each item of the batch is a call of the kernel of its own. What is seen in
/// a step is gathered by name.
/// </summary>
internal sealed class SeedPopulation : IDisposable
{
    private readonly NeuronModel _model;
    private readonly NeuronRun[] _items;
    private readonly int _neurons;
    private readonly Dictionary<string, List<SeedTensor>> _seen = [];

    /// <param name="model">Name of the model.</param>
    /// <param name="parameters">What is not as by default: numbers, or tensors that can be stretched to the shape.</param>
    /// <param name="shape">[batch item, ...]</param>
    /// <param name="isDouble">Element type of the state.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <exception cref="ArgumentException">A parameter is out of range, or the model refuses a set of them.</exception>
    public SeedPopulation(string model, IReadOnlyDictionary<string, SeedTensor> parameters, int[] shape, bool isDouble, double dtMs = 1)
    {
        Shape = shape;
        _neurons = shape[1..].Aggregate(1, (n, d) => n * d);
        var unbound = NeuronModels.Find(model)!;
        var places = parameters.Select(p => (Place(unbound, p.Key, p.Value), p.Value)).ToArray();
        _model = unbound.Bind(Common(unbound, places));
        var isShared = places.All(p => p.Value.Data.Length == 1);
        _items =
        [
            .. Enumerable.Range(0, shape[0]).Select(item =>
            {
                var sets = Enumerable.Range(0, isShared ? 1 : _neurons).Select(n => ParametersOf(places, (item * _neurons) + n, dtMs)).ToArray();
                return new NeuronRun(_model, LanePolicy.CreateKernel(_model, LanePolicy.Auto, isDouble), sets, _neurons, dtMs);
            }),
        ];
    }

    /// <summary>[batch item, ...]</summary>
    public int[] Shape { get; }

    /// <summary>What was seen, along a first axis of steps.</summary>
    public IReadOnlyDictionary<string, SeedTensor> Seen => _seen.ToDictionary(s => s.Key, s => SeedTensor.Stack(s.Value));

    /// <summary>What a step adds to a port.</summary>
    public void SetInput(string port, SeedTensor x)
    {
        var column = _model.PortTable.Single(p => p.Info.Name == port).Column;
        ForEach((run, n, i) => run.SetInput(column, n, At(x, i)));
    }

    public void Integrate()
    {
        foreach (var run in _items)
        {
            run.Integrate();
        }
    }

    /// <summary>The spikes' values; 0 where there is none.</summary>
    public SeedTensor Fire()
    {
        var spikes = SeedTensor.Zeros(Shape);
        for (var item = 0; item < _items.Length; item++)
        {
            var count = _items[item].Fire();
            for (var k = 0; k < count; k++)
            {
                spikes.Data[(item * _neurons) + _items[item].Spikes(count)[k]] = _items[item].Value(k);
            }
        }

        return spikes;
    }

    public SeedTensor State(string variable)
    {
        var values = SeedTensor.Zeros(Shape);
        ForEach((run, n, i) => values.Data[i] = run.State(variable, n));
        return values;
    }

    public void SetState(string variable, SeedTensor values) => ForEach((run, n, i) => run.SetState(variable, n, At(values, i)));

    public void Initialize()
    {
        foreach (var run in _items)
        {
            run.Initialize();
        }
    }

    /// <summary>Keeps a tensor of the step under a name.</summary>
    public void See(string name, SeedTensor values)
    {
        _seen.TryAdd(name, []);
        _seen[name].Add(values);
    }

    /// <summary>Keeps a state variable under a name.</summary>
    public void See(string name, string variable) => See(name, State(variable));

    public void Dispose()
    {
        foreach (var run in _items)
        {
            run.Dispose();
        }
    }

    private void ForEach(Action<NeuronRun, int, int> action)
    {
        for (var item = 0; item < _items.Length; item++)
        {
            for (var n = 0; n < _neurons; n++)
            {
                action(_items[item], n, (item * _neurons) + n);
            }
        }
    }

    private double[] ParametersOf((int Index, SeedTensor Value)[] places, int index, double dtMs)
    {
        var set = _model.DefaultParameters();
        foreach (var (place, value) in places)
        {
            set[place] = At(value, index);
        }

        var problems = _model.Check(set, dtMs).ToList();
        return problems.Count == 0 ? set : throw new ArgumentException(problems[0].Message);
    }

    private static int Place(NeuronModel model, string name, SeedTensor values)
    {
        var parameter = model.ParameterTable.Single(p => p.Name == name);
        var (min, max) = (parameter.Info.MinExcluded ? Math.BitIncrement(parameter.Info.Min) : parameter.Info.Min, parameter.Info.Max);
        var isRight = values.Data.All(v => (v >= min && v <= max) || (double.IsNaN(v) && parameter.Info.AllowsNull));
        return isRight ? parameter.Index : throw new ArgumentException($"{name}: allowed is {parameter.AllowedText}");
    }

    /// <summary>What all neurons have in common; NaN where they differ.</summary>
    private static double[] Common(NeuronModel model, (int Index, SeedTensor Value)[] places)
    {
        var common = model.DefaultParameters();
        foreach (var (place, value) in places)
        {
            common[place] = value.Data.Length == 1 ? value.Data[0] : double.NaN;
        }

        return common;
    }

    /// <summary>The number of a tensor for a neuron, the tensor being stretched to the shape along axes of length 1 and missing leading ones.</summary>
    private double At(SeedTensor x, int index)
    {
        if (x.Data.Length == 1)
        {
            return x.Data[0];
        }

        var (place, stride) = (0, 1);
        for (var axis = Shape.Length - 1; axis >= 0; axis--)
        {
            var coordinate = index % Shape[axis];
            index /= Shape[axis];
            var own = axis - (Shape.Length - x.Shape.Length);
            if (own >= 0 && x.Shape[own] > 1)
            {
                place += coordinate * stride;
                stride *= x.Shape[own];
            }
        }

        return x.Data[place];
    }
}
