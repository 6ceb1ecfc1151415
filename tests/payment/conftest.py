"""A small world for tests of money: five facilities, three case groups, two plans."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from simulator.core.names import CONTINUED, INPATIENT
from simulator.payment import books
from simulator.payment.rule import Books, Market


@dataclass
class World:
    """Cells and facts; ``counts`` draws a month that obeys the laws of the books."""

    tier: np.ndarray
    cells: np.ndarray
    weight: np.ndarray
    catalogue: np.ndarray
    patient_pays: np.ndarray  # usual share of covered charges

    def market(self, calendar: int = 6) -> Market:
        return Market(
            cells=self.cells,
            weight=self.weight,
            charge=self.weight * 800_000,
            catalogue=self.catalogue,
            tier=self.tier,
            doctors=np.array([0.5, 2.25, 7.0, 12.4, 3.1]),
            plans=2,
            month=0,
            calendar=calendar,
        )

    def counts(self, seed: int, size: float = 30) -> np.ndarray:
        """(C, len(COUNTED)); patients stepped down from hospitals arrive somewhere."""
        rng = np.random.default_rng(seed)
        number = len(self.cells)
        month = np.zeros((number, len(books.COUNTED)), np.int64)
        cases = rng.poisson(size, number)
        inpatient = self.cells["care"] == INPATIENT
        usual = np.where(self.cells["care"] == 0, 20_000, 700_000) * self.weight * rng.uniform(0.8, 1.2, number)
        parts = rng.multinomial(1000, [0.4, 0.35, 0.25], number)
        month[:, books.CASES] = cases
        month[:, books.DAYS] = np.where(self.cells["care"] == 0, 0, cases * 8)
        month[:, books.CH_DRUGS : books.CH_LABOUR + 1] = (cases * usual)[:, None] * parts / 1000
        charge = month[:, books.CH_DRUGS : books.CH_LABOUR + 1].sum(axis=1)
        month[:, books.OUTSIDE] = charge * (1 - self.catalogue)
        month[:, books.COVERED] = charge - month[:, books.OUTSIDE]
        month[:, books.SELF] = month[:, books.COVERED] * self.patient_pays * rng.uniform(0.9, 1.1, number)
        month[:, books.CATASTROPHIC] = month[:, books.SELF] * rng.uniform(0, 0.1, number)
        month[:, books.WEIGHT] = np.where(inpatient, cases * self.weight * 1000, 0)
        month[:, books.CODED] = month[:, books.WEIGHT] * rng.uniform(1, 1.1, number)
        month[:, books.UPCODED] = np.where(inpatient, cases // 10, 0)
        continued = self.cells["care"] == CONTINUED
        for plan in range(2):
            away = inpatient & (self.cells["plan"] == plan) & (self.tier[self.cells["facility"]] > 1)
            over = continued & (self.cells["plan"] == plan) & (self.tier[self.cells["facility"]] == 1)
            month[away, books.MOVED] = rng.integers(200, 2000, away.sum())
            places = rng.multinomial(month[away, books.MOVED].sum(), np.full(over.sum(), 1 / over.sum()))
            month[over, books.MOVED] = places
        return month

    def history(self, seed: int, months: int, fund: Callable[[np.ndarray], np.ndarray]) -> Books:
        """Books of ``months`` closed months; ``fund`` prices each."""
        history = Books()
        for month in range(months):
            counts = self.counts(seed * 1000 + month)
            history.add(counts, fund(counts))
        return history


@pytest.fixture(scope="session")
def world() -> World:
    tier = np.array([0, 1, 2, 3, 3])
    cells, _ = books.cells(tier, groups=3, plans=2, beds=np.array([0, 1, 1, 1, 1]))
    group = np.array([0.6, 1.0, 2.1])[cells["group"]]
    pays = np.random.default_rng(11).uniform(0.1, 0.6, len(cells))
    return World(tier, cells, group, np.where(cells["tier"] == 3, 0.85, 0.91), pays)
