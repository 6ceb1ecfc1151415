"""Capability over the years: bounded, slow, and back where nothing keeps it up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.core.names import CENTRE, SECONDARY
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.capability import bought, built, invest, practise, skill

PAR = behaviour.row()[0]


def place(tier: int = SECONDARY, **columns) -> np.ndarray:
    rows = FACILITIES.rows(1)
    for name, value in ({"tier": tier, "usual_volume": 10_000.0, "doctors": 20.0} | columns).items():
        rows[name] = value
    return rows


def years(volume: float, count: int, **columns) -> np.record:
    rows = place(**columns)
    for _ in range(count):
        practise(rows[0], volume, PAR)
    return rows[0]


def test_more_patients_more_skill_and_a_name():
    more, same, fewer = (years(volume, 5) for volume in (20_000, 10_000, 5_000))
    assert more["experience"] > 0 == same["experience"] > fewer["experience"]
    assert more["fame"] > 0 == same["fame"] > fewer["fame"]
    assert years(20_000, 1)["experience"] < 0.02


def test_a_centre_gets_skill_and_no_name():
    centre = years(20_000, 5, tier=CENTRE)
    assert centre["experience"] > 0 == centre["fame"]


@given(volume=st.floats(0, 1e7), count=st.integers(1, 60))
def test_bounded_for_ever(volume: float, count: int):
    after = years(volume, count)
    assert abs(after["experience"]) <= PAR["experience_most"]
    assert abs(after["fame"]) <= PAR["fame_most"]


def test_what_was_gained_is_lost_again():
    rows = place(experience=0.08, fame=0.05)
    for _ in range(30):
        practise(rows[0], 10_000.0, PAR)
    assert 0 < rows["experience"][0] < 0.02
    assert 0 <= rows["fame"][0] < 0.001


def test_a_few_patients_of_a_sample_say_little():
    one, many = years(12, 1, usual_volume=6.0), years(12_000, 1, usual_volume=6_000.0)
    assert 0 < one["experience"] < 0.2 * many["experience"]


def test_money_builds_and_wears_off():
    """20,000 yuan a doctor of training add half of its gain; in ten years without more most of it is gone."""
    rows, none = place(), np.zeros(1)
    invest(rows, np.array([20 * PAR["training_half"]]), none, PAR)
    assert built(rows, PAR)[0] == pytest.approx(PAR["training_gain"] / 2)
    path = [built(rows, PAR)[0]]
    for _ in range(120):
        invest(rows, none, none, PAR)
        path.append(built(rows, PAR)[0])
    assert (np.diff(path) < 0).all()
    assert 0 < path[-1] < 0.5 * path[0]


@given(stock=st.floats(0, 1e9), gain=st.floats(0, 0.2), half=st.floats(1, 1e6))
def test_ever_less_a_yuan(stock: float, gain: float, half: float):
    assert 0 <= bought(np.array(stock), gain, half) <= gain
    first, second = (bought(np.array(x), gain, half) for x in (half, 2 * half))
    assert second - first <= first + 1e-15


def test_children_need_somebody_certified():
    centre, hospital = place(CENTRE, capability=0.5, paediatric=0)[0], place(SECONDARY, capability=0.7, paediatric=0)[0]
    assert skill(centre, 6, PAR) == pytest.approx(0.5 - PAR["child_gap"])
    assert skill(centre, 40, PAR) == 0.5
    assert skill(hospital, 6, PAR) == 0.7
    assert skill(place(CENTRE, capability=0.5)[0], 6, PAR) == 0.5
