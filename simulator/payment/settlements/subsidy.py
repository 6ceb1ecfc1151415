"""Subsidy to facilities (财政补助): what the government pays them whatever they do."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from simulator.core.messages import Text
from simulator.core.money import instalment, rounded
from simulator.core.units import WAGES, Budget, PerYear
from simulator.declare.use import Use
from simulator.payment.rule import Books, Market, SettlementRule, Tier, Transfer


class Rule(SettlementRule):
    """The government pays a place for the doctors and beds that it has, and for being there.

    paid in a year = doctors × per doctor + beds × per bed + fixed, by tier, in monthly parts that are exact to the fen

    Nothing that a place does changes it, so nobody believes to earn it by more of anything.
    """

    source: ClassVar[str] = (
        "Central Committee and State Council 2009 no. 6 (投入 by staff and beds, 核定收支); State Council Office 2015 "
        "no. 38, subsidy of public hospitals"
    )
    example: ClassVar[str] = """
public_money:
  for: all
  rule: subsidy
  per_doctor: {station: 12000 yuan/year, centre: 60000 yuan/year}
  per_bed: {secondary: 9000 yuan/year, tertiary: 12000 yuan/year}
"""
    accounts: ClassVar[tuple[str, ...]] = ("government", "facility")
    use: ClassVar[tuple[Use, ...]] = (
        Use(unused=Text("no facility got the subsidy", "没有机构获得补助"), postings=("facility_subsidy",)),
    )

    per_doctor: Annotated[dict[Tier, PerYear], WAGES] = Field(default_factory=dict)
    """For a doctor by tier, fen per year."""
    per_bed: dict[Tier, PerYear] = Field(default_factory=dict)
    """For a bed by tier, fen per year."""
    fixed: dict[Tier, Budget] = Field(default_factory=dict)
    """For a facility by tier, fen per year."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        beds = np.zeros(len(market.tier)) if market.beds is None else market.beds
        per_year = (
            market.doctors * market.of_tier(self.per_doctor)
            + beds * market.of_tier(self.per_bed)
            + market.of_tier(self.fixed) * market.scale
        )
        due = instalment(rounded(np.where(market.places(mine), per_year, 0.0)), market.calendar)
        return [Transfer("government", "facility", "facility_subsidy", due)]
