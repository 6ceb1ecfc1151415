"""Supply (供给侧投入): from a date, doctors, beds, skill and equipment of places, by plan or by what money buys."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field, model_validator

from simulator.core.messages import say
from simulator.core.money import instalment, rounded
from simulator.core.units import WAGES, Money, PerYear, Scale, Share, Times, WholeMonths
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Supplied, Transfer
from simulator.payment.score import panel_of


class Rule(SettlementRule):
    """Places in scope get more (or fewer) doctors and beds, more skill and equipment, spread evenly over months; and
    money for each resident hires doctors and trains those who are there.

    n = min(1, months in force / months)
    doctors = own × (1 + (doctors − 1) × n) + hired, beds alike; capability = own + capability × n
    hired = residents × per head × hires / wage × n, whose wages the government pays: hired × wage / 12 a month
    training = residents × per head × (1 − hires) / 12 a month; equipment = doctors × equipment × n in all

    Doctors by plan are on the place's own payroll; those hired are on the programme's. Several such rules add up. What
    a rule did is gone when it is no longer in force, but for equipment and training, which wear off.
    """

    source: ClassVar[str] = (
        "State Council Office 2023 and NHC: county medical communities (县域医共体), staff and beds sent down; NHC and "
        "MoF, subsidies for training and equipment (能力建设补助); amounts are the user's"
    )
    example: ClassVar[str] = """
more_doctors:
  for: {tiers: primary}
  rule: supply_programme
  doctors: 1.2 times
  equipment: 20000 yuan
  per_head: 30 yuan/year
  hires: 70%
  wage: 105000 yuan/year
  months: 24 months
"""
    accounts: ClassVar[tuple[str, ...]] = ("government", "facility", "doctors", "administration", "suppliers:tests")
    reads_panel: ClassVar[bool] = True

    doctors: Times = 1.0
    """Doctors by plan against those that the place began with; clinic hours follow."""
    beds: Times = 1.0
    """Beds against those that the place began with."""
    capability: Scale = 0.0
    """Capability added, of a range from 0 to 1."""
    equipment: Money = 0
    """Equipment bought for each doctor in all, fen."""
    per_head: PerYear = 0
    """From the government for each resident of a station or centre, fen per year."""
    hires: Share = 1.0
    """Share of it that hires doctors; the rest trains those who are there."""
    wage: Annotated[PerYear, WAGES] = 0
    """What one more doctor costs, fen per year; needed where money hires."""
    months: Annotated[WholeMonths, Field(ge=1)] = 12
    """Months over which all this comes."""

    @model_validator(mode="after")
    def _says_something(self) -> "Rule":
        if not self.model_fields_set - {"months", "hires", "wage"}:
            raise ValueError(say("supply_empty"))
        if self.per_head and self.hires and not self.wage:
            raise ValueError(say("supply_no_wage"))
        return self

    def supply(self, residents: np.ndarray, places: np.ndarray, running: int) -> Supplied:
        share = np.where(places, min(1.0, running / self.months), 0.0)
        return Supplied(
            doctors=(self.doctors - 1) * share,
            hired=self._hired(residents, places, running),
            beds=(self.beds - 1) * share,
            capability=self.capability * share,
        )

    def _hired(self, residents: np.ndarray, places: np.ndarray, running: int) -> np.ndarray:
        """Doctors whom the programme pays (F,)."""
        if not self.wage:
            return np.zeros(len(places))
        a_year = np.where(places, residents, 0) * (self.per_head * self.hires)
        return a_year / self.wage * min(1.0, running / self.months)

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        places, residents = market.places(mine), panel_of(market).heads.sum(axis=(1, 2))
        hired = self._hired(residents, places, market.running)
        wages = instalment(rounded(hired * self.wage), market.calendar)
        per_year = rounded(np.where(places, residents, 0) * (self.per_head * (1 - self.hires)))
        training = instalment(per_year, market.calendar)
        whole = rounded(np.where(places, market.doctors * self.equipment, 0.0))
        now, before = (whole * min(n, self.months) // self.months for n in (market.running, market.running - 1))
        return [
            Transfer("government", "facility", "supply", wages + training + now - before),
            Transfer("facility", "doctors", "supply_wage", wages),
            Transfer("facility", "administration", "supply_training", training),
            Transfer("facility", "suppliers:tests", "supply_equipment", now - before),
        ]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        wage = self.per_head * self.hires * min(1.0, market.running / self.months)
        return {("panel", "head"): np.where(market.places(mine), wage, 0.0)}
