using BenchmarkDotNet.Running;
using Snn.Benchmarks;

if (args is ["plastic", ..])
{
    PlasticBenchmark.Run(args[1..]);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
