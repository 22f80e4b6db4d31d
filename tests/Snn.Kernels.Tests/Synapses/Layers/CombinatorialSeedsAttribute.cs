using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>Seeds 0, 1, ... in both precisions.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialSeedsAttribute(int count) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enumerable.Range(0, 2 * count).Select(i => new TheoryDataRow<ulong, bool>((ulong)(i / 2), i % 2 == 0))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
