"""Closed months: the books of months that are over, kept as the rows of the cells that were used.

A small sample uses a twentieth of all cells in a month, so a month is kept sparse, and as it never changes, copies of
the books share it. Whoever reads gets whole arrays over the cells it has chosen, with zeros where nothing happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, overload

import numpy as np

from simulator.core.jit import compiled

COUNTS_KEPT, FUND_KEPT = 12, 24
"""Months of which the counts, and the fund's part, are kept."""


class Chosen:
    """Some of all cells, in their order; it never changes. C of all cells, n of these."""

    __slots__ = ("_picked", "cells", "place")

    def __init__(self, mask: np.ndarray):
        """Choose the cells where ``mask`` (C,) holds."""
        self.cells = np.flatnonzero(mask)  # (n,)
        self.place = np.full(len(mask), -1)  # where each of all cells stands among these, -1 for those left out (C,)
        self.place[self.cells] = np.arange(len(self.cells))
        self._picked: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def pick(self, by_cell: np.ndarray) -> np.ndarray:
        """Of an array by cell (C,) that is never changed, the values of these cells (n,)."""
        known = self._picked.get(id(by_cell))
        if known is None or known[0] is not by_cell:
            known = self._picked[id(by_cell)] = by_cell, by_cell.take(self.cells)
        return known[1]

    def __deepcopy__(self, memo: dict[int, Any]) -> "Chosen":
        return self

    def __reduce__(self) -> tuple:
        return Chosen, (self.place >= 0,)


@compiled
def _used(counts, found):
    """Positions of rows with anything in them, into ``found``; how many there are."""
    n = 0
    for row in range(counts.shape[0]):
        for column in range(counts.shape[1]):
            if counts[row, column] != 0:
                found[n] = row
                n += 1
                break
    return n


def used_rows(counts: np.ndarray) -> np.ndarray:
    """Rows of int64 ``counts`` (C, len(COUNTED)) with anything in them, ascending."""
    found = np.empty(len(counts), np.int64)
    return found[: _used(np.ascontiguousarray(counts), found)].copy()


class Rows(NamedTuple):
    """An array by cell, int64, of which only these rows are not zero."""

    cells: np.ndarray  # ascending (n,)
    values: np.ndarray  # (n, ...)

    @classmethod
    def of(cls, values: np.ndarray) -> "Rows":
        """Of counts by cell (C, len(COUNTED))."""
        cells = used_rows(values)
        return cls(cells, values[cells])

    def spread(self, size: int, chosen: Chosen | None = None) -> np.ndarray:
        """The whole array, over all ``size`` cells or those chosen; every column lies together.

        Raises ValueError where a row that is not zero is not among the chosen.
        """
        at = self.cells if chosen is None else chosen.place[self.cells]
        if len(at) and at.min() < 0:
            raise ValueError("a cell in use was left out")
        whole = np.zeros((*self.values.shape[:0:-1], size if chosen is None else len(chosen.cells)), np.int64)
        whole[..., at] = self.values.T
        return whole.T


class Month(NamedTuple):
    """A closed month: the rows of the cells used in it (n,)."""

    cells: np.ndarray  # ascending
    counts: np.ndarray | None  # (n, len(COUNTED)); None once no rule may read them any more
    fund: np.ndarray  # fund's part before settlements, fen


def total_of(months: Sequence[Month], size: int) -> Rows | None:
    """Sum of the counts of some months; None for none."""
    if not months:
        return None
    used = np.zeros(size, bool)
    for month in months:
        used[month.cells] = True
    return _added(used, [(Rows(month.cells, month.counts), 1) for month in months if month.counts is not None])


@compiled
def _add(sums, place, cells, values, sign):
    """Add ``values`` (n, K), or take them off, to the ``sums`` at the place of their cells, where they have one."""
    for i in range(len(cells)):
        at = place[cells[i]]
        if at >= 0:
            for column in range(values.shape[1]):
                sums[at, column] += sign * values[i, column]


def _added(used: np.ndarray, parts: Sequence[tuple[Rows, int]]) -> Rows:
    """Sum of ``parts``, each with its sign, as the rows of the cells ``used`` (C,)."""
    chosen = Chosen(used)
    sums = np.zeros((len(chosen.cells), parts[0][0].values.shape[1]), np.int64)
    for (cells, values), sign in parts:
        _add(sums, chosen.place, cells, values, sign)
    return Rows(chosen.cells, sums)


@dataclass(slots=True)
class Books:
    """Closed months that a rule may read, newest last: the last 12 of the counts, the last 24 of what the fund paid;
    and sums by calendar year. C cells: all, or those `chosen`.

    Filled by `add` and `enter` only. Arrays are never changed in place, so a copy shares them.
    """

    size: int = 0  # number of all cells; 0 before the first month
    months: tuple[Month, ...] = ()
    sums: Rows | None = None  # of the counts kept
    last_sums: Rows | None = None  # counts of the last calendar year, if all of it is known
    settled: dict[str, np.ndarray] = field(default_factory=dict)  # paid by tariff rules since January, by name (F, P)
    settled_last: dict[str, np.ndarray] = field(default_factory=dict)  # the same of the last calendar year
    closed: int = 0  # number of the last month entered, 1 to 12; 0 before any
    activity: tuple[Mapping[str, np.ndarray], ...] = ()  # what was done by facility in the months of `counts`
    chosen: Chosen | None = None  # cells that arrays are over; None: all
    spread: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # whole arrays made so far

    def add(
        self,
        counts: np.ndarray,
        fund: np.ndarray,
        calendar: int = 1,
        cells: np.ndarray | None = None,
        activity: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Enter the month just over, ``calendar`` its number; months that no rule may read any more are dropped.

        Args:
            counts: by cell, int64 (C, len(COUNTED)); or of the cells used, (n, len(COUNTED)).
            fund: the fund's part of the same cells before settlements, fen.
            calendar: 1 to 12.
            cells: the cells used, ascending (n,); all if left out.
            activity: what was done by facility, as `Market.activity`.
        """
        if cells is None:
            self.size = len(counts)
            cells = np.flatnonzero(counts.any(axis=1) | (fund != 0))
            counts, fund = counts[cells], fund[cells]
        if calendar == 1:
            # the twelve months kept are then those of the last calendar year
            self.last_sums = self.sums if self.closed == 12 and len(self.counts) == 12 else None
            self.settled_last, self.settled = self.settled, {}
        self.closed = calendar
        months = [*self.months[-FUND_KEPT + 1 :], Month(cells, counts, fund)]
        used = np.zeros(self.size, bool)
        for month in months[-COUNTS_KEPT:]:
            used[month.cells] = True
        parts = [(Rows(cells, counts), 1)] if self.sums is None else [(self.sums, 1), (Rows(cells, counts), 1)]
        if len(months) > COUNTS_KEPT:
            gone = months[-COUNTS_KEPT - 1]
            assert gone.counts is not None
            parts.append((Rows(gone.cells, gone.counts), -1))
            months[-COUNTS_KEPT - 1] = gone._replace(counts=None)
        done = {name: each.copy() for name, each in (activity or {}).items()}
        self.activity = (*self.activity[-COUNTS_KEPT + 1 :], done)
        self.months, self.sums, self.spread = tuple(months), _added(used, parts), {}

    def done(self, what: str, facilities: int) -> np.ndarray:
        """Sum over the last twelve months of one kind of `Market.activity`, zero where it is not known (F,)."""
        return sum((month[what] for month in self.activity if what in month), np.zeros(facilities, np.int64))

    def enter(self, name: str, fen: np.ndarray) -> None:
        """Enter what the tariff rule ``name`` settled after the month, fen (F, P)."""
        self.settled = self.settled | {name: self.settled[name] + fen if name in self.settled else fen}

    @property
    def counts(self) -> Sequence[np.ndarray]:
        """Counts by month, int64 (C, len(COUNTED)) each."""
        return _Months(self, "counts", self.months[-COUNTS_KEPT:])

    @property
    def fund(self) -> Sequence[np.ndarray]:
        """The fund's part by cell and month, before settlements, fen int64 (C,) each."""
        return _Months(self, "fund", self.months)

    @property
    def year(self) -> np.ndarray | None:
        """Sum of the counts kept (C, len(COUNTED)); None before the first month."""
        return self._whole("year", self.sums)

    @property
    def last_year(self) -> np.ndarray | None:
        """Counts of the last calendar year, if all of it is known."""
        return self._whole("last_year", self.last_sums)

    @property
    def this_year(self) -> np.ndarray | None:
        """Counts since January, of the months that are known (C, len(COUNTED)); None before any."""
        if "this_year" not in self.spread:
            return self._whole("this_year", total_of(self.months[-COUNTS_KEPT:][-self.closed :], self.size))
        return self.spread["this_year"]

    def paid(self, first: int, end: int | None = None) -> np.ndarray:
        """The fund's part of the months ``first`` to before ``end``, numbered as in a slice of `fund`: their exact sum
        by cell, fen int64 (C,)."""
        months = range(len(self.months))[first:end]
        if months not in self.spread:
            paid = np.zeros(self.size if self.chosen is None else len(self.chosen.cells), np.int64)
            for month in (self.months[i] for i in months):
                paid[month.cells if self.chosen is None else self.chosen.place[month.cells]] += month.fund
            self.spread[months] = paid
        return self.spread[months]

    def in_use(self) -> np.ndarray:
        """Cells that any month kept has used, bool, of all cells."""
        used = np.zeros(self.size, bool)
        for month in self.months:
            used[month.cells] = True
        return used

    def of(self, name: str) -> "Books":
        """These books as the tariff rule ``name`` may read them: of what was settled, only its own."""
        own = [{name: settled[name]} if name in settled else {} for settled in (self.settled, self.settled_last)]
        return replace(self, settled=own[0], settled_last=own[1])

    def over(self, chosen: Chosen | None) -> "Books":
        """The same books with arrays over the cells chosen, which are at least those in use."""
        if chosen is self.chosen:
            return self
        known = self.spread.get("over")
        if known is None or known[0] is not chosen:
            known = self.spread["over"] = chosen, {}
        return replace(self, chosen=chosen, spread=known[1])

    def copy(self) -> "Books":
        """Books that can go on without changing these."""
        return replace(self, spread={})

    def __deepcopy__(self, memo: dict[int, Any]) -> "Books":
        return self.copy()

    def _whole(self, name: Any, rows: Rows | None) -> np.ndarray | None:
        if name not in self.spread:
            self.spread[name] = None if rows is None else rows.spread(self.size, self.chosen)
        return self.spread[name]


class _Months(Sequence[np.ndarray]):
    """Whole arrays of one kind, made when they are read; those over chosen cells are kept until the books go on."""

    def __init__(self, books: Books, kind: str, months: Sequence[Month]):
        self._books, self._kind, self._months = books, kind, months

    def __len__(self) -> int:
        return len(self._months)

    @overload
    def __getitem__(self, index: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, index: slice) -> list[np.ndarray]: ...
    def __getitem__(self, index: int | slice) -> np.ndarray | list[np.ndarray]:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        month = self._months[index]
        key = self._kind, index % len(self)
        known = self._books.spread
        if key in known:
            return known[key]
        whole = Rows(month.cells, getattr(month, self._kind)).spread(self._books.size, self._books.chosen)
        if self._books.chosen is not None:
            known[key] = whole
        return whole
