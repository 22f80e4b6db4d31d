using Snn.CrashTest;
using Xunit;

namespace Snn.Cluster.Tests;

/// <summary>Ten trials of the crash test; <c>dotnet run -c Release --project tests/Snn.CrashTest -- 200</c> runs as many as you like.</summary>
public class CrashTests
{
    [Fact]
    public void ARunThatIsKilledAtAnyMomentEndsWithTheSameFiles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill -9 on Windows.");
        using var trial = new CrashTrial(seed: 5);
        var outcomes = Enumerable.Range(0, 10).Select(_ => trial.Run()).ToArray();
        Assert.All(outcomes, o => Assert.Null(o.Problem));
        Assert.True(outcomes.Sum(o => o.Kills) >= 10 && outcomes.Sum(o => o.Resumes) >= 3, string.Join('\n', outcomes.Select(o => o.ToString())));
    }
}
