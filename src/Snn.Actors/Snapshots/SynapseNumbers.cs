using System.Runtime.InteropServices;
using Snn.Actors.Recording;

namespace Snn.Actors.Snapshots;

/// <summary>Writes one number a synapse, in the order in which they come, into arrays that are short enough for a store.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="name">Name of the first array; the others are name/1, name/2 and so on.</param>
/// <param name="synapses">How many numbers will come.</param>
/// <param name="mostOfAnArray">Numbers of an array, at most.</param>
internal sealed class SynapseNumbersWriter<T>(string name, long synapses, int mostOfAnArray = SynapseNumbers.MostOfAnArray)
    where T : unmanaged, System.Numerics.INumber<T>
{
    private readonly byte[][] _arrays =
    [
        .. Enumerable.Range(0, (int)Math.Max(1, (synapses + mostOfAnArray - 1) / mostOfAnArray))
            .Select(i => new byte[Math.Min(mostOfAnArray, synapses - ((long)i * mostOfAnArray)) * Marshal.SizeOf<T>()]),
    ];

    private long _next;

    /// <summary>The arrays of a snapshot.</summary>
    public IEnumerable<SnapshotArray> Arrays => _arrays.Select((bytes, i) =>
        new SnapshotArray(SynapseNumbers.NameOf(name, i), NpyFormat.TypeCode<T>(), [bytes.Length / Marshal.SizeOf<T>()], bytes));

    /// <summary>Takes the next numbers.</summary>
    public void Append(ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
        {
            var (array, place) = Math.DivRem(_next++, mostOfAnArray);
            MemoryMarshal.Cast<byte, T>(_arrays[array].AsSpan())[(int)place] = T.CreateTruncating(number);
        }
    }
}

/// <summary>Reads what <see cref="SynapseNumbersWriter{T}"/> wrote, whatever the length of its arrays.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class SynapseNumbersReader<T>
    where T : unmanaged, System.Numerics.INumber<T>
{
    private readonly string _name;
    private readonly SnapshotArray[] _arrays;
    private int _array;
    private int _place;

    /// <param name="snapshot">The snapshot.</param>
    /// <param name="name">Name of the first array; none: there are no numbers.</param>
    /// <param name="first">Number of the first synapse to read.</param>
    public SynapseNumbersReader(Snapshot snapshot, string name, long first)
    {
        _name = name;
        _arrays = [.. Enumerable.Range(0, int.MaxValue).Select(i => snapshot.Arrays.GetValueOrDefault(SynapseNumbers.NameOf(name, i))).TakeWhile(a => a is not null).Select(a => a!)];
        while (_array < _arrays.Length && first >= _arrays[_array].As<T>().Length)
        {
            first -= _arrays[_array++].As<T>().Length;
        }

        _place = (int)first;
    }

    /// <summary>Gives the next numbers.</summary>
    /// <exception cref="SnapshotException">There are not as many.</exception>
    public void Read(Span<double> numbers)
    {
        foreach (ref var number in numbers)
        {
            while (_array < _arrays.Length && _place == _arrays[_array].As<T>().Length)
            {
                (_array, _place) = (_array + 1, 0);
            }

            if (_array == _arrays.Length)
            {
                throw new SnapshotException($"the snapshot's array {_name} has not one number a synapse: it is damaged, or of another network");
            }

            number = double.CreateTruncating(_arrays[_array].As<T>()[_place++]);
        }
    }
}

/// <summary>How the numbers of synapses lie in a snapshot.</summary>
internal static class SynapseNumbers
{
    /// <summary>Numbers of an array, at most: a gigabyte of doubles.</summary>
    public const int MostOfAnArray = 1 << 27;

    /// <summary>Name of an array.</summary>
    public static string NameOf(string name, int array) => array == 0 ? name : $"{name}/{array}";
}
