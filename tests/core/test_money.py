"""Money is whole and none of it is lost."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.money import instalment, rounded, share_out

POTS = st.integers(0, 10**16)


@given(POTS, st.lists(st.integers(0, 10**15), min_size=1, max_size=40).filter(any))
def test_whole_keys_share_everything_out(pot, key):
    parts = share_out(pot, np.array(key))
    assert parts.dtype == np.int64
    assert sum(parts.tolist()) == pot
    for part, k in zip(parts.tolist(), key, strict=True):
        assert abs(part - Fraction(pot * k, sum(key))) < 1


@given(POTS, st.lists(st.floats(0, 1e12), min_size=1, max_size=40).filter(any))
def test_broken_keys_share_everything_out(pot, key):
    parts = share_out(pot, np.array(key))
    assert sum(parts.tolist()) == pot
    assert all(part == 0 for part, k in zip(parts.tolist(), key, strict=True) if k == 0)


def test_largest_remainder_is_served_first():
    assert share_out(10, np.array([6, 6, 2])).tolist() == [4, 4, 2]
    assert share_out(1, np.array([1, 3, 3])).tolist() == [0, 1, 0]
    assert share_out(0, np.zeros(3)).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("pot", "key"), [(5, [0, 0]), (-1, [1, 1]), (5, [1, -1, 3]), (5, [])])
def test_what_cannot_be_shared_is_refused(pot, key):
    with pytest.raises(ValueError, match="cannot share out"):
        share_out(pot, np.array(key))


@given(st.integers(-(10**14), 10**14), st.sampled_from([0.0, 0.25, 0.5, 0.75]))
def test_halves_go_up(whole, part):
    assert rounded(np.array([whole + part])).tolist() == [whole + (part >= 0.5)]


def test_just_below_a_half_goes_down():
    assert rounded(np.array([np.nextafter(0.5, 0), 0.5])).tolist() == [0, 1]


@given(st.integers(0, 10**15))
def test_twelve_instalments_make_the_year(fen):
    parts = [int(instalment(np.array(fen), month)) for month in range(1, 13)]
    assert sum(parts) == fen
    assert max(parts) - min(parts) <= 1
