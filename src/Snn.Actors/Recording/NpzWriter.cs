using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Snn.Actors.Recording;

/// <summary>
/// Streams arrays into a .npz file: a zip of .npy files, as numpy writes it. Entries carry one fixed time, so equal arrays make equal bytes;
/// files over 4 GB are zip64. The file appears under its name only when it is complete.
/// </summary>
public sealed class NpzWriter : IDisposable
{
    /// <summary>The first moment that a zip can name.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _path;
    private readonly CompressionLevel _compression;
    private readonly FileStream _file;
    private readonly ZipArchive _zip;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Stream? _entry;
    private string _entryName = "";
    private long _expectedBytes;
    private long _writtenBytes;
    private bool _closed;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it will be; an old one is replaced on <see cref="Complete"/>.</param>
    /// <param name="compression">None by default: spike times and weights barely shrink, and readers map plain files.</param>
    public NpzWriter(string path, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        _path = path;
        _compression = compression;
        _file = new FileStream(PartialPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);
        _zip = new ZipArchive(_file, ZipArchiveMode.Create, leaveOpen: true);
    }

    private string PartialPath => _path + ".partial";

    /// <summary>Begins an array; exactly its number of elements must be appended before the next begins.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="name">Its name, without .npy.</param>
    /// <param name="shape">Extents, C order.</param>
    public void Begin<T>(string name, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        EndEntry();
        if (!_names.Add(name))
        {
            throw new ArgumentException($"{_path}: array '{name}' is there already.", nameof(name));
        }

        var elements = 1L;
        foreach (var extent in shape)
        {
            elements = checked(elements * extent);
        }

        var header = NpyFormat.Header(NpyFormat.TypeCode<T>(), shape);
        var entry = _zip.CreateEntry(name + ".npy", _compression);
        entry.LastWriteTime = EntryTime;
        _entry = entry.Open();
        _entry.Write(header);
        _entryName = name;
        _expectedBytes = checked(elements * Unsafe.SizeOf<T>());
        _writtenBytes = 0;
    }

    /// <summary>Appends elements to the array begun last.</summary>
    /// <typeparam name="T">Its element type.</typeparam>
    /// <param name="elements">Any number.</param>
    public void Append<T>(ReadOnlySpan<T> elements)
        where T : unmanaged => AppendBytes(MemoryMarshal.AsBytes(elements));

    /// <summary>Appends bytes of elements to the array begun last.</summary>
    /// <param name="bytes">Little-endian elements.</param>
    public void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        var entry = _entry ?? throw new InvalidOperationException($"{_path}: no array was begun.");
        if (bytes.Length > _expectedBytes - _writtenBytes)
        {
            throw new InvalidOperationException($"{_path}: array '{_entryName}' is longer than its shape.");
        }

        entry.Write(bytes);
        _writtenBytes += bytes.Length;
    }

    /// <summary>Adds a whole one-dimensional array.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="name">Its name, without .npy.</param>
    /// <param name="elements">[element]</param>
    public void Add<T>(string name, ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        Begin<T>(name, elements.Length);
        Append(elements);
    }

    /// <summary>Adds a one-dimensional array that was spooled because its length was unknown.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="name">Its name, without .npy.</param>
    /// <param name="spool">The elements.</param>
    public void Add<T>(string name, ArraySpool<T> spool)
        where T : unmanaged => Add(name, spool, spool.Count);

    /// <summary>Adds a spooled array of a given shape.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="name">Its name, without .npy.</param>
    /// <param name="spool">The elements.</param>
    /// <param name="shape">Extents, C order.</param>
    public void Add<T>(string name, ArraySpool<T> spool, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        Begin<T>(name, shape);
        spool.CopyTo(this);
    }

    /// <summary>Ends the last array and puts the file under its name.</summary>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        EndEntry();
        _closed = true;
        _zip.Dispose();
        _file.Dispose();
        File.Move(PartialPath, _path, overwrite: true);
    }

    /// <summary>Removes the file if it was not completed.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        // The archive is not closed: that would write its directory, onto a disk that may be full.
        _closed = true;
        try
        {
            _file.Dispose();
        }
        finally
        {
            File.Delete(PartialPath);
        }
    }

    private void EndEntry()
    {
        if (_entry is null)
        {
            return;
        }

        if (_writtenBytes != _expectedBytes)
        {
            throw new InvalidOperationException(
                $"{_path}: array '{_entryName}' has {_writtenBytes} bytes, its shape asks for {_expectedBytes}.");
        }

        _entry.Dispose();
        _entry = null;
    }
}
