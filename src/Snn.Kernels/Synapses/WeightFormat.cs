namespace Snn.Kernels.Synapses;

/// <summary>How the weights of a table are stored. Tables of one constant weight store none.</summary>
public enum WeightFormat
{
    /// <summary>32-bit floating point.</summary>
    Single,

    /// <summary>64-bit floating point, for networks in double precision.</summary>
    Double,

    /// <summary>
    /// 16 bits: a whole number of 32 767ths of the greatest absolute weight that the projections of the source population can have; the
    /// error is at most half of a 32 767th of it.
    /// </summary>
    Int16,
}
