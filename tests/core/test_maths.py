"""Our own elementary functions: a few units in the last place from libm, and the same bits compiled and plain."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.maths import clip, exp, exp_negative, log, logistic, whole

EXPONENT = st.floats(-700, 700)


def plain(function):
    """The rule as written; the functions that it calls stay compiled, which the engines' parity covers."""
    return getattr(function, "py_func", function)


@given(EXPONENT)
def test_exp(x):
    assert exp(x) == pytest.approx(math.exp(x), rel=5e-15)


@given(st.floats(-700, 0))
def test_exp_negative_is_the_same_plain(x):
    assert exp_negative(x) == plain(exp_negative)(x)
    assert exp_negative(x) == pytest.approx(math.exp(x), rel=5e-15)


@pytest.mark.parametrize(
    ("x", "result"), [(0.0, 1.0), (-0.0, 1.0), (-701.0, 0.0), (-1e300, 0.0), (-math.inf, 0.0), (-1e-300, 1.0)]
)
def test_exp_at_the_ends(x, result):
    assert exp(x) == exp_negative(x) == plain(exp_negative)(x) == result


def test_exp_is_nowhere_rough():
    """A dense walk over the joints of the table, which random numbers would miss."""
    x = -np.arange(0, 40, 0.0005)
    ours = np.array([exp_negative(v) for v in x])
    assert (np.abs(ours / np.exp(x) - 1) < 2e-15).all()
    assert (np.diff(ours) < 0).all()


@given(st.floats(1e-300, 1e300))
def test_log(x):
    assert log(x) == plain(log)(x)
    assert log(x) == pytest.approx(math.log(x), rel=5e-15, abs=5e-16)


def test_log_is_nowhere_rough():
    x = np.linspace(0.3, 3.0, 50_001)
    ours = np.array([log(v) for v in x])
    assert (np.abs(ours - np.log(x)) < 4e-16).all()
    assert log(1.0) == 0.0


@given(st.floats(-700, 700))
def test_logistic(z):
    expected = 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))
    assert logistic(z) == plain(logistic)(z)
    assert logistic(z) == pytest.approx(expected, rel=1e-14)
    assert logistic(z) + logistic(-z) == pytest.approx(1, abs=1e-15)


@given(st.floats(-50, 50), st.floats(0.001, 10))
def test_logistic_rises(z, step):
    assert logistic(z) <= logistic(z + step)


@given(st.floats(-1e9, 1e9), st.floats(-10, 0), st.floats(0, 10))
def test_clip(x, low, high):
    assert low <= clip(x, low, high) <= high
    assert clip(x, low, high) == (x if low <= x <= high else low if x < low else high)


@given(st.floats(0, 1e12))
def test_whole_rounds_half_up(x):
    assert whole(x) == plain(whole)(x)
    assert abs(int(whole(x)) - x) <= 0.5
    assert isinstance(int(whole(x)), int)


def test_whole_at_halves():
    assert [int(whole(x)) for x in (0.0, 0.49, 0.5, 1.5, 2.5)] == [0, 0, 1, 2, 3]
