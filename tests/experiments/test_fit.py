"""Fitting intercepts: the solver on problems solved by hand, and what a target may be."""

from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from pydantic import ValidationError

from experiments.fit.__main__ import Runs, solve
from experiments.fit.language import Fit, Target, read
from experiments.fit.solve import Point, descend, jacobian
from simulator.calibrate.evidence import uses

FILE = Path(__file__).parents[2] / "experiments" / "fit" / "fit.yaml"
STEPS = np.array([0.1, 0.1])
FREE = (np.full(2, -np.inf), np.full(2, np.inf))


def solved(misfits, start, steps=STEPS, bounds=FREE, most=20) -> Point:
    first = Point(np.array(start), misfits(np.array(start)))
    slopes = jacobian(misfits, first, steps, {})
    *_, (best, _) = islice(descend(misfits, first, slopes, steps, bounds), most)
    return best


def test_a_line_is_met_and_what_no_target_asks_for_stays():
    """100 (x − 1) and 100 (y + 2 − x): x = 1, y = −1."""
    best = solved(lambda v: np.array([100 * (v[0] - 1), 100 * (v[1] + 2 - v[0])]), [0.0, 0.0])
    assert best.values == pytest.approx([1, -1], abs=1e-3)
    still = solved(lambda v: np.array([100 * (v[0] - 0.2), 0.0]), [0.0, 5.0])
    assert still.values == pytest.approx([0.2, 5.0], abs=1e-3)


def test_a_curve_is_met_from_one_tried_jacobian():
    best = solved(lambda v: 50 * np.array([np.exp(v[0]) - 2, v[0] + v[1] ** 3 - 8]), [0.2, 1.5])
    assert best.values == pytest.approx([np.log(2), (8 - np.log(2)) ** (1 / 3)], abs=1e-2)


def test_bounds_hold_and_a_worse_step_is_not_taken():
    best = solved(lambda v: np.array([100 * (v[0] - 1), v[1]]), [0.0, 0.0], bounds=(np.full(2, -1.0), np.full(2, 0.5)))
    assert best.values[0] == 0.5
    first = Point(np.zeros(2), np.array([1.0, 0.0]))
    worse = descend(lambda v: np.array([9.0, 9.0]), first, np.eye(2), STEPS, FREE)
    assert next(worse)[0] is first


def test_what_is_reckoned_is_not_tried():
    tried = []

    def misfits(values: np.ndarray) -> np.ndarray:
        tried.append(values)
        return values

    slopes = jacobian(misfits, Point(np.zeros(2), np.zeros(2)), STEPS, {1: np.array([0.0, 7.0])})
    assert slopes.tolist() == [[1, 0], [0, 7]]
    assert len(tried) == 1


def test_misfits_by_hand():
    """Two points off where one and a half count as one; 3 per cent too low where two count as one."""
    share = Target(indicator="visit_share", tier="tertiary", level=0.286, points=1.5, evidence="visits_by_level")
    assert share.misfit(0.306) == pytest.approx(2 / 1.5)
    rate = Target(indicator="visits_per_person", level=6.8, relative=0.02, evidence="visits_per_capita")
    assert rate.misfit(6.8 * 0.97) == pytest.approx(-1.5)


class Line:
    """Runs of a model in which misfits are a line of the first two intercepts, with slopes known from another model."""

    def __init__(self, known: np.ndarray | None):
        fit = read(FILE)
        self.fit = fit.model_copy(update={"behaviour": dict(islice(fit.behaviour.items(), 2)), "places": {}})
        self.known, self.tried = known, 0

    def misfits(self, values: np.ndarray) -> np.ndarray:
        self.tried += 1
        return 30 * (values - [1.0, 0.3])

    def known_slopes(self) -> np.ndarray | None:
        return self.known

    def keep(self, slopes: np.ndarray) -> None:
        self.known = slopes


@pytest.mark.parametrize("known", [None, 30 * np.eye(2), -30 * np.eye(2)], ids=["none", "right", "of another model"])
def test_slopes_that_lead_nowhere_are_tried_anew(known: np.ndarray | None):
    runs, start = Line(known), np.zeros(2)
    best = solve(cast(Runs, runs), Point(start, runs.misfits(start)), FREE, most=4, anew=False)
    assert best.values == pytest.approx([1.0, 0.3], abs=0.02)


@pytest.mark.parametrize("use", ["validation", "claim", "prior", "input"])
def test_only_targets_may_be_fitted_to(use: str):
    """A validation never, whatever it is called here."""
    figure = next(name for name, may in uses().items() if may == use)
    with pytest.raises(ValidationError, match="only a target may be fitted to, a validation never"):
        Target(indicator="visits_per_person", level=1, relative=0.1, evidence=figure)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"indicator": "visits"}, "no indicator"),
        ({"evidence": "nothing"}, "no figure"),
        ({"points": 1.0}, "either points or relative"),
    ],
)
def test_a_target_is_refused(wrong: dict, told: str):
    right = {"indicator": "visits_per_person", "level": 1, "relative": 0.1, "evidence": "visits_per_capita"}
    with pytest.raises(ValidationError, match=told):
        Target(**(right | wrong))


def test_the_fit_of_this_repository_is_read():
    fit = read(FILE)
    assert len(fit.intercepts) <= len(fit.targets)
    assert {"visits", "admissions", "primary"} <= set(fit.targets)
    assert all(uses()[each.evidence] == "target" for each in fit.targets.values() if each.evidence != "judgement")
    with pytest.raises(ValidationError, match="more intercepts than targets"):
        Fit(**(fit.model_dump(include={"scenario", "families", "warm_up", "behaviour"}) | {"targets": {}}))
