"""Insurers and funds decide by their plans unless somebody overrides them; what they say is checked."""

from typing import Any

import numpy as np
import pytest

from simulator.agents.insurers import Fund, Insurer
from simulator.core.errors import ModelError
from simulator.fund.insurers import RATES
from simulator.fund.plan import INSURER, Transfer
from tests.small import COUNTY, SHORT, Spec, model

HELP = """baseline.plans.help={kind: mutual, premium: 365 yuan/year, operating_fee: 30 yuan/year,
cover: {stays: {care: inpatient, pays: 30%}}, compact: {facilities: [county_1]},
surplus_to: {doctors: 50%, training: 50%}}"""
FIRM = """baseline.plans.firm={kind: commercial, premium: 600 yuan/year, loading: 35%, administration: 15%,
cover: {stays: {care: inpatient, above: 2000 yuan/year, pays: 80%}}}"""
CORRIDOR = "baseline.plans.resident.reserve_policy={low: 6 months, high: 9 months, step: 5%, acts_on: premium}"
PLACE = Spec((SHORT, COUNTY, HELP, FIRM, CORRIDOR), families=60, months=24, seed=3)
YEAR = 14
"""Months until the first December of the reported years is over; the burn-in is November and December."""


class Itself(Insurer):
    """Overrides everything, and decides as its plan does."""

    def rates(self, claims: np.ndarray) -> np.ndarray:
        return super().rates(claims)

    def turns_away(self) -> float:
        return super().turns_away()

    def costs(self, premiums: int, members: int, left: int, weight: float) -> int:
        return super().costs(premiums, members, left, weight)

    def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]:
        return super().close_year(balance, signed, work)


class Asks(Fund):
    def ask(self, asked: float, months: float, before: float | None) -> float:
        return super().ask(asked, months, before)


def test_asked_or_not_the_bits_are_the_same():
    expected = model(PLACE).run().digest()
    for how in ({"insurer": Itself, "fund": Asks}, {"engine": "agents"}):
        assert model(PLACE, **how).run().digest() == expected, how


def test_who_they_are():
    system = model(PLACE)
    assert [insurer.name for insurer in system.insurers] == ["firm", "help"]
    firm, mutual = system.insurers
    assert firm.state is None or firm.state.members == 0
    system.run_for(3)
    assert mutual.state
    assert mutual.state.members > 0
    assert mutual.balance == system.world.ledger.balance[mutual.state.account]
    assert mutual.rates(np.zeros(RATES)).tolist() == [36_500] * RATES
    assert len(system.agents_by_type[Insurer]) == 2


def test_premiums_of_ones_own_bring_other_members():
    class Free(Insurer):
        def rates(self, claims: np.ndarray) -> np.ndarray:
            return np.zeros(len(claims), np.int64) if self.name == "help" else super().rates(claims)

    usual, free = model(PLACE), model(PLACE, insurer=Free)
    for system in (usual, free):
        system.run_for(3)
    members = [[insurer.state.members for insurer in system.insurers if insurer.state] for system in (usual, free)]
    assert members[1][1] > members[0][1]
    state = free.insurers[1].state
    assert state
    assert state.earned == 0


def test_a_surplus_of_ones_own():
    """An insurer that keeps what is left has it in January; one that gives it to its doctors has not."""

    class Keeps(Insurer):
        def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]:
            return []

    keeps, usual = model(PLACE), model(PLACE)
    keeps.insurers[1].close_year = lambda balance, signed, work: []
    for system in (keeps, usual):
        system.run_for(YEAR)
    assert keeps.insurers[1].balance > 0
    assert usual.insurers[1].balance == 0
    assert keeps.insurers[0].balance == usual.insurers[0].balance


def test_a_fund_that_asks_for_twice_as_much():
    doubled, usual = model(PLACE), model(PLACE)
    resident = next(fund for fund in doubled.funds if fund.name == "resident")
    resident.ask = lambda asked, months, before: 2.0
    for system in (doubled, usual):
        system.run_for(YEAR + 1)
    number = resident.number
    assert doubled.world.reserve_factor[number] == 2.0
    premium = [system.world.financing.premium[number] for system in (doubled, usual)]
    assert premium[0] > 1.8 * premium[1]


@pytest.mark.parametrize(
    ("decision", "given", "message"),
    [
        ("rates", [36_500], rf"`rates` of firm \(Insurer\): {RATES} whole numbers of fen from 0, not \[36500\]"),
        ("rates", np.full(RATES, 0.5), "whole numbers"),
        ("rates", np.full(RATES, -1), "from 0"),
        ("turns_away", 1.5, "a share from 0 to 1, not 1.5"),
        ("costs", -3, "whole number of fen from 0"),
        ("close_year", None, "a list of transfers"),
        ("close_year", [Transfer(INSURER, "owners", "profit", np.array([1.5]))], "1 whole numbers"),
        ("close_year", [Transfer(INSURER, "doctors", "profit", np.array([1]))], "8 whole numbers"),
    ],
)
def test_what_an_insurer_cannot_decide(decision: str, given: Any, message: str):
    system = model(PLACE)
    setattr(system.insurers[0], decision, lambda *what: given)
    with pytest.raises(ModelError, match=message):
        system.run_for(YEAR)


def test_what_a_fund_cannot_ask():
    system = model(PLACE)
    for fund in system.funds:
        fund.ask = lambda asked, months, before: -1.0
    with pytest.raises(ModelError, match=r"`ask` of resident \(Fund\): times what the rules say"):
        system.run_for(YEAR + 1)


def test_an_insurer_that_is_not_in_force_says_so():
    system = model(PLACE)
    system.world.insurers = []
    with pytest.raises(ModelError, match="`firm` is not in force"):
        system.insurers[0].turns_away()
    assert system.insurers[0].balance == 0
