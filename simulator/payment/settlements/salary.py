"""Doctors' pay: a basic salary and a share of what their facility earns."""

from typing import ClassVar

import numpy as np

from simulator.core.money import instalment, rounded
from simulator.core.names import TIERS
from simulator.core.units import PerYear, Share
from simulator.payment.rule import Books, Market, SettlementRule, Tier, Transfer


class Rule(SettlementRule):
    """A facility pays its doctors a basic salary, and a bonus out of what it earns beyond it (收支结余提成).

    salary = doctors × basic / 12, to the fen over the calendar year
    bonus = pass-through × max(0, the month's margin after suppliers and salary)

    A month with a loss has no bonus and is not held against the next one.
    """

    source: ClassVar[str] = "MoHRSS 2017 no. 10 and 2021 no. 52, pay reform of public hospitals (两个允许)"

    accounts: ClassVar[tuple[str, ...]] = ("facility", "doctors")

    basic: dict[Tier, PerYear]
    """Basic salary of a doctor by tier, fen per year; none where a tier is left out."""
    pass_through: Share
    """Share of the margin that reaches the doctors (提成比例)."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        basic = np.array([self.basic.get(tier, 0) for tier in TIERS])[market.tier]
        places = market.places(mine)
        per_year = rounded(np.where(places, market.doctors * basic, 0.0))
        salary = instalment(per_year, market.calendar)
        bonus = rounded(np.where(places, self.pass_through * np.maximum(0, margin - salary), 0.0))
        return [Transfer("facility", "doctors", "salary", salary), Transfer("facility", "doctors", "bonus", bonus)]

    def shared_margin(self, market: Market, mine: np.ndarray) -> np.ndarray:
        return np.where(market.places(mine), self.pass_through, 0.0)
