using System.CommandLine;
using Snn.Actors.Networks;
using Snn.Cluster.Host.Output;
using Snn.Kernels.Neurons;
using Spectre.Console;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn models [NAME]: everything here is read from the description of the model.</summary>
internal static class ModelsCommand
{
    public static Command Create(HostContext context)
    {
        var name = new Argument<string?>("NAME") { Description = "A model", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("models", "List the neuron models, or describe one: equations, parameters, state, ports") { name };
        command.SetAction(parsed => parsed.GetValue(name) is { } given ? Describe(given, context) : List(context));
        return command;
    }

    private static int List(HostContext context)
    {
        var table = Terminal.Words("model", "as in", "what it is");
        foreach (var model in NeuronModels.All)
        {
            table.AddRow(Markup.Escape(model.Name), model.Library, Markup.Escape(model.Summary));
        }

        Terminal.On(context).Write(table);
        context.Out.WriteLine("'snn models NAME' shows its equations, parameters, state and ports");
        return ExitStatus.Done;
    }

    private static int Describe(string name, HostContext context)
    {
        if (NeuronModels.Find(name) is not { } model)
        {
            var nearest = Spelling.Nearest(name, NeuronModels.All.Select(m => m.Name));
            context.Error.WriteLine(
                $"snn: there is no model '{name}'{(nearest is null ? "; 'snn models' lists those that there are" : $"; did you mean '{nearest}'?")}");
            return ExitStatus.WrongInput;
        }

        context.Out.WriteLine($"{model.Name}: {model.Summary}");
        context.Out.WriteLine();
        foreach (var line in model.Equations.Split('\n'))
        {
            context.Out.WriteLine("  " + line);
        }

        var console = Terminal.On(context);
        console.Write(Parameters(model));
        console.Write(State(model));
        console.Write(Ports(model));
        context.Out.WriteLine($"Scheme: {model.Scheme}");
        context.Out.WriteLine($"Reference: {model.Library}. {model.Reference}");
        return ExitStatus.Done;
    }

    private static Table Parameters(NeuronModel model)
    {
        var table = Terminal.Words("parameter", "default", "unit", "allowed", "meaning");
        foreach (var p in model.ParameterTable)
        {
            var shared = p.Info.IsShared ? " (one for the population)" : "";
            table.AddRow(p.Name, Markup.Escape(p.DefaultText), p.Info.Unit, Markup.Escape(p.AllowedText), Markup.Escape(p.Info.Meaning + shared));
        }

        return table;
    }

    private static Table State(NeuronModel model)
    {
        var table = Terminal.Words("state variable", "unit", "meaning");
        foreach (var s in model.StateTable.Where(s => s.Info.IsPublic))
        {
            table.AddRow(s.Name, s.Info.Unit, Markup.Escape(s.Info.Meaning));
        }

        return table;
    }

    private static Table Ports(NeuronModel model)
    {
        var table = Terminal.Words("receptor", "unit", "meaning");
        foreach (var port in model.PortTable.Where(p => p.Info.Kind != PortKind.Uniform))
        {
            table.AddRow(Markup.Escape(port.Info.Name), port.Info.Unit, Markup.Escape(port.Info.Meaning));
        }

        return table;
    }
}
