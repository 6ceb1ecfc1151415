"""Diagnosis-related groups (按疾病诊断相关分组付费, DRG): one price for the case."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulator.core.clock import DECEMBER
from simulator.core.money import rounded
from simulator.core.names import CONTINUED, INPATIENT, PARTS
from simulator.core.units import PRICES, Change, Money, Positive, Share, Times
from simulator.payment.books import (
    ABOVE,
    ABOVE_CASES,
    CASES,
    CH_DRUGS,
    CH_LABOUR,
    CODED,
    COVERED,
    DAYS,
    LOW_COVERED,
    LOW_WEIGHT,
    SELF,
)
from simulator.payment.price import THOUSANDTHS, observed_ratio
from simulator.payment.prospective import Floating, billed, spending, used_up
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule, Tier
from simulator.payment.years import Year


class Outliers(BaseModel):
    """Stays far from their price."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    high: Times = 3.0
    """A stay is very costly above so many times its case price (高倍率)."""
    high_pays: Share = 1.0
    """Share of the charge above it, inside the catalogue, that is allowed on top of the price."""
    low: Times = 0.4
    """A stay is very cheap below so many times its case price (低倍率): what is allowed is its charge inside the
    catalogue."""


class OnePrice(BaseModel):
    """The same price for the same disease at all tiers (同病同价)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: tuple[str, ...]
    """Case groups that every tier treats equally well."""
    coefficient: Annotated[Positive, Field(gt=0)] = 1.0
    """Multiplier of the base rate for them, in place of that of the tier."""


class Rule(TariffRule):
    """A base rate times the tier's coefficient times the case's weight as coded.

    price = base rate × coefficient of the tier × coded weight
    allowed = price × usual share of the charge inside the catalogue
    rebased: base rate of a year = (1 − rebased) × base rate + rebased × last year's charge inside the catalogue per
    unit of what it is multiplied by; the base rate as written until a whole calendar year is known
    floating: allowed in the end = (year's budget + patients' part − outliers and continued days) × own part of all
    coefficient × weight, less what was paid; budget = what the fund paid last year for the same cells, true-up
    included, × (1 + growth)

    The price is for the whole charge. What lies outside the catalogue is the patient's alone, so the fund's side of the
    price is cut by its usual share, which is announced and does not move with the bill: at the margin an item outside
    the catalogue is paid on top of the price, an item inside it by nobody. The rest of a stay at the place stepped down
    to (continued care) is no new case; whoever takes it over is allowed a rate for each of its days (接续性医疗服务).
    Thresholds of outliers go by the tier's coefficient and the base rate as written.

    Believed: a unit of coded weight earns its price, and the less, the more of the price the patient's part uses up; a
    fen billed earns what the patient pays on top, and where outliers are paid, as many more as fell to such stays last
    year. Where the price floats, a provider expects the year's value of a unit and knows that its own weight thins it.
    It looks to December, not at next year's rate or budget.
    """

    source: ClassVar[str] = (
        "NHSA Office 2019 no. 36 (CHS-DRG technical specification); NHSA 2021 no. 48 (three-year plan of DRG and DIP)"
    )
    example: ClassVar[str] = """
inpatients:
  for: {care: [inpatient]}
  rule: drg
  base_rate: 8700 yuan
  tier_coefficient: {centre: 0.39, secondary: 0.82, tertiary: 1.08}
  outlier: {high: 3 times, high_pays: 80%, low: 0.4 times}
  price: floating
  growth: 5%
"""

    base_rate: Annotated[Money, PRICES, Field(gt=0)]
    """Price of a case of weight 1, fen."""
    continued_day: Annotated[Money, PRICES] = 25_000
    """Allowed for a day of the rest of a stay, at the place that took it over, fen; by default about nine tenths of
    what such a day is billed at. 0: nothing."""
    tier_coefficient: dict[Tier, Positive] = Field(default_factory=dict)
    """Multiplier of the base rate by tier; 1 where none is given."""
    one_price: OnePrice | None = None
    """Case groups with one price at all tiers; none if left out."""
    outlier: Outliers | None = None
    """How stays far from their price are paid; like all others if left out."""
    price: Literal["fixed", "floating"] = "fixed"
    """Whether the base rate holds, or in December the year's money of the fund is divided by the year's weight."""
    growth: Annotated[Change, Field(gt=-1)] = 0.0
    """Growth of the year's money over last year's, where the price floats."""
    rebased: Share = 0.0
    """Share of the way from the base rate as written to last calendar year's charges that each January takes it."""

    def _units(self, market: Market) -> np.ndarray:
        """Coefficient by cell (C,)."""
        coefficient = market.of_tier(self.tier_coefficient, 1.0)[market.cells["facility"]]
        if self.one_price:
            same = np.array([name in self.one_price.groups for name in market.groups], bool)
            return np.where(same[market.cells["group"]], self.one_price.coefficient, coefficient)
        return coefficient

    def _priced(self, market: Market, base_rate: float) -> Tariff:
        price = base_rate * self._units(market) * market.catalogue
        price[market.cells["care"] != INPATIENT] = 0
        day = np.where(market.cells["care"] == CONTINUED, float(self.continued_day), 0.0)
        if self.outlier is None:
            return market.tariff(per_weight=price, per_day=day)
        paid = price > 0
        above = paid * self.outlier.high_pays * market.catalogue
        return market.tariff(per_weight=price, per_day=day, above=above, low=paid * float(self.outlier.low > 0))

    def named_groups(self) -> Mapping[str, tuple[str, ...]]:
        return {"one_price.groups": self.one_price.groups} if self.one_price else {}

    def tariff(self, market: Market) -> Tariff:
        return self._priced(market, self.base_rate)

    def announced(self, market: Market, books: Books, mine: np.ndarray) -> Tariff:
        last = Year.of(market, books, market.calendar - 1).last_counts if self.rebased else None
        if last is None:
            return self.tariff(market)
        unit = self._priced(market, 1.0).per_weight * mine
        units = market.total(unit * last[:, CODED]) / THOUSANDTHS
        if units <= 0:
            return self.tariff(market)
        mean = last[:, COVERED][unit > 0].sum() / units
        return self._priced(market, (1 - self.rebased) * self.base_rate + self.rebased * mean)

    def outliers(self, market: Market, mine: np.ndarray) -> np.ndarray | None:
        if self.outlier is None:
            return None
        price = self.base_rate * market.of_tier(self.tier_coefficient, 1.0)
        return np.stack([price * self.outlier.high, price * self.outlier.low], axis=1)

    def _floating(self, market: Market, year: Year, counts: np.ndarray, tariff: Tariff, mine: np.ndarray) -> Floating:
        """The year's money over a year of ``counts``."""
        budget = rounded(spending(market, year, mine) * (1 + self.growth))
        if self.price == "fixed":
            budget = np.zeros_like(budget)
        return Floating(
            points=self._priced(market, 1.0).per_weight,
            units=(counts[:, CODED] - tariff.low * counts[:, LOW_WEIGHT]) / THOUSANDTHS,
            extra=tariff.above * counts[:, ABOVE]
            + tariff.low * counts[:, LOW_COVERED]
            + tariff.per_day * counts[:, DAYS],
            self_paid=counts[:, SELF],
            budget=budget,
        )

    def settle(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        if self.price == "fixed" or market.calendar != DECEMBER:
            return super().settle(market, books, mine)
        year = Year.of(market, books, DECEMBER)
        paid = market.by_plan(np.where(mine, year.fund, 0)) + year.settled
        return self._floating(market, year, year.counts, self.tariff(market), mine).true_up(market, mine, paid)

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        tariff = self.announced(market, books, mine)
        empty = used_up(books, tariff)
        outlying, full = self._outlying(market, books, tariff, mine)
        earned = billed(market, books, mine, empty) + (1 - empty) * outlying
        weight = (1 - empty) * tariff.per_weight * full
        day = (1 - empty) * tariff.per_day
        if self.price == "floating":
            year = Year.of(market, books, market.calendar - 1)
            floating = self._floating(market, year, year.expected(books), tariff, mine)
            value, parts = floating.value(market, mine)
            own = parts[market.cells["facility"], market.cells["plan"]]
            floats = (value > 0)[market.cells["plan"]]
            # What patients pay goes into the pot and comes back as far as the weight is one's own.
            earned = np.where(floats, billed(market, books, mine, own) + (1 - own) * outlying, earned)
            weight = np.where(floats, value[market.cells["plan"]] * floating.points * (1 - own) * full, weight)
            day = np.where(floats, (1 - own) * tariff.per_day, day)
        return {("doer", part): earned for part in PARTS} | {("doer", "weight"): weight, ("doer", "day"): day}

    def _outlying(
        self, market: Market, books: Books, tariff: Tariff, mine: np.ndarray
    ) -> tuple[np.ndarray | float, np.ndarray | float]:
        """What is allowed for one more fen billed because it falls to an outlier, and the part of weight that is paid
        its price, both as over the last year (C,)."""
        year, thresholds = books.year, self.outliers(market, mine)
        if year is None or thresholds is None:
            return 0.0, 1.0
        usual = year[:, CODED] / np.maximum(1, year[:, CASES]) / THOUSANDTHS
        costly = year[:, ABOVE] + year[:, ABOVE_CASES] * usual * thresholds[market.cells["facility"], 0]
        charge = year[:, CH_DRUGS : CH_LABOUR + 1].sum(axis=1)
        high = np.minimum(1.0, observed_ratio(rounded(costly), charge, market.cells, mine))
        cheap = tariff.low * observed_ratio(year[:, LOW_COVERED], year[:, COVERED], market.cells, mine)
        full = 1 - tariff.low * observed_ratio(year[:, LOW_WEIGHT], year[:, CODED], market.cells, mine)
        return tariff.above * high + market.catalogue * cheap, full
