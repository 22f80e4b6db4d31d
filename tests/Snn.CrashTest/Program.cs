using System.Globalization;
using Snn.CrashTest;

// Kills that many runs, and exits with 1 if one of them was not what it should be.
int? Number(int index, int standard, int least) => args.Length <= index
    ? standard
    : int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given >= least ? given : null;

if (args.Length > 4 || Number(0, 10, 1) is not { } count || Number(1, 1, 0) is not { } seed || Number(3, 1, 1) is not { } ranks)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Snn.CrashTest -- [COUNT [SEED [STORE [RANKS]]]]; STORE '' is the default, RANKS the most that a run may have");
    return 2;
}

using var trial = new CrashTrial(seed, args.Length > 2 && args[2].Length > 0 ? args[2] : null, ranks);
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
