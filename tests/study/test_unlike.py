"""What two runs differ in."""

import pytest
from typer.testing import CliRunner

from simulator.cli.app import app
from simulator.core.messages import use
from simulator.study import unlike
from simulator.study.results import Results

pytestmark = pytest.mark.usefixtures("english")


class Run:
    """A run by hand."""

    def __init__(self, people: int, seed: int, mean: float):
        import pandas as pd

        row = dict.fromkeys(("tier", "plan", "part", "alliance"), "")
        self.summary = pd.DataFrame(
            [
                {
                    "arm": "baseline",
                    "indicator": "visits_per_person",
                    **row,
                    "mean": mean,
                    "low": mean - 1,
                    "high": mean + 1,
                }
            ]
        )
        self.manifest = {
            "scenario": {"resolved": {"population": {"people": people}}},
            "seed": seed,
            "versions": {"python": "3.12"},
            "finished": {"baseline": [0]},
        }


def test_what_differs_is_named() -> None:
    one, other = Run(10, 1, 5.0), Run(20, 2, 9.0)
    assert unlike.scenarios(one, other) == [("population.people", "10", "20")]
    assert unlike.circumstances(one, other) == [("seed", "1", "2")]
    (moved,) = unlike.results(one, other)
    assert (moved.one, moved.other, moved.apart) == (5.0, 9.0, True)


def test_what_is_the_same_is_left_out() -> None:
    one = Run(10, 1, 5.0)
    assert unlike.scenarios(one, one) == unlike.circumstances(one, one) == unlike.results(one, one) == []


def test_intervals_that_touch_are_not_apart() -> None:
    (moved,) = unlike.results(Run(1, 1, 5.0), Run(1, 1, 6.0))
    assert not moved.apart


def test_a_folder_without_a_run_is_refused(tmp_path) -> None:
    use("en")
    done = CliRunner().invoke(app, ["diff", str(tmp_path), str(tmp_path)])
    assert done.exit_code == 2


def test_results_is_what_a_run_gives() -> None:
    assert {"summary", "manifest"} <= set(dir(Results))
