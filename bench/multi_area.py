#!/usr/bin/env python3
"""Writes a network file of many cortical areas, to see how Snn takes to a large network.

    bench/multi_area.py [--scale S] [--areas N] [--long-range K] > multi-area.json
    snn bench multi-area.json --dry-ranks 64 --threads 1 --repeats 1

In size and structure like the model of the vision-related areas of macaque cortex by Schmidt et al. (2018, PLoS Comput Biol 14:e1006359, doi:10.1371/journal.pcbi.1006359), which has 32
areas, each with the populations of the microcircuit under 1 mm^2 (Potjans and Diesmann 2014), some 4 million neurons and 24 billion synapses; --neurons-factor 1.67, which is the
default, makes the areas as large as theirs on average. It is not that model: all areas are alike, every area hears from every other, and the connections between areas go out from the
excitatory populations of layers 2/3 and 5, with K synapses onto each neuron in all. What lies between two areas is a ring; spikes travel 3.5 m/s.

--scale S shrinks populations, and numbers of synapses onto a neuron with them; weights grow by 1/sqrt(S). The delays stay.
"""
import argparse
import json
import math
import sys

NAMES = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
SIZES = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
BACKGROUND = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]
# [target][source]
PROBABILITIES = [
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
    [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
]
WEIGHT_PA = 87.8
PROJECTING = ["L23E", "L5E"]
MM_BETWEEN_NEIGHBOURS = 2.5
MM_PER_MS = 3.5


def truncated(mean, std, **bound):
    return {"normal": {"mean": round(mean, 6), "std": round(std, 6), **bound}}


def local(area, scale, weight):
    """The microcircuit of an area: as many synapses onto a neuron as in an area of the original size."""
    for t, target in enumerate(NAMES):
        for s, source in enumerate(NAMES):
            if PROBABILITIES[t][s] > 0:
                indegree = round(-math.log(1 - PROBABILITIES[t][s]) * SIZES[s] * scale)
                excites = s % 2 == 0
                mean = weight * ((2 if (target, source) == ("L23E", "L4E") else 1) if excites else -4)
                yield {
                    "from": f"{area}{source}", "to": f"{area}{target}", "rule": {"fixed_indegree": max(1, indegree)},
                    "weight": truncated(mean, abs(mean) / 10, **{"min" if excites else "max": 0}),
                    "delay": truncated(1.5 if excites else 0.75, 0.75 if excites else 0.375, min=0.05),
                }


def between(areas, long_range, scale, weight):
    """What comes from all other areas."""
    indegree = max(1, round(long_range * scale / (len(areas) - 1) / len(PROJECTING))) if len(areas) > 1 else 0
    for i, target in enumerate(areas):
        for j, source in enumerate(areas):
            apart = min((i - j) % len(areas), (j - i) % len(areas))
            delay = apart * MM_BETWEEN_NEIGHBOURS / MM_PER_MS + 1.5
            for layer in PROJECTING if apart else []:
                for population in NAMES:
                    yield {
                        "from": f"{source}{layer}", "to": f"{target}{population}", "rule": {"fixed_indegree": indegree},
                        "weight": truncated(weight, weight / 10, min=0), "delay": truncated(delay, delay / 4, min=0.1),
                    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--areas", type=int, default=32)
    parser.add_argument("--neurons-factor", type=float, default=1.67, help="size of an area, in microcircuits")
    parser.add_argument("--long-range", type=int, default=2000, help="synapses from other areas onto a neuron")
    parser.add_argument("--duration", type=float, default=100)
    o = parser.parse_args()
    areas = [f"A{a + 1:02d}" for a in range(o.areas)]
    weight = WEIGHT_PA / math.sqrt(o.scale)
    parameters = {"E_L": -65, "V_th": -50, "V_reset": -65, "C_m": 250, "tau_m": 10, "tau_syn_ex": 0.5, "tau_syn_in": 0.5, "t_ref": 2}
    populations = {
        f"{area}{name}": {"size": round(size * o.neurons_factor * o.scale), "model": "iaf_psc_exp", "params": parameters, "initial": {"V_m": truncated(-63, 5)}}
        for area in areas for name, size in zip(NAMES, SIZES)
    }
    rates = {f"{area}{name}": 8 * round(count * o.scale) for area in areas for name, count in zip(NAMES, BACKGROUND)}
    json.dump({
        "snn": 1, "name": f"multi-area-{o.areas}x{round(o.scale * 100, 3):g}pct", "dt": 0.1, "duration": o.duration, "seed": 55,
        "populations": populations,
        "inputs": {"background": {"model": "poisson", "to": list(rates), "rate": rates, "weight": round(weight, 4), "delay": 1.5}},
        "projections": [p for area in areas for p in local(area, o.scale, weight)] + list(between(areas, o.long_range, o.scale, weight)),
    }, sys.stdout, indent=0)


if __name__ == "__main__":
    main()
