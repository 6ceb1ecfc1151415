"""Runs on machines that lack what others have, of two hundred years, under a clock that goes back."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.study import run as running
from simulator.study.results import Results
from tests.small import COUNTY, ROOT, SHORT

SMALL = ("run", "base", "--families", "30", "--months", "2", "--arms", "baseline", "--set", SHORT, "--set", COUNTY)
KEPT = ("PATH", "TIERCARE_CACHE", "XDG_CACHE_HOME", "TIERCARE_JIT")


def tiercare(out: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """A small run as a user types it, with these variables alone beside those of the cache."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    kept.setdefault("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    command = [sys.executable, "-m", "simulator", *SMALL, *words, "--out", str(out)]
    return subprocess.run(
        command, env=kept | environment, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": "/nonexistent"},
        {"LANG": "xx_YY.nothing", "LC_ALL": "xx_YY.nothing"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TZ": "Nowhere/Atlantis", "COLUMNS": "10", "TERM": "dumb"},
    ],
    ids=["no home", "no such locale", "ascii", "no such time zone, ten columns"],
)
def test_a_machine_that_lacks_something(environment: dict[str, str], tmp_path: Path) -> None:
    done = tiercare(tmp_path / "run", environment, "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert Results.open(tmp_path / "run").complete


def test_a_clock_that_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    times = iter(late - datetime.timedelta(days=day) for day in range(1000))
    monkeypatch.setattr(running, "now", lambda: next(times))
    scenario = load("base", changes=[SHORT, COUNTY], families=30, months=2)
    results = running.run(scenario, arms=["baseline"], threads=1, out=tmp_path / "run")
    assert results.complete
    assert results.manifest["end"] < results.manifest["start"]


@pytest.mark.long
def test_the_longest_run_that_can_be_written_of_a_few_families(tmp_path: Path) -> None:
    changes = [SHORT, COUNTY, "time.start=1900-01", "time.end=2099-12"]
    results = running.run(load("base", changes=changes, families=3), arms=["baseline"], threads=1, out=tmp_path / "run")
    assert results.complete
    assert results.monthly["month"].nunique() == 2400


def test_one_family_is_told_how_many_it_takes(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"take 3 or more"):
        running.run(load("base", changes=[SHORT, COUNTY], families=1), threads=1, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []
    assert running.run(load("base", changes=[SHORT, COUNTY], families=3, months=2), threads=1, out=tmp_path / "run")
