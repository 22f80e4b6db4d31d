using Snn.Actors.Data;
using Xunit;

namespace Snn.Actors.Tests.Data;

public sealed class EventFileTests
{
    public static TheoryData<string, int, int, int> Formats => new()
    {
        { "1d", 65_536, 2, 8388 }, { "2d", 256, 2, 8388 }, { "3d", 4096, 256, 16_777 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_written_is_read(string name, int places, int polarities, int milliseconds)
    {
        var format = EventFile.Formats[name];
        var events = DataFolder.SomeEvents(5000, places, format == EventFormat.OneD ? null : places, polarities, milliseconds);
        Assert.True(events.X.Max() > places * 0.99 && events.Polarity.Max() == polarities - 1);
        using var stream = new MemoryStream();
        EventFile.Write(stream, events, format);
        stream.Position = 0;
        var read = EventFile.Read(stream, format);
        Assert.Equal(events.X, read.X);
        Assert.Equal(events.Y, read.Y);
        Assert.Equal(events.Polarity, read.Polarity);
        Assert.Equal(events.TimesMs, read.TimesMs);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_does_not_fit_is_refused(string name, int places, int polarities, int milliseconds)
    {
        var format = EventFile.Formats[name];
        void Write(int x, int p, double t)
        {
            int[]? y = format == EventFormat.OneD ? null : [0, 0];
            EventFile.Write(new MemoryStream(), new Events([0, x], y, [0, p], [0, t]), format);
        }

        Write(places - 1, polarities - 1, milliseconds);
        Assert.All(
            new Action[] { () => Write(places, 0, 0), () => Write(0, polarities, 0), () => Write(0, 0, milliseconds + 1) },
            wrong => Assert.Contains($"event 1", Assert.Throws<ArgumentException>(wrong).Message, StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => EventFile.Read(new MemoryStream(new byte[11]), format));
        var other = format == EventFormat.OneD ? new Events([0], [0], [0], [0]) : new Events([0], null, [0], [0]);
        Assert.Contains("use another format", Assert.Throws<ArgumentException>(() => EventFile.Write(new MemoryStream(), other, format)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_do_not_fit_are_refused()
    {
        new SpikeCounts([65_535], [0], [16_777.215], [65_535]).Write(new MemoryStream());
        Assert.All(
            [new SpikeCounts([65_536], [0], [0], [0]), new SpikeCounts([0], [-1], [0], [0]), new SpikeCounts([0], [0], [16_777.216], [0]), new SpikeCounts([0], [0], [0], [65_536])],
            wrong => Assert.Contains("record 0", Assert.Throws<ArgumentException>(() => wrong.Write(new MemoryStream())).Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => new SpikeCounts([0], [0], [0], []).Write(new MemoryStream()));
        Assert.Throws<InvalidDataException>(() => SpikeCounts.Read(new MemoryStream(new byte[9])));
    }

    [Fact]
    public void An_array_of_events_gives_the_events_back()
    {
        foreach (int? height in new int?[] { null, 6 })
        {
            var events = DataFolder.SomeEvents(300, 5, height, 2, 40);
            var array = events.ToSpikeArray(2);
            var back = Events.From(array, 2);
            Assert.Equal(array.Values.Count(v => v != 0), back.Count);
            Assert.Equal(array.Values, back.ToSpikeArray(2, array.Shape).Values);
            Assert.All(array.Values, v => Assert.True(v is 0 or 0.5));
        }
    }

    /// <summary>2.5 and 3.5 steps both go to the even neighbour; the last one then lies beyond an array that ends at round(3.5 + 1) = 4 steps.</summary>
    [Fact]
    public void A_time_between_two_steps_goes_to_the_even_one()
    {
        var events = new Events([0, 0, 0], null, [7, 7, 7], [0.5, 2.5, 3.5]);
        Assert.Equal([0, 0, 0], events.Polarity);
        Assert.Equal([1, 0, 1, 0], events.ToSpikeArray().Values);
        Assert.Equal([0L, 2, 4], events.Cells([1, 1, 1, 5]));
    }

    [Fact]
    public void Impossible_events_and_shapes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Events([0], null, [0, 1], [0]));
        Assert.Throws<ArgumentException>(() => new Events([-1], null, [0], [0]));
        Assert.Throws<ArgumentException>(() => new Events([0], [-1], [0], [0]));
        Assert.Throws<ArgumentException>(() => new Events([0], null, [0], [double.NaN]));
        var events = new Events([0], null, [0], [0]);
        Assert.Throws<ArgumentException>(() => events.Cells([1, 1, 1]));
        Assert.Throws<ArgumentException>(() => events.ToSpikeTensor([1, 1, 1, 1], 0));
        Assert.Throws<ArgumentException>(() => events.ToSpikeArray(1, [1, 1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new Events([], null, [], []).ToSpikeArray());
        Assert.Throws<ArgumentException>(() => Events.From(new SpikeArray([4], new double[4])));
    }
}
