"""Credit rating of providers (定点医药机构信用评级): part of what the fund owes waits for the rating."""

from typing import ClassVar

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.core.messages import Text
from simulator.core.money import rounded
from simulator.core.names import INPATIENT
from simulator.core.units import Share
from simulator.declare.use import Use
from simulator.payment.payer_shares import paid_by
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer
from simulator.payment.score import Target, by_admission, marginal, scored


class Rule(SettlementRule):
    """The fund takes back a share of what it paid each month, and returns it in December as far as the rating says.

    withheld in a month = withheld × fund's part of the month's bills
    returned in December = what was withheld in the year × rating
    rating = Σ weight × clip((indicator − none_at) / (full_at − none_at), 0, 1) at the end of the year

    A fen of the fund's is therefore worth less the worse the rating is expected to be, and one more admission, truly
    coded, is worth what it takes off the share of false codes. That a false code lowers the rating is a risk of its
    own, beside that of an audit; no entry of the books stands for it, so nothing is believed of it.
    """

    source: ClassVar[str] = (
        "NHSA 2020 order no. 2 (designated institutions; quality deposit 质量保证金); credit rating by city rules"
    )
    example: ClassVar[str] = """
rating:
  for: {tiers: hospital}
  rule: credit_rating
  withheld: 5%
  scaled_by:
    upcoded_share: {weight: 100%, none_at: 15%, full_at: 2%}
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "facility")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("nothing was withheld for the rating", "信用评级未预留任何费用"), postings=("rating_withheld",)
        ),
    )
    reads_panel: ClassVar[bool] = True

    withheld: Share
    """Share of the fund's payments that is withheld."""
    scaled_by: dict[str, Target]
    """Indicators that make the rating, by name."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        kept = [self._withheld(market, fund, mine) for fund in books.fund[-min(market.in_force, DECEMBER) :]]
        moved = [Transfer("facility", "fund", "rating_withheld", kept[-1])]
        if market.calendar == DECEMBER:
            year = sum(kept, np.zeros_like(kept[-1]))
            returned = rounded(year * scored(self.scaled_by, market, books)[:, None])
            moved.append(Transfer("fund", "facility", "rating_returned", returned))
        return moved

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        lost = (self.withheld * (1 - scored(self.scaled_by, market, books)))[market.cells["facility"]]
        beliefs = {
            (role, entry): np.where(mine, -lost * values, 0.0)
            for (role, entry), values in fund.items()
            if role == "doer"
        }
        year = paid_by(market, books, mine).sum(axis=1)
        stays, case = mine & (market.cells["care"] == INPATIENT), ("doer", "case")
        diluted = (self.withheld * year * by_admission(self.scaled_by, market, books))[market.cells["facility"]]
        beliefs[case] = beliefs.get(case, 0.0) + np.where(stays, diluted, 0.0)
        for entry, more in marginal(self.scaled_by, market, books).items():
            beliefs["panel", entry] = self.withheld * year * more
        return beliefs

    def _withheld(self, market: Market, fund: np.ndarray, mine: np.ndarray) -> np.ndarray:
        return rounded(market.by_plan(np.where(mine, fund, 0)) * self.withheld)
