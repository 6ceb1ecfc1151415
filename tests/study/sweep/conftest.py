import sys
from pathlib import Path

import pytest

from simulator.study.sweep.designs import points_of
from simulator.study.sweep.read import read_study
from simulator.study.sweep.tasks import Tasks
from tests.study.sweep.waiting import STUDY

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def tasks(tmp_path):
    """A function that makes twelve tasks of a model that takes no time."""

    def make(design="", time="2 minutes", model="troubled_model.Troubled"):
        file = tmp_path / "waiting.yaml"
        file.write_text(STUDY.format(design=f", {design}" if design else "", time=time), encoding="utf-8")
        study = read_study(file)
        return Tasks(study, points_of(study), study.specification.design.replications, model)

    return make


@pytest.fixture
def trouble(tmp_path, monkeypatch):
    """A function that says what shall happen to a task, by wait and replication."""
    folder = tmp_path / "trouble"
    folder.mkdir()
    monkeypatch.setenv("TIERCARE_TROUBLE", str(folder))

    def make(kind, wait, replication):
        (folder / f"{wait}-{replication}").write_text(kind)
        return folder / f"{wait}-{replication}"

    return make


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """A function that tells which tasks were begun, in order."""
    monkeypatch.setenv("TIERCARE_RAN", str(tmp_path / "ran"))

    def told():
        return (tmp_path / "ran").read_text().split() if (tmp_path / "ran").exists() else []

    return told


def tables(folder):
    """The bytes of the tables of a study."""
    return {name: (folder / name).read_bytes() for name in ("results.parquet", "results.csv", "summary.parquet")}
