"""Estimates go by what the last runs on this machine took."""

import json
from pathlib import Path

import pytest

from simulator.core.jit import cache_file, is_compiled
from simulator.scenario import load
from simulator.study import pace
from simulator.study.cost import plan, seconds_of_month
from simulator.study.run import run
from tests.small import COUNTY, SHORT


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where paces are kept, in the place of this user's."""
    monkeypatch.setattr(pace, "cache_file", lambda name: tmp_path / name)
    return tmp_path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands until the test moves it."""
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def test_nothing_is_known_of_a_new_machine() -> None:
    assert pace.pace("fast") == pace.Pace(1.0, 1.0)
    shares = plan(4, 10_000, 24, "fast", threads=2)
    assert pace.seconds(shares, "fast") == shares.seconds


def test_a_machine_half_as_fast_takes_twice_as_long(clock: list[float]) -> None:
    shares = plan(1, 10_000, 24, "fast", threads=1)
    month = seconds_of_month(10_000, "fast", 1)
    watch = pace.Stopwatch(10_000, "fast", shares, compiled=True)
    clock[0] += 3 * shares.start + 2 * month  # the start took three times as long, the first month twice
    watch.see(1)
    clock[0] += 100 * 2 * month
    watch.see(101)
    watch.keep()
    assert pace.pace("fast") == pytest.approx((2.0, 3.0), rel=1e-3)
    assert pace.pace("agents").months == 1.0
    assert pace.seconds(shares, "fast") == pytest.approx(3 * shares.start + 2 * 24 * month, rel=1e-3)


def test_months_of_several_processes_are_those_of_each(clock: list[float]) -> None:
    shares = plan(4, 10_000, 24, "fast", threads=2, workers=2)
    watch = pace.Stopwatch(10_000, "fast", shares, compiled=False)
    clock[0] += 60
    watch.see(2)
    clock[0] += 200 * seconds_of_month(10_000, "fast", 1)
    watch.see(402)
    watch.keep()
    assert pace.pace("fast") == pytest.approx((1.0, 1.0), rel=1e-3)  # a start with compiling says nothing of the next


def test_the_middle_of_the_last_runs_counts_and_short_ones_do_not(clock: list[float], cache: Path) -> None:
    shares, month = plan(1, 10_000, 24, "fast", threads=1), seconds_of_month(10_000, "fast", 1)
    for ratio in (9, 9, 1, 1, 3, 5, 5):
        watch = pace.Stopwatch(10_000, "fast", shares, compiled=False)
        watch.see(1)
        clock[0] += 1000 * ratio * month
        watch.see(1001)
        watch.keep()
    assert pace.pace("fast").months == pytest.approx(3)
    before = json.loads((cache / "pace.json").read_text())
    watch = pace.Stopwatch(10_000, "fast", shares, compiled=False)
    watch.see(1)
    clock[0] += pace.LEAST / 2
    watch.see(1001)
    watch.keep()
    assert json.loads((cache / "pace.json").read_text()) == before


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"fast": "quick"}', '{"fast": [null]}', "\x00"])
def test_a_damaged_file_is_as_none(text: str, cache: Path) -> None:
    (cache / "pace.json").write_text(text)
    assert pace.pace("fast") == pace.Pace()


def test_a_run_goes_on_where_nothing_can_be_kept(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "cache_file", lambda name: Path("/proc/nowhere") / name)
    watch = pace.Stopwatch(10_000, "fast", plan(1, 10_000, 24, "fast", threads=1), compiled=False)
    watch.see(1)
    clock[0] += 10
    watch.see(50)
    watch.keep()
    assert pace.pace("fast") == pace.Pace()


def test_what_is_not_compiled_is_known_without_making_anything(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERCARE_CACHE", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("elsewhere")))  # where code lies in need
    assert not any(map(is_compiled, pace.COMPILED_IN))
    assert list(tmp_path.iterdir()) == []
    assert cache_file("pace.json") == tmp_path / "tiercare" / "pace.json"


def test_a_run_is_timed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pace, "LEAST", 0.0)
    run(
        load("base", changes=[SHORT, COUNTY], families=60, months=3), arms=["baseline"], threads=1, out=tmp_path / "run"
    )
    kept = json.loads((tmp_path / "pace.json").read_text())
    assert kept["fast"][0] > 0
    assert pace.seconds_to_compile() == 0  # the run has compiled what it needs
