"""Own effort and time of doctors: capitation rations and fee for service stretches, by margins and effort alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.choice.going import chance_at
from simulator.choice.place import made_welcome
from simulator.core import behaviour
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.acts import ACTS
from simulator.practice.beliefs import BELIEFS
from simulator.practice.weigh import visit_effort, visit_worth

PAR = behaviour.row()[0]
DECIDED = ("welcome", "hours", "follow")
BILLED, BY_HEAD = 0.92, 0.67
"""What a listed yuan brings where the fund pays by service, and where the patients' part alone comes in."""

shares, minutes = st.floats(0.01, 1.0), st.floats(1.0, 60.0)


def place(minutes: float = 15.0, pass_through: float = 0.3) -> np.record:
    row = FACILITIES.rows(1)
    row["visit_minutes"], row["pass_through"] = minutes, pass_through
    row["outpatient_parts"], row["marginal_cost"] = (0.65, 0.13, 0.22), (0.97, 0.65, 0.76)
    return row[0]


def believing(earns: float, bill: float = 125.0) -> np.record:
    row = BELIEFS.rows(1)
    row["outpatient"], row["visit_bill"] = earns, bill
    return row[0]


def goal(name: str, facility: np.record, belief: np.record, par: np.record = PAR) -> float:
    return float(ACTS[name].goal(facility, belief, par))


def test_effort_by_hand():
    """A quarter of an hour at 40 yuan is 10 yuan, 8 % of a bill of 125."""
    assert visit_effort(place(), believing(BILLED), PAR) == pytest.approx(10 / 125)


@pytest.mark.parametrize("name", DECIDED)
def test_capitation_rations(name: str):
    """Fewer hours and follow-up visits, less readiness; the more where more of the margin reaches the doctors."""
    per_service, per_head = (goal(name, place(), believing(earns)) for earns in (BILLED, BY_HEAD))
    assert per_head < per_service
    owner = [goal(name, place(pass_through=0.6), believing(earns)) for earns in (BILLED, BY_HEAD)]
    assert owner[0] - owner[1] > per_service - per_head


@pytest.mark.parametrize("name", DECIDED)
@given(earns=st.floats(0.3, 1.2), more=st.floats(0.001, 0.5), share=shares, minutes=minutes)
def test_signs(name: str, earns: float, more: float, share: float, minutes: float):
    """More for what pays, less for what is tiring; a doctor on salary does not answer to margins at all."""
    here, belief = place(minutes, share), believing(earns)
    assert goal(name, here, believing(earns + more)) >= goal(name, here, belief)
    assert goal(name, place(minutes + 5.0, share), belief) <= goal(name, here, belief)
    salaried = place(minutes, 0.0)
    assert goal(name, salaried, believing(earns + more)) == goal(name, salaried, belief)


@given(earns=st.floats(0.3, 1.2), share=shares)
def test_without_a_cost_of_effort_margins_alone_count(earns: float, share: float):
    par = PAR.copy()
    par["effort_hour"] = 0.0
    fast, slow = (visit_worth(place(minutes, share), believing(earns), par) for minutes in (5.0, 60.0))
    assert fast == slow


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_mild_are_put_off_first(welcome: float, a: float, b: float):
    low, high = sorted((a, b))
    assert abs(made_welcome(welcome, high, PAR)) <= abs(made_welcome(welcome, low, PAR))
    assert made_welcome(welcome, 1.0, PAR) == 0.0
    off, on = (chance_at(a, 0.0, 0.0, 0.0, made_welcome(x, a, PAR), PAR) for x in (-abs(welcome), abs(welcome)))
    assert off <= on
