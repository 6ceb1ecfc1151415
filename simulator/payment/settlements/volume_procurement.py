"""Volume-based procurement (药品带量采购): drugs bought at the price of a tender, savings in part retained."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from simulator.core.money import rounded
from simulator.core.names import DRUGS, PARTS
from simulator.core.units import Share
from simulator.payment.books import CH_DRUGS, COVERED, SELF
from simulator.payment.price import charge, observed_ratio
from simulator.payment.rule import Beliefs, Books, Market, Prices, SettlementRule, Transfer


class Rule(SettlementRule):
    """What is bought by tender is cheaper by the price cut. The list price follows the purchase price (zero mark-up),
    or does so in part; the fund gives back part of what it saves.

    purchase price of drugs = usual price × (1 − cut × covered)
    list price of drugs = price list × (1 − cut × covered × passed on)
    saving of a month = drugs billed × (1 / (1 − cut × covered × passed on) − 1)
    paid by the fund = retained × saving × fund's share

    The fund's share of a fen billed is that of the benefit table over the last twelve months: (covered − patient's part
    of it) / charge. The saving is counted on what was really used, a simplification: real agreements count it on
    volumes agreed before, and pay nothing for use beyond them.
    """

    source: ClassVar[str] = (
        "State Council Office 2019 no. 2 and 2021 no. 2; NHSA and MoF 2020 no. 26 (at most 50 % retained)"
    )
    example: ClassVar[str] = """
tender:
  for: all
  rule: volume_procurement
  price_cut: 53%
  covered: 30%
  retained: 50%
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "facility")

    price_cut: Annotated[Share, Field(lt=1)]
    """Cut of the price of a drug that was put to tender."""
    covered: Share
    """Share of drug spending at old prices that was put to tender."""
    passed_on: Share = 1.0
    """Part of the cut that list prices follow; all of it with zero mark-up (零差率)."""
    retained: Share = 0.0
    """Share of the fund's saving that the place keeps (结余留用)."""

    @property
    def _saved(self) -> float:
        """Saving per fen of drugs billed at the new list price."""
        return 1.0 / (1.0 - self.price_cut * self.covered * self.passed_on) - 1.0

    def prices(self, tier: np.ndarray, places: np.ndarray) -> Prices | None:
        listed, bought = np.ones((2, len(tier), len(PARTS)))
        listed[places, DRUGS] = 1.0 - self.price_cut * self.covered * self.passed_on
        bought[places, DRUGS] = 1.0 - self.price_cut * self.covered
        return Prices(listed, bought)

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        if books.year is None:
            return []
        drugs = np.where(mine, books.counts[-1][:, CH_DRUGS], 0)
        by_cell = rounded(self.retained * self._saved * self._fund_share(market, books.year, mine) * drugs)
        return [Transfer("fund", "facility", "procurement_retained", market.by_plan(by_cell))]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        if not self.retained or books.year is None:
            return {}
        earned = self.retained * self._saved * self._fund_share(market, books.year, mine)
        return {("doer", "drugs"): np.where(mine, earned, 0.0)}

    def _fund_share(self, market: Market, year: np.ndarray, mine: np.ndarray) -> np.ndarray:
        """The fund's share of a fen billed, by the benefit table and the counts of a year, (C,)."""
        return observed_ratio(year[:, COVERED] - year[:, SELF], charge(year), market.cells, mine)
