"""Allowance for visits at remote places (边远地区诊疗补助): so much for every visit, from the government."""

from typing import ClassVar

import numpy as np

from simulator.core.names import OUTPATIENT
from simulator.core.units import Money
from simulator.payment.books import CASES
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer


class Rule(SettlementRule):
    """The government adds a sum to every outpatient visit in scope, so that a place with few patients can live.

    paid in a month = per visit × visits in scope

    Believed: one more visit earns it.
    """

    source: ClassVar[str] = "Invented, to show how a rule is added; amounts are the user's"
    example: ClassVar[str] = """
remote:
  for: {tiers: station}
  rule: remote_allowance
  per_visit: 5 yuan
"""
    accounts: ClassVar[tuple[str, ...]] = ("government", "facility")

    per_visit: Money
    """Sum for a visit, fen."""

    def _visits(self, market: Market, mine: np.ndarray) -> np.ndarray:
        return mine & (market.cells["care"] == OUTPATIENT)

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        visits = np.where(self._visits(market, mine), books.counts[-1][:, CASES], 0)
        paid = self.per_visit * market.by_plan(visits).sum(axis=1)
        return [Transfer("government", "facility", "remote_allowance", paid)]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        return {("doer", "visit"): np.where(self._visits(market, mine), float(self.per_visit), 0.0)}
