"""Adjustment funds: cases to the fen, what they may never do, and a place in which one carries a poor county."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.fund.adjustment import DRAWN, PAID_IN, Adjuster
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.plans.adjustment_fund import AdjustmentFund
from simulator.model import HealthSystem
from simulator.scenario import load

CASES = yaml.safe_load((Path(__file__).parent / "plans" / "adjustment_fund.yaml").read_text(encoding="utf-8"))
FUND = "adjustment:province"
PLACE = (
    "time={start: 2023-01, end: 2024-06, warm_up: 1 months}",
    "network={form: prefecture, counties: 2, townships: 1, villages: 2, centres: 2, stations: 1, secondary: 1, "
    "tertiary: 1}",
    "baseline.plans.employee.employer=500 yuan/year",
    "baseline.plans.resident.subsidy=1000 yuan/year",  # never short itself
)
PROVINCE = "baseline.plans.province={kind: adjustment_fund, pays_in: 20%, covers: 100%}"


def begun(terms: dict, opening: int = 0) -> tuple[Ledger, Adjuster, np.ndarray]:
    """A ledger of two funds, an adjustment fund between them that holds ``opening``, and the funds' positions."""
    ledger = Ledger(account_names(["south", "north"], [], [], [FUND]))
    funds = np.array([ledger.index["fund:south"], ledger.index["fund:north"]])
    fund = Adjuster("province", ledger.index[FUND], funds, AdjustmentFund.model_construct(**{"below": None} | terms))
    fund.go_on(None, {}, len(ledger.accounts))
    ledger.post("opening", FUND, "reserve", max(0, opening))
    ledger.post(FUND, "opening", "reserve", max(0, -opening))
    return ledger, fund, funds


def a_month(ledger: Ledger, fund: Adjuster, funds: np.ndarray, income: list[int], spent: list[int]) -> None:
    coming = np.zeros(len(ledger.accounts), np.int64)
    coming[funds] = income
    fund.collect(ledger, coming)
    fund.spent[funds] += spent


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict):
    ledger, fund, funds = begun(case["terms"], case.get("opening", 0))
    for month in case["months"]:
        a_month(ledger, fund, funds, **month)
    assert fund.paid_in[funds].tolist() == case["paid_in"]
    if "reserve" in case:
        ledger.post_many(np.array(ledger.index["opening"]), funds, "reserve",
                         np.array(case["reserve"]) - ledger.balance[funds])  # fmt: skip
    assert fund.gaps(ledger.balance).tolist() == case["gap"]
    fund.draw(ledger)
    month = ledger.close()
    assert ledger.total(month, DRAWN)[1][funds].tolist() == case["drawn"]
    assert ledger.total(month, PAID_IN)[0][funds].tolist() == case["paid_in"]
    assert ledger.balance[fund.account] == case["holds"]
    assert fund.months == fund.income.sum() == fund.spent.sum() == fund.paid_in.sum() == 0


@given(
    pays_in=st.floats(0, 1), covers=st.floats(0, 1), opening=st.integers(0, 10**9),
    money=st.lists(st.tuples(*[st.integers(0, 10**9)] * 4), min_size=1, max_size=12),
)  # fmt: skip
def test_it_never_owes_and_makes_nobody_rich(pays_in: float, covers: float, opening: int, money: list):
    ledger, fund, funds = begun({"pays_in": pays_in, "covers": covers}, opening)
    for a, b, c, d in money:
        a_month(ledger, fund, funds, [a, b], [c, d])
    gap, before = fund.gaps(ledger.balance), ledger.balance[funds].copy()
    fund.draw(ledger)
    drawn = ledger.balance[funds] - before
    assert ledger.balance[fund.account] >= 0
    assert (drawn >= 0).all()
    assert (drawn <= covers * gap + 1e-6).all()
    fund.wind_up(ledger)
    if fund.ever.any():
        assert ledger.balance[fund.account] == 0
    assert ledger.balance.sum() == 0


def model(*changes: str, arm: str = "baseline") -> HealthSystem:
    return HealthSystem(load("base", changes=[*PLACE, *changes], families=60, months=14), arm)


def test_the_short_fund_is_carried_by_the_other():
    """Employees' fund gets 500 yuan a head, a fraction of what it spends; the residents' fund pays for it."""
    alone, together = model().run(), model(PROVINCE).run()
    employee, resident = (alone.world.words.plans.index(name) for name in ("employee", "resident"))
    frames = together.frames()["ledger"]
    drawn, paid = (frames[frames.kind == kind] for kind in (DRAWN, PAID_IN))
    assert set(drawn.to) == {together.world.ledger.accounts[together.world.accounts.fund[employee]]}
    assert set(drawn["from"]) == {FUND} == set(paid.to)
    assert set(drawn.month) == {"2024-01"}
    assert len(set(paid.month)) == 14
    balance = {name: m.world.ledger.balance for name, m in (("alone", alone), ("together", together))}
    fund = together.world.accounts.fund
    change = balance["together"][fund] - balance["alone"][fund]
    assert change[resident] < 0 < change[employee]
    assert change.sum() + balance["together"][together.world.ledger.index[FUND]] == 0
    # nothing else moves: the same care, the same bills
    assert [len(x) for x in (alone.world.fund_spent, together.world.fund_spent)] == [12, 12]
    assert (np.array(alone.world.fund_spent) == np.array(together.world.fund_spent)).all()


def test_what_is_left_returns_when_it_ends():
    end = "reforms.end={title: {en: End, zh: 止}, timeline: {2023-07: {plans.province: remove}}}"
    system = model(PROVINCE, end, arm="end")
    system.run_for(system.burn_in + 6)
    world = system.world
    held, ever = int(world.ledger.balance[world.ledger.index[FUND]]), world.adjustments[0].ever.copy()
    system.step()
    back = world.ledger.total(world.tally.ledger, DRAWN)[1]
    assert held == back.sum() > 0
    assert back == pytest.approx(ever * held / ever.sum(), abs=1)
    assert world.ledger.balance[world.ledger.index[FUND]] == 0
    assert not world.adjustments


def test_funds_that_are_merged_bring_their_year():
    ledger, fund, funds = begun({"pays_in": 0.1, "covers": 1.0})
    a_month(ledger, fund, funds, [100, 50], [90, 80])
    south, north = (int(f) for f in funds)
    more = Adjuster("province", fund.account, np.array([south]), fund.plan)
    more.go_on(fund, {north: south}, len(ledger.accounts))
    assert (more.months, more.income[south], more.spent[south], more.paid_in[south]) == (1, 150, 170, 15)
    assert more.income[north] == more.spent[north] == 0
    assert fund.income[south] == 100, "the year before is not touched"
