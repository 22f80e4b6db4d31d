using System.Globalization;
using Snn.CrashTest;

// dotnet run -c Release --project tests/Snn.CrashTest -- COUNT [SEED [STORE]]: kills that many runs, and exits with 1 if one of them was not what it should be.
var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
using var trial = new CrashTrial(seed, args.Length > 2 ? args[2] : null);
var (kills, resumes, failures) = (0, 0, 0);
for (var i = 1; i <= count; i++)
{
    var outcome = trial.Run();
    kills += outcome.Kills;
    resumes += outcome.Resumes;
    failures += outcome.Problem is null ? 0 : 1;
    if (outcome.Problem is not null || i % 20 == 0 || i == count)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{i} runs, {kills} kills, {resumes} resumes, {failures} differences {outcome.Problem}"));
    }
}

return failures == 0 ? 0 : 1;
