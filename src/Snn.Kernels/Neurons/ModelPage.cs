using System.Globalization;
using System.Text;

namespace Snn.Kernels.Neurons;

/// <summary>The documentation page of a model, in Markdown, from its description and nothing else.</summary>
public static class ModelPage
{
    /// <summary>The page of one model.</summary>
    /// <param name="model">The model.</param>
    public static string Write(NeuronModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var page = new StringBuilder();
        Line(page, $"# {model.Name}\n\n{model.Summary}\n\n```\n{model.Equations.ReplaceLineEndings("\n").TrimEnd()}\n```\n");
        Parameters(page, model);
        State(page, model);
        Line(page, "## Receptors\n\n| receptor | takes | unit | meaning |\n|---|---|---|---|");
        foreach (var port in model.PortTable)
        {
            Line(page, $"| `{port.Info.Name}` | {Takes(port.Info.Kind)} | {port.Info.Unit} | {Cell(port.Info.Meaning)} |");
        }

        Line(page, $"\n## Integration\n\n{model.Scheme}\n\n## Reference\n\n{model.Library}. {model.Reference}");
        return page.ToString();
    }

    /// <summary>The index of the pages, with every name that a parameter or a state variable has.</summary>
    /// <param name="models">The models.</param>
    public static string WriteIndex(IReadOnlyList<NeuronModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var page = new StringBuilder();
        Line(page, "# Neuron models\n\nNames, parameters and semantics are those of the library, defaults too where it has any. These pages are written from the models' own descriptions.\n");
        Line(page, "| model | library | summary |\n|---|---|---|");
        foreach (var model in models)
        {
            Line(page, $"| [{model.Name}]({model.Name}.md) | {model.Library} | {Cell(model.Summary)} |");
        }

        Line(page, "\n## Names\n\n| name | unit | meaning | in |\n|---|---|---|---|");
        var names = models
            .SelectMany(m => m.ParameterTable.Select(p => (p.Name, p.Info.Unit, p.Info.Meaning, Model: m.Name))
                .Concat(m.StateTable.Where(v => v.Info.IsPublic).Select(v => (v.Name, v.Info.Unit, v.Info.Meaning, Model: m.Name))))
            .GroupBy(n => (n.Name, n.Unit, n.Meaning))
            .OrderBy(g => g.Key.Name, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var where = name.Count() == models.Count ? "all" : string.Join(", ", name.Select(n => n.Model).Distinct());
            Line(page, $"| `{name.Key.Name}` | {name.Key.Unit} | {Cell(name.Key.Meaning)} | {where} |");
        }

        return page.ToString();
    }

    private static void Parameters(StringBuilder page, NeuronModel model)
    {
        Line(page, "## Parameters\n\n| name | default | unit | range | meaning |\n|---|---|---|---|---|");
        foreach (var p in model.ParameterTable)
        {
            var meaning = p.Info.Meaning + (p.Info.IsShared ? "; one for the population" : string.Empty);
            Line(page, $"| `{p.Name}` | {p.DefaultText} | {p.Info.Unit} | {p.AllowedText} | {Cell(meaning)} |");
        }

        Line(page, string.Empty);
    }

    private static void State(StringBuilder page, NeuronModel model)
    {
        Line(page, "## State\n\n| name | unit | at the start | use | meaning |\n|---|---|---|---|---|");
        var start = new double[model.StateColumns];
        model.Initialize(model.DefaultParameters(), start);
        foreach (var v in model.StateTable.Where(v => v.Info.IsPublic))
        {
            var use = v.Info.IsDerived ? "recorded" : "recorded, initial value";
            Line(page, $"| `{v.Name}` | {v.Info.Unit} | {Math.Round(start[v.Column], 6).ToString("R", CultureInfo.InvariantCulture)} | {use} | {Cell(v.Info.Meaning)} |");
        }

        Line(page, string.Empty);
    }

    private static string Takes(PortKind kind) => kind switch
    {
        PortKind.Spikes => "spikes",
        PortKind.ExcitatorySpikes => "spikes, weight >= 0",
        PortKind.InhibitorySpikes => "spikes, weight < 0",
        PortKind.Trace => "traces",
        PortKind.Current => "current",
        _ => "random number (filled by the simulator)",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static void Line(StringBuilder page, string line) => page.Append(line).Append('\n');
}
