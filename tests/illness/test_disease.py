"""Cascades of chronic disease: stationary from the first month, and better where patients are managed."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.core.jit import compiled
from simulator.core.names import CONTROLLED, DIAGNOSED, NONE, TREATED, UNDIAGNOSED
from simulator.engine.state.people import PEOPLE
from simulator.illness.disease import (
    USUAL_CAPABILITY,
    begin,
    by_age,
    chance_controlled,
    chance_diagnosed,
    chance_dropped,
    chance_started,
    next_state,
    stationary,
)

PAR = behaviour.row()[0]
LEVEL = float(PAR["control_hypertension"])
STATES = (UNDIAGNOSED, DIAGNOSED, TREATED, CONTROLLED)
FINE = 500
FELT = float(PAR["felt_share"])


@compiled
def after_a_month(state, seen, managed, felt, manage, capability, level, par, shares):
    """Add to ``shares`` (4,) where a month leads from ``state``, over a grid of both uniform draws."""
    for i in range(FINE):
        for j in range(FINE):
            u, v = (i + 0.5) / FINE, (j + 0.5) / FINE
            shares[next_state(state, u, v, seen, managed, felt, manage, capability, level, par) - 1] += 1.0 / FINE**2


def transition(managed: bool, visited: float, manage: float) -> np.ndarray:
    """Chances from state to state in a month, (4, 4), from the rule itself on a grid of its two uniform draws."""
    step = np.zeros((4, 4))
    for row, state in enumerate(STATES):
        for (seen, part), (felt, share) in product(
            ((True, visited), (False, 1 - visited)), ((1.0, FELT), (0.0, 1 - FELT))
        ):
            shares = np.zeros(4)
            after_a_month(state, seen, managed, felt, manage, USUAL_CAPABILITY, LEVEL, PAR, shares)
            step[row] += part * share * shares
    return step


def test_stationary_shares_are_left_by_a_month_as_they_are():
    """Managed and unmanaged patients together, through the rule that the engine calls."""
    manage, visited = 0.4, 0.35
    shares = stationary(LEVEL, manage, visited, PAR)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares > 0).all()
    after = np.zeros(4)
    for managed, part in ((True, manage), (False, 1 - manage)):
        after += part * own_chain(managed, manage, visited) @ transition(managed, visited, manage)
    assert after == pytest.approx(shares, abs=0.0005)


def own_chain(managed: bool, manage: float, visited: float) -> np.ndarray:
    """Stationary shares of the managed, or of the unmanaged, by going on for ever. Diagnosis depends on the share
    managed around a patient, not on whether the patient is."""
    start, drop = chance_started(managed, FELT, PAR), chance_dropped(managed, FELT, PAR)
    found = visited * chance_diagnosed(True, manage, PAR)
    good = chance_controlled(LEVEL, managed, USUAL_CAPABILITY, PAR)
    state = np.array([1.0, 0, 0, 0])
    for _ in range(20_000):
        u, d, t, c = state * (1 - PAR["renewal"])
        anew = PAR["control_change"] * (t + c)
        state = np.array(
            [
                u * (1 - found) + PAR["renewal"],
                u * found + d * (1 - start) + (t + c) * drop,
                d * start + t * (1 - drop) - PAR["control_change"] * t + anew * (1 - good),
                c * (1 - drop) - PAR["control_change"] * c + anew * good,
            ]
        )
    return state


def test_stationary_is_where_going_on_for_ever_ends():
    manage, visited = 0.4, 0.35
    both = manage * own_chain(True, manage, visited) + (1 - manage) * own_chain(False, manage, visited)
    assert stationary(LEVEL, manage, visited, PAR) == pytest.approx(both, abs=1e-9)


@pytest.mark.parametrize(
    ("disease", "aware", "treated", "controlled"),
    [("hypertension", 0.383, 0.346, 0.120), ("diabetes", 0.367, 0.329, 0.165)],
)
def test_the_start_is_near_the_survey(disease: str, aware: float, treated: float, controlled: float):
    """Zhang et al. 2023 and Wang et al. 2021."""
    shares = stationary(float(PAR[f"control_{disease}"]), 0.4, 0.35, PAR)
    assert shares[1:].sum() == pytest.approx(aware, abs=0.07)
    assert shares[2:].sum() == pytest.approx(treated, abs=0.06)
    assert shares[3] == pytest.approx(controlled, abs=0.03)


@given(u=st.floats(0, 1), v=st.floats(0, 1), state=st.sampled_from(STATES), seen=st.booleans(), managed=st.booleans(),
       felt=st.sampled_from([0.0, 1.0]))  # fmt: skip
def test_a_month_goes_one_step(u, v, state, seen, managed, felt):
    after = next_state(state, u, v, seen, managed, felt, 0.4, 0.5, LEVEL, PAR)
    possible = {
        UNDIAGNOSED: {UNDIAGNOSED, DIAGNOSED},
        DIAGNOSED: {DIAGNOSED, TREATED, UNDIAGNOSED},
        TREATED: {TREATED, CONTROLLED, DIAGNOSED, UNDIAGNOSED},
        CONTROLLED: {CONTROLLED, TREATED, DIAGNOSED, UNDIAGNOSED},
    }
    assert after in possible[state]
    assert after != UNDIAGNOSED or state == UNDIAGNOSED or v > 1 - PAR["renewal"]


@given(u=st.floats(0, 1), v=st.floats(0, 1))
def test_who_has_it_not_does_not_get_it_here(u, v):
    assert next_state(NONE, u, v, True, True, 1.0, 1.0, 1.0, LEVEL, PAR) == NONE


@given(u=st.floats(0, 1), v=st.floats(0, 0.99))
def test_nobody_is_diagnosed_unseen(u, v):
    assert next_state(UNDIAGNOSED, u, v, False, False, 1.0, 1.0, 0.9, LEVEL, PAR) == UNDIAGNOSED


def test_signs():
    """Management finds, starts, keeps and controls more; skill controls more."""
    assert chance_diagnosed(True, 0.8, PAR) > chance_diagnosed(True, 0.1, PAR) > chance_diagnosed(False, 0.8, PAR) == 0
    assert chance_started(True, 0.0, PAR) > chance_started(False, 0.0, PAR)
    assert chance_dropped(True, 0.0, PAR) < chance_dropped(False, 0.0, PAR)
    assert chance_controlled(LEVEL, True, 0.5, PAR) > chance_controlled(LEVEL, False, 0.5, PAR)
    assert chance_controlled(LEVEL, False, 0.7, PAR) > chance_controlled(LEVEL, False, 0.5, PAR)
    managed, alone = stationary(LEVEL, 1.0, 0.35, PAR), stationary(LEVEL, 0.0, 0.35, PAR)
    assert managed[3] > alone[3]
    assert managed[0] < alone[0]


def test_silent_disease_is_left_alone():
    """Who feels the illness starts treatment more and stops less; the mean is kept, and the managed do either way."""
    par = behaviour.row()[0].copy()
    par["start_felt"], par["drop_felt"] = 1.8, 0.4
    for chance, sign in ((chance_started, 1), (chance_dropped, -1)):
        felt, silent, usual = (float(chance(False, x, par)) for x in (1.0, 0.0, FELT))
        assert sign * felt > sign * usual > sign * silent
        assert FELT * felt + (1 - FELT) * silent == pytest.approx(usual, rel=1e-12)
        assert chance(True, 1.0, par) == chance(True, 0.0, par)
    assert stationary(LEVEL, 0.4, 0.35, par) == pytest.approx(stationary(LEVEL, 0.4, 0.35, PAR), rel=1e-12)


def test_begin_meets_prevalence_and_shares():
    people = PEOPLE.rows(60_000)
    people["age"] = np.arange(len(people)) % 100
    line = np.where(np.arange(101) >= 18, 0.3, 0.0)
    shares = {"hypertension": np.array([0.6, 0.1, 0.2, 0.1]), "diabetes": np.array([0.5, 0.5, 0.0, 0.0])}
    begin(people, {"hypertension": line, "diabetes": line / 2}, shares, (1, 2))
    adults = people[people["age"] >= 18]
    assert (people["hypertension"][people["age"] < 18] == NONE).all()
    assert np.mean(adults["hypertension"] > 0) == pytest.approx(0.3, abs=0.01)
    assert np.mean(adults["diabetes"] > 0) == pytest.approx(0.15, abs=0.01)
    states = np.bincount(adults["hypertension"], minlength=5)[1:]
    assert states / states.sum() == pytest.approx(shares["hypertension"], abs=0.015)
    both = np.mean((adults["hypertension"] > 0) & (adults["diabetes"] > 0))
    assert both == pytest.approx(0.3 * 0.15, abs=0.005)  # drawn apart


def test_prevalence_by_age_meets_the_adults():
    ages = np.random.default_rng(3).integers(0, 100, 20_000)
    line = by_age({18: 0.04, 55: 0.36, 95: 0.62}, 0.275, ages)
    assert line[:18].sum() == 0
    assert (np.diff(line[18:]) >= 0).all()
    assert line[ages[ages >= 18]].mean() == pytest.approx(0.275)
