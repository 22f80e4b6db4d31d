#!/bin/bash
# Runs snn.sbatch under a Slurm of its own, on this machine, as root: a job meets its limit, is queued again, resumes, and must end with the spikes of a
# run that never stopped. Needs Debian's slurm-wlm, munge, libpmix-dev (srun --mpi=pmix looks for libpmix.so), openmpi-bin, and snn built.
# check.sh [pmix|pmi2|mpirun]   DURATION: biological ms, so many that a run takes more than the minute that is the shortest limit.
set -euo pipefail
start=${1:-pmix} duration=${DURATION:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export SNN=${SNN:-$root/src/Snn.Cluster.Host/bin/Release/net10.0/snn} SNN_START=$start
network=$root/examples/brunel-small.json
work=$(mktemp -d) job=
export SLURM_CONF=$work/slurm.conf
end() {
  [ -z "$job" ] || scancel "$job" 2> /dev/null || true
  for file in slurmd slurmctld munged; do [ ! -s "$work/$file.pid" ] || kill "$(cat "$work/$file.pid")" || true; done
  sleep 2
  rm -rf "$work"
}
trap end EXIT

mkdir "$work/state" "$work/spool"
(umask 077 && head -c 128 /dev/urandom > "$work/munge.key")
cat > "$SLURM_CONF" <<C
ClusterName=check
SlurmctldHost=$(hostname -s)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munged.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmctldPort=17817
SlurmdPort=17818
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
NodeName=$(hostname -s) CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
C
munged --force --key-file="$work/munge.key" --socket="$work/munged.socket" --pid-file="$work/munged.pid" --log-file="$work/munged.log" --seed-file="$work/munged.seed"
slurmctld
slurmd
until [ "$(sinfo -h -o %t)" = idle ]; do sleep 1; done

job=$(sbatch --parsable -N 1 --ntasks-per-node=2 -c 1 -t 1 --signal=B:USR1@30 -o "$work/log" "$here/snn.sbatch" "$network" "$work/run" --duration "$duration")
while sleep 2; do
  state=$(scontrol show job "$job" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p')
  case $state in
    PENDING) scontrol update JobId="$job" StartTime=now || true ;; # what is queued again waits two minutes
    RUNNING | CONFIGURING | COMPLETING | REQUEUED) ;;
    *) break ;;
  esac
done
cat "$work/log"
requeues=$(grep -c 'queued again' "$work/log") || true
"$SNN" run "$network" --duration "$duration" --out "$work/whole" --progress none > /dev/null
hash() { sed -n 's/.*"spike_hash": "\(.*\)".*/\1/p' "$1/summary.json"; }
echo "$start: $state, queued again $requeues times; spike_hash $(hash "$work/run"), of a run that never stopped $(hash "$work/whole")"
[ "$state" = COMPLETED ] && [ "$requeues" -gt 0 ] && [ "$(hash "$work/run")" = "$(hash "$work/whole")" ] && cmp "$work"/{run,whole}/spikes/E.npz
