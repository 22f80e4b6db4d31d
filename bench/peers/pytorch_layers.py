"""Layered networks in PyTorch: the same equations as Snn's layer benchmark, for `dotnet run ... -- layers`.

    apt-get install -y python3-torch
    /usr/bin/python3 bench/peers/pytorch_layers.py [--steps 100] [--batch 64] [--repeats 5]

LIF neurons: v = beta v + input; spike = v >= 1; v = v (1 - spike). Weights and inputs are drawn by a linear congruential generator that the C# program
has too, so that both run the same network. Prints milliseconds a step of the whole batch, the best over numbers of threads of the medians of the repeats; milliseconds of
processor time of one thread (which other processes on the machine disturb less); and the spikes of every layer.
"""

import argparse
import statistics
import time

import numpy as np
import torch

BETA = 0.9
RATES = (0.02, 0.10, 0.30)


def uniforms(seed, count):
    """Numbers in [0, 1): the upper 24 bits of x = x * 6364136223846793005 + 1442695040888963407 (mod 2^64), by jumping ahead in blocks."""
    a, c, mask = 6364136223846793005, 1442695040888963407, (1 << 64) - 1
    block = 4096
    first, x = [], seed
    for _ in range(min(block, count)):
        x = (x * a + c) & mask
        first.append(x)
    jump_a, jump_c = 1, 0
    for _ in range(block):
        jump_a, jump_c = jump_a * a & mask, (jump_c * a + c) & mask
    state, parts, left = np.array(first, dtype=np.uint64), [], count
    with np.errstate(over="ignore"):
        while left > 0:
            parts.append(state[: min(left, block)])
            left -= block
            state = state * np.uint64(jump_a) + np.uint64(jump_c)
    return (np.concatenate(parts) >> np.uint64(40)).astype(np.float32) / np.float32(1 << 24)


def weights(seed, shape, bound):
    u = uniforms(seed, int(np.prod(shape)))
    return torch.from_numpy(((u - np.float32(0.5)) * np.float32(2 * bound)).reshape(shape))


def inputs(seed, rate, shape):
    return torch.from_numpy((uniforms(seed, int(np.prod(shape))) < np.float32(rate)).astype(np.float32).reshape(shape))


def lif(v, current):
    v.mul_(BETA).add_(current)
    spike = v.ge(1.0)
    v.masked_fill_(spike, 0.0)
    return spike.to(torch.float32)


class Linear:
    name, size = "linear 784-400-10", (784,)

    def __init__(self, rate):
        self.w1 = weights(1, (400, 784), 0.1)
        self.w2 = weights(2, (10, 400), 0.2)

    def reset(self, batch):
        self.v = [torch.zeros(batch, 400), torch.zeros(batch, 10)]

    def step(self, x):
        s1 = lif(self.v[0], torch.nn.functional.linear(x, self.w1))
        return s1, lif(self.v[1], torch.nn.functional.linear(s1, self.w2))


class Convolution:
    name, size = "conv 1x28x28-16x26x26-pool-32x11x11", (1, 28, 28)

    def __init__(self, rate):
        self.k1 = weights(3, (16, 1, 3, 3), 0.5)
        self.k2 = weights(4, (32, 16, 3, 3), 0.1)

    def reset(self, batch):
        self.v = [torch.zeros(batch, 16, 26, 26), torch.zeros(batch, 32, 11, 11)]

    def step(self, x):
        s1 = lif(self.v[0], torch.nn.functional.conv2d(x, self.k1))
        pooled = torch.nn.functional.max_pool2d(s1, 2)
        return s1, lif(self.v[1], torch.nn.functional.conv2d(pooled, self.k2))


def run(net, x, batch):
    net.reset(batch)
    counts = [0, 0]
    start, cpu = time.perf_counter(), time.process_time()
    outputs = [net.step(xt) for xt in x]
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    for layers in outputs:
        for k, s in enumerate(layers):
            counts[k] += int(s.sum())
    return seconds, cpu, counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    for kind in (Linear, Convolution):
        for rate in RATES:
            net = kind(rate)
            x = inputs(5, rate, (options.steps, options.batch, *kind.size))
            best, cpu = None, None
            for threads in (1, 2):
                torch.set_num_threads(threads)
                run(net, x, options.batch)
                runs = [run(net, x, options.batch) for _ in range(options.repeats)]
                median = statistics.median(r[0] for r in runs)
                cpu = cpu or statistics.median(r[1] for r in runs)
                if best is None or median < best[0]:
                    best = (median, threads, runs[0][2])
            ms = 1e3 / options.steps
            print(f"{kind.name} {rate:.2f} {best[0] * ms:.4f} ms/step threads={best[1]} cpu={cpu * ms:.4f} spikes={best[2]}", flush=True)


if __name__ == "__main__":
    main()
