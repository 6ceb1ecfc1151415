"""What rules read and say: the facts of a market, a tariff."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from simulator.core.names import TIERS
from simulator.payment.closed import Chosen
from simulator.payment.panel import Panel


def places(cells: np.ndarray, mine: np.ndarray, facilities: int) -> np.ndarray:
    """Facilities that have any of the cells ``mine`` (C,), bool (F,)."""
    found = np.zeros(facilities, bool)
    found[cells["facility"][mine]] = True
    return found


@dataclass(frozen=True, slots=True)
class Market:
    """Facts that a rule may read. C cells, F facilities, P plans.

    The cells of a run are those that the closed books use, with at least one of every kind that a rule can tell apart;
    those left out are zero in every month kept.
    """

    cells: np.ndarray  # CELLS rows (C,)
    weight: np.ndarray  # usual relative weight of the cell's case group, 1 (C,)
    charge: np.ndarray  # usual charge of one case, fen (C,)
    catalogue: np.ndarray  # usual share of the charge inside the catalogue, 0 to 1 (C,)
    tier: np.ndarray  # tier of each facility, code (F,)
    doctors: np.ndarray  # doctors on the payroll of each facility, in units of the sample (F,)
    plans: int  # number of insurance plans
    month: int  # months since the first reported month; negative in the burn-in
    calendar: int  # month of the year, 1 to 12
    groups: tuple[str, ...] = ()  # names of the case groups
    beds: np.ndarray | None = None  # beds of each facility, in units of the sample (F,)
    panel: Panel | None = None  # people at the start of the month; only for rules that say `reads_panel`
    levels: Mapping[str, np.ndarray] = field(default_factory=dict)  # indicator -> level by facility (F,); the same
    activity: Mapping[str, np.ndarray] = field(default_factory=dict)  # what was done this month, by facility (F,):
    # outreach_hours, what services count (consulted, read), recorded_down, of these false_down, record_worth (what a
    # record brings, fen);
    # went_up and received_up (patients referred up and seen), moved and taken_over (stepped down and moved), of these
    # both_ways (sent up before and back at the home centre; at both places); only in `settle`
    elsewhere: np.ndarray | None = None  # fund's part by the benefit table of this month's bills of a panel's people at
    # other places, fen (F, P); only in `settle`
    in_force: int = 12  # months of this calendar year, this one included, that the rule asked has been in force
    running: int = 12  # months, this one included, that the rule asked has been in force
    scale: float = 1.0  # sampled people over people of the place: what a fixed amount per facility is multiplied by
    earned: np.ndarray | None = None  # margin of the last twelve months after salaries and before bonus, fen (F,)
    chosen: Chosen | None = None  # which of all cells these are; None: all

    def tariff(self, **columns: np.ndarray) -> "Tariff":
        """A tariff that allows nothing but what is given, by column."""
        blank = np.zeros(len(self.cells))
        return Tariff(**{name: columns.get(name, blank) for name in Tariff.__dataclass_fields__})

    def pick(self, by_cell: np.ndarray) -> np.ndarray:
        """Of an array over all cells that is never changed, the values of these cells (C,)."""
        return by_cell if self.chosen is None else self.chosen.pick(by_cell)

    def few(self, rows: np.ndarray) -> "Market":
        """The same market with only the cells at these positions."""
        columns = {name: getattr(self, name)[rows] for name in ("cells", "weight", "charge", "catalogue")}
        return replace(self, **columns, chosen=None)

    def total(self, values: np.ndarray) -> float:
        """Sum of numbers by cell (C,) that are zero where nothing happened: the same bits, whichever cells those are
        that are left out."""
        if self.chosen is None:
            return float(values.sum())
        whole = np.zeros(len(self.chosen.place))
        whole[self.chosen.cells] = values
        return float(whole.sum())

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

    def at(self, rows: np.ndarray) -> "Tariff":
        """What the cells at these positions are allowed."""
        return self.of({name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    @classmethod
    def of(cls, columns: Mapping[str, np.ndarray]) -> "Tariff":
        """A tariff made of what has been checked."""
        made = object.__new__(cls)
        for name, column in columns.items():
            object.__setattr__(made, name, column)
        return made

    def __post_init__(self) -> None:
        known: set[int] = set()  # what is allowed for nothing is one column of zeros
        for name in self.__dataclass_fields__:
            column = getattr(self, name)
            if id(column) in known:
                continue
            known.add(id(column))
            inside = column.shape == self.per_case.shape and (
                not column.size or 0 <= column.min() <= column.max() < np.inf
            )
            if not inside:
                raise ValueError(f"Tariff.{name} must be finite, zero or more, shape {self.per_case.shape}")
