"""What rules read and say: the facts of a market, the closed books, a tariff."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from simulator.core.names import TIERS
from simulator.payment.panel import Panel


def places(cells: np.ndarray, mine: np.ndarray, facilities: int) -> np.ndarray:
    """Facilities that have any of the cells ``mine`` (C,), bool (F,)."""
    found = np.zeros(facilities, bool)
    found[cells["facility"][mine]] = True
    return found


@dataclass(frozen=True, slots=True)
class Market:
    """Facts that a rule may read. C cells, F facilities, P plans."""

    cells: np.ndarray  # CELLS rows (C,)
    weight: np.ndarray  # usual relative weight of the cell's case group, 1 (C,)
    charge: np.ndarray  # usual charge of one case, fen (C,)
    catalogue: np.ndarray  # usual share of the charge inside the catalogue, 0 to 1 (C,)
    tier: np.ndarray  # tier of each facility, code (F,)
    doctors: np.ndarray  # doctors of each facility, in units of the sample (F,)
    plans: int  # number of insurance plans
    month: int  # months since the first reported month; negative in the burn-in
    calendar: int  # month of the year, 1 to 12
    groups: tuple[str, ...] = ()  # names of the case groups
    beds: np.ndarray | None = None  # beds of each facility, in units of the sample (F,)
    panel: Panel | None = None  # people at the start of the month; only for rules that say `reads_panel`
    levels: Mapping[str, np.ndarray] = field(default_factory=dict)  # indicator -> level by facility (F,); the same
    activity: Mapping[str, np.ndarray] = field(default_factory=dict)  # what was done this month, by facility (F,):
    # outreach_hours, consulted, read, recorded_down, of these false_down, record_worth (what a record brings, fen);
    # went_up and received_up (patients referred up and seen), moved and taken_over (stepped down and moved), of these
    # both_ways (sent up before and back at the home centre; at both places); only in `settle`
    elsewhere: np.ndarray | None = None  # fund's part by the benefit table of this month's bills of a panel's people at
    # other places, fen (F, P); only in `settle`
    in_force: int = 12  # months of this calendar year, this one included, that the rule asked has been in force
    scale: float = 1.0  # sampled people over people of the place: what a fixed amount per facility is multiplied by
    earned: np.ndarray | None = None  # margin of the last twelve months after salaries and before bonus, fen (F,)

    def tariff(self, **columns: np.ndarray) -> "Tariff":
        """A tariff that allows nothing but what is given, by column."""
        blank = np.zeros(len(self.cells))
        return Tariff(**{name: columns.get(name, blank) for name in Tariff.__dataclass_fields__})

    def by_plan(self, cells: np.ndarray) -> np.ndarray:
        """Exact sums of int64 fen of cells (C,) by facility and plan (F, P)."""
        sums = np.zeros(len(self.tier) * self.plans, np.int64)
        np.add.at(sums, self.cells["facility"] * self.plans + self.cells["plan"], cells)
        return sums.reshape(len(self.tier), self.plans)

    def of_tier(self, table: Mapping[Any, float], default: float = 0.0) -> np.ndarray:
        """A table by tier, brought to facilities (F,)."""
        return np.array([table.get(tier, default) for tier in TIERS], float)[self.tier]

    def places(self, mine: np.ndarray) -> np.ndarray:
        """Facilities that have any of the cells ``mine``, bool (F,)."""
        return places(self.cells, mine, len(self.tier))


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a provider is allowed for what it did, per cell (C,):
    per_case·cases + share·covered + per_day·days + per_weight·coded weight + above·fen above the upper outlier
    threshold; and for stays below the lower one, with ``low``, the covered charge in place of the price."""

    per_case: np.ndarray  # fen per case
    share: np.ndarray  # fen per covered fen
    per_day: np.ndarray  # fen per bed-day
    per_weight: np.ndarray  # fen per unit of coded weight
    above: np.ndarray  # fen per fen above the upper threshold
    low: np.ndarray  # 1 where stays below the lower threshold are paid their charge, else 0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            column = getattr(self, name)
            if column.shape != self.per_case.shape or not np.isfinite(column).all() or (column < 0).any():
                raise ValueError(f"Tariff.{name} must be finite, zero or more, shape {self.per_case.shape}")


@dataclass(slots=True)
class Books:
    """Closed months that a rule may read, newest last: the last 12 of the counts and of what was done by facility, the
    last 24 of what the fund paid; and sums by calendar year.

    Filled by `add` and `enter` only. Arrays are never changed in place, so a copy of the lists is a copy of the books.
    """

    counts: list[np.ndarray] = field(default_factory=list)  # (C, len(COUNTED)) int64
    fund: list[np.ndarray] = field(default_factory=list)  # fund's part by cell, before settlements, fen int64 (C,)
    year: np.ndarray | None = None  # sum of the counts kept; None before the first month
    last_year: np.ndarray | None = None  # counts of the last calendar year, if all of it is known
    settled: dict[str, np.ndarray] = field(default_factory=dict)  # paid by tariff rules since January, by name (F, P)
    settled_last: dict[str, np.ndarray] = field(default_factory=dict)  # the same of the last calendar year
    closed: int = 0  # number of the last month entered, 1 to 12; 0 before any
    activity: list[Mapping[str, np.ndarray]] = field(default_factory=list)  # what was done, as `Market.activity`

    def add(
        self,
        counts: np.ndarray,
        fund: np.ndarray,
        calendar: int = 1,
        activity: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Enter the month just over, ``calendar`` its number; months that no rule may read any more are dropped."""
        if calendar == 1:
            # the twelve months kept are then those of the last calendar year
            self.last_year = self.year if self.closed == 12 and len(self.counts) == 12 else None
            self.settled_last, self.settled = self.settled, {}
        self.closed = calendar
        self.year = counts if self.year is None else self.year + counts
        if len(self.counts) == 12:
            self.year = self.year - self.counts[0]
        self.counts = [*self.counts[-11:], counts]
        self.fund = [*self.fund[-23:], fund]
        self.activity = [*self.activity[-11:], {name: done.copy() for name, done in (activity or {}).items()}]

    @property
    def this_year(self) -> np.ndarray | None:
        """Counts since January, of the months that are known (C, len(COUNTED)); None before any."""
        months = self.counts[-self.closed :]
        return sum(months[1:], months[0]) if months else None

    def done(self, what: str, facilities: int) -> np.ndarray:
        """Sum over the last twelve months of one kind of `Market.activity`, zero where it is not known (F,)."""
        return sum((month[what] for month in self.activity if what in month), np.zeros(facilities, np.int64))

    def enter(self, name: str, fen: np.ndarray) -> None:
        """Enter what the tariff rule ``name`` settled after the month, fen (F, P)."""
        self.settled = self.settled | {name: self.settled[name] + fen if name in self.settled else fen}

    def of(self, name: str) -> "Books":
        """These books as the tariff rule ``name`` may read them: of what was settled, only its own."""
        own = [{name: told[name]} if name in told else {} for told in (self.settled, self.settled_last)]
        return replace(self, settled=own[0], settled_last=own[1])

    def copy(self) -> "Books":
        """Books that can go on without changing these."""
        return replace(self)
