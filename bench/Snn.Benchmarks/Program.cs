using BenchmarkDotNet.Running;
using Snn.Benchmarks;

switch (args)
{
    case ["layers", .. var options]:
        LayerBenchmarks.Run(options);
        break;
    case ["plastic", .. var options]:
        PlasticBenchmark.Run(options);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
