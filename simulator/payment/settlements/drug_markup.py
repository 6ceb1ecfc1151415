"""Drug mark-up (药品加成): drugs are sold dearer than they were bought, and the place lives on the difference."""

from typing import ClassVar

import numpy as np

from simulator.core.names import DRUGS, PARTS
from simulator.core.units import Share
from simulator.payment.rule import Books, Market, Prices, SettlementRule, Transfer


class Rule(SettlementRule):
    """The list price of drugs stands above the price list of the place by the mark-up; what the place pays for them
    does not.

    list price of drugs = price list × (1 + mark-up)

    It ends (取消药品加成, zero mark-up) when a reform step takes the block away: `drug_markup: remove`. It moves no
    money of its own: bills do.
    """

    source: ClassVar[str] = (
        "NDRC and others 2006 no. 912 (at most 15 % over the purchase price); ended at county hospitals by 2015, "
        "at all public hospitals in 2017"
    )
    example: ClassVar[str] = """
markup:
  for: {tiers: [centre, secondary, tertiary]}
  rule: drug_markup
  markup: 15%
"""
    accounts: ClassVar[tuple[str, ...]] = ()

    markup: Share
    """Mark-up over the price list (加成率)."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        return []

    def prices(self, tier: np.ndarray, places: np.ndarray) -> Prices | None:
        listed = np.ones((len(tier), len(PARTS)))
        listed[places, DRUGS] = 1.0 + self.markup
        return Prices(listed, np.ones_like(listed))
