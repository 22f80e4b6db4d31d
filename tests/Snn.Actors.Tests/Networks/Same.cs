using System.Collections;
using System.Reflection;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Tests.Networks;

/// <summary>Compares two declarations by everything that they hold, for which records with lists in them have no equality.</summary>
internal static class Same
{
    /// <summary>Where two values differ; null if nowhere.</summary>
    public static string? Difference(object? a, object? b, string path = "network")
    {
        // What a model is bound to are parameters, which are compared as such.
        if (a is NeuronModel modelA && b is NeuronModel modelB)
        {
            return modelA.Name == modelB.Name ? null : $"{path}: {modelA.Name} is not {modelB.Name}";
        }

        if (a is null || b is null || a is string || a.GetType().IsPrimitive || a.GetType().IsEnum)
        {
            return Equals(a, b) ? null : $"{path}: {a} is not {b}";
        }

        if (a is ReadOnlyMemory<float> ma && b is ReadOnlyMemory<float> mb)
        {
            return ma.Span.SequenceEqual(mb.Span) ? null : $"{path}: values differ";
        }

        if (a is IEnumerable ea && b is IEnumerable eb)
        {
            return OfLists([.. ea.Cast<object?>()], [.. eb.Cast<object?>()], path);
        }

        if (a.GetType() != b.GetType())
        {
            return $"{path}: {a.GetType()} is not {b.GetType()}";
        }

        var properties = a.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)
            .Select(p => Difference(p.GetValue(a), p.GetValue(b), path + "." + p.Name));
        var fields = a.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Select(f => Difference(f.GetValue(a), f.GetValue(b), path + "." + f.Name));
        return properties.Concat(fields).FirstOrDefault(d => d is not null);
    }

    private static string? OfLists(List<object?> a, List<object?> b, string path)
    {
        if (a.Count != b.Count)
        {
            return $"{path}: {a.Count} elements are not {b.Count}";
        }

        if (a.Count > 0 && a[0] is { } first && first.GetType().IsGenericType && first.GetType().GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
        {
            string Key(object? pair) => (string)pair!.GetType().GetProperty("Key")!.GetValue(pair)!;
            a = [.. a.OrderBy(Key, StringComparer.Ordinal)];
            b = [.. b.OrderBy(Key, StringComparer.Ordinal)];
        }

        return a.Select((x, i) => Difference(x, b[i], $"{path}[{i}]")).FirstOrDefault(d => d is not null);
    }
}
