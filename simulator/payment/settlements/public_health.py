"""Essential public health services (基本公共卫生服务): an amount for every resident, part of it by assessment."""

from typing import ClassVar

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.core.messages import Text
from simulator.core.money import instalment, rounded
from simulator.core.units import PerYear, Share
from simulator.declare.use import Use
from simulator.payment.payer_shares import scope
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer
from simulator.payment.score import Target, marginal, panel_of, scored


class Rule(SettlementRule):
    """The government pays a place for everybody who lives with it, signed or not, whoever treats them.

    paid in a month = residents × per head × (1 − assessed) / 12
    paid in December = residents × per head × assessed × score × months in force / 12
    score = Σ weight × clip((indicator − none_at) / (full_at − none_at), 0, 1) at the end of the year; 1 without any

    Residents are all who live there, the floating population included (常住人口).
    """

    source: ClassVar[str] = (
        "NHC and MoF, yearly notices on basic public health services (基本公共卫生服务): 89 yuan a head in 2023; paid "
        "in advance and settled after assessment (先预拨后结算)"
    )
    example: ClassVar[str] = """
public_health_money:
  for: {tiers: primary}
  rule: public_health
  per_head: 89 yuan/year
  assessed: 30%
  scaled_by:
    managed_share: {weight: 100%, none_at: 30%, full_at: 70%}
"""
    accounts: ClassVar[tuple[str, ...]] = ("government", "facility")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("nothing was paid for public health services", "没有发生公共卫生服务经费"),
            postings=("public_health",),
        ),
    )
    reads_panel: ClassVar[bool] = True

    per_head: PerYear
    """Amount for a resident, fen per year."""
    assessed: Share = 0.0
    """Share of it that is paid in December by the score."""
    scaled_by: dict[str, Target] | None = None
    """Indicators that make the score, by name; none if left out."""

    def _per_year(self, market: Market, mine: np.ndarray) -> np.ndarray:
        """The whole amount of a year, fen (F,)."""
        return self.per_head * (panel_of(market).heads.sum(axis=2) * scope(market, mine)).sum(axis=1)

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        per_year = self._per_year(market, mine)
        paid = instalment(rounded(per_year * (1 - self.assessed)), market.calendar)
        if market.calendar == DECEMBER:
            score = scored(self.scaled_by, market, books)
            paid = paid + rounded(per_year * self.assessed * score * market.in_force / DECEMBER)
        return [Transfer("government", "facility", "public_health", paid)]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        if market.panel is None:
            return {}
        at_risk = self._per_year(market, mine) * self.assessed
        beliefs = {("panel", entry): at_risk * more for entry, more in marginal(self.scaled_by, market, books).items()}
        each = self.per_head * (1 - self.assessed + self.assessed * scored(self.scaled_by, market, books))
        beliefs["panel", "head"] = beliefs.get(("panel", "head"), 0.0) + np.where(market.places(mine), each, 0.0)
        return beliefs
