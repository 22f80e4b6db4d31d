namespace Snn.Actors.Simulation;

/// <summary>Populations as vertices with their expected work, and the synapses between two of them, whatever their direction, as an edge.</summary>
internal sealed class PopulationGraph
{
    private readonly (int To, double Synapses)[][] _edges;

    private PopulationGraph(double[] work, (int To, double Synapses)[][] edges, double[] own)
    {
        Work = work;
        _edges = edges;
        Own = own;
        Outward = [.. edges.Select(e => e.Sum(to => to.Synapses))];
        Synapses = own.Sum() + (Outward.Sum() / 2);
    }

    /// <summary>Expected work of each population. [vertex]</summary>
    public double[] Work { get; }

    /// <summary>Synapses from a population to itself. [vertex]</summary>
    public double[] Own { get; }

    /// <summary>Synapses between a population and all others. [vertex]</summary>
    public double[] Outward { get; }

    /// <summary>All synapses.</summary>
    public double Synapses { get; }

    /// <summary>Number of populations.</summary>
    public int Count => Work.Length;

    /// <summary>Makes the graph; several projections between two populations become one edge.</summary>
    /// <param name="work">Expected work of each population.</param>
    /// <param name="projections">Source, target, expected synapses.</param>
    public static PopulationGraph Of(double[] work, IEnumerable<(int Source, int Target, double Synapses)> projections)
    {
        var own = new double[work.Length];
        var between = new Dictionary<(int Low, int High), double>();
        foreach (var (source, target, synapses) in projections)
        {
            var pair = (Math.Min(source, target), Math.Max(source, target));
            if (source == target)
            {
                own[source] += synapses;
            }
            else if (synapses > 0)
            {
                between[pair] = between.GetValueOrDefault(pair) + synapses;
            }
        }

        var edges = between.SelectMany(e => new[] { (From: e.Key.Low, To: e.Key.High, Synapses: e.Value), (From: e.Key.High, To: e.Key.Low, Synapses: e.Value) })
            .ToLookup(e => e.From, e => (e.To, e.Synapses));
        return new PopulationGraph(work, [.. Enumerable.Range(0, work.Length).Select(v => edges[v].OrderBy(e => e.To).ToArray())], own);
    }

    /// <summary>The other populations that one has synapses with.</summary>
    public ReadOnlySpan<(int To, double Synapses)> Edges(int vertex) => _edges[vertex];

    /// <summary>Some populations, and the synapses between them.</summary>
    /// <param name="vertices">Which ones, ascending.</param>
    public PopulationGraph Part(int[] vertices)
    {
        var index = new int[Count];
        System.Array.Fill(index, -1);
        for (var v = 0; v < vertices.Length; v++)
        {
            index[vertices[v]] = v;
        }

        return new PopulationGraph(
            [.. vertices.Select(v => Work[v])],
            [.. vertices.Select(v => _edges[v].Where(e => index[e.To] >= 0).Select(e => (index[e.To], e.Synapses)).ToArray())],
            [.. vertices.Select(v => Own[v])]);
    }
}
