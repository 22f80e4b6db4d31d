using Snn.Cluster.Host;

return SnnCommand.Invoke(args, HostContext.OfProcess());
