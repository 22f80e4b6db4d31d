using System.Globalization;
using Snn.Cluster.Host;
using Snn.Cluster.Host.Mpi;
using Snn.MpiTest;

// Snn.MpiTest launch N PART [ARGUMENTS]: starts N ranks as 'snn run --ranks N' does, and ends as they do. Snn.MpiTest PART [ARGUMENTS]: a rank, under any launcher.
// PART: exchange SEED MESSAGES | broadcast BYTES | throw RANK | kill RANK | null | truncate | end STATUS | refuse | stop DIR | time BYTES ROUNDS
var context = HostContext.OfProcess();
try
{
    return args[0] == "launch"
        ? new MpiLaunch(int.Parse(args[1], CultureInfo.InvariantCulture), [], context).Run(args[2..])
        : RankGroup.Run(
            context,
            ranks =>
            {
                if (args[0] == "refuse")
                {
                    context.Error.WriteLine("refused");
                    return ExitStatus.WrongInput;
                }

                ranks!.Order(new RankOrder(null, Network: "as ordered"));
                return Parts.Run(args, ranks.Transport, context);
            },
            (ranks, order) => order.Network == "as ordered" ? Parts.Run(args, ranks.Transport, context) : throw new InvalidOperationException("another order"));
}
catch (MpiException e)
{
    context.RankError.WriteLine($"mpi: {e.Message}");
    return ExitStatus.WrongInput;
}
