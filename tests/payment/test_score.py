"""Scores: straight lines between two levels, expected with a doubt about the level."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.names import INPATIENT
from simulator.payment.books import CASES, UPCODED
from simulator.payment.closed import Books
from simulator.payment.score import DOUBT, Target, by_admission, levels, marginal, score, scored

RISING = Target(weight=0.6, none_at=0.4, full_at=0.65)
FALLING = Target(weight=0.4, none_at=0.15, full_at=0.02)
STEP = Target(weight=0.5, none_at=0.3, full_at=0.3)


def test_a_score_adds_up_what_levels_reach():
    targets = {"a": RISING, "b": FALLING}
    assert score(targets, {"a": 0.525, "b": 0.02}) == pytest.approx(0.6 * 0.5 + 0.4)
    np.testing.assert_allclose(score(targets, {"a": np.array([0.0, 0.9]), "b": np.array([0.5, 0.085])}), [0, 0.8])
    assert score(None, {}) == 1.0
    assert [float(score({"a": STEP}, {"a": level})) for level in (0.29, 0.3)] == [0, 0.5]


def test_a_level_that_is_not_known_counts_as_zero():
    assert score({"a": RISING}, {}) == 0
    assert score({"b": FALLING}, {}) == pytest.approx(0.4)


@pytest.mark.parametrize("target", [RISING, FALLING, STEP])
@given(level=st.floats(0, 1))
def test_the_slope_is_that_of_the_expected_score(target, level):
    """The level at the year's end is logistic around the present one."""
    chance = (np.arange(20_001) + 0.5) / 20_001
    ends, step = DOUBT * np.log(chance / (1 - chance)), 0.002
    expected = [target.weight * target.reached(level + d + ends).mean() for d in (-step, step)]
    slope = (expected[1] - expected[0]) / (2 * step)
    assert float(target.slope(np.float64(level))) == pytest.approx(slope, rel=0.03, abs=0.02)


def test_what_the_engine_counts_goes_before_the_panel(world):
    facts = replace(world.market(), levels={"served_share": np.array([np.nan, 0.5, 0, 0, 0, 0.25])})
    known = levels(facts, Books())
    assert known["served_share"].tolist() == [0, 0.5, 0, 0, 0, 0.25]
    assert known["managed_share"][1] == pytest.approx(facts.panel.managed[1].sum() / facts.panel.diagnosed[1].sum())
    more = marginal({"served_share": RISING}, facts, Books())["served"]
    slope = RISING.slope(np.array([0.5]))[0]
    assert more[1] == pytest.approx(slope * 0.5 / facts.panel.served[1].sum())


def test_without_a_panel_nothing_of_it_is_believed(world):
    facts = replace(world.market(), panel=None, levels={})
    assert marginal({"served_share": RISING}, facts, Books()) == {}
    assert scored({"served_share": RISING}, facts, Books()).tolist() == [0] * 6


def test_more_admissions_thin_out_those_that_are_coded_too_high(world):
    """A tenth of the stays is coded too high; one more true stay lowers that share by a tenth of one in all."""
    coded = {"upcoded_share": Target(weight=1.0, none_at=0.2, full_at=0.0)}
    counts = world.counts(2)
    wards = world.cells["care"] == INPATIENT
    counts[wards, CASES], counts[wards, UPCODED] = 50, 5
    history = Books()
    history.add(counts, np.zeros(len(counts), np.int64), 3)
    stays = np.bincount(world.cells["facility"][wards], minlength=6) * 50
    added = by_admission(coded, world.market(), history)
    slope = coded["upcoded_share"].slope(np.array([0.1]))[0]
    assert slope < 0
    assert added[2] == pytest.approx(-slope * 0.1 / stays[2])
    assert added[0] == 0  # a station has no beds
    for targets, books in ((coded, Books()), ({"served_share": RISING}, history), (None, history)):
        assert by_admission(targets, world.market(), books).tolist() == [0] * 6
