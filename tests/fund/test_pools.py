"""Pools: instalments in, bills out, a balance shared to the fen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.fund.accounts import Accounts
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.pools import Pool, close_year, dissolve, pay_bills, pay_instalment
from simulator.payment.books import CELLS
from simulator.payment.market import Market
from simulator.payment.rule import BudgetRule
from simulator.payment.score import Target
from simulator.payment.settlements.global_budget import Rule

HEADS = np.array([100, 50])


def place(rule: BudgetRule, budget: list[int]) -> tuple[Ledger, Accounts, Pool, Market]:
    """Two plans; a hospital and a centre in the alliance, a hospital outside. One cell per facility and plan."""
    ledger = Ledger(account_names(["a@x", "b@x"], ["county", "centre", "city"], ["group"]))
    at = Accounts.of(ledger, ["a@x", "b@x"], ["county", "centre", "city"])
    cells = CELLS.rows(6)
    cells["facility"], cells["plan"] = np.repeat([0, 1, 2], 2), np.tile([0, 1], 3)
    ones = np.ones(6)
    market = Market(cells, ones, ones, ones, np.array([2, 1, 3]), np.ones(3), 2, 0, 1)
    pool = Pool(
        "group", rule, ledger.index["pool:group"], np.ones(6, bool), np.array([True, True, False]), 0.4,
        np.array(budget, np.int64),
    )  # fmt: skip
    return ledger, at, pool, market


def year(ledger, at, pool, market, bills) -> None:
    for month in range(1, 13):
        pay_instalment(ledger, at, pool, month)
        pay_bills(ledger, at.facility, pool, market, pool.cells, np.array(bills[month - 1], np.int64))


RULE = Rule(amount="last_year_spending", surplus_kept=1.0, overspend_borne=1.0)


def test_a_surplus_is_shared_by_the_allocation_and_two_fifths_reach_the_doctors():
    ledger, at, pool, market = place(RULE, [12_000_00, 0])
    year(ledger, at, pool, market, [[500_00, 0, 300_00, 0, 100_00, 0]] * 12)
    assert pool.pace == pytest.approx(0.1)
    moved = close_year(ledger, at, pool, np.array([3.0, 1.0, 9.0]), 1.0, HEADS)
    # 12,000 − 12 × 900 = 1,200 yuan; the hospital outside has no part although it has a weight
    assert moved["surplus"].tolist() == [-900_00, -300_00, 0]
    assert moved["surplus_bonus"].tolist() == [360_00, 120_00, 0]
    assert ledger.balance[pool.account] == 0
    assert ledger.balance[at.doctors].tolist() == [360_00, 120_00, 0]


def test_half_of_an_overspend_is_borne_by_members_and_half_by_the_funds():
    rule = RULE.model_copy(update={"overspend_borne": 0.5})
    ledger, at, pool, market = place(rule, [6_000_00, 6_000_00])
    year(ledger, at, pool, market, [[1_100_00, 0, 0, 0, 0, 0]] * 12)
    moved = close_year(ledger, at, pool, np.array([1.0, 1.0, 0.0]), 1.0, HEADS)
    # 13,200 − 12,000 = 1,200 yuan missing
    assert moved["overspend"].tolist() == [300_00, 300_00, 0]
    assert ledger.balance[pool.account] == 0
    assert ledger.balance[at.fund].tolist() == [-6_300_00, -6_300_00]


def test_what_is_not_kept_returns_to_the_funds():
    ledger, at, pool, market = place(RULE, [12_000_00, 0])
    year(ledger, at, pool, market, [[500_00, 0, 0, 0, 0, 0]] * 12)
    close_year(ledger, at, pool, np.array([1.0, 0.0, 0.0]), 0.25, HEADS)
    assert ledger.balance[at.facility].tolist() == [6_000_00 + 1_500_00 - 600_00, 0, 0]
    assert ledger.balance[pool.account] == 0


def test_a_pool_that_ends_within_a_year_leaves_nothing_behind():
    ledger, at, pool, _ = place(RULE, [12_000_00, 0])
    pay_instalment(ledger, at, pool, 1)
    dissolve(ledger, at.fund, pool)
    assert ledger.balance[pool.account] == 0


@given(
    st.lists(st.integers(0, 10**9), min_size=2, max_size=2),
    st.lists(st.lists(st.integers(0, 10**8), min_size=6, max_size=6), min_size=12, max_size=12),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_a_year_leaves_the_pool_empty_and_moves_nothing_else(budget, bills, kept, borne, score, weights):
    rule = Rule(amount="last_year_spending", surplus_kept=kept, overspend_borne=borne)
    ledger, at, pool, market = place(rule, budget)
    year(ledger, at, pool, market, bills)
    balance = int(pool.paid_in.sum() - pool.spent.sum())
    moved = close_year(ledger, at, pool, np.array(weights), score, HEADS)
    assert ledger.balance[pool.account] == 0
    shared = -moved["surplus"].sum() if "surplus" in moved else -moved["overspend"].sum()
    assert shared == rule.kept(balance, int(budget[0] + budget[1]), score)
    ledger.close()


def test_what_one_more_brings_through_the_score_by_hand():
    """Expected of the year: a tenth of 12,000 yuan is left. The score rises with the share of 400
    people that are managed; so one more person brings its slope / 400 of what is kept of 1,200 yuan."""
    rule = RULE.model_copy(update={"scaled_by": {"managed_share": Target(weight=0.6, none_at=0.4, full_at=0.8)}})
    _, _, pool, _ = place(rule, [8_000_00, 4_000_00])
    pool.months, pool.expected = 0, 0.1
    pool.levels, pool.counted = {"managed_share": 0.6}, {"managed_share": 400.0}
    slope = rule.marginal_score("managed_share", pool.levels)
    assert slope == pytest.approx(0.6 / (0.8 - 0.4))
    assert pool.pace == pytest.approx(0.1)
    assert pool.score_worth("managed_share") == pytest.approx(slope * 1_200_00 * pool.kept_share / 400)
    assert pool.acts_worth({"managed_share": 3.0}) == pytest.approx(3 * pool.score_worth("managed_share"))
    assert pool.score_worth("trust_primary") == 0.0
    pool.expected = -0.1  # nothing is shared of what is missing
    assert pool.score_worth("managed_share") == 0.0
    # after three months that spent all they got, three quarters of what was expected are left
    pool.months, pool.expected = 3, 0.1
    pool.paid_in, pool.spent = np.array([3_000_00, 0]), np.array([3_000_00, 0])
    assert pool.pace == pytest.approx(0.075)
