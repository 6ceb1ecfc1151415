"""The scheduler that `--slurm` opens lets in nobody but its own workers and driver."""

import contextlib
import socket
import ssl
import stat
import sys
import time
from pathlib import Path

import pytest

from simulator.core.errors import UserError
from simulator.study.sweep import executors
from simulator.study.sweep import private_scheduler as closed

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")
pytestmark = pytest.mark.usefixtures("english")
SBATCH = """#!{python}
import subprocess, sys
text = open(sys.argv[1]).read()
job = subprocess.Popen(["sh", "-c", text], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print("Submitted batch job", job.pid)
"""
SCANCEL = """#!{python}
import os, signal, sys
for job in sys.argv[1:]:
    os.killpg(int(job), signal.SIGKILL)
"""


@pytest.fixture
def loopback() -> str:
    for name, addresses in psutil.net_if_addrs().items():
        if any(each.address == "127.0.0.1" for each in addresses):
            return name
    pytest.skip("no loopback")


@pytest.fixture
def jobs_run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of Slurm that run a job at once on this machine."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        (tools / name).write_text(text.format(python=sys.executable))
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")


def listening() -> set[tuple[str, int]]:
    found = psutil.Process().net_connections("tcp")
    return {(c.laddr.ip, c.laddr.port) for c in found if c.status == psutil.CONN_LISTEN}


def refused(address: str, **security) -> None:
    with pytest.raises((OSError, TimeoutError)):
        distributed.Client(address, timeout=3, **security)


def answer_without_certificate(port: int) -> bytes:
    """What the scheduler says to somebody who speaks TLS and has no certificate."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as plain:  # noqa: SIM117
        with anybody.wrap_socket(plain) as spoken:
            return spoken.recv(1000)
    return b""


def test_strangers_are_refused_and_workers_are_not(loopback, jobs_run_here, tmp_path):
    before = listening()
    with executors.slurm(1, tmp_path / "study", interface=loopback, patience=60) as workers:
        mine = listening() - before
        assert {ip for ip, _ in mine} == {"127.0.0.1"}
        assert len(mine) == 1
        (port,) = {port for _, port in mine}
        assert port != 8787
        kept = list((tmp_path / "study" / "slurm").glob("tls-*"))
        assert [stat.S_IMODE(place.stat().st_mode) for place in kept] == [0o700]
        assert {f.name: stat.S_IMODE(f.stat().st_mode) for f in kept[0].iterdir()} == {
            "cert.pem": 0o600,
            "key.pem": 0o600,
        }
        refused(f"tcp://127.0.0.1:{port}")
        with closed.certificate(tmp_path / "stranger") as other:
            refused(f"tls://127.0.0.1:{port}", security=other)
        assert answer_without_certificate(port) == b""
        until = time.monotonic() + 60
        while not workers.present():
            assert time.monotonic() < until, "no worker came"
            time.sleep(0.1)
        assert workers.executor.submit(sum, [1, 2]).result(timeout=60) == 3
    assert not list((tmp_path / "study" / "slurm").glob("tls-*"))


def test_a_network_that_is_not_there(loopback):
    assert closed.network(loopback) == loopback
    with pytest.raises(UserError, match=f"no network `{loopback}x` on this machine; .*did you mean `{loopback}`"):
        closed.network(f"{loopback}x")


def test_where_several_lead_outward_one_must_be_named(monkeypatch):
    stats = {"lo": "up,loopback,running", "ib0": "up,running", "eth0": "up,running", "eth1": "broadcast"}
    address = [type("A", (), {"family": socket.AF_INET, "address": "10.0.0.1"})]
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: dict.fromkeys(stats, address))
    monkeypatch.setattr(
        psutil,
        "net_if_stats",
        lambda: {name: type("S", (), {"isup": "up" in flags, "flags": flags}) for name, flags in stats.items()},
    )
    with pytest.raises(UserError, match=r"interface=NAME; there are ib0, eth0"):
        closed.network(None)
    del stats["ib0"]
    assert closed.network(None) == "eth0"
