"""Verdicts by hand."""

import math

import pytest

from simulator.validation.judge import inside, of_change, of_level, overlap, sign_agrees, wide
from simulator.validation.register import Published

NONE = (math.nan, math.nan, math.nan)


@pytest.mark.parametrize(
    ("direction", "found", "agrees"),
    [
        ("falls", (-0.10, -0.15, -0.05), True),
        ("falls", (0.10, 0.05, 0.15), False),
        ("rises", (0.10, 0.05, 0.15), True),
        ("rises", (0.10, -0.02, 0.22), False),
        ("rises", (0.0, 0.0, 0.0), False),
        ("falls", (0.0, 0.0, 0.0), False),
        ("falls", NONE, False),
        ("none", (0.005, -0.01, 0.02), True),
        ("none", (0.0, -0.021, 0.021), False),
        ("none", (0.10, 0.05, 0.15), False),
        ("none", NONE, False),
    ],
)
def test_sign(direction, found, agrees):
    assert sign_agrees(direction, found, 0.02) is agrees


def test_an_interval_wider_than_twice_the_effect_is_a_miss():
    too_wide = (-0.05, -0.20, 0.10)
    assert wide(too_wide)
    assert wide(NONE)
    assert not inside(Published(-0.06), too_wide)
    assert not overlap(Published(-0.06, -0.1, 0.0), too_wide)


def test_a_number_is_inside_and_intervals_overlap():
    found = (-0.10, -0.13, -0.07)
    assert inside(Published(-0.13), found)
    assert not inside(Published(-0.131), found)
    assert overlap(Published(-0.2, -0.27, -0.129), found)
    assert not overlap(Published(-0.2, -0.27, -0.131), found)
    assert not overlap(Published(-0.2), found)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ((0.25, 0.20, 0.30), "consistent"),
        ((0.231, 0.229, 0.233), "consistent"),
        ((0.033, 0.009, 0.057), "weaker"),
        ((0.40, 0.35, 0.45), "stronger"),
        ((-0.10, -0.15, -0.05), "opposite"),
        ((-0.01, -0.30, 0.28), "weaker"),
        ((0.20, -0.30, 0.70), "weaker"),
    ],
)
def test_claims_of_changes(found, verdict):
    assert of_change(0.25, found) == verdict
    assert of_change(-0.25, tuple(-end for end in (found[0], found[2], found[1]))) == verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ((0.66, 0.65, 0.67), "consistent"),
        ((0.50, 0.45, 0.64), "consistent"),
        ((0.48, -0.07, 1.03), "weaker"),
        ((0.75, -0.10, 1.60), "stronger"),
        ((0.30, 0.28, 0.32), "weaker"),
        ((0.90, 0.88, 0.92), "stronger"),
    ],
)
def test_claims_of_levels(found, verdict):
    assert of_level(0.70, 0.70, found) == verdict
