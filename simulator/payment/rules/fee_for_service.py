"""Fee for service (按项目付费), alone or under a hospital's yearly cap (总额控制)."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulator.core.clock import DECEMBER
from simulator.core.money import rounded, share_out
from simulator.core.names import PARTS
from simulator.core.units import Change, Share
from simulator.payment.books import COVERED, SELF
from simulator.payment.price import by_row, observed_ratio
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule
from simulator.payment.score import smooth

DOUBT = 0.05
"""How unsure a hospital is of its year's spending against the cap when the year is over; see `exhaustion`."""


class Cap(BaseModel):
    """A cap on what the fund pays a facility in a calendar year for the cells of the rule: what it paid in the twelve
    months before, and so much more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    growth: Annotated[Change, Field(gt=-1)]
    """Growth of the cap over the fund's part of the last year."""
    borne: Share
    """Share of the excess over the cap that the facility pays back in December."""


class Rule(TariffRule):
    """Every covered fen billed is allowed.

    allowed = covered charge
    paid back in December = borne × max(0, the year's fund part − (1 + growth) × that of the year before)

    There is no cap in a facility's first calendar year, nor where the fund paid nothing the year before.

    Believed: a fen billed earns itself, less what of the fund's part would be paid back, by the chance that the year's
    spending ends above the cap at its pace to date.
    """

    source: ClassVar[str] = (
        "MoHRSS, MoF and MoH 2012 no. 70, control of total payments (总额控制); form of the expectation: "
        "logistic in the year's spending to date, set by judgement"
    )

    example: ClassVar[str] = """
outpatients:
  for: rest
  rule: fee_for_service
  cap: {growth: 0%, borne: 50%}
"""

    cap: Cap | None = None
    """The hospital's yearly cap; none if left out."""

    def tariff(self, market: Market) -> Tariff:
        return market.tariff(share=np.ones(len(market.cells)))

    def year(self, market: Market, books: Books, mine: np.ndarray, closed: int) -> tuple[np.ndarray, np.ndarray]:
        """Fund part of this calendar year's ``closed`` months and the cap, fen (F,) each; cap 0: there is none."""
        size = len(market.tier)
        if self.cap is None or len(books.fund) < closed + 12:
            return np.zeros(size, np.int64), np.zeros(size, np.int64)
        start = len(books.fund) - closed

        def paid(first: int, end: int | None = None) -> np.ndarray:
            return by_row(np.where(mine, books.paid(first, end), 0), market.cells["facility"], size)

        return paid(start), rounded(paid(start - 12, start) * (1 + self.cap.growth))

    def settle(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        back = np.zeros((len(market.tier), market.plans), np.int64)
        if self.cap is None or market.calendar != DECEMBER:
            return back
        spent, cap = self.year(market, books, mine, DECEMBER)
        excess = np.where(cap > 0, np.maximum(0, spent - cap), 0)
        paid = np.where(mine, books.paid(-DECEMBER), 0)
        owner = market.cells["facility"] * market.plans + market.cells["plan"]
        by_plan = by_row(paid, owner, back.size).reshape(back.shape)
        repaid = rounded(self.cap.borne * excess)
        for facility in np.flatnonzero(repaid):
            back[facility] = -share_out(int(repaid[facility]), by_plan[facility])
        return back

    def exhaustion(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        """Chance, as the facility sees it, that the year's spending ends above the cap (F,): the pace of the year to
        date against the cap, and less doubt the more of the year is over. In January it expects last year's spending.
        """
        closed = market.calendar - 1
        spent, cap = self.year(market, books, mine, closed)
        if self.cap is None or not cap.any():
            return np.zeros(len(cap))
        elapsed = closed / 12
        pace = spent / np.maximum(1.0, cap * elapsed) if closed else np.full(len(cap), 1 / (1 + self.cap.growth))
        sure = (pace - 1) / (DOUBT * (1.6 - elapsed))
        return np.where(cap > 0, smooth(sure), 0.0)

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        lost = np.zeros(len(market.cells))
        year = books.year
        if self.cap is not None and year is not None:
            fund_pays = observed_ratio(year[:, COVERED] - year[:, SELF], year[:, COVERED], market.cells, mine)
            lost = self.cap.borne * fund_pays * self.exhaustion(market, books, mine)[market.cells["facility"]]
        earned = market.catalogue * (1 - lost) + (1 - market.catalogue)
        return {("doer", part): earned for part in PARTS}
