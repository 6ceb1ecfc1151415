"""What a count is: what is added up, of which rows, where, and when. Everything that a month counts is declared so."""

from dataclasses import dataclass
from typing import overload

import numpy as np

from simulator.core.errors import near
from simulator.declare.expressions import Word, rows_of, word

Place = Word | tuple[Word, ...]


@dataclass(frozen=True, eq=False)
class Count:
    """One thing that is counted.

    ``at`` is the place in its sums, ``adds`` what a row adds there, ``when`` the condition under which it does. One
    without a place is counted by the pass in which it happens, not off rows.
    """

    name: str
    meaning: str
    at: Place | None = None
    adds: Word | int = 1
    when: Word | None = None
    unit: str = "number"

    @property
    def places(self) -> tuple[Word, ...]:
        """Its place by dimension."""
        return () if self.at is None else self.at if isinstance(self.at, tuple) else (self.at,)

    @property
    def table(self) -> str:
        """Title of the table whose rows it counts, empty for one that is counted in a pass.

        Raises:
            ValueError: it reads the rows of two.
        """
        titles = {rows.title for top in self.words for rows in rows_of(top.walk()) if rows.row is None}
        if len(titles) > 1:
            raise ValueError(f"`{self.name}` counts rows of {' and '.join(sorted(titles))}")
        return titles.pop() if titles else ""

    @property
    def words(self) -> tuple[Word, ...]:
        """All that it is declared by."""
        return (*self.places, word(self.adds), *(() if self.when is None else (self.when,)))


class Counts:
    """Sums of one shape and what is counted in them, in order: `EVENTS["admissions"]` is a column of those sums."""

    def __init__(self, name: str, by: str, *counts: Count, somewhere: bool = True):
        """``by`` says what the sums are by; with ``somewhere`` off a place may be -1, nowhere, where nothing counts."""
        self.name, self.by, self.counts, self.somewhere = name, by, counts, somewhere
        self.names = tuple(count.name for count in counts)
        self._column = {name: k for k, name in enumerate(self.names)}
        if len(self._column) < len(counts):
            raise ValueError(f"the sums by {by} count something twice")

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, name: str) -> int:
        if name not in self._column:
            raise KeyError(f"nothing called `{name}` is counted by {self.by}" + near(name, self.names))
        return self._column[name]

    @overload
    def of(self, sums: np.ndarray, name: str) -> np.ndarray: ...
    @overload
    def of(self, sums: np.ndarray, name: str, *more: str) -> tuple[np.ndarray, ...]: ...
    def of(self, sums: np.ndarray, name: str, *more: str):
        """What ``sums`` (…, count) hold of one thing counted, or of several one after the other."""
        found = tuple(sums[..., self[each]] for each in (name, *more))
        return found if more else found[0]

    def markdown(self) -> str:
        """What is counted as a table for the documentation."""
        lines = [f"| `{self.name}`, by {self.by} | unit | what is counted |", "|---|---|---|"]
        return "\n".join([*lines, *(f"| `{count.name}` | {count.unit} | {count.meaning} |" for count in self.counts)])

    def sized(self, *shape: int) -> np.ndarray:
        """Sums of nothing yet, int64 (*shape, count)."""
        return np.zeros((*shape, len(self)), np.int64)
