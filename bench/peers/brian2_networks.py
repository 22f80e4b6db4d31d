#!/usr/bin/env python3
"""The benchmark networks in Brian2 (C++ standalone mode), to be measured beside `snn bench` on the same machine.

    apt-get install python3-brian
    /usr/bin/python3 bench/peers/brian2_networks.py brunel|cuba|coba [threads] [duration in s]

Prints seconds of wall clock for one second of biological time (code generation and compilation excluded, as Brian2 reports it)
and the mean rate, so that one sees that the same network was run.
"""
import sys
import time

from brian2 import *  # noqa: F401,F403 (Brian2's own idiom: units are names)


def brunel():
    """Brunel 2000, model A: delta synapses, in-degree 1000 + 250, g = 5, eta = 2."""
    n_e, n_i, c_e, c_i = 10000, 2500, 1000, 250
    group = NeuronGroup(n_e + n_i, "dv/dt = -v / (20*ms) : volt (unless refractory)",
                        threshold="v >= 20*mV", reset="v = 10*mV", refractory=2 * ms, method="exact")
    rng = np.random.default_rng(12345)
    targets = np.repeat(np.arange(n_e + n_i), c_e)
    excitatory = Synapses(group[:n_e], group, on_pre="v_post += 0.1*mV", delay=1.5 * ms)
    excitatory.connect(i=rng.integers(0, n_e, targets.size), j=targets)
    targets = np.repeat(np.arange(n_e + n_i), c_i)
    inhibitory = Synapses(group[n_e:], group, on_pre="v_post += -0.5*mV", delay=1.5 * ms)
    inhibitory.connect(i=rng.integers(0, n_i, targets.size), j=targets)
    drive = PoissonInput(group, "v", 1000, 20 * Hz, 0.1 * mV)  # 1000 sources of 20 Hz: a rate must stay below 1/dt
    return group, [excitatory, inhibitory, drive]


def brette(conductances):
    """Benchmarks 1 (coba) and 2 (cuba) of Brette et al. 2007: 3200 + 800 neurons, in-degree 64 + 16, delay 0.1 ms."""
    n_e, n_i = 3200, 800
    if conductances:
        equations = """dv/dt = (10*nS*(-60*mV - v) + ge*(0*mV - v) + gi*(-80*mV - v)) / (200*pF) : volt (unless refractory)
                       dge/dt = -ge / (5*ms) : siemens
                       dgi/dt = -gi / (10*ms) : siemens"""
        weights, start, method = ("ge_post += 6*nS", "gi_post += 67*nS"), -70 * mV, "exponential_euler"
    else:
        equations = """dv/dt = (-49*mV - v) / (20*ms) + (ge + gi) / (200*pF) : volt (unless refractory)
                       dge/dt = -ge / (5*ms) : amp
                       dgi/dt = -gi / (10*ms) : amp"""
        weights, start, method = ("ge_post += 16.2*pA", "gi_post += -139.5*pA"), -49 * mV, "exact"
    group = NeuronGroup(n_e + n_i, equations, threshold="v >= -50*mV", reset="v = -60*mV", refractory=5 * ms, method=method)
    group.v = start
    rng = np.random.default_rng(12345)
    parts = []
    for first, count, indegree, on_pre in ((0, n_e, 64, weights[0]), (n_e, n_i, 16, weights[1])):
        synapses = Synapses(group[first:first + count], group, on_pre=on_pre, delay=0.1 * ms)
        targets = np.repeat(np.arange(n_e + n_i), indegree)
        synapses.connect(i=rng.integers(0, count, targets.size), j=targets)
        parts.append(synapses)
    kick = PoissonGroup(50, rates="300*Hz * int(t >= 1*ms and t < 51*ms)")
    onto = Synapses(kick, group[:50], on_pre=weights[0], delay=1 * ms)
    onto.connect(j="i")
    return group, parts + [kick, onto]


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "brunel"
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    set_device("cpp_standalone", directory=None, build_on_run=True)
    prefs.devices.cpp_standalone.openmp_threads = threads
    defaultclock.dt = 0.1 * ms
    start = time.time()
    group, parts = {"brunel": brunel, "cuba": lambda: brette(False), "coba": lambda: brette(True)}[name]()
    spikes = SpikeMonitor(group, record=False)
    network = Network(group, spikes, *parts)
    network.run(seconds * second)
    whole = time.time() - start
    wall = device._last_run_time
    print(f"{name}: {wall / seconds:.3f} s for a biological second ({threads or 1} thread(s)); "
          f"{spikes.num_spikes / len(group) / seconds:.2f} Hz; {whole:.1f} s with code generation and building")


if __name__ == "__main__":
    main()
