"""Payment by service unit (按服务单元付费, 次均定额): one amount for a visit, one for an admission."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from simulator.core.names import INPATIENT, OUTPATIENT, PARTS
from simulator.core.units import PRICES, Money
from simulator.payment.prospective import billed, used_up
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule, Tier


class Rule(TariffRule):
    """An amount by tier for charges inside the catalogue; what lies outside is the patient's alone, on top.

    allowed = amount per visit of the tier × visits; amount per admission of the tier × admissions

    The rest of a stay at the place stepped down to is part of the admission and is allowed nothing.

    Believed: one more visit or admission earns its amount, and the less, the more of it the patient's part uses up; a
    fen billed earns what the patient pays on top. More and leaner visits follow.
    """

    source: ClassVar[str] = (
        "Composite payment (多元复合): what is neither case, head nor bed-day is paid by service unit (evidence S22); "
        "MoHRSS 2011 no. 63 on the reform of payment"
    )
    example: ClassVar[str] = """
clinics:
  for: {care: [outpatient], tiers: primary}
  rule: per_service_unit
  per_visit: {station: 45 yuan, centre: 70 yuan}
"""

    per_visit: Annotated[dict[Tier, Money], PRICES]
    """Amount for an outpatient visit by tier, fen; nothing is allowed where a tier is left out."""
    per_admission: Annotated[dict[Tier, Money], PRICES] = Field(default_factory=dict)
    """Amount for an admission by tier, fen; nothing is allowed where a tier is left out."""

    def tariff(self, market: Market) -> Tariff:
        care, facility = market.cells["care"], market.cells["facility"]
        visit, admission = (market.of_tier(table)[facility] for table in (self.per_visit, self.per_admission))
        return market.tariff(per_case=np.select([care == OUTPATIENT, care == INPATIENT], [visit, admission], 0.0))

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        tariff = self.tariff(market)
        empty = used_up(books, tariff)
        earned = (1 - empty) * tariff.per_case
        care = market.cells["care"]
        beliefs = {("doer", part): billed(market, books, mine, empty) for part in PARTS}
        beliefs["doer", "visit"] = np.where(care == OUTPATIENT, earned, 0.0)
        beliefs["doer", "case"] = np.where(care == INPATIENT, earned, 0.0)
        return beliefs
