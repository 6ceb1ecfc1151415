import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.study.intervals import (
    FEW,
    Counted,
    few,
    garwood,
    interval,
    of_few,
    of_few_paired,
    t_quantile,
)

replications = st.lists(st.integers(0, 5), min_size=2, max_size=10)


# scipy.stats.t.ppf, scipy 1.18
@pytest.mark.parametrize(
    ("probability", "freedom", "value"),
    [
        (0.975, 1, 12.706204736174694),
        (0.975, 2, 4.302652729749462),
        (0.975, 3, 3.1824463052837073),
        (0.975, 4, 2.7764451051977934),
        (0.975, 9, 2.262157162798205),
        (0.975, 30, 2.0422724563012378),
        (0.975, 99, 1.9842169515864165),
        (0.975, 1000, 1.9623390808264143),
        (0.95, 7, 1.8945786050900067),
        (0.995, 12, 3.0545395893929017),
    ],
)
def test_t_quantile_is_that_of_scipy(probability, freedom, value):
    assert t_quantile(probability, freedom) == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize(("probability", "freedom"), [(0.5, 3), (1.0, 3), (0.975, 0)])
def test_t_quantile_refuses_what_it_cannot_know(probability, freedom):
    with pytest.raises(ValueError, match="t_quantile"):
        t_quantile(probability, freedom)


@given(st.integers(1, 400), st.floats(0.51, 0.999))
def test_t_quantile_falls_with_freedom_and_rises_with_probability(freedom, probability):
    here = t_quantile(probability, freedom)
    assert here > t_quantile(probability, freedom + 1) > 0
    assert t_quantile(min(probability + 0.0005, 0.9999), freedom) > here


def test_interval_by_hand():
    # mean 3, standard deviation √2.5, standard error √0.5, t(0.975, 4) = 2.776445
    mean, low, high = interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert mean == 3
    assert (low, high) == pytest.approx((3 - 2.776445 * math.sqrt(0.5), 3 + 2.776445 * math.sqrt(0.5)))


def test_one_replication_has_no_interval():
    mean, low, high = interval([7.0])
    assert mean == 7
    assert math.isnan(low)
    assert math.isnan(high)


# half of the quantiles of chi-squared, scipy.stats.chi2.ppf, scipy 1.18
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.6888794541139363),
        (1, 0.02531780798428993, 5.571643390938896),
        (5, 1.6234863901184207, 11.66833207932267),
        (20, 12.216519585403944, 30.8883779026746),
        (59, 44.913533628693436, 76.10570136257577),
    ],
)
def test_ends_of_a_poisson_count(count, low, high):
    assert garwood(count) == pytest.approx((low, high), rel=1e-9)


@given(st.integers(0, 100))
def test_ends_of_a_count_hold_it_and_rise_with_it(count):
    (low, high), (more_low, more_high) = garwood(count), garwood(count + 1)
    assert low <= count < high
    assert low < more_low
    assert high < more_high


def test_no_event_in_ten_replications_is_no_proof_of_none():
    counted = [Counted(0, 40.0)] * 10
    # at most 3.689 events in 400
    assert of_few(counted, interval([0.0] * 10)) == pytest.approx((0.0, 0.0, 0.009222), abs=1e-6)
    # events that only one arm has: none, so at most 3.689 more or fewer
    none = (0.0, 0.0, 0.0)
    assert of_few_paired(counted, counted, none) == pytest.approx((0.0, -0.009222, 0.009222), abs=1e-6)


def test_five_events_more_and_none_fewer_by_hand():
    here = [Counted(3, 100.0), Counted(2, 100.0)]
    base = [Counted(0, 100.0), Counted(0, 100.0)]
    mean, low, high = of_few_paired(here, base, (0.025, math.nan, math.nan))
    assert mean == 0.025
    assert low == pytest.approx(0.025 - math.hypot(5 - 1.623486, 3.688879) / 200, abs=1e-7)
    assert high == pytest.approx(0.025 + (11.668332 - 5) / 200, abs=1e-7)


@pytest.mark.parametrize(
    ("events", "known"), [([0, 0], 0), ([FEW - 1, 0], FEW - 1), ([FEW, 0], None), ([0.5, 1], None)]
)
def test_when_events_are_few(events, known):
    assert few([Counted(each, 1000.0) for each in events]) == known


@given(replications)
def test_an_interval_of_few_is_never_narrower_and_never_negative(events):
    counted = [Counted(each, 50.0) for each in events]
    found = interval([each / 50 for each in events])
    mean, low, high = of_few(counted, found)
    assert 0 <= low <= mean < high
    assert low <= max(found[1], 0.0)
    assert high >= found[2]


@given(replications, st.randoms())
def test_turning_arms_round_turns_the_interval_round(events, random):
    here = [Counted(each, 50.0) for each in events]
    base = [Counted(random.randint(0, 5), 50.0) for _ in events]
    found = interval([(one.events - other.events) / 50 for one, other in zip(here, base, strict=True)])
    mean, low, high = of_few_paired(here, base, found)
    assert low < mean < high
    turned = interval([-(one.events - other.events) / 50 for one, other in zip(here, base, strict=True)])
    assert of_few_paired(base, here, turned) == pytest.approx((-mean, -high, -low), abs=1e-12)
