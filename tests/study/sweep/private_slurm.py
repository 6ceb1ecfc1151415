"""A real Slurm on loopback for tests: munged, slurmctld and two slurmd on one machine, as root and without systemd.

Its key, sockets, ports and state are its own, so that no Slurm of the machine is touched.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from pathlib import Path

NODES = 2
CONF = """
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/munge
CryptoType=crypto/munge
AuthInfo=socket={folder}/munge/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd-%n.log
# No cgroups, no accounting daemon: neither is there in a container.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,batch_sched_delay=0,defer_batch
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=30
InactiveLimit=0
KillWait=2
Waittime=0
MpiDefault=none
SwitchType=switch/none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
"""
NODE = "NodeName=n{n} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=2 RealMemory=3500 State=UNKNOWN\n"
PARTITION = "PartitionName=main Nodes=n[1-{nodes}] Default=YES MaxTime=INFINITE State=UP DefMemPerCPU=200\n"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextlib.contextmanager
def private_slurm(folder: Path) -> Generator[dict[str, str]]:
    """Bring it up in an empty folder; the environment for every command that talks to it. Taken down at the end."""
    for name in ("state", "spool", "log", "munge"):
        (folder / name).mkdir(parents=True)
    for above in (folder, *folder.parents):  # munged runs as somebody else and must come through
        if above.is_relative_to("/tmp") and above != Path("/tmp"):
            above.chmod(0o755)
    key = folder / "munge" / "munge.key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o400)
    for path in (folder / "munge", key):
        shutil.chown(path, "munge", "munge")
    host, ports = socket.gethostname().partition(".")[0], free_ports(2 + NODES)
    nodes = "".join(NODE.format(n=n + 1, host=host, port=ports[2 + n]) for n in range(NODES))
    conf = folder / "slurm.conf"
    conf.write_text(CONF.format(host=host, ports=ports, folder=folder) + nodes + PARTITION.format(nodes=NODES))
    environment = {**os.environ, "SLURM_CONF": str(conf)}
    munge = folder / "munge"
    try:
        command(
            environment, "runuser", "-u", "munge", "--", "/usr/sbin/munged", f"--key-file={key}",
            f"--socket={munge}/munge.socket", f"--pid-file={munge}/munged.pid", f"--log-file={munge}/munged.log",
            f"--seed-file={munge}/seed", "--force",
        )  # fmt: skip
        command(environment, "slurmctld", "-c")
        for n in range(NODES):
            command(environment, "slurmd", "-N", f"n{n + 1}")
        _until_idle(environment, folder)
        yield environment
    finally:
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            subprocess.run(["scancel", "-f", "-u", "root"], env=environment, check=False, timeout=20)
            time.sleep(2)
        for file in [*folder.glob("slurmd-*.pid"), folder / "slurmctld.pid", munge / "munged.pid"]:
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(file.read_text()), 15)


def command(environment: dict[str, str], *words: str) -> str:
    """What a command of Slurm says."""
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return done.stdout


def _until_idle(environment: dict[str, str], folder: Path) -> None:
    for _ in range(120):
        told = subprocess.run(
            ["sinfo", "-h", "-N", "-o", "%t"], env=environment, capture_output=True, text=True, check=False
        )
        if told.stdout.split().count("idle") == NODES:
            return
        time.sleep(0.5)
    logs = "\n".join(file.read_text()[-2000:] for file in (folder / "log").iterdir())
    raise AssertionError(f"Slurm did not come up:\n{logs}")
