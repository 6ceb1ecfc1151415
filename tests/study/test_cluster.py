"""`tiercare run --cluster`: words that mean no cluster, and a run whose families are shared out."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.cli.cluster import cluster_of
from simulator.cli.study_executors import idle_nodes
from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.study.run import run
from tests.small import COUNTY
from tests.study.sweep.private_slurm import NODES, private_slurm


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lokal:2", "--cluster: `lokal:2` is none; write dask://HOST:PORT, .*did you mean `local`"),
        ("local:0", "--cluster: `local:0` is none"),
        ("local", "local:N$"),
        ("dask://here", "--cluster: `dask://here` is none"),
        ("dask:here:8786", "dask://HOST:PORT"),
        ("slurm:many", "--cluster slurm: `many` cannot be read; write the number of jobs"),
        ("slurm:2,core=4", "--cluster slurm: `core=4` cannot be read"),
        ("slurm:", "--cluster: `slurm:` is none"),
        ("", "--cluster: `` is none"),
    ],
)
def test_words_that_mean_no_cluster(text: str, told: str):
    with pytest.raises(UserError, match=told):
        cluster_of(text, None)


def test_a_cluster_runs_the_fast_engine(tmp_path: Path):
    with pytest.raises(UserError, match="leave out --engine agents"):
        run(load("base"), engine="agents", cluster=cluster_of("local:2", 1), out=tmp_path / "run")


def test_nobody_answers_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Told in a line, and nothing is left."""
    monkeypatch.setattr("simulator.study.sweep.executors.CONNECTING", 1)
    with pytest.raises(UserError, match="no dask scheduler answers"):
        run(load("base"), cluster=cluster_of("dask://127.0.0.1:1", 1), out=tmp_path / "run")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.endswith(".lock")] == []


def test_no_slurm_here(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="there is no `sbatch` on this machine"):
        cluster_of("slurm", None)


def results(folder: Path, **where: Any) -> Path:
    """A run with a reform, whose families are shared out as is said."""
    scenario = load("payment_designs", changes=("time.warm_up=2 months", COUNTY), families=60, months=2)
    arms = ["baseline", next(arm for arm in scenario.arms if arm != "baseline")]
    run(scenario, arms=arms, out=folder, **where)
    return folder


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return results(tmp_path_factory.mktemp("runs") / "here", threads=1)


def same(here: Path, there: Path) -> None:
    """Every table of one run is that of the other, and nothing of the sharing is left."""
    for name in ("monthly", "facilities", "referrals", "ledger", "accounts"):
        assert (here / f"{name}.parquet").read_bytes() == (there / f"{name}.parquet").read_bytes(), name
    assert not list(there.rglob("*.shard"))


@pytest.mark.long
def test_two_processes_give_what_one_does(here: Path, tmp_path: Path):
    same(here, results(tmp_path / "there", cluster=cluster_of("local:2", 2)))


@pytest.mark.long
def test_a_dask_cluster_gives_what_one_process_does(here: Path, tmp_path: Path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as workers:
        same(here, results(tmp_path / "there", cluster=cluster_of(workers.scheduler_address.replace("tcp", "dask"), 1)))


@pytest.mark.long
@pytest.mark.needs_debian("slurm-wlm", "slurmctld")
@pytest.mark.needs_debian("munge", "munged")
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="brings up daemons as root")
def test_slurm_gives_what_one_process_does(
    here: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    """A job for each of the two idle nodes; and none where no node is."""
    tmp = tmp_path_factory.mktemp("slurm")
    with private_slurm(tmp / "cluster") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert idle_nodes(None) == NODES
        with pytest.raises(UserError, match="no node is idle"):
            idle_nodes("nowhere")
        jobs = "slurm:idle,memory=1500MB,walltime=00:10:00,interface=lo"
        same(here, results(tmp / "there", cluster=cluster_of(jobs, None)))
