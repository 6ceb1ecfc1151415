"""No feedback explodes, swings or sticks in a corner in twenty years, in the base and with any parameter ±50 %."""

import os
from pathlib import Path

import numpy as np
import pytest

from simulator.core.behaviour import parameters
from simulator.model import HealthSystem
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from tests.laws.stability import BOUNDS, RATIOS, History, complaints, county, history, lived

LOOPS = ("trust_visit", "habit_visit", "adjust", "income_curve", "fame", "experience", "wait_slope", "neighbours")
"""Gains of the feedbacks themselves: those that could make one run away."""
EVERY = [each.name for each in parameters()]
PARAMETERS = EVERY if os.environ.get("TIERCARE_EVERY_PARAMETER") else sorted({*LOOPS, *EVERY[::15]})
"""All of them are hours of work: without TIERCARE_EVERY_PARAMETER the loops' gains and one in fifteen of the others."""
POLICY = "baseline.plans.resident.reserve_policy={low: 6 months, high: 9 months, step: 5%, acts_on: subsidy}"


@pytest.fixture(scope="module")
def base() -> History:
    return history(county(1000, 20))


def test_twenty_years_of_the_base(base: History):
    assert set(base.yearly) == set(RATIOS)
    assert set(base.monthly) == set(BOUNDS)
    assert complaints(base, drift=1.3, swing=0.05) == []


def test_years_differ_and_volumes_teach(base: History):
    """A history in which nothing moves would please every test."""
    for name in ("experience", "fame", "wait", "follow"):
        assert base.monthly[name].std(axis=0).max() > 0, name
    assert all(series.std() > 0 for series in base.yearly.values())


def test_what_is_wrong_is_seen(base: History):
    def like(name: str, **changes) -> History:
        return (
            base._replace(yearly=dict(base.yearly) | changes)
            if name == "y"
            else base._replace(monthly=dict(base.monthly) | changes)
        )

    years, months = np.arange(20.0), np.arange(240.0)[:, None]
    for wrong, text in (
        (like("y", visits_per_person=1.1**years), "drifts"),
        (like("y", visits_per_person=1.0 + 0.2 * (-1.0) ** years), "swings"),
        (like("y", visits_per_person=np.full(20, np.nan)), "not finite"),
        (like("m", stay=1.0 + 0.02 * (-1.0) ** months), "rings"),
        (like("m", stay=np.full((240, 1), base.par["stay_high"])), "sticks"),
        (like("m", stay=np.full((240, 1), 5.0)), "leaves"),
    ):
        assert any(text in complaint for complaint in complaints(wrong, 1.5, 0.05)), text


@pytest.mark.parametrize("name", LOOPS[:3])
def test_stronger_loops(name: str):
    assert complaints(history(county(400, 8), {name: 1.5}), drift=1.5, swing=0.08) == []


@pytest.mark.long
@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("factor", [0.5, 1.5])
def test_any_parameter(name: str, factor: float):
    """2,000 families; a parameter may move levels, but sets no feedback off. A bound moved to where conduct wants to be
    is met by that conduct, and one moved past 1, where all places begin, is at first passed by them: no feedback."""
    found = complaints(history(county(2000, 20), {name: factor}), drift=1.6, swing=0.06)
    own = {f"{column} {word}" for column, sides in BOUNDS.items() if name in sides for word in ("sticks", "leaves")}
    assert [text for text in found if " ".join(text.split()[:2]) not in own] == []


@pytest.mark.long
@pytest.mark.parametrize("file", sorted((scenarios_folder() / "programmes").glob("*.yaml")), ids=lambda file: file.stem)
def test_twenty_years_of_every_arm_of_every_programme(file: Path):
    """2,000 families; a reform moves levels in its first years, which `complaints` does not look at."""
    programme = load(file, families=2000, months=240)
    start = HealthSystem(programme, "baseline")
    while start.steps_done < start.burn_in:
        start.step()
    for arm in programme.arms:
        found = complaints(lived(start.branch(arm)), drift=1.3, swing=0.06)
        assert found == [], arm


@pytest.mark.long
def test_all_loops_stronger_at_once():
    assert complaints(history(county(2000, 20), dict.fromkeys(LOOPS, 1.5)), drift=1.6, swing=0.06) == []


@pytest.mark.long
def test_a_reserve_stays_in_its_corridor_for_twenty_years():
    """Within a month of the corridor of six to nine, once the first years are over; what is asked for hardly moves."""
    held: list[float] = []
    asked: list[float] = []

    def watch(world) -> None:
        if world.january_reserve and int(world.clock[0]["calendar"]) == 12:
            held.append(world.january_reserve[0])
            asked.append(float(world.reserve_factor[0]))

    history(county(2000, 20, POLICY), watch=watch)
    assert len(held) >= 18
    assert 5.0 < min(held[4:]) < max(held[4:]) < 10.0
    assert 0.7 < min(asked) < max(asked) < 1.4
