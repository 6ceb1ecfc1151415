"""What patients know of how bad it is: Bayes' rule by hand, and what it does over many patients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.choice.signal import NODES, at_node, doubt, felt, normal, share_of_node, weight_of_sign
from simulator.core import behaviour

PAR = behaviour.row()[0]
SURE = behaviour.row(changed={"signal_noise": 0.0})[0]


def test_weight_by_hand():
    """Severity within a group of mean 0.3 varies by 0.3 × 0.7 / 9 = 0.02333; the sign by 0.15² = 0.0225."""
    assert weight_of_sign(0.3, PAR) == pytest.approx(0.02333333 / (0.02333333 + 0.0225))


def test_a_sign_is_weighed_against_the_usual_case():
    """Half a standard deviation too high at severity 0.2: 0.2 + 0.15 × 0.8 × 0.5 = 0.26; weight 0.50909."""
    weight = weight_of_sign(0.3, PAR)
    assert felt(0.2, 0.3, 0.5, PAR) == pytest.approx(weight * 0.26 + (1 - weight) * 0.3)
    assert doubt(0.4, 0.3, PAR) == pytest.approx(0.15 * 0.6 * weight**0.5)


@given(severity=st.floats(0, 1), usual=st.floats(0.05, 0.9), z=st.floats(-3.4, 3.4))
def test_without_noise_everybody_knows(severity, usual, z):
    assert felt(severity, usual, z, SURE) == pytest.approx(severity)
    assert doubt(severity, usual, SURE) == 0


@given(severity=st.floats(0, 1), usual=st.floats(0.05, 0.9), z=st.floats(-3.4, 3.4))
def test_who_is_worse_feels_worse_and_is_mistaken_less(severity, usual, z):
    guess = felt(severity, usual, z, PAR)
    assert 0 <= guess <= 1
    assert felt(min(severity + 0.01, 1), usual, 0.0, PAR) >= felt(severity, usual, 0.0, PAR)
    assert doubt(guess, usual, PAR) <= 0.15 * (1 - guess) + 1e-12
    assert felt(1.0, usual, z, PAR) == pytest.approx(felt(1.0, usual, 0.0, PAR))


def test_nodes_have_the_mean_and_the_spread_of_the_doubt():
    shares = np.array([share_of_node(n) for n in range(NODES)])
    at = np.array([at_node(0.5, 0.1, n) for n in range(NODES)])
    assert shares.sum() == pytest.approx(1)
    assert shares @ at == pytest.approx(0.5)
    assert shares @ (at - 0.5) ** 2 == pytest.approx(0.1**2)
    assert at_node(0.95, 0.1, 2) == 1


def test_draws_are_nearly_normal():
    """Four uniform draws: mean zero, variance one, at most 3.46 either way."""
    draws = np.array([normal(*each) for each in np.random.default_rng(1).random((20_000, 4))])
    assert draws.mean() == pytest.approx(0, abs=0.02)
    assert draws.std() == pytest.approx(1, abs=0.02)
    assert normal(1.0, 1.0, 1.0, 1.0) == pytest.approx(12**0.5)
