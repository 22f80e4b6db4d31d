namespace Snn.Kernels.Random;

/// <summary>
/// The words of the blocks (0, c1, c2, c3), (1, c1, c2, c3), ... one after the other: for draws that need an unknown number of words.
/// </summary>
internal struct BlockWords(StreamKey key, uint c1, uint c2, uint c3)
{
    private uint _next;
    private bool _hasHalf;
    private ulong _half;

    /// <summary>A number in (0, 1): the middle of one of 2^53 cells.</summary>
    internal double NextUnit() => ((NextLong() >> 11) + 0.5) * (1.0 / (1L << 53));

    private ulong NextLong()
    {
        if (_hasHalf)
        {
            _hasHalf = false;
            return _half;
        }

        var (w0, w1, w2, w3) = Philox4x32.Block(key, _next++, c1, c2, c3);
        _half = ((ulong)w3 << 32) | w2;
        _hasHalf = true;
        return ((ulong)w1 << 32) | w0;
    }
}
