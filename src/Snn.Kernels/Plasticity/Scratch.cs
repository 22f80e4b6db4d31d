namespace Snn.Kernels.Plasticity;

/// <summary>Columns of a chunk of synapses: what a visit to a row works on, in the first-level cache.</summary>
internal readonly unsafe struct Scratch
{
    /// <summary>Synapses of a chunk; a multiple of every number of lanes.</summary>
    public const int Chunk = 512;

    /// <summary>Synapses of a chunk that are listed at a time; a multiple of every number of lanes.</summary>
    public const int Listed = 64;

    /// <summary>Spikes of a target before the latest two that have columns: those of records, and what is found for older ones.</summary>
    private const int OlderSpikes = 1 + (ArrivedSpikes.OlderBlocks * ArrivedSpikes.Record) + 3;

    private const int ChunkColumns = 7;
    private const int ListedColumns = 3 + (2 * OlderSpikes);

    private readonly int _elementBytes;
    private readonly byte* _listed;

    /// <summary>Columns in a block that is aligned to vectors.</summary>
    public Scratch(byte* block, bool isDouble)
    {
        _elementBytes = isDouble ? sizeof(double) : sizeof(float);
        var bytes = Chunk * _elementBytes;
        KMinus = block;
        Latest = block + bytes;
        Second = block + (2 * bytes);
        Third = block + (3 * bytes);
        Slow = block + (4 * bytes);
        SlowSecond = block + (5 * bytes);
        Log2KPlus = block + (6 * bytes);
        _listed = block + (ChunkColumns * bytes);
        List = (ushort*)(_listed + (ListedColumns * Listed * _elementBytes));
        ListedTarget = List + Chunk + 16;
    }

    /// <summary>Bytes of the block.</summary>
    public static int Bytes(bool isDouble) =>
        (((ChunkColumns * Chunk) + (ListedColumns * Listed)) * (isDouble ? sizeof(double) : sizeof(float))) + ((Chunk + 16 + Listed) * sizeof(ushort));

    /// <summary>Traces of the targets. [synapse]</summary>
    public readonly void* KMinus;

    /// <summary>Times of the latest spike of the target. [synapse]</summary>
    public readonly void* Latest;

    /// <summary>Times of the spike before. [synapse]</summary>
    public readonly void* Second;

    /// <summary>Times of the spike before that. [synapse]</summary>
    public readonly void* Third;

    /// <summary>Slow traces of the target before its latest spike. [synapse]</summary>
    public readonly void* Slow;

    /// <summary>Slow traces of the target before its latest spike but one. [synapse]</summary>
    public readonly void* SlowSecond;

    /// <summary>Logarithms to base 2 of the traces of the source that synapses keep. [synapse]</summary>
    public readonly void* Log2KPlus;

    /// <summary>Synapses with more than two spikes to take in. [place in the list]</summary>
    public readonly ushort* List;

    /// <summary>Targets of some of them. [place]</summary>
    public readonly ushort* ListedTarget;

    /// <summary>Their weights. [place]</summary>
    public void* ListedWeight => Column(0);

    /// <summary>Their <see cref="Log2KPlus"/>. [place]</summary>
    public void* ListedLog2KPlus => Column(1);

    /// <summary>Times of one of their spikes before the latest two. [place]</summary>
    /// <param name="number">Which: 0 is the third.</param>
    public void* Times(int number) => Column(2 + number);

    /// <summary>Slow traces just before these. [place]</summary>
    /// <param name="number">Which.</param>
    public void* Slows(int number) => Column(2 + OlderSpikes + number);

    private void* Column(int number) => _listed + (number * Listed * _elementBytes);
}
