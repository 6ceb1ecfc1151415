"""What a healthy year costs: by hand, and nothing where it is not known whether health was gained."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.study.cost_of_health import ratio
from simulator.study.intervals import t_quantile

differences = st.lists(st.tuples(st.floats(-10, 10), st.floats(8, 10)), min_size=3, max_size=8)


def test_by_hand():
    assert ratio([30.0, 30.0, 30.0], [2.0, 2.0, 2.0]) == (15.0, 15.0, 15.0)
    assert ratio([-30.0, -30.0], [2.0, 2.0]) == (-15.0, -15.0, -15.0)
    # two of one kind: 1 and 3, mean 2; what it is divided by is known, so the interval is that of the mean
    mean, low, high = ratio([1.0, 3.0], [1.0, 1.0])
    half = t_quantile(0.975, 1)
    assert (mean, low, high) == pytest.approx((2, 2 - half, 2 + half))


def test_nothing_is_told_of_one_replication_or_where_health_may_not_have_moved():
    assert all(map(math.isnan, ratio([3.0], [1.0])))
    assert all(map(math.isnan, ratio([3.0, 4.0, 5.0], [-1.0, 0.0, 1.5])))
    assert all(map(math.isnan, ratio([0.0, 0.0], [0.0, 0.0])))


@given(pairs=differences)
def test_the_interval_holds_the_ratio_and_every_end_passes_its_own_test(pairs: list[tuple[float, float]]):
    spent, gained = map(list, zip(*pairs, strict=True))
    found = ratio(spent, gained)
    mean, low, high = found
    slack = 1e-6 * (1 + abs(high - low))
    assert low - slack <= mean <= high + slack
    # Fieller's ends are where spending less end × gain is just told apart from zero
    t = t_quantile(0.975, len(pairs) - 1)
    for end in (low, high):
        left = np.array(spent) - end * np.array(gained)
        half = t * left.std(ddof=1) / math.sqrt(len(left))
        assert abs(left.mean()) == pytest.approx(half, rel=1e-3, abs=1e-3 * (1 + abs(end)))
