"""Machines that are lost: a cluster without workers or scheduler, workers that die, a driver that dies, a full disk."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from private_dask import ENVIRONMENT, children_of, private_dask, there

from simulator.core.errors import UserError
from simulator.study.sweep import begin
from simulator.study.sweep.drive import drive
from simulator.study.sweep.executors import cluster
from simulator.study.sweep.result_tables import write
from simulator.study.sweep.store import Store
from simulator.study.sweep.study_results import Sweep

linux = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
pytestmark = pytest.mark.usefixtures("english")
DRIVER = """
import sys
from simulator.study.sweep.drive import drive
from simulator.study.sweep.designs import points_of
from simulator.study.sweep.read import read_study
from simulator.study.sweep.tasks import Tasks
study = read_study({file!r}, tried=False)
drive(Tasks(study, points_of(study), 4, "troubled_model.Troubled"), {out!r}, workers=2)
"""


def wait_until(true, why, seconds=90):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, why
        time.sleep(0.05)


def done(folder: Path) -> int:
    return sum(1 for _ in Store(folder).results())


def test_a_cluster_that_gives_no_workers_is_not_waited_for_for_ever(tasks, tmp_path):
    """What was asked is kept, and other executors do it."""
    out = tmp_path / "out"
    with private_dask(tmp_path / "dask", workers=0) as dask:
        start = time.monotonic()
        with pytest.raises(UserError, match=r"has had no worker for 2 seconds; .* tiercare resume"):
            drive(tasks(), out, executors=cluster(dask.address, patience=2))
        assert 2 < time.monotonic() - start < 40
    (session,) = Sweep(out).store.sessions()
    assert (session["executors"], session["slots"], session["done"]) == ("cluster", 0, 0)
    assert Sweep(out).failures == {}
    assert drive(tasks(), out, workers=1).complete


@pytest.mark.long
@linux
def test_without_its_scheduler_a_study_stops_and_nobody_works_on(tasks, trouble, tmp_path):
    """No task has failed by it; the workers end, and so does a child in an endless loop."""
    cause = trouble("loop", 40, 1)
    out = tmp_path / "out"
    with private_dask(tmp_path / "dask", workers=2) as dask:

        def disturb():
            wait_until(lambda: done(out) >= 11, "11 tasks are not done")
            children.extend(child for worker in dask.workers for child in children_of(worker.pid))
            dask.scheduler.kill()

        children: list[int] = []
        killer = threading.Thread(target=disturb)
        killer.start()
        with pytest.raises(UserError, match="answers no more"):
            drive(tasks(), out, executors=cluster(dask.address))
        killer.join()
        assert len(children) >= 2
        assert Sweep(out).failures == {}
        wait_until(lambda: all(w.poll() is not None for w in dask.workers), "a worker has outlived its scheduler")
        wait_until(lambda: not any(map(there, children)), "a child has outlived its worker", 10)
    cause.unlink()
    assert drive(tasks(), out, workers=1).complete


@pytest.mark.long
@linux
def test_a_task_that_takes_its_worker_along_fails_for_itself_alone(tasks, trouble, tmp_path):
    """It is recorded like every other failure; the rest is done by the workers that come in its place."""
    trouble("orphan", 50, 3)
    out = tmp_path / "out"
    with private_dask(tmp_path / "dask", workers=2, replaced=True) as dask:
        seen = drive(tasks(), out, executors=cluster(dask.address))
    assert (seen.done, seen.failed) == (11, 1)
    (said,) = Sweep(out).failures.values()
    assert (said["state"], said["values"], said["replication"]) == ("crashed", {"wait": "50 minutes"}, 3)
    assert said["why"].startswith("its worker was lost 2 times: ")
    assert said["tries"] == 2
    assert said["scenario"]["facilities"]["tertiary"]["wait"] == "50 minutes"


@linux
def test_children_do_not_outlive_a_driver_that_is_killed(tasks, trouble, ran, tmp_path, monkeypatch):
    """Neither one in an endless loop nor one that has just been started."""
    trouble("loop", 40, 0)
    tasks()
    out = tmp_path / "out"
    code = DRIVER.format(file=str(tmp_path / "waiting.yaml"), out=str(out))
    driver = subprocess.Popen([sys.executable, "-c", code], env=os.environ | ENVIRONMENT)
    try:
        wait_until(lambda: "40-0" in ran() and len(ran()) > 3, "the tasks did not begin")
        children = list(children_of(driver.pid))
        assert len(children) == 2
    finally:
        driver.send_signal(signal.SIGKILL)
        driver.wait()
    wait_until(lambda: not any(map(there, children)), "a child has outlived its driver", 10)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 400 kB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounts a small disk, as root on Linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"mounts a small disk: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.long
def test_a_full_disk_is_named_and_nothing_is_lost(tasks, tmp_path, small_disk):
    """Full from the beginning, full while children are at work, full when tables are written; then with room again."""
    filler, out = small_disk / "filler", small_disk / "out"

    def fill(leave: int) -> None:
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - leave))

    fill(leave=0)
    with pytest.raises(UserError, match=r"the disk is full .* tiercare resume"):
        drive(tasks(), out, workers=2)
    filler.unlink()
    begin.open_or_begin(tasks(), out)
    fill(leave=30_000)
    with pytest.raises(UserError, match=r"the disk is full .* tiercare resume"):
        drive(tasks(), out, workers=2)
    assert 0 < done(out) < 12
    assert Sweep(out).failures == {}
    assert not list((out / "tasks").glob("??/.*"))
    subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
    assert drive(tasks(), out, workers=2).complete
    fill(leave=4096)
    with pytest.raises(UserError, match="the disk is full"):
        write(out)
    filler.unlink()
    write(out)
    drive(tasks(), tmp_path / "elsewhere", workers=1)
    write(tmp_path / "elsewhere")
    assert (out / "results.parquet").read_bytes() == (tmp_path / "elsewhere" / "results.parquet").read_bytes()
