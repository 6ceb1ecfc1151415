"""Boxes that are known are found, through the folder of a study."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.errors import UserError
from simulator.study.analysis.condition import condition
from simulator.study.analysis.discover import discover
from simulator.study.analysis.prim import chosen, peel, quasi_p, widened
from simulator.study.sweep.study_results import Sweep
from tests.study.analysis.conftest import LEVER

SKILL = "  skill: {cases: {today: {}, wide: {facilities.station.capability: 0.15}, low: {facilities.station.beds: 0}}}"


def boxed(a, b, c, replication, skill="wide", pays=0.7):
    """The fund ends below −5 % where a is below 50 minutes, b above 40 and skill is wide, and pays are high."""
    bad = a < 50 and b > 40 and skill == "wide" and pays > 0.6
    return {"fund": -0.08 if bad else 0.02}


@pytest.fixture(scope="module")
def known():
    rng = np.random.default_rng(5)
    points = pd.DataFrame(rng.random((1000, 3)), columns=list("xyz"))
    points["word"] = pd.Series(rng.choice(["u", "v", "w"], 1000), dtype="string")
    holds = (points["x"] < 0.4) & (points["y"] > 0.5) & (points["word"] != "u")
    return points, holds.to_numpy()


def test_a_known_box_is_found(known):
    points, holds = known
    box = chosen(peel(points, holds), holds, 0.95)
    coverage, density = box.measured(holds)
    assert coverage > 0.9
    assert density >= 0.95
    assert box.limits["x"][1] == pytest.approx(0.4, abs=0.03)
    assert box.limits["y"][0] == pytest.approx(0.5, abs=0.03)
    assert box.limits["word"] == {"v", "w"}
    quasi = quasi_p(points, holds, box)
    assert max(quasi[name] for name in ("x", "y", "word")) < 1e-6
    assert quasi.get("z", 1.0) > 0.01


def test_every_box_lies_in_the_one_before_and_says_what_is_inside(known):
    points, holds = known
    boxes = peel(points, holds)
    assert len(boxes) > 10
    for wide, narrow in pairwise(boxes):
        assert narrow.inside.sum() < wide.inside.sum()
        assert not (narrow.inside & ~wide.inside).any()
    box = boxes[-1]
    there = np.ones(len(points), bool)
    for name, limit in box.limits.items():
        there &= points[name].isin(limit) if isinstance(limit, frozenset) else points[name].between(*limit)
    assert (there == box.inside).all()


def test_a_quasi_p_value_by_hand():
    points = pd.DataFrame({"x": [0.0] * 10 + [1.0] * 10})
    holds = np.array([True] * 6 + [False] * 4 + [True] + [False] * 9)
    box = next(box for box in peel(points, holds) if box.limits)
    assert box.limits == {"x": (0.0, 0.0)}
    assert box.measured(holds) == (6 / 7, 0.6)
    assert widened(points, box, "x").inside.all()
    by_hand = sum(binom.pmf(k, 10, 7 / 20) for k in range(6, 11))
    assert quasi_p(points, holds, box) == {"x": pytest.approx(by_hand)}


def test_a_missing_value_lies_in_every_box():
    points = pd.DataFrame({"x": [0.0, 1.0, np.nan] * 20})
    holds = np.array([True, False, True] * 20)
    box = peel(points, holds)[-1]
    assert box.inside.tolist() == [True, False, True] * 20


def test_where_a_policy_fails(filled):
    folder = filled("kind: latin_hypercube, points: 400, seed: 2", boxed, LEVER, SKILL)
    never, often = discover(Sweep(folder), condition("fund < -5%", ["visits", "fund"]), density=0.95)
    assert (never.levers, never.boxes, never.fails.any()) == ({"pays": "50%"}, [], False)
    ((box, trajectory, quasi),) = often.boxes
    coverage, density = box.measured(often.fails)
    assert coverage > 0.8
    assert density >= 0.95
    assert {"a", "b", "skill"} <= set(box.limits)
    assert box.limits["skill"] == {"wide"}
    assert box.limits["a"][1] == pytest.approx(50, abs=6)
    assert box.limits["b"][0] == pytest.approx(40, abs=6)
    assert (trajectory[0][0], trajectory[0][1]) == (1.0, often.fails.mean())
    assert max(quasi[name] for name in ("a", "b", "skill")) < 0.01


def test_a_second_box_is_looked_for_outside_the_first(filled):
    def two(a, b, c, replication):
        return {"fund": -1.0 if a < 30 or b > 80 else 1.0}

    (found,) = discover(Sweep(filled("kind: random, points: 300", two)), condition("fund < 0", ["fund"]), boxes=2)
    (first, _, _), (second, _, _) = found.boxes
    assert first.limits["a"][1] == pytest.approx(30, abs=10)
    assert second.limits["b"][0] == pytest.approx(80, abs=10)
    assert not (first.inside & second.inside).any()


def test_rows_of_a_table_of_parameters_are_told_by_what_they_say(filled, tmp_path):
    rows = "\n".join(f"{minutes} minutes,{number}" for number, minutes in enumerate(range(10, 60)))
    (tmp_path / "draws.csv").write_text(f"facilities.station.wait,behaviour.parameters.price_curve\n{rows}\n")

    def by_row(fitted, a, b, c, replication):
        return {"fund": -1.0 if fitted >= 30 else 1.0}

    folder = filled("kind: random, points: 120", by_row, more="  fitted: {posterior: draws.csv}")
    (found,) = discover(Sweep(folder), condition("fund < 0", ["fund"]), density=1.0)
    assert {"facilities.station.wait", "behaviour.parameters.price_curve"} <= set(found.points)
    ((box, _, _),) = found.boxes
    name, limit = next(iter(box.limits.items()))
    assert limit[0] == pytest.approx(40 if name == "facilities.station.wait" else 30, abs=2)


def test_draws_without_all_runs_are_told_and_left_out(filled):
    folder = filled("kind: random, points: 50, replications: 2", boxed, left_out=lambda point, n: point < 5 and n == 1)
    warnings = []
    (found,) = discover(Sweep(folder), condition("fund < 0", ["fund"]), warn=warnings.append)
    assert warnings == ["5 of 100 tasks have no result (0 failed); the 5 draws that they belong to are left out"]
    assert len(found.fails) == 45


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fund", "`fund` is no condition: write an outcome"),
        ("fnd < 0", "there is no `fnd` here; there are visits, fund; did you mean `fund`?"),
        ("fund < much", "`much` is not a number"),
    ],
)
def test_a_condition_that_is_none(text, sentence, english):
    with pytest.raises(UserError, match=sentence.replace("?", r"\?")):
        condition(text, ["visits", "fund"])


def test_values_of_conditions_have_units():
    values = [condition(f"fund {text}", ["fund"]).value for text in ("< 5%", ">= -2 pp", "<= -300 yuan", "> 0.4")]
    assert values == [0.05, -0.02, -300, 0.4]


def test_the_command(filled):
    folder = filled("kind: latin_hypercube, points: 200, seed: 2", boxed, LEVER, SKILL)
    done = CliRunner().invoke(app, ["discover", str(folder), "--fails", "fund < -5%", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "fails at no draw" in done.stdout
    assert "skill: wide" in done.stdout
    names = {file.name for file in (folder / "discover").iterdir()}
    assert names == {"boxes.csv", "trajectory.csv", "boxes.en.svg", "boxes.en.png"}
    for words, sentence in (
        (["--fails", "fnd < 0"], "did you mean `fund`?"),
        (["--fails", "fund < 0", "--of", "efect"], "did you mean `effect`?"),
        (["--fails", "fund < 0", "--arm", "basline"], "did you mean `baseline`?"),
        (["--fails", "fund < 0", "--of", "effect"], "the study has no effect of fund"),
        (["--fails", "fund < 0", "--density", "8"], "must lie above 0"),
    ):
        done = CliRunner().invoke(app, ["discover", str(folder), *words, "--lang", "en"])
        assert done.exit_code == 2
        assert sentence in done.output
