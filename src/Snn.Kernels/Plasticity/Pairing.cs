namespace Snn.Kernels.Plasticity;

/// <summary>Which pairs of a presynaptic and a postsynaptic spike count (Morrison, Diesmann and Gerstner 2008, doi:10.1007/s00422-008-0233-1).</summary>
internal interface IPairing
{
    /// <summary>Whether only the last spike of a target is remembered in its trace.</summary>
    static abstract bool IsNearestPost { get; }

    /// <summary>Whether only the last spike of a source is remembered in its trace.</summary>
    static abstract bool IsNearestPre { get; }

    /// <summary>Whether only the first spike of a target after a spike of the source facilitates.</summary>
    static abstract bool OnlyFirstPost { get; }

    /// <summary>Whether a spike of a source depresses only if the target has spiked since the one before.</summary>
    static abstract bool OnlyFirstPre { get; }

    /// <summary>Whether a spike of a target erases the trace of the source in this synapse, which therefore has a trace of its own.</summary>
    static abstract bool PostErasesPre { get; }
}

/// <summary>All pairs.</summary>
internal readonly struct AllToAll : IPairing
{
    public static bool IsNearestPost => false;

    public static bool IsNearestPre => false;

    public static bool OnlyFirstPost => false;

    public static bool OnlyFirstPre => false;

    public static bool PostErasesPre => false;
}

/// <summary>Each spike with the last one of the other side before it.</summary>
internal readonly struct NearestSymmetric : IPairing
{
    public static bool IsNearestPost => true;

    public static bool IsNearestPre => true;

    public static bool OnlyFirstPost => false;

    public static bool OnlyFirstPre => false;

    public static bool PostErasesPre => false;
}

/// <summary>Each spike with the last one of the other side before it, unless that is paired already.</summary>
internal readonly struct NearestRestricted : IPairing
{
    public static bool IsNearestPost => true;

    public static bool IsNearestPre => true;

    public static bool OnlyFirstPost => true;

    public static bool OnlyFirstPre => true;

    public static bool PostErasesPre => false;
}

/// <summary>Each presynaptic spike with the last postsynaptic one before it and the first one after it.</summary>
internal readonly struct PreCentered : IPairing
{
    public static bool IsNearestPost => true;

    public static bool IsNearestPre => false;

    public static bool OnlyFirstPost => true;

    public static bool OnlyFirstPre => false;

    public static bool PostErasesPre => true;
}
