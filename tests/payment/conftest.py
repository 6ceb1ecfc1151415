"""A small world for tests of money: six facilities, three case groups, two plans."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from simulator.core.names import CENTRE, CONTINUED, INPATIENT
from simulator.payment import books
from simulator.payment.closed import Books
from simulator.payment.market import Market
from simulator.payment.panel import BANDS, CLASSES, DISEASES, Panel


@dataclass(repr=False)
class World:
    """Cells and facts; ``counts`` draws a month that obeys the laws of the books."""

    tier: np.ndarray
    cells: np.ndarray
    weight: np.ndarray
    catalogue: np.ndarray
    patient_pays: np.ndarray  # usual share of covered charges

    def market(self, calendar: int = 6, seed: int = 0) -> Market:
        """Facts at a month; the people of the centres are drawn by ``seed``."""
        rng = np.random.default_rng([seed, 7])
        return Market(
            cells=self.cells,
            weight=self.weight,
            charge=self.weight * 800_000,
            catalogue=self.catalogue,
            tier=self.tier,
            doctors=np.array([0.5, 2.25, 7.0, 12.4, 3.1, 1.5]),
            plans=2,
            month=0,
            calendar=calendar,
            groups=("cold", "angina", "stroke"),
            beds=np.array([0, 12.0, 80.0, 200.0, 60.0, 8.0]),
            panel=self.panel(seed),
            levels={"satisfaction": rng.uniform(0.4, 0.9, 6)},
            elsewhere=rng.integers(10**6, 10**7, (6, 2)) * (self.tier == CENTRE)[:, None],
        )

    def panel(self, seed: int) -> Panel:
        """People of the centres: thousands, by plan and risk class; one lives among the young, one among the old."""
        rng = np.random.default_rng([seed, 9])
        people = Panel.empty(len(self.tier), 2)
        for home in np.flatnonzero(self.tier == CENTRE):
            band = np.arange(CLASSES) * len(BANDS) // CLASSES
            many = np.where((band == len(BANDS) - 1) == (home == len(self.tier) - 1), 4, 1)
            heads = rng.poisson(rng.uniform(20, 80, (2, CLASSES)) * many)
            registered, signed = rng.binomial(heads, 0.8), rng.binomial(heads, 0.4)
            ill = heads.reshape(2, -1, len(DISEASES))[:, :, 1:].sum(axis=(1, 2))
            people.heads[home], people.registered[home], people.signed[home] = heads, registered, signed
            people.served[home] = rng.binomial(signed.sum(axis=1), 0.6)
            people.diagnosed[home] = ill
            people.managed[home] = rng.binomial(ill, 0.6)
            people.controlled[home] = rng.binomial(people.managed[home], 0.5)
        return people

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
        self.outliers(rng, month)
        return month

    def outliers(self, rng: np.random.Generator, month: np.ndarray) -> None:
        """One stay in twenty at three times the usual charge or more, one in thirty at a quarter of it."""
        inpatient = self.cells["care"] == INPATIENT
        cases = month[:, books.CASES]
        mean = month[:, books.COVERED] / np.maximum(1, cases)
        month[:, books.ABOVE_CASES] = np.where(inpatient, rng.binomial(cases, 0.05), 0)
        month[:, books.ABOVE] = month[:, books.ABOVE_CASES] * mean * rng.uniform(0.3, 1.5, len(cases))
        month[:, books.LOW_CASES] = np.where(inpatient, rng.binomial(cases, 0.03), 0)
        month[:, books.LOW_COVERED] = month[:, books.LOW_CASES] * mean * 0.25
        month[:, books.LOW_WEIGHT] = month[:, books.LOW_CASES] * self.weight * 1000

    def history(self, seed: int, months: int, fund: Callable[[np.ndarray], np.ndarray]) -> Books:
        """Books of ``months`` closed months, the last of them in December; ``fund`` prices each."""
        history = Books()
        for month in range(months):
            counts = self.counts(seed * 1000 + month)
            history.add(counts, fund(counts), (month - months) % 12 + 1)
        return history


@pytest.fixture(scope="session")
def world() -> World:
    tier = np.array([0, 1, 2, 3, 3, 1])
    cells, _ = books.cells(tier, groups=3, plans=2, beds=np.array([0, 1, 1, 1, 1, 1]))
    group = np.array([0.6, 1.0, 2.1])[cells["group"]]
    pays = np.random.default_rng(11).uniform(0.1, 0.6, len(cells))
    return World(tier, cells, group, np.where(cells["tier"] == 3, 0.85, 0.91), pays)
