"""`tiercare run --cluster`: words that mean no cluster, and a run whose families are shared out."""

from pathlib import Path

import pytest

from simulator.cli.cluster import cluster_of
from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.study.run import run
from tests.small import COUNTY


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


@pytest.mark.long
def test_results_are_those_of_one_process(tmp_path: Path):
    """Every table of a run with a reform, shared out to two processes, is that of a run here."""
    changes = ("time.warm_up=2 months", COUNTY)
    scenario = load("payment_designs", changes=changes, families=60, months=2)
    arms = ["baseline", next(arm for arm in scenario.arms if arm != "baseline")]
    here = run(scenario, arms=arms, threads=1, out=tmp_path / "here")
    there = run(scenario, arms=arms, cluster=cluster_of("local:2", 2), out=tmp_path / "there")
    for name in ("monthly", "facilities", "referrals", "ledger", "accounts"):
        one, two = (results.folder / f"{name}.parquet" for results in (here, there))
        assert one.read_bytes() == two.read_bytes(), name
    assert not list((tmp_path / "there").rglob("*.shard"))
