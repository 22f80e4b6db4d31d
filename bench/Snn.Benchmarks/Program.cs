using BenchmarkDotNet.Running;
using Snn.Benchmarks;

if (args is ["layers", .. var options])
{
    LayerBenchmarks.Run(options);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
