"""A month as indicators read it: sums of what its rows counted, each made once."""

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulator.core.names import CARE, CENTRE, INPATIENT, OUTPATIENT, SECONDARY, STATION, TERTIARY, TIERS
from simulator.count.census import Census, census
from simulator.count.events import EVENTS
from simulator.count.people import PLANS
from simulator.declare.books import BOOKS

if TYPE_CHECKING:
    from simulator.engine.state.world import World

PRIMARY = [STATION, CENTRE]
HOSPITAL = [SECONDARY, TERTIARY]
MONTHS = 12.0


class Month:
    """The month that is about to end in ``world``; numbers are of the sample, money is whole fen."""

    def __init__(self, world: "World"):
        self.world = world
        tally = world.tally
        self.cells = world.cells[tally.used]  # cells used in the month (n,)
        self.counts = tally.counts[tally.used]  # what the books count of them (n, len(BOOKS))
        self._known: dict[tuple, np.ndarray] = {}  # what `books` gave, by what was asked

    @cached_property
    def census(self) -> Census:
        """Families and persons as they are now."""
        return census(self.world)

    def of_cells(self, care: int, values: np.ndarray) -> np.ndarray:
        """Sums of int64 ``values`` of the cells used (n,) over those of a setting, (tier, plan)."""
        cells, plans = self.cells, len(self.world.words.plans)
        inside = cells["care"] == care
        total = np.zeros(len(TIERS) * plans, np.int64)
        np.add.at(total, (cells["tier"] * plans + cells["plan"])[inside], values[inside])
        return total.reshape(len(TIERS), plans)

    @cached_property
    def _books(self) -> np.ndarray:
        """All that the books count, (setting, tier, plan, count)."""
        shape = len(CARE), len(TIERS), len(self.world.words.plans)
        kind = np.ravel_multi_index([self.cells[name] for name in ("care", "tier", "plan")], shape)
        order = np.argsort(kind, kind="stable")
        kinds, first = np.unique(kind[order], return_index=True)
        sums = np.zeros((math.prod(shape), self.counts.shape[1]), np.int64)
        if len(kinds):
            sums[kinds] = np.add.reduceat(self.counts[order], first, axis=0)
        return sums.reshape(*shape, -1)

    def books(self, care: int, *names: str) -> np.ndarray:
        """What the books count of the bills of a setting, of several things their sum, (tier, plan)."""
        asked = (care, *names)
        if asked not in self._known:
            first, *others = (self._books[care, :, :, BOOKS[name]] for name in names)
            self._known[asked] = sum(others, first)
        return self._known[asked]

    def charged(self, care: int) -> np.ndarray:
        """Charges at list prices, (tier, plan)."""
        return self.books(care, "drugs", "tests", "labour")

    @property
    def visits(self) -> np.ndarray:
        """Outpatient visits, (tier, plan)."""
        return self.books(OUTPATIENT, "cases")

    @property
    def admissions(self) -> np.ndarray:
        """Admissions as billed, (tier, plan)."""
        return self.books(INPATIENT, "cases")

    def stays(self, name: str) -> np.ndarray:
        """Something that the books count of stays, (tier,)."""
        return self.books(INPATIENT, name).sum(1)

    def patient(self, care: int) -> np.ndarray:
        """What patients pay after catastrophic cover and supplementary payers, (tier, plan)."""
        own = self.books(care, "self", "outside") - self.books(care, "catastrophic")
        return own - self._others[:, :, care]

    @cached_property
    def _others(self) -> np.ndarray:
        extras = self.world.tally.extras
        paid = np.zeros((len(TIERS), *extras.shape[1:3]), np.int64)
        np.add.at(paid, self.world.facilities["tier"], extras.sum(axis=3))
        return paid

    def fund(self, care: int) -> np.ndarray:
        """What the fund pays, catastrophic cover included, before caps and audits, (tier, plan)."""
        return self.of_cells(care, self.world.tally.settled.fund_cells[self.world.tally.used]) + self.books(
            care, "catastrophic"
        )

    def of_facilities(self, values: np.ndarray) -> np.ndarray:
        """Sums of ``values`` (F, …) by tier, (tier, …)."""
        values = np.asarray(values)
        total = np.zeros((len(TIERS), *values.shape[1:]), values.dtype)
        np.add.at(total, self.world.facilities["tier"], values)
        return total

    def is_there(self, act: str) -> bool:
        """Whether an act of providers is done or paid anywhere."""
        return bool((self.world.facilities[act] > 0).any() or (self.world.beliefs[act] > 0).any())

    def events(self, name: str) -> np.ndarray:
        """Events of one kind by the tier of their facility, (tier,)."""
        return self._events[:, EVENTS[name]]

    @cached_property
    def _events(self) -> np.ndarray:
        return self.of_facilities(self.world.tally.events)

    @cached_property
    def _people(self) -> np.ndarray:
        words = self.world.words
        return self.world.tally.plans.reshape(len(words.plans), len(words.holders), -1).sum(axis=1)

    def people(self, name: str) -> np.ndarray:
        """What is counted of the people of each plan, whosever they are, (plan,)."""
        return PLANS.of(self._people, name)
