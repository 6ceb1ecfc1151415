"""A sweep through sbatch on a real Slurm: a job is killed, the driver is killed, it goes on, and the tables are those
of a sweep on this machine, byte for byte."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from private_slurm import command, private_slurm

from simulator.study.sweep.store import Store
from simulator.study.sweep.study_results import Sweep

STUDY = """
format: 1
title: {en: A study on Slurm, zh: 研究}
question: Is it the same everywhere?
scenario: base
changes: {population: {families: 200}, time: {warm_up: 1 months, end: 2023-03}}
levers:
  pays:
    sets: baseline.benefit.resident.outpatient.centre.fund_pays
    values: [30%, 40%, 50%, 60%, 70%, 80%]
outcomes:
  first: {indicator: first_contact_rate_primary}
  visits: {indicator: visits_per_person, tier: tertiary}
design: {kind: grid, replications: 5, seed: 7}
limits: {memory: 2 GB}
"""
TIERCARE = (sys.executable, "-m", "simulator")
JOBS = "2,cores=1,memory=1500MB,walltime=00:10:00,interface=lo"

pytestmark = [
    pytest.mark.long,
    pytest.mark.needs_debian("slurm-wlm", "slurmctld"),
    pytest.mark.needs_debian("munge", "munged"),
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="brings up daemons as root"),
]


def wait_for(what, seconds=300):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


def done(folder: Path) -> int:
    return sum(1 for _ in Store(folder).results())


def test_killed_on_slurm_and_the_same_as_here(tmp_path_factory: pytest.TempPathFactory) -> None:
    tmp = tmp_path_factory.mktemp("slurm")
    file, here, there = tmp / "study.yaml", tmp / "here", tmp / "there"
    file.write_text(STUDY, encoding="utf-8")
    subprocess.run([*TIERCARE, "sweep", file, "--out", here, "--quiet"], check=True, timeout=600)
    with private_slurm(tmp / "cluster") as environment:
        log = (tmp / "driver.log").open("w")
        sweep = [*TIERCARE, "sweep", str(file), "--out", str(there), "--slurm", JOBS]
        driver = subprocess.Popen(sweep, env=environment, stdout=log, stderr=log)
        try:
            wait_for(lambda: done(there) >= 3 or driver.poll() is not None)
            jobs = command(environment, "squeue", "-h", "-t", "R", "-o", "%i").split()
            assert len(jobs) == 2, (tmp / "driver.log").read_text()
            command(environment, "scancel", "--full", "-s", "KILL", jobs[0])
            before = done(there)
            wait_for(lambda: done(there) >= before + 3)
            heard_on = {c.laddr.ip for c in psutil.Process(driver.pid).net_connections("tcp") if c.status == "LISTEN"}
            assert heard_on == {"127.0.0.1"}
            assert {stat.S_IMODE(f.stat().st_mode) for f in there.glob("slurm/tls-*/*.pem")} == {0o600}
        finally:
            driver.send_signal(signal.SIGKILL)
            driver.wait()
        left = done(there)
        assert 6 <= left < 30
        resumed = [*TIERCARE, "resume", str(there), "--slurm", JOBS]
        again = subprocess.run(resumed, env=environment, capture_output=True, text=True, timeout=600, check=False)
        assert again.returncode == 0, again.stderr
    assert done(there) == 30
    for name in ("results.parquet", "results.csv", "summary.parquet", "summary.csv"):
        assert (here / name).read_bytes() == (there / name).read_bytes()
    kinds = [session["executors"] for session in Sweep(there).store.sessions()]
    assert kinds == ["slurm", "slurm"]
    assert not list((there / "tasks").glob("??/.*"))
    shutil.rmtree(tmp / "cluster", ignore_errors=True)
