"""The language in which counts are declared: columns of a row and of the rows it points to, compared and combined.

A word is a value of each row. It has two readings: source, from which passes over rows are written out and compiled,
and NumPy over whole tables. Rows know their table by its title alone; `known` compares them with the tables themselves.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.core.errors import near
from simulator.core.table import Columns

SIGNS: dict[str, Callable] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, ">=": operator.ge,
    "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
type Tables = Mapping[str, Columns]
"""Declared tables by title."""
type Arrays = Mapping[str, Any]
"""Tables, and what else is given, by title."""


class Word:
    """A value of each row. Never true or false by itself: `&`, not `and`."""

    parts: tuple["Word", ...] = ()

    def code(self, tables: Tables) -> str:
        """As source, in which columns of rows are locals."""
        raise NotImplementedError

    def values(self, given: Arrays) -> Any:
        """As NumPy reads it over whole tables, one value per row."""
        raise NotImplementedError

    def walk(self) -> Iterator["Word"]:
        """This word and all that it is made of."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def conditions(self) -> tuple["Word", ...]:
        """The conditions that all have to hold."""
        return (self,)

    def __and__(self, other: "Word") -> "Word":
        return All((*self.conditions, *other.conditions))

    def __getitem__(self, index: "int | Word") -> "Word":
        return Item(self, word(index))

    def __bool__(self) -> bool:
        raise TypeError("a condition of a count: write `&`, not `and`")

    def __add__(self, other: Any) -> "Word":
        return Compared("+", self, other)

    def __sub__(self, other: Any) -> "Word":
        return Compared("-", self, other)

    def __mul__(self, other: Any) -> "Word":
        return Compared("*", self, other)

    def __truediv__(self, other: Any) -> "Word":
        return Compared("/", self, other)

    def __ge__(self, other: Any) -> "Word":
        return Compared(">=", self, other)

    def __le__(self, other: Any) -> "Word":
        return Compared("<=", self, other)

    def __gt__(self, other: Any) -> "Word":
        return Compared(">", self, other)

    def __lt__(self, other: Any) -> "Word":
        return Compared("<", self, other)

    def __eq__(self, other: object) -> Any:  # a word, never whether they are the same object
        return Compared("==", self, other)

    def __ne__(self, other: object) -> Any:  # a word, never whether they are the same object
        return Compared("!=", self, other)

    __hash__ = object.__hash__


def word(value: Any) -> Word:
    """A number as a word."""
    return value if isinstance(value, Word) else Number(value)


class Number(Word):
    """The same number for every row."""

    def __init__(self, value: Any):
        self.value = value

    def code(self, tables: Tables) -> str:
        return repr(self.value)

    def values(self, given: Arrays) -> Any:
        return self.value


@dataclass(frozen=True)
class Rows:
    """Rows of a table: ``bill.charge`` is a column of them. ``row`` says which row of the table stands behind each row
    of another one; without it they are the rows that a pass goes over."""

    letter: str
    title: str
    row: Word | None = None

    def __getattr__(self, name: str) -> Word:
        if name.startswith("_"):
            raise AttributeError(name)
        return OfRow(self, name)

    def whole(self, given: Arrays) -> Any:
        """The rows themselves."""
        return given[self.title] if self.row is None else given[self.title][self.row.values(given)]


class OfRow(Word):
    """A column."""

    def __init__(self, rows: Rows, name: str):
        self.rows, self.name = rows, name
        self.parts = () if rows.row is None else (rows.row,)

    def code(self, tables: Tables) -> str:
        return f"{self.rows.letter}_{self.name}"

    def values(self, given: Arrays) -> Any:
        return self.rows.whole(given)[self.name]


class At(Word):
    """A column of the row of a table that ``row`` points to; read only where the conditions before it hold."""

    def __init__(self, title: str, row: Word, name: str):
        self.title, self.name, self.parts = title, name, (row,)

    def code(self, tables: Tables) -> str:
        return f"{self.title}[{self.parts[0].code(tables)}].{self.name}"

    def values(self, given: Arrays) -> Any:
        return given[self.title][self.name][np.maximum(self.parts[0].values(given), 0)]


class Given(Word):
    """Something handed to the pass beside the rows, by its name there."""

    def __init__(self, name: str):
        self.name = name

    def code(self, tables: Tables) -> str:
        return self.name

    def values(self, given: Arrays) -> Any:
        return given[self.name]


class Compared(Word):
    """A word and what stands on the other side of a sign: another word, a number, or the text of a code."""

    def __init__(self, sign: str, left: Word, right: Any):
        self.sign, self.parts = sign, (left, Code(left, right) if isinstance(right, str) else word(right))

    def code(self, tables: Tables) -> str:
        left, right = (part.code(tables) for part in self.parts)
        return f"({left} {self.sign} {right})"

    def values(self, given: Arrays) -> Any:
        return SIGNS[self.sign](*(part.values(given) for part in self.parts))


class Code(Word):
    """A word that stands for a code of the column beside it."""

    def __init__(self, column: Word, text: str):
        self.column, self.text = column, text

    def number(self, tables: Tables) -> int:
        """The code.

        Raises:
            TypeError: what it is compared with is no column of codes.
            ValueError: the column has no such code.
        """
        if not isinstance(self.column, OfRow | At):
            raise TypeError(f"`{self.text}` is compared with what is no column of codes")
        title = self.column.rows.title if isinstance(self.column, OfRow) else self.column.title
        codes = column_of(tables, title, self.column.name).codes
        if self.text not in codes:
            raise ValueError(f"`{self.column.name}` of {title} is never `{self.text}`" + near(self.text, codes))
        return codes.index(self.text)

    def code(self, tables: Tables) -> str:
        return str(self.number(tables))

    def values(self, given: Arrays) -> Any:
        return self.number(given["tables"])


class All(Word):
    """Conditions that all have to hold, asked in this order."""

    def __init__(self, parts: tuple[Word, ...]):
        self.parts = parts

    @property
    def conditions(self) -> tuple[Word, ...]:
        return self.parts

    def code(self, tables: Tables) -> str:
        return " and ".join(part.code(tables) for part in self.parts)

    def values(self, given: Arrays) -> Any:
        held: Any = True
        for part in self.parts:
            held = held & np.asarray(part.values(given), bool)
        return held


class Item(Word):
    """One of the values of a column that holds several, or of an array that is given."""

    def __init__(self, several: Word, index: Word):
        self.parts = (several, index)

    def code(self, tables: Tables) -> str:
        several, index = (part.code(tables) for part in self.parts)
        return f"{several}[{index}]"

    def values(self, given: Arrays) -> Any:
        several, index = (part.values(given) for part in self.parts)
        return several[index] if several.ndim == 1 else several[np.arange(len(several)), index]


class Called(Word):
    """What a compiled function makes of words, or of whole rows."""

    def __init__(self, function: Callable, *of: Word | Rows):
        self.function, self.of, self.name = function, of, str(getattr(function, "__name__", ""))
        self.wholes = tuple(each for each in of if isinstance(each, Rows))
        behind = (rows.row for rows in self.wholes if rows.row is not None)
        self.parts = (*(each for each in of if isinstance(each, Word)), *behind)

    def code(self, tables: Tables) -> str:
        said = (each.letter if isinstance(each, Rows) else each.code(tables) for each in self.of)
        return f"{self.name}({', '.join(said)})"

    def values(self, given: Arrays) -> Any:
        read = [each.whole(given) if isinstance(each, Rows) else each.values(given) for each in self.of]
        count = max(len(each) for each in read if isinstance(each, np.ndarray))
        rows = ([each[k] if isinstance(each, np.ndarray) else each for each in read] for k in range(count))
        return np.array([self.function(*one) for one in rows])


class Either(Word):
    """One word where a condition holds, else another."""

    def __init__(self, condition: Word, yes: Word, no: Word):
        self.parts = (condition, yes, no)

    def code(self, tables: Tables) -> str:
        condition, yes, no = (part.code(tables) for part in self.parts)
        return f"({yes} if {condition} else {no})"

    def values(self, given: Arrays) -> Any:
        return np.where(*(part.values(given) for part in self.parts))


def column_of(tables: Tables, title: str, name: str) -> Any:
    """The declaration of a column.

    Raises:
        AttributeError: the table has no such column.
    """
    columns = {column.name: column for column in tables[title].columns}
    if name not in columns:
        raise AttributeError(f"{title} have no column `{name}`" + near(name, columns))
    return columns[name]


def rows_of(words: Iterator[Word]) -> set[Rows]:
    """The rows that words read."""
    found: set[Rows] = set()
    for each in words:
        if isinstance(each, OfRow):
            found.add(each.rows)
        if isinstance(each, Called):
            found |= set(each.wholes)
    return found
