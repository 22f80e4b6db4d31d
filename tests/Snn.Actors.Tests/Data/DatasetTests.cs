using Snn.Actors.Data;
using Xunit;

namespace Snn.Actors.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void Nmnist_has_its_classes_in_the_order_of_their_names_and_a_tensor_of_its_own_for_every_sample()
    {
        using var folder = new DataFolder();
        foreach (var (part, files) in new[] { ("Train", 3), ("Test", 2) })
        {
            // Written in another order than that of the names, in which a walk through the folders may find them.
            foreach (var name in new[] { "9", "0", "4" })
            {
                for (var k = files - 1; k >= 0; k--)
                {
                    folder.Events($"{part}/{name}/{k:00000}.bin", new Events([name[0] - '0', 33], [k, 33], [0, 1], [5, 299]), EventFormat.TwoD);
                }
            }
        }

        var (train, test) = EventDataset.Nmnist(folder.Path);
        Assert.Equal((9, 6), (train.Files.Count, test.Files.Count));
        Assert.Equal(["0", "4", "9"], train.Classes);
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], train.Files.Select(f => f.Label));
        Assert.Equal([2, 34, 34, 300], train.Shape);
        for (var i = 0; i < train.Files.Count; i++)
        {
            var (sample, label) = train.Read(i);
            var k = i % 3;
            var first = (((k * 34) + int.Parse(train.Classes[label], null)) * 300) + 5;
            Assert.Equal([first, ((((34 + 33) * 34) + 33) * 300) + 299], Enumerable.Range(0, sample.Values.Length).Where(j => sample.Values[j] != 0));
            Assert.Equal(train.ReadCells(i), Enumerable.Range(0, sample.Values.Length).Where(j => sample.Values[j] != 0).Select(j => (long)j));
        }

        var coarse = EventDataset.Nmnist(folder.Path, samplingTimeMs: 10, sampleLengthMs: 100).Test;
        Assert.Equal([2, 34, 34, 10], coarse.Shape);
        Assert.Equal([0.1], coarse.Read(0).Sample.Values.Where(v => v != 0));
    }

    [Fact]
    public void Ncars_and_Ncaltech_have_their_folders_and_shapes()
    {
        using var folder = new DataFolder();
        foreach (var name in new[] { "train/cars", "train/background", "test/cars" })
        {
            for (var k = 0; k < 10; k++)
            {
                folder.Events($"{name}/{k}.bin", new Events([k], [k], [0], [k]), EventFormat.TwoD);
            }
        }

        var (train, test) = EventDataset.Ncars(folder.Path);
        Assert.Equal([2, 100, 120, 100], train.Shape);
        Assert.Equal((20, 10), (train.Files.Count, test.Files.Count));
        Assert.Equal(1, test.Files[0].Label);

        var (most, rest) = EventDataset.Ncaltech(folder["train"]);
        Assert.Equal([2, 200, 300, 300], most.Shape);
        Assert.Equal((16, 4), (most.Files.Count, rest.Files.Count));
        Assert.Equal(20, most.Files.Concat(rest.Files).Select(f => f.Path).Distinct().Count());
        Assert.Equal(rest.Files, EventDataset.Ncaltech(folder["train"]).Test.Files);
        Assert.NotEqual(rest.Files, EventDataset.Ncaltech(folder["train"], seed: 43).Test.Files);
    }

    [Fact]
    public void Folders_that_are_no_data_set_say_why()
    {
        using var folder = new DataFolder();
        string Message(Func<object> read) => Assert.Throws<InvalidDataException>(read).Message;
        Assert.Contains("there is no folder", Message(() => EventDataset.Nmnist(folder.Path)), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["Train"]);
        Assert.Contains("has no folders", Message(() => EventDataset.Nmnist(folder.Path)), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["Train/0"]);
        Directory.CreateDirectory(folder["Test/1"]);
        Assert.Contains("'1', which is none of the classes 0", Message(() => EventDataset.Nmnist(folder.Path)), StringComparison.Ordinal);
        Directory.Delete(folder["Test/1"]);
        Directory.CreateDirectory(folder["Test/0"]);
        File.WriteAllBytes(folder["Train/0/a.bin"], [1, 2, 3]);
        Assert.Contains("a.bin: it has 3 bytes", Message(() => EventDataset.Nmnist(folder.Path).Train.Read(0)), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EventDataset.Nmnist(folder.Path, samplingTimeMs: 0));
    }

    [Fact]
    public void Repeats_stand_one_after_the_other()
    {
        Assert.Equal([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], BooleanSet.Xor(2).Samples);
        Assert.Equal([0, 1, 1, 0], BooleanSet.Xor(2).Labels);
        Assert.Throws<ArgumentOutOfRangeException>(() => BooleanSet.And(0));
    }

    [Fact]
    public void Parts_of_a_data_set_are_parts()
    {
        Assert.Equal([0..3, 3..6, 6..9], Enumerable.Range(0, 3).Select(i => SampleSplit.Subset(10, 3, i)));
        Assert.Throws<ArgumentException>(() => SampleSplit.Subset(10, 3, 3));
        Assert.Throws<ArgumentException>(() => SampleSplit.Validation(10, 1.1, 1));

        var (training, validation) = SampleSplit.Validation(1000, 0.2999, 1);
        Assert.Equal((701, 299), (training.Length, validation.Length));
        Assert.Equal(Enumerable.Range(0, 1000), training.Concat(validation).Order());
        Assert.Equal(validation.Order(), validation);
        Assert.NotEqual(training.Order(), training);
        Assert.Equal(training, SampleSplit.Validation(1000, 0.2999, 1).Training);
        Assert.NotEqual(training, SampleSplit.Validation(1000, 0.2999, 2).Training);

        // Of the first half of the samples about half is for training: hypergeometric, standard deviation 7.9; six of them: 2e-9.
        Assert.InRange(SampleSplit.Validation(1000, 0.5, 3).Training.Count(i => i < 500), 250 - 48, 250 + 48);
    }
}
