using System.Runtime.InteropServices;

namespace Snn.Actors.Recording;

/// <summary>
/// An array of unknown length on its way into a .npz file. It is kept in a file that has no name any more once it is closed, so that memory
/// holds a buffer only.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public sealed class ArraySpool<T> : IDisposable
    where T : unmanaged
{
    private const int BufferBytes = 1 << 16;

    private readonly FileStream _file;

    /// <summary>Opens a spool.</summary>
    /// <param name="path">A file of that name is made, and removed on <see cref="Dispose"/>.</param>
    public ArraySpool(string path) =>
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose);

    /// <summary>Elements so far.</summary>
    public long Count { get; private set; }

    /// <summary>Appends elements.</summary>
    /// <param name="elements">Any number.</param>
    public void Append(ReadOnlySpan<T> elements)
    {
        _file.Write(MemoryMarshal.AsBytes(elements));
        Count += elements.Length;
    }

    /// <summary>Appends all elements to the array that was begun last.</summary>
    internal void CopyTo(NpzWriter target)
    {
        var buffer = new byte[BufferBytes];
        _file.Position = 0;
        for (int read; (read = _file.Read(buffer)) > 0;)
        {
            target.AppendBytes(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Removes the file.</summary>
    public void Dispose() => _file.Dispose();
}
