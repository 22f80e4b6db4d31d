using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Xunit;

namespace Snn.Cluster.Tests.House;

/// <summary>
/// BannedSymbols.txt is complete and every line of it bans something: functions whose last bit depends on the machine are found by reflection, whatever the
/// type that offers them, so that none is forgotten; and a line that names no member would ban nothing and say nothing.
/// </summary>
public sealed partial class BannedSymbolTests
{
    /// <summary>Functions that no standard rounds correctly. Square roots are exact.</summary>
    private static readonly Regex _inexact = Inexact();

    private static readonly Type[] _offering =
    [
        typeof(Math), typeof(MathF), typeof(double), typeof(float), typeof(Vector128), typeof(Vector256), typeof(Vector512), typeof(System.Numerics.Vector),
        typeof(System.Numerics.IExponentialFunctions<>), typeof(System.Numerics.ILogarithmicFunctions<>), typeof(System.Numerics.IPowerFunctions<>),
        typeof(System.Numerics.IHyperbolicFunctions<>), typeof(System.Numerics.ITrigonometricFunctions<>), typeof(System.Numerics.IRootFunctions<>),
    ];

    private static readonly string _list = Path.Combine(TidyTests.Root(), "BannedSymbols.txt");

    [Fact]
    public void EveryInexactFunctionIsBanned()
    {
        var banned = Banned().ToHashSet();
        var missing = InexactFunctions().Where(f => !banned.Contains(f)).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("SNN_WRITE_EXPECTED") == "1")
        {
            File.AppendAllLines(_list, missing.Select(m => $"{m};Its last bit depends on the machine: use LaneMath."));
        }

        Assert.Empty(missing);
    }

    /// <summary>The ones that one would write first.</summary>
    [Theory]
    [InlineData("M:System.Math.Exp(System.Double)")]
    [InlineData("M:System.MathF.Tanh(System.Single)")]
    [InlineData("M:System.Double.Exp(System.Double)")]
    [InlineData("M:System.Single.Pow(System.Single,System.Single)")]
    [InlineData("M:System.Runtime.Intrinsics.Vector256.Exp(System.Runtime.Intrinsics.Vector256{System.Double})")]
    [InlineData("M:System.Runtime.Intrinsics.Vector512.Log(System.Runtime.Intrinsics.Vector512{System.Single})")]
    [InlineData("M:System.Numerics.IExponentialFunctions`1.Exp(`0)")]
    public void ReflectionFindsThem(string function)
    {
        Assert.Contains(function, InexactFunctions());
        Assert.Contains(function, Banned());
    }

    [Fact]
    public void EveryLineNamesAMember()
    {
        var types = typeof(object).Assembly.GetTypes().Where(t => t.IsPublic).ToArray();
        var members = types.SelectMany(t => Methods(t).Select(Id)
            .Concat(t.GetConstructors().Select(c => $"M:{t.FullName}.#ctor{Parameters(c)}"))
            .Concat(t.GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => $"P:{t.FullName}.{p.Name}"))).ToHashSet();
        Assert.All(Banned(), b => Assert.Contains(b, members));
        Assert.DoesNotContain("M:System.Math.Exp(System.Single)", members);
    }

    /// <summary>Every line says what to do instead, and a use is an error wherever the list is in force: in every project.</summary>
    [Fact]
    public void TheListIsInForce()
    {
        Assert.All(File.ReadAllLines(_list), line => Assert.Matches("^[MPTF]:[^;]+;.{10,}$", line));
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", File.ReadAllText(Path.Combine(TidyTests.Root(), ".editorconfig")), StringComparison.Ordinal);
        var props = File.ReadAllText(Path.Combine(TidyTests.Root(), "Directory.Build.props"));
        Assert.Contains("<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.txt\" />", props, StringComparison.Ordinal);
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", props, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Banned() => File.ReadLines(_list).Select(l => l.Split(';')[0]);

    private static IEnumerable<string> InexactFunctions() => _offering.SelectMany(Methods).Where(m => _inexact.IsMatch(m.Name)).Select(Id).Distinct();

    private static IEnumerable<MethodInfo> Methods(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

    private static string Id(MethodInfo method) =>
        $"M:{method.DeclaringType!.FullName}.{method.Name}{(method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")}{Parameters(method)}";

    private static string Parameters(MethodBase method) =>
        method.GetParameters() is { Length: > 0 } parameters ? $"({string.Join(",", parameters.Select(p => Name(p.ParameterType)))})" : "";

    private static string Name(Type type) =>
        type.IsGenericMethodParameter ? $"``{type.GenericParameterPosition}"
        : type.IsGenericTypeParameter ? $"`{type.GenericParameterPosition}"
        : type.IsByRef ? $"{Name(type.GetElementType()!)}@"
        : type.IsGenericType ? $"{type.Namespace}.{type.Name.Split('`')[0]}{{{string.Join(",", type.GetGenericArguments().Select(Name))}}}"
        : type.FullName ?? type.Name;

    [GeneratedRegex("^(Exp|Exp2|Exp10|Exp2?M1|Exp10M1|Log|Log2|Log10|Log2?P1|Log10P1|Pow|Sin|Cos|Tan|SinCos|SinPi|CosPi|TanPi|SinCosPi|Sinh|Cosh|Tanh|Asin|Acos|Atan|Atan2|AsinPi|AcosPi|AtanPi|Atan2Pi|Asinh|Acosh|Atanh|Cbrt|Hypot|RootN|MultiplyAddEstimate|Reciprocal(Sqrt)?Estimate)$")]
    private static partial Regex Inexact();
}
