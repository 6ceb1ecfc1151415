"""Payment by bed-day (按床日付费): one price for every day of a stay."""

from typing import Annotated, ClassVar

import numpy as np

from simulator.core.names import CONTINUED, OUTPATIENT, PARTS
from simulator.core.units import PRICES, Money, Share
from simulator.payment.prospective import billed, used_up
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule, Tier


class Rule(TariffRule):
    """A day rate by tier, for charges inside the catalogue; what lies outside is the patient's alone, on top.

    allowed = day rate of the tier × days; of a stay continued for another place, × continued

    Believed: one more day earns the rate, and the less, the more of it the patient's part uses up; a fen billed earns
    what the patient pays on top. Longer stays follow where a day costs less than its rate.
    """

    source: ClassVar[str] = (
        "State Council Office 2017 no. 55: bed-days for psychiatry, hospice care and rehabilitation with long stays"
    )
    example: ClassVar[str] = """
long_stays:
  for: {care: [inpatient], tiers: [secondary]}
  takes_from: all
  rule: per_diem
  day_rate: {secondary: 750 yuan}
  continued: 80%
"""

    day_rate: Annotated[dict[Tier, Money], PRICES]
    """Price of a bed-day by tier, fen; nothing is allowed where a tier is left out."""
    continued: Share = 1.0
    """Share of the rate that is allowed for the rest of a stay at the place stepped down to."""

    def tariff(self, market: Market) -> Tariff:
        care = market.cells["care"]
        rate = market.of_tier(self.day_rate)[market.cells["facility"]]
        return market.tariff(
            per_day=rate * np.select([care == OUTPATIENT, care == CONTINUED], [0.0, self.continued], 1)
        )

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        tariff = self.tariff(market)
        empty = used_up(books, tariff)
        earned = billed(market, books, mine, empty)
        return {("doer", part): earned for part in PARTS} | {("doer", "day"): (1 - empty) * tariff.per_day}
