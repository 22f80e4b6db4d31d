#!/usr/bin/env python3
"""Writes a network file of weakly coupled modules, to see what it is worth to keep each on one rank.

    bench/modules.py [--modules N] [--size N] [--projecting PART] > modules.json
    snn run modules.json --ranks 2 --threads 1

A module is a balanced random network (Brunel 2000, J Comput Neurosci 8:183-208): E and I in the proportion of 4 to 1, a tenth of the neurons of the module onto each neuron. One synapse of a
hundred comes from other modules. With --projecting, those come from a population P, which is that part of the excitatory neurons; else from all of E, so that nearly every neuron of E
has a target in another module. Populations are declared module by module; --shuffle declares all E, then all I, then all P. --even adds one neuron, which does nothing and has a hint of
place: so no other population has a place looked for, and all are cut evenly, to the same spikes.
"""
import argparse
import json


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--modules", type=int, default=4)
    parser.add_argument("--size", type=int, default=5000, help="neurons of a module")
    parser.add_argument("--between", type=float, default=0.01, help="part of the synapses that comes from other modules")
    parser.add_argument("--projecting", type=float, default=0, help="part of the excitatory neurons that projects to other modules; 0: all do")
    parser.add_argument("--shuffle", action="store_true")
    parser.add_argument("--even", action="store_true")
    parser.add_argument("--duration", type=float, default=500)
    o = parser.parse_args()
    excitatory = o.size * 4 // 5
    projecting = round(excitatory * o.projecting)
    sizes = {"E": excitatory - projecting, "I": o.size - excitatory, **({"P": projecting} if projecting else {})}
    names = sorted((kind, m) for m in range(o.modules) for kind in sizes) if o.shuffle else [(kind, m) for m in range(o.modules) for kind in sizes]
    populations, projections = {}, []
    first = f"{names[0][0]}{names[0][1]}"
    for kind, m in names:
        populations[f"{kind}{m}"] = {"size": sizes[kind], "like": first}
    populations[first] = {
        "size": sizes[names[0][0]], "model": "iaf_psc_delta",
        "params": {"tau_m": 20, "C_m": 20, "t_ref": 2, "E_L": 0, "V_th": 20, "V_reset": 10}, "initial": {"V_m": {"uniform": [0, 20]}},
    }
    onto = o.size // 10
    far = round(onto * o.between)
    for m in range(o.modules):
        own = [f"{kind}{m}" for kind in sizes]
        for kind in sizes:
            indegree = round(onto * sizes[kind] / o.size) - (far if kind == "E" else 0)
            projections.append({"from": f"{kind}{m}", "to": own, "rule": {"fixed_indegree": indegree}, "weight": -1 if kind == "I" else 0.2, "delay": 1.5})
        others = [n for n in range(o.modules) if n != m]
        for n in others if far else []:
            for target in own:
                total = round(far * sizes[target[0]] / len(others))
                projections.append({"from": f"{'P' if projecting else 'E'}{n}", "to": target, "rule": {"fixed_total_number": total}, "weight": 0.2, "delay": 3})
    inputs = {"external": {"model": "poisson", "rate": 2 * 20 / (0.2 * 20) * 1000, "to": list(populations), "weight": 0.2, "delay": 1.5}}
    if o.even:
        populations["none"] = {"size": 1, "like": first, "initial": {"V_m": 0}, "place": 0}
    network = {
        "snn": 1, "name": "modules", "dt": 0.1, "duration": o.duration, "seed": 1, "populations": populations,
        "inputs": inputs, "projections": projections, "record": {"spikes": []},
    }
    print(json.dumps(network, indent=1))


if __name__ == "__main__":
    main()
