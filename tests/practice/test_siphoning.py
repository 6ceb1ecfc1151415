"""What margins buy and whom pay draws, at one place and at three, by hand and for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.core.clock import DAYS_A_MONTH
from simulator.core.names import CENTRE, SECONDARY, STATION, TERTIARY
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.terms.staff import put_staff
from simulator.payment.rule import Supplied
from simulator.practice.siphoning import siphon_all, top_growth

NOTHING = {name: 0.0 for name in ("invest", "invest_beds", "close_beds", "poach", "poach_doctors")}


def places(*tiers: int) -> np.ndarray:
    """Places with ten doctors, a thousand slots and 304 bed-days each, paid as at the end of the burn-in."""
    table = FACILITIES.rows(len(tiers))
    table["tier"], table["slot_pool"] = tiers, np.arange(len(tiers))
    for name, value in (("doctors", 10.0), ("slots", 1000), ("bed_days", 304)):
        table[name] = table[f"own_{name}"] = value
    table["pay"] = table["pay_before"] = 1_000_000.0
    table["bed_use"] = 0.8
    return table


def plan(table: np.ndarray, **adds: float) -> Supplied:
    """The same plan everywhere."""
    return Supplied(*(np.full(len(table), adds.get(name, 0.0)) for name in Supplied._fields))


def month(table: np.ndarray, par: np.ndarray) -> None:
    siphon_all(table, float(top_growth(table)), par)
    put_staff(table, plan(table))


def test_pay_that_lags_draws_doctors_to_the_top_and_none_is_lost():
    # pay at the top has grown by e^0.25: a lag of 0.25 − 0.05; 0.15 × 0.20 = 3 % leave in the end
    table, par = places(STATION, CENTRE, SECONDARY, TERTIARY), behaviour.row()
    table["pay"][3] *= np.exp(0.25)
    for _ in range(400):
        month(table, par)
    assert table["leaving"] == pytest.approx([0, 0.03, 0.03, 0], abs=1e-6)
    assert table["doctors"] == pytest.approx([10, 9.7, 9.7, 10.6], abs=1e-4)
    assert table["slots"].tolist() == [1000, 970, 970, 1060]
    assert table["drawn"] == pytest.approx([0, 0.01, 0.01, 0], abs=1e-6)


def test_a_lag_that_does_not_pay_the_way_moves_nobody():
    table, par = places(CENTRE, TERTIARY), behaviour.row()
    table["pay"][1] *= np.exp(0.04)
    month(table, par)
    assert table["doctors"].tolist() == [10, 10]


def test_they_come_back_when_pay_does():
    table, par = places(CENTRE, TERTIARY), behaviour.row()
    table["leaving"][0] = 0.1
    for _ in range(400):
        month(table, par)
    assert table["doctors"] == pytest.approx([10, 10], abs=1e-6)


def test_a_hospital_invests_a_tenth_and_builds_where_it_is_full():
    # margin 1 million yuan: 100,000 of equipment; half of 4 % a year at 0.88, of ten beds for 400,000 yuan each
    table, par = places(SECONDARY, CENTRE), behaviour.row()
    table["income"], table["bed_use"] = 100_000_000, 0.88
    table["own_bed_days"] = 10 * DAYS_A_MONTH
    siphon_all(table, 0.0, par)
    assert table["invests"].tolist() == [10_000_000, 0]
    assert table["built_beds"] == pytest.approx([0.04 / 12 / 2, 0])
    assert table["invests_beds"] == pytest.approx([0.04 / 12 / 2 * 10 * 40_000_000, 0], abs=1)


def test_beds_are_built_as_far_as_money_reaches():
    table, par = places(SECONDARY), behaviour.row()
    table["income"], table["bed_use"] = 1_000_000, 1.0
    siphon_all(table, 0.0, par)
    assert table["invests"][0] + table["invests_beds"][0] == 500_000


def test_an_empty_hospital_with_a_loss_closes_beds_and_invests_nothing():
    table, par = places(SECONDARY), behaviour.row()
    table["income"], table["bed_use"] = -1_000_000, 0.2
    siphon_all(table, 0.0, par)
    assert (table["invests"][0], table["invests_beds"][0]) == (0, 0)
    assert table["built_beds"][0] == pytest.approx(-0.02 / 12, rel=1e-4)


def test_nothing_happens_where_all_is_off():
    table = places(CENTRE, SECONDARY, TERTIARY)
    table["pay"][2], table["income"], table["bed_use"] = 3_000_000, 10**9, 1.0
    before = table.copy()
    month(table, behaviour.row(changed=NOTHING))
    for name in ("doctors", "slots", "bed_days", "built_beds", "drawn", "invests", "invests_beds"):
        assert (table[name] == before[name]).all(), name


def test_a_plan_multiplies_doctors_hours_and_beds():
    table = places(CENTRE, TERTIARY)
    put_staff(table, plan(table, doctors=0.2, hired=1.0, beds=-0.5))
    assert table["doctors"] == pytest.approx([13, 13])
    assert table["slots"].tolist() == [1300, 1300]
    assert table["bed_days"].tolist() == [152, 152]


def test_stations_of_a_pool_share_its_hours():
    table = places(STATION, STATION)
    table["slot_pool"], table["own_slots"] = 0, [2000, 0]
    put_staff(table, Supplied(np.array([0.2, 0.0]), *np.zeros((3, 2))))
    assert table["doctors"].tolist() == [12, 10]
    assert table["slots"].tolist() == [2200, 0]


numbers = st.floats(0.01, 100)


@given(
    st.lists(
        st.tuples(st.sampled_from([STATION, CENTRE, SECONDARY, TERTIARY]), numbers, numbers, st.floats(-1e9, 1e9),
                  st.floats(0, 1.1), numbers),
        min_size=1, max_size=8,
    ),
    st.integers(1, 60),
)  # fmt: skip
def test_doctors_are_conserved_and_everything_is_bounded(rows, months):
    table, par = places(*(row[0] for row in rows)), behaviour.row()
    pay, pay_before, income, use, doctors = (np.array(each) for each in list(zip(*rows, strict=True))[1:])
    table["pay"], table["pay_before"], table["income"], table["bed_use"] = 1e5 * pay, 1e5 * pay_before, income, use
    table["doctors"] = table["own_doctors"] = doctors
    for _ in range(months):
        month(table, par)
    top = (table["tier"] == TERTIARY).any()
    assert table["doctors"].sum() == pytest.approx(table["own_doctors"].sum(), rel=1e-9)
    assert (table["leaving"] >= 0).all()
    assert (table["leaving"] <= (par["poach_most"][0] if top else 0)).all()
    assert (table["doctors"] >= 0).all()
    assert (np.abs(table["built_beds"]) <= par["invest_beds_most"][0] + 1e-12).all()
    assert (
        table["invests"] + table["invests_beds"] <= par["invest_most"][0] * np.maximum(table["income"], 0) + 2
    ).all()
    assert (table["invests"] >= 0).all()
    assert (table["invests_beds"] >= 0).all()
