"""Who takes to online care, and who has to be examined: by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.choice.online import acceptance, chance_examined
from simulator.core import behaviour

PAR = behaviour.row()[0]
SHARES = st.floats(0, 1)


def test_by_hand():
    """At 70, twenty years past fifty: −3 − 2; literacy one standard deviation up: +0.3; a quarter of recent visits were
    online: +0.5; the fund pays half the bill at the centre and nothing online: −5.45 / 2."""
    assert acceptance(70, 1.0, 0.25, 0.5, PAR) == pytest.approx(-3 - 2 + 0.3 + 0.5 - 2.725)
    assert acceptance(30, 0.0, 0.0, 0.0, PAR) == acceptance(50, 0.0, 0.0, 0.0, PAR) == -3


def test_what_the_choice_experiment_says_of_cover():
    """Ten points more of cover against care face to face add 0.545."""
    more = acceptance(40, 0.0, 0.0, 0.4, PAR) - acceptance(40, 0.0, 0.0, 0.5, PAR)
    assert more == pytest.approx(0.545)


@given(age=st.integers(0, 100), literacy=st.floats(-3, 3), experience=SHARES, lost=SHARES)
def test_the_old_the_less_literate_the_inexperienced_and_the_unpaid_take_to_it_less(age, literacy, experience, lost):
    here = acceptance(age, literacy, experience, lost, PAR)
    assert acceptance(age + 1, literacy, experience, lost, PAR) <= here
    assert acceptance(age, literacy - 0.1, experience, lost, PAR) < here
    assert acceptance(age, literacy, experience - 0.1, lost, PAR) < here
    assert acceptance(age, literacy, experience, lost + 0.1, PAR) < here


def test_half_have_to_be_examined_at_the_severity_of_that_name():
    assert chance_examined(PAR.examine_at, PAR) == 0.5
    assert chance_examined(PAR.examine_at + math.log(9) / PAR.examine_slope, PAR) == pytest.approx(0.9)
    # a prescription is renewed without, a severe case hardly ever treated
    assert chance_examined(PAR.refill_severity, PAR) < 0.06
    assert chance_examined(0.75, PAR) > 0.99
