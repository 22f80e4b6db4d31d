using System.Globalization;
using System.Text;

namespace Snn.Actors.Networks;

/// <summary>One mistake of a network declaration: where it is, what was given, what is allowed and what to do.</summary>
/// <param name="Path">JSON path such as populations.E.params.tau_m; empty for the whole file.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is no file (the builder).</param>
/// <param name="Column">Column in characters, from 1; 0 where there is no file.</param>
/// <param name="Message">What is wrong, what is allowed, what to do.</param>
public sealed record NetworkProblem(string Path, int Line, int Column, string Message)
{
    /// <summary>The option of the command line that is wrong, such as "--set dt=abc"; null where it is the file.</summary>
    public string? Origin { get; init; }

    /// <summary>The problem in one line, as compilers print it: file:line:column: path: message.</summary>
    /// <param name="file">Name of the file as the user gave it; null where there is none.</param>
    public string Format(string? file)
    {
        var line = new StringBuilder();
        if (Origin is not null)
        {
            line.Append(Origin).Append(": ");
        }
        else if (file is not null)
        {
            line.Append(file);
            if (Line > 0)
            {
                line.Append(CultureInfo.InvariantCulture, $":{Line}:{Column}");
            }

            line.Append(": ");
        }

        if (Path.Length > 0)
        {
            line.Append(Path).Append(": ");
        }

        return line.Append(Message).ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => Format(null);
}
