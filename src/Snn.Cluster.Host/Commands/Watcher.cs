using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host.Commands;

/// <summary>
/// 'snn run --restarts N': starts the run as a process of its own and waits for it. If that process crashes, whatever the way, the run goes on from its last
/// snapshot, or from its beginning where there is none yet; of several machines on those that answer: no number of ranks changes a spike.
/// </summary>
internal static class Watcher
{
    public static int Run(ParseResult parsed, RunDirectory directory, int restarts, HostContext context)
    {
        // The child takes the directory; it replaces what is in it, which so far is nothing.
        directory.Dispose();
        var store = parsed.GetValue<string?>("--store");
        var arguments = WithoutOption(Tokens(parsed), "--restarts");
        arguments = WithoutOption(arguments, "--out");
        arguments.RemoveAll(a => a == "--force");
        var status = Start(Begin(arguments, directory), context);
        for (var restart = 1; IsCrash(status) && restart <= restarts; restart++)
        {
            var resumes = HasSnapshot(directory, store, context);
            context.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"snn: the run ended with status {status}; restart {restart} of {restarts}, {(resumes ? "from its last snapshot" : "from its beginning: there is no snapshot yet")}"));
            arguments = OnHostsThatAnswer(arguments, context);
            status = Start(resumes ? Resume(arguments, directory) : Begin(arguments, directory), context);
        }

        return status;
    }

    /// <summary>Neither done, nor wrong input, nor interrupted by its user.</summary>
    private static bool IsCrash(int status) => status is not (ExitStatus.Done or ExitStatus.WrongInput or ExitStatus.Interrupted);

    private static List<string> Begin(List<string> arguments, RunDirectory directory) => [.. arguments, "--out", directory.Root, "--force"];

    /// <summary>The command line without the machines that do not answer, and without their ranks.</summary>
    private static List<string> OnHostsThatAnswer(List<string> words, HostContext context)
    {
        if (ValueOf(words, "--hosts") is not { } given || ValueOf(words, "--ranks") is not { } ranks)
        {
            return words;
        }

        var hosts = HostSlots.Parse(given, int.Parse(ranks, CultureInfo.InvariantCulture));
        var answering = HostProbe.Answering(MpiLauncher.Find("--hosts", context.Variable), hosts, HostProbe.Patience, context.Variable);
        if (answering.Count == hosts.Count || answering.Count == 0)
        {
            // If nobody answers, whoever starts the ranks says best what is wrong.
            return words;
        }

        var left = answering.Sum(h => h.Slots).ToString(CultureInfo.InvariantCulture);
        context.Error.WriteLine(
            $"snn: no answer from {string.Join(", ", hosts.Except(answering).Select(h => h.Host))}: the run goes on with {left} ranks on {string.Join(", ", answering.Select(h => h.Host))}");
        return [.. WithoutOption(WithoutOption(words, "--hosts"), "--ranks"), "--ranks", left, "--hosts", HostSlots.ToOption(answering)];
    }

    private static string? ValueOf(List<string> words, string option) => words.IndexOf(option) is >= 0 and var place ? words[place + 1] : null;

    /// <summary>The command line, a word an option and a word a value.</summary>
    public static List<string> Tokens(ParseResult parsed) => [.. parsed.Tokens.Select(t => t.Value)];

    /// <summary>What of the options of 'snn run' is one of 'snn resume': the network, its seed and changes are in the store.</summary>
    private static List<string> Resume(List<string> run, RunDirectory directory)
    {
        var rest = run;
        foreach (var option in new[] { "--duration", "--seed", "--set" })
        {
            rest = WithoutOption(rest, option);
        }

        // run FILE: the file is the one word that is no option and no value of one.
        var options = new RunOptions();
        var words = new List<string> { "resume", directory.Root };
        for (var i = 1; i < rest.Count; i++)
        {
            if (rest[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(rest[i]);
                var takesValue = options.All.First(o => o.Name == rest[i]).ValueType != typeof(bool);
                if (takesValue)
                {
                    words.Add(rest[++i]);
                }
            }
        }

        return words;
    }

    /// <summary>The words without an option and its value.</summary>
    public static List<string> WithoutOption(List<string> words, string option)
    {
        var rest = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == option)
            {
                i++;
                continue;
            }

            rest.Add(words[i]);
        }

        return rest;
    }

    /// <summary>Whether there is a snapshot. A store that does not answer is no "no": what it holds is not to be replaced.</summary>
    /// <exception cref="SnapshotException">The store does not answer.</exception>
    private static bool HasSnapshot(RunDirectory directory, string? address, HostContext context)
    {
        if (!File.Exists(directory.RunFile))
        {
            return false;
        }

        var identity = RunIdentity.Read(directory);
        if (address is null && identity.Store is null && !File.Exists(directory.SnapshotFile))
        {
            return false;
        }

        using var store = SnapshotStores.Open(address ?? identity.StoreOf(directory), context.Time);
        return store.List(identity.Run).Count > 0;
    }

    private static int Start(List<string> arguments, HostContext context)
    {
        string[] words = [.. OwnProgram.Words(), .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false };
        using var child = Process.Start(start) ?? throw new InvalidOperationException($"{words[0]} cannot be started");

        // Ctrl-C reaches the child too, which takes its snapshot; the watcher outlives it. SIGTERM reaches the watcher only, and is passed on.
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGINT, s => s.Cancel = true);
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM,
            s =>
            {
                s.Cancel = true;
                using var kill = Process.Start("kill", ["-TERM", child.Id.ToString(CultureInfo.InvariantCulture)]);
            });
        child.WaitForExit();
        return child.ExitCode;
    }
}
