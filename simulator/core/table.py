"""Tables: one structured array per kind of thing, its columns declared once with type, unit, default and meaning."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

LINE = 64
"""Bytes that a processor gets from memory at a time."""


def zeros(count: int, kind: np.dtype) -> np.ndarray:
    """So many rows of zeros, the first of them at the beginning of a line of memory: a row of whole lines then has no
    part in a further one. What is never written takes no memory."""
    room = np.zeros(count * kind.itemsize + LINE, np.uint8)
    begin = -room.ctypes.data % LINE
    return room[begin : begin + count * kind.itemsize].view(kind)


def copied(table: np.ndarray) -> np.ndarray:
    """A copy of rows that begins like `zeros`; of what holds nothing but zeros nothing is written."""
    rows = zeros(len(table), table.dtype)
    if np.ascontiguousarray(table).view(np.uint8).any():
        rows[:] = table
    return rows


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``size`` is the number of values per row (1 for a plain column), ``times`` how many such lists of values there are
    (a matrix of ``times`` × ``size`` values); ``codes`` are the words for 0, 1, 2 and so on.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    default: float = 0
    size: int = 1
    codes: tuple[str, ...] = ()
    times: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the values of a row."""
        return (self.times, self.size) if self.times > 1 else (self.size,) if self.size > 1 else ()


@dataclass(frozen=True)
class Columns:
    """The declared columns of one kind of thing.

    >>> people = Columns("people", Column("age", "i8", "years", "age at the last birthday", 40))
    >>> people.rows(2)["age"].tolist()
    [40, 40]
    """

    title: str
    columns: tuple[Column, ...]

    def __init__(self, title: str, *columns: Column):
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "columns", columns)

    @cached_property
    def one(self) -> np.ndarray:
        """One row of defaults."""
        # np.record makes rows readable by attribute; a plain array costs compiled code less per call than a recarray
        one = np.zeros(1, np.dtype((np.record, self.dtype)))
        for c in self.columns:
            one[c.name] = c.default
        return one

    @property
    def dtype(self) -> np.dtype:
        """Aligned structured type, one field per column."""
        fields: list[Any] = [(c.name, c.kind, c.shape) for c in self.columns]
        return np.dtype(fields, align=True)

    def rows(self, count: int) -> np.ndarray:
        """``count`` rows holding the defaults. ``table["age"]`` is a column, ``table[0].age`` a value."""
        rows = zeros(count, self.one.dtype)
        rows[:] = self.one
        return rows

    def room(self, count: int) -> np.ndarray:
        """``count`` rows that nobody has written yet: zeros, which take no memory before they are written; defaults
        are not looked at."""
        return zeros(count, self.one.dtype)

    def markdown(self) -> str:
        """The columns as a table for the documentation."""
        lines = [f"| {self.title} | type | unit | meaning |", "|---|---|---|---|"]
        for c in self.columns:
            kind = c.kind if c.size == 1 else f"{c.kind} × {c.size}"
            codes = ", ".join(f"{code} {word}" for code, word in enumerate(c.codes))
            lines.append(f"| `{c.name}` | {kind} | {c.unit} | {': '.join(filter(None, (c.meaning, codes)))} |")
        return "\n".join(lines)
