"""Severity within a case group: the Beta distribution, by its quantiles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.illness.case_groups import CaseGroup, table, threshold
from simulator.illness.severity import NODES, quantiles, severity_of, urgency_of

PAR = behaviour.row()[0]
PAR["need_shift"] = 0.0  # thresholds as they follow from what is needed
MEANS = (0.1, 0.22, 0.5, 0.75, 0.9)


def rows(mean: float, spread: float = 8.0) -> np.ndarray:
    group = CaseGroup("x", "all", 10, 1.0, 8.0, 100, 10_000, mean)
    par = PAR.copy()
    par["severity_spread"] = spread
    return table([group], [100.0], np.ones_like, par)


@pytest.mark.parametrize("mean", MEANS)
def test_mean_and_variance_are_the_betas(mean: float):
    """Beta(mean·s, (1 − mean)·s) has the variance mean·(1 − mean) / (s + 1); straight lines between quantiles, up to 0
    and 1 at the ends, add a little."""
    group = rows(mean)[0]
    drawn = np.array([severity_of((k + 0.5) / 4096, group) for k in range(4096)])
    assert drawn.mean() == pytest.approx(mean, abs=0.002)
    assert drawn.var() == pytest.approx(mean * (1 - mean) / 9, rel=0.1)
    assert (np.diff(drawn) >= 0).all()


@settings(max_examples=15)
@given(st.floats(0.05, 0.95), st.sampled_from([5.5, 8.0, 20.0]))
def test_quantiles_rise_from_zero_to_one(mean: float, spread: float):
    found = quantiles(mean, spread)
    assert found.shape == (NODES,)
    assert found[0] == 0.0
    assert found[-1] == 1.0
    assert (np.diff(found) >= 0).all()


def test_a_symmetric_beta_is_symmetric():
    found = quantiles(0.5, 8.0)
    assert found + found[::-1] == pytest.approx(1.0, abs=2e-4)
    assert found[NODES // 2] == pytest.approx(0.5, abs=1e-4)


def test_a_uniform_beta_is_the_diagonal():
    """Beta(1, 1)."""
    assert quantiles(0.5, 2.0) == pytest.approx(np.linspace(0, 1, NODES), abs=1e-6)


def test_shared_quantiles_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        quantiles(0.5, 8.0)[0] = 1.0


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.sampled_from(MEANS))
def test_draws_stay_within_bounds_and_order(u: float, v: float, mean: float):
    group = rows(mean)[0]
    low, high = severity_of(min(u, v), group), severity_of(max(u, v), group)
    assert 0 <= low <= high <= 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_urgency_rises_with_severity(a: float, b: float):
    assert urgency_of(min(a, b)) <= urgency_of(max(a, b))
    assert 0 <= urgency_of(a) <= 3


def test_urgency_by_hand():
    assert [urgency_of(s) for s in (0.0, 0.29, 0.3, 0.49, 0.5, 0.74, 0.75, 1.0)] == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize("share", [0.01, 0.13, 0.5, 0.9])
def test_the_share_that_needs_an_admission_is_met(share: float):
    """Of episodes at all, counting only those that a doctor sees; but for the tail beyond the last quantile, which
    adds some 0.002."""

    def seen(severity: np.ndarray) -> np.ndarray:
        return 0.4 + 0.6 * severity

    group = CaseGroup("x", "all", share * 100, 1.0, 8.0, 100, 10_000, 0.5)
    row = table([group], [100.0], seen, PAR)[0]
    drawn = np.array([severity_of((k + 0.5) / 4096, row) for k in range(4096)])
    needs = 1 / (1 + np.exp(-PAR["admission_slope"] * (drawn - row["threshold"])))
    most = 0.98 * np.mean(seen(drawn))
    assert np.mean(needs * seen(drawn)) == pytest.approx(min(share, most), abs=0.0025)


def test_more_needed_is_a_lower_threshold():
    severe = quantiles(0.5, 8.0)
    cuts = [threshold(share, severe, np.ones(NODES), 10.2) for share in (0.05, 0.2, 0.6, 0.95)]
    assert cuts == sorted(cuts, reverse=True)


def test_prescriptions_are_not_acute():
    groups = [CaseGroup(ages, ages, 5, 1.0, 8.0, 50, 10_000, 0.4) for ages in ("all", "hyp", "dia", "60+")]
    assert table(groups, [50.0] * 4, np.ones_like, PAR)["acute"].tolist() == [1, 0, 0, 1]
