using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>
/// The same bits on a machine with fewer instructions: child processes of this assembly, with instruction sets switched off, hash every kernel.
/// </summary>
public class OtherMachinesTests
{
    private const string FileVariable = "SNN_TEST_HASH_FILE";
    private const string OffVariable = "SNN_TEST_INSTRUCTIONS_OFF";

    [Theory]
    [InlineData("EnableAVX2")]
    [InlineData("EnableAVX512")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Fewer_instructions_give_the_same_bits(string switchedOff)
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            {
                start.ArgumentList.Add(typeof(OtherMachinesTests).Assembly.Location);
            }

            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"{typeof(OtherMachinesTests).FullName}.{nameof(A_child_hashes_every_kernel)}");
            start.Environment[FileVariable] = file;
            start.Environment[OffVariable] = switchedOff;
            start.Environment["DOTNET_" + switchedOff] = "0";
            using var child = Process.Start(start)!;
            var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(child.ExitCode == 0, await output + await error);
            Assert.Equal(Hashes(), await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The child's half; in an ordinary run, that hashing twice gives the same.</summary>
    [Fact]
    public void A_child_hashes_every_kernel()
    {
        var hashes = Hashes();
        switch (Environment.GetEnvironmentVariable(OffVariable))
        {
            case "EnableAVX2":
                Assert.False(Avx2.IsSupported, "DOTNET_EnableAVX2=0 was not heard");
                break;
            case "EnableAVX512":
                Assert.False(Avx512F.IsSupported, "DOTNET_EnableAVX512=0 was not heard");
                break;
            case "EnableHWIntrinsic":
                Assert.False(Avx2.IsSupported || Fma.IsSupported, "DOTNET_EnableHWIntrinsic=0 was not heard");
                break;
            case var other:
                Assert.Null(other);
                break;
        }

        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
        {
            File.WriteAllLines(file, hashes);
        }
        else
        {
            Assert.Equal(hashes, Hashes());
        }
    }

    private static string[] Hashes() =>
    [
        .. NeuronModels.All.SelectMany(model => new[] { (8, false), (4, true) }.Select(width =>
        {
            var (hash, spikes) = RandomRun.Hash(model, m => LanePolicy.CreateKernel(m, width.Item1, width.Item2), 200);
            return string.Create(CultureInfo.InvariantCulture, $"{model.Name} {width} {hash:x16} {spikes}");
        })),
    ];
}
