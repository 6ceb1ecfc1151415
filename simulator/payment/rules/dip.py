"""Diagnosis-intervention packet (按病种分值付费, DIP): points for the case, one money for all points of a region."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulator.core.clock import DECEMBER
from simulator.core.money import rounded, share_out
from simulator.core.names import CONTINUED, INPATIENT, PARTS
from simulator.core.units import PRICES, Change, Money, PerYear, Positive
from simulator.payment.books import CODED, DAYS, SELF
from simulator.payment.price import by_row
from simulator.payment.prospective import Floating, billed, spending, used_up
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule, Tier
from simulator.payment.years import Year


class Growth(BaseModel):
    """A cap that follows last year's spending."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    growth: Annotated[Change, Field(gt=-1)]
    """Growth of the cap over what the fund paid last calendar year for the same cells, true-up included."""


class Rule(TariffRule):
    """Points times what a point is worth; the fund of a plan spends its cap on all points of the region, no more and no
    less.

    points = 1000 × coded weight × coefficient of the tier
    during the year: allowed = points × last known value of a point
    in December: value of a point = (cap of the plan + patients' part of covered charges − continued days) / all points
    of the plan;
    due = own points × value − patients' part − what the fund paid in the year

    A point is for charges inside the catalogue; what lies outside is the patient's alone, on top. In a year without a
    cap (the year before is not known, or the fund of the plan paid nothing in it) the value during the year stands. The
    rest of a stay at the place stepped down to has no points; whoever takes it over is allowed a rate for each of its
    days (接续性医疗服务), which comes out of the same cap.

    Believed: a unit of coded weight earns its points at the value expected for the whole year, less what it takes from
    one's own other points (the larger the own share, the more); nobody counts what it takes from others, so volume
    grows though all together gain nothing. A fen billed earns what lies outside the catalogue; what the patient pays
    of a covered fen goes to all points.
    """

    source: ClassVar[str] = "NHSA Office 2020 no. 50 (DIP technical specification) and 2021 no. 27 (DIP administration)"
    example: ClassVar[str] = """
inpatients:
  for: {care: [inpatient]}
  rule: dip
  point_value: 8.50 yuan
  tier_coefficient: {centre: 0.6, secondary: 0.85, tertiary: 1.1}
  cap: {growth: 4%}
"""

    point_value: Annotated[Money, PRICES, Field(gt=0)]
    """Value of a point until a whole calendar year is known, fen."""
    continued_day: Annotated[Money, PRICES] = 25_000
    """Allowed for a day of the rest of a stay, at the place that took it over, fen; by default about nine tenths of
    what such a day is billed at. 0: nothing."""
    tier_coefficient: dict[Tier, Positive] = Field(default_factory=dict)
    """Multiplier of points by tier; 1 where none is given."""
    cap: Annotated[Growth | PerYear, PRICES]
    """What the fund spends in a calendar year on the cells of the rule: last year's spending and so much more, or fen
    per year, divided between plans as they spent last year."""

    def _points(self, market: Market) -> np.ndarray:
        """Points of one unit of weight (C,)."""
        points = 1000.0 * market.of_tier(self.tier_coefficient, 1.0)[market.cells["facility"]]
        return np.where(market.cells["care"] == INPATIENT, points, 0.0)

    def tariff(self, market: Market) -> Tariff:
        return market.tariff(per_weight=self.point_value * self._points(market), per_day=self._days(market))

    def _days(self, market: Market) -> np.ndarray:
        """Allowed for a day (C,)."""
        return np.where(market.cells["care"] == CONTINUED, float(self.continued_day), 0.0)

    def announced(self, market: Market, books: Books, mine: np.ndarray) -> Tariff:
        year = Year.of(market, books, market.calendar - 1)
        value = np.full(market.plans, float(self.point_value))
        if year.last_counts is not None:
            last = self._floating(market, year.last_counts, spending(market, year, mine))
            known = last.value(market, mine)[0]
            value = np.where(known > 0, known, value)
        per_weight = value[market.cells["plan"]] * self._points(market)
        return market.tariff(per_weight=per_weight, per_day=self._days(market))

    def _floating(self, market: Market, counts: np.ndarray, budget: np.ndarray) -> Floating:
        days = self._days(market) * counts[:, DAYS]
        return Floating(self._points(market), counts[:, CODED] / 1000, days, counts[:, SELF], budget)

    def _caps(self, market: Market, year: Year, mine: np.ndarray) -> np.ndarray:
        """The year's cap by plan, int64 fen (P,); 0 where none is known."""
        spent = spending(market, year, mine)
        if isinstance(self.cap, Growth):
            return rounded(spent * (1 + self.cap.growth))
        if not spent.any():
            spent = by_row(np.where(mine, year.fund, 0), market.cells["plan"], market.plans)
        return share_out(round(self.cap * market.scale), spent) if spent.any() else np.zeros_like(spent)

    def settle(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        if market.calendar != DECEMBER:
            return super().settle(market, books, mine)
        year = Year.of(market, books, DECEMBER)
        paid = market.by_plan(np.where(mine, year.fund, 0)) + year.settled
        return self._floating(market, year.counts, self._caps(market, year, mine)).true_up(market, mine, paid)

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        tariff = self.announced(market, books, mine)
        year = Year.of(market, books, market.calendar - 1)
        floating = self._floating(market, year.expected(books), self._caps(market, year, mine))
        value, parts = floating.value(market, mine)
        plan = market.cells["plan"]
        floats, own = (value > 0)[plan], parts[market.cells["facility"], plan]
        empty = used_up(books, tariff)
        earned = billed(market, books, mine, np.where(floats, own, empty))
        weight = np.where(floats, value[plan] * floating.points * (1 - own), (1 - empty) * tariff.per_weight)
        day = np.where(floats, 1 - own, 1 - empty) * tariff.per_day
        return {("doer", part): earned for part in PARTS} | {("doer", "weight"): weight, ("doer", "day"): day}
