namespace Snn.Actors.Simulation;

/// <summary>
/// Parts a graph of populations in two, so that few synapses lie between the sides and both have about the work that they should have. One side is grown from a population, always by the one most of
/// whose synapses are with those it has already; then single populations change sides as Fiduccia and Mattheyses let them (1982, Proc. 19th Design Automation Conference 175-181): all of them once,
/// the best move first even if it is for the worse, and the best state on the way is kept. That is done from several populations; the best end counts. It takes some
/// <see cref="Starts"/> x <see cref="MostPasses"/> x E log E operations at most, E being the edges.
/// </summary>
internal sealed class Bisection
{
    /// <summary>Populations to grow from.</summary>
    private const int Starts = 8;

    /// <summary>Most rounds of moves after a growth; two or three are usual.</summary>
    private const int MostPasses = 8;

    private readonly PopulationGraph _graph;
    private readonly double _target;
    private readonly double[] _most;
    private readonly double _slack;
    private readonly int[] _side;
    private readonly double[] _load = new double[2];
    private readonly double[] _gain;
    private double _cut;

    private Bisection(PopulationGraph graph, double target, double mostLeft, double mostRight)
    {
        _graph = graph;
        _target = target;
        _most = [mostLeft, mostRight];
        // While populations move, a side may be too full by one of them: otherwise nothing could be exchanged between two full ones.
        _slack = graph.Work.Max();
        _side = new int[graph.Count];
        _gain = new double[graph.Count];
    }

    /// <summary>How good a state is: first of all neither side has too much, then few synapses are cut, then the work is as it should be.</summary>
    private (double Overload, double Cut, double Off) Quality =>
        (Math.Max(0, _load[0] - _most[0]) + Math.Max(0, _load[1] - _most[1]), _cut, Math.Abs(_load[0] - _target));

    /// <summary>Finds sides that no work is too much for, or null.</summary>
    /// <param name="graph">The populations.</param>
    /// <param name="target">Work that the left side should have.</param>
    /// <param name="mostLeft">Most work that it may have.</param>
    /// <param name="mostRight">Most work that the right side may have.</param>
    public static (bool[] IsRight, double Cut)? Of(PopulationGraph graph, double target, double mostLeft, double mostRight)
    {
        if (graph.Count < 2)
        {
            return null;
        }

        var bisection = new Bisection(graph, target, mostLeft, mostRight);
        (bool[] IsRight, double Cut)? best = null;
        var bestQuality = (Overload: 0.0, Cut: double.PositiveInfinity, Off: 0.0);
        var starts = Math.Min(Starts, graph.Count);
        for (var i = 0; i < starts; i++)
        {
            bisection.Grow((int)((long)i * graph.Count / starts));
            for (var pass = 0; pass < MostPasses && bisection.Improve(); pass++)
            {
            }

            if (bisection.Quality.CompareTo(bestQuality) < 0)
            {
                bestQuality = bisection.Quality;
                best = ([.. bisection._side.Select(s => s == 1)], bestQuality.Cut);
            }
        }

        return best;
    }

    /// <summary>Grows the left side from one population.</summary>
    private void Grow(int from)
    {
        System.Array.Fill(_side, 1);
        (_load[0], _load[1]) = (0, _graph.Work.Sum());
        var inside = new double[_graph.Count];
        var seen = new bool[_graph.Count];
        var next = new PriorityQueue<int, (double, int)>();
        next.Enqueue(from, (double.NegativeInfinity, from));
        // Those that are connected to none of them, in their order, once all others are in.
        var unconnected = 0;
        while (_load[0] < _target && (next.Count > 0 || unconnected < _graph.Count))
        {
            var vertex = next.Count > 0 ? next.Dequeue() : unconnected++;
            if (seen[vertex])
            {
                continue;
            }

            seen[vertex] = true;
            // One that is too large by more than is lacking stays out.
            if (_load[0] + (_graph.Work[vertex] / 2) > _target)
            {
                continue;
            }

            Move(vertex);
            foreach (var (to, synapses) in _graph.Edges(vertex))
            {
                inside[to] += synapses;
                if (!seen[to])
                {
                    next.Enqueue(to, (-inside[to] / _graph.Outward[to], to));
                }
            }
        }

        Recount();
    }

    /// <summary>Lets every population change sides once and keeps the best state on the way. Returns whether that is better than the one before.</summary>
    private bool Improve()
    {
        var (start, best) = (Quality, Quality);
        var moves = new List<int>();
        var kept = 0;
        var moved = new bool[_graph.Count];
        PriorityQueue<int, (double, int)>[] queues = [new(), new()];
        for (var v = 0; v < _graph.Count; v++)
        {
            queues[_side[v]].Enqueue(v, (-_gain[v], v));
        }

        while (Next(queues, moved) is { } vertex)
        {
            moved[vertex] = true;
            _cut -= _gain[vertex];
            Move(vertex);
            _gain[vertex] = -_gain[vertex];
            foreach (var (to, synapses) in _graph.Edges(vertex))
            {
                _gain[to] += _side[to] == _side[vertex] ? -2 * synapses : 2 * synapses;
                if (!moved[to])
                {
                    queues[_side[to]].Enqueue(to, (-_gain[to], to));
                }
            }

            moves.Add(vertex);
            if (Quality.CompareTo(best) < 0)
            {
                (best, kept) = (Quality, moves.Count);
            }
        }

        moves.Skip(kept).ToList().ForEach(Move);
        // Anew, not by adding and subtracting: so nothing gathers that rounding leaves behind.
        Recount();
        return best.CompareTo(start) < 0 && Quality.CompareTo(start) < 0;
    }

    /// <summary>The population whose move gains most, of those that the other side has room for; of equal ones, from the fuller side. Null: there is none.</summary>
    private int? Next(PriorityQueue<int, (double, int)>[] queues, bool[] moved)
    {
        foreach (var side in new[] { 0, 1 })
        {
            // What a later entry has made untrue, and what has no room on the other side, is out of it in this round.
            while (queues[side].TryPeek(out var v, out var priority) && (moved[v] || priority.Item1 != -_gain[v] || _load[1 - side] + _graph.Work[v] > _most[1 - side] + _slack))
            {
                queues[side].Dequeue();
            }
        }

        var has = queues.Select(q => q.Count > 0).ToArray();
        if (!has[0] && !has[1])
        {
            return null;
        }

        var fuller = _load[0] / _most[0] >= _load[1] / _most[1] ? 0 : 1;
        var take = has[0] && has[1] ? (GainOf(fuller) >= GainOf(1 - fuller) ? fuller : 1 - fuller) : has[0] ? 0 : 1;
        return queues[take].Dequeue();

        double GainOf(int side) => _gain[queues[side].Peek()];
    }

    /// <summary>Synapses that are cut, and by how many fewer each move would leave.</summary>
    private void Recount()
    {
        _cut = 0;
        for (var v = 0; v < _graph.Count; v++)
        {
            _gain[v] = 0;
            foreach (var (to, synapses) in _graph.Edges(v))
            {
                _gain[v] += _side[to] == _side[v] ? -synapses : synapses;
                _cut += _side[to] == _side[v] ? 0 : synapses / 2;
            }
        }
    }

    private void Move(int vertex)
    {
        var side = _side[vertex];
        _load[side] -= _graph.Work[vertex];
        _load[1 - side] += _graph.Work[vertex];
        _side[vertex] = 1 - side;
    }
}
