"""Prices set beforehand: what they make a provider believe, fixed or divided out of a year's money.

Under a price that does not move with the bill, a fen billed inside the catalogue earns nothing, unless the patient's
own part has used up the price. A **floating** price (浮动费率, 浮动点值) is a year's money over its points: every
point of one provider then thins the value of all points, its own among them.
"""

from typing import NamedTuple

import numpy as np

from simulator.core.money import rounded, share_out
from simulator.payment.books import COVERED, SELF
from simulator.payment.closed import Books
from simulator.payment.market import Market, Tariff
from simulator.payment.price import allowed, by_row, observed_ratio
from simulator.payment.years import Year

DOUBT = 0.05
"""Within so much of it on either side, a provider is unsure whether the patient's part uses up the price."""


def self_share(market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
    """Patient's part of one covered fen, as over the last year (C,); 0 while nothing is known."""
    year = books.year
    return np.zeros(len(mine)) if year is None else observed_ratio(year[:, SELF], year[:, COVERED], market.cells, mine)


def used_up(books: Books, tariff: Tariff) -> np.ndarray:
    """Chance that the patient's part alone exceeds what the tariff allows, by the last year's books (C,); 1 where it
    allows nothing."""
    nothing = sum(getattr(tariff, name) for name in tariff.__dataclass_fields__) <= 0
    if books.year is None:
        return nothing.astype(float)
    granted = allowed(tariff, books.year)
    part = books.year[:, SELF] / np.maximum(1, granted)
    return np.where(granted > 0, np.clip((part - 1 + DOUBT) / (2 * DOUBT), 0, 1), nothing.astype(float))


def billed(market: Market, books: Books, mine: np.ndarray, patients: np.ndarray | float) -> np.ndarray:
    """What one more fen billed earns from the patient (C,): all of what lies outside the catalogue, and of a covered
    fen the patient's part as far as it is not taken out of the price: the share ``patients`` of it."""
    return (1 - market.catalogue) + market.catalogue * patients * self_share(market, books, mine)


class Floating(NamedTuple):
    """A year's money and what it is divided by. Money and points are those of the cells of one rule."""

    points: np.ndarray  # of one cell for one unit of what it counts as points (C,)
    units: np.ndarray  # units counted, (C,)
    extra: np.ndarray  # paid before the rest is divided, such as outliers, fen (C,)
    self_paid: np.ndarray  # patient's part, fen (C,)
    budget: np.ndarray  # money of the fund of each plan for the year, fen int64 (P,); 0: the price does not float

    def _sums(self, market: Market, mine: np.ndarray, values: np.ndarray) -> np.ndarray:
        rows = market.cells["facility"] * market.plans + market.cells["plan"]
        sums = np.bincount(rows, np.where(mine, values, 0), len(market.tier) * market.plans)
        return sums.reshape(len(market.tier), market.plans)

    def value(self, market: Market, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Value of a point, fen by plan (P,): (budget + patients' part − extra) / points; and the share of each
        facility in the points of the plan (F, P). Zeros where the price does not float."""
        points = self._sums(market, mine, self.points * self.units)
        others = self._sums(market, mine, self.self_paid - self.extra).sum(axis=0)
        total = points.sum(axis=0)
        floats = (self.budget > 0) & (total > 0)
        at_least = np.where(floats, total, 1.0)
        return np.where(floats, np.maximum(0, self.budget + others) / at_least, 0.0), points * floats / at_least

    def true_up(self, market: Market, mine: np.ndarray, paid: np.ndarray) -> np.ndarray:
        """What is still due of the year's money (negative: to be returned) where the fund has ``paid`` so much to each
        facility, int64 fen (F, P) both: afterwards the fund of each plan has spent its budget to the fen."""
        points = self._sums(market, mine, self.points * self.units)
        size = len(market.tier) * market.plans
        rows = market.cells["facility"] * market.plans + market.cells["plan"]
        extra, own = (
            by_row(np.where(mine, rounded(fen), 0), rows, size).reshape(paid.shape)
            for fen in (self.extra, self.self_paid)
        )
        due = np.zeros_like(paid)
        for plan in np.flatnonzero((self.budget > 0) & (points.sum(axis=0) > 0)):
            pot = int(self.budget[plan]) + int(own[:, plan].sum()) - int(extra[:, plan].sum())
            parts = share_out(max(0, pot), points[:, plan])
            due[:, plan] = parts + extra[:, plan] - own[:, plan] - paid[:, plan]
        return due


def spending(market: Market, year: Year, mine: np.ndarray) -> np.ndarray:
    """What the fund of each plan paid last year for the cells of the rule, true-up included, int64 fen (P,); 0 where
    the year is not known."""
    if year.last_fund is None:
        return np.zeros(market.plans, np.int64)
    bills = by_row(np.where(mine, year.last_fund, 0), market.cells["plan"], market.plans)
    return np.maximum(0, bills + year.last_settled.sum(axis=0))
