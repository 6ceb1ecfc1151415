"""Adjustment fund between basic funds (基金调剂金、统筹调剂), such as one of a province between its pooling areas."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.messages import Text
from simulator.core.units import Months, Share
from simulator.declare.use import Use
from simulator.fund.plan import Adjusting


class AdjustmentFund(Adjusting):
    """Each fund keeps its own books and rates, pays in a share of its income and draws when it ends a year short.

    paid in by a fund in a month = floor(pays in × premiums, contributions and subsidies of the month)
    gap of a fund = spent − (income − paid in) of the calendar year, if positive
    drawn in January = floor(share × gap); share = covers, or, where it does not hold enough, held / all gaps

    One share for all, so nobody is served first and it never owes. What is not drawn stays in it; if it ends, that
    returns to the funds in proportion to what they paid in.
    """

    source: ClassVar[str] = (
        "CPC Central Committee and State Council 2020 no. 5: province-level pooling by pooled adjustment (统筹调剂)"
    )
    example: ClassVar[str] = """
baseline:
  plans:
    province: {kind: adjustment_fund, pays_in: 5%, covers: 50%, below: 6 months}
"""
    account: ClassVar[str] = "adjustment"
    use: ClassVar[tuple[Use, ...]] = (
        Use(unused=Text("no fund drew on the adjustment fund", "没有统筹基金获得调剂"), postings=("adjustment_drawn",)),
    )

    kind: Literal["adjustment_fund"]
    """Kind of plan."""
    pays_in: Share
    """Share of its income that each fund pays in, every month (上解比例)."""
    covers: Share
    """Share of a fund's gap of the year that it makes up."""
    below: Months | None = None
    """A fund draws only if its reserve is below so many months of its spending; whatever its reserve if left out."""

    def due(self, income: np.ndarray) -> np.ndarray:
        """The share of it."""
        return np.floor(income * self.pays_in).astype(np.int64)

    def gap(self, short: np.ndarray, held: np.ndarray, spent: np.ndarray, months: int) -> np.ndarray:
        """All that is missing, of those who have too little left."""
        gap = np.maximum(0, short)
        return gap if self.below is None else np.where(held * months < self.below * spent, gap, 0)

    def drawn(self, gap: np.ndarray, held: int) -> np.ndarray:
        """The same share of every gap."""
        asked = int(gap.sum())
        share = min(self.covers, held / asked) if asked else 0.0
        return np.floor(gap * share).astype(np.int64)
