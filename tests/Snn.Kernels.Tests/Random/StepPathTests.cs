using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed unsafe class StepPathTests
{
    [Fact]
    public void Nothing_on_the_step_path_allocates()
    {
        var key = StreamKey.Derive(1, "step");
        PoissonSource[] sources = [new(key, 2), new(key, 4.9), new(key, 12), new(key, 50), new(key, [1, 2, 60])];
        var columns = new double[512];
        fixed (double* p = columns)
        {
            Run(key, sources, p, 50);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(key, sources, p, 1000);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void Run(StreamKey key, PoissonSource[] sources, double* column, int steps)
    {
        for (var step = 0L; step < steps; step++)
        {
            foreach (var source in sources)
            {
                source.AddTo(column, true, 0, 512, step, 0.1);
                source.AddTo(column, false, 0, 512, step, 0.1);
            }

            UniformColumns.Fill(key, step, 0, 512, (uint*)column);
            UniformColumns.FillUniform(key, step, 0, 512, column, true);
            GaussianColumns.AddTo(key, step, 0, 512, column, true, 0, 1);
            GaussianColumns.Fill(key, step, 0, 512, column, false, 0, 1);
        }
    }
}
