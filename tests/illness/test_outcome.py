"""The curve of cure, and what becomes of who is not cured."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.illness.outcome import (
    DEADLIEST,
    chance_cured,
    chance_fatal,
    chance_readmitted,
    chance_remission,
    disability,
    hurry,
    strength,
    worse,
)

PAR = behaviour.row(changed={"cure_short": 8, "cure_more": 1, "cure_hurry": 1.5, "stretch_slots": 0.15})[0]
share = st.floats(0, 1)
done = st.floats(0, 2)


def test_what_is_left_out_harms_more_than_what_is_too_much():
    assert strength(1.0, PAR) == 0
    assert strength(0.5, PAR) == pytest.approx(-2)  # 8 · 0.5²
    assert strength(1.5, PAR) == pytest.approx(-0.25)  # 1 · 0.5²


@given(x=done, y=done, w=share)
def test_strength_is_concave_and_best_at_one(x: float, y: float, w: float):
    middle = strength(w * x + (1 - w) * y, PAR)
    assert middle >= w * strength(x, PAR) + (1 - w) * strength(y, PAR) - 1e-12
    assert strength(x, PAR) <= 0


@given(x=done, y=done, able=share, severity=share)
def test_a_chance_of_cure_is_a_chance_and_grows_toward_the_best(x: float, y: float, able: float, severity: float):
    near, far = sorted((x, y), key=lambda at: abs(at - 1.0))
    chances = [chance_cured(able, severity, strength(at, PAR), PAR) for at in (1.0, near, far)]
    assert all(0 < chance < 1 for chance in chances)
    if (x - 1) * (y - 1) >= 0:  # on one side
        assert chances == sorted(chances, reverse=True)


def test_cure_by_hand():
    assert chance_cured(0.6, 0.6, 0.0, PAR) == 0.5
    assert chance_cured(0.7, 0.6, 0.0, PAR) == pytest.approx(1 / (1 + math.exp(-0.7)))
    assert chance_cured(0.7, 0.6, strength(0.5, PAR), PAR) == pytest.approx(1 / (1 + math.exp(1.3)))


def test_visits_are_cut_short_only_above_the_usual_pace_and_as_far_as_they_can_be():
    assert hurry(0.3, PAR) == hurry(1.0, PAR) == 0
    assert hurry(1.1, PAR) == pytest.approx(-0.15)
    assert hurry(1.15, PAR) == hurry(3.0, PAR) == pytest.approx(-0.225)


def test_mild_illness_goes_away_and_what_stays_gets_worse_but_never_past_the_end():
    assert chance_remission(0.0, PAR) == pytest.approx(float(PAR["remission"]))
    assert chance_remission(1.0, PAR) == 0
    assert worse(0.5, PAR) == pytest.approx(0.5 + float(PAR["worsen"]) / 4)
    assert worse(0.0, PAR) == 0
    assert worse(1.0, PAR) == 1


@given(severity=share, lethality=st.floats(0, 1000))
def test_a_chance_of_dying_is_one_and_mild_illness_has_none(severity: float, lethality: float):
    chance = chance_fatal(severity, lethality, PAR)
    assert 0 <= chance <= DEADLIEST
    if severity <= float(PAR["death_at"]):
        assert chance == 0


def test_dying_by_hand():
    assert chance_fatal(0.8, 2.0, PAR) == pytest.approx(2 * 0.3**2)


def test_who_is_sent_home_early_is_back_more_often():
    usual = float(PAR["readmit"])
    assert chance_readmitted(1.0, PAR) == chance_readmitted(1.4, PAR) == usual
    assert chance_readmitted(0.8, PAR) == pytest.approx(usual * (1 + 0.2 * float(PAR["readmit_early"])))


def test_disability_grows_with_severity():
    weights = [float(disability(s, PAR)) for s in (0.1, 0.3, 0.5, 0.75)]
    assert weights == sorted(set(weights))
