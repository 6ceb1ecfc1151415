"""Which families: a small query over columns of people and families, such as ``age>=65 and hypertension=treated``.

A family fits if one of its members fits. The query is parsed by hand: nothing of it is ever executed.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.names import CASCADE, SEXES
from simulator.engine.state.world import World

COMPARED: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    ">=": operator.ge, "<=": operator.le, "!=": operator.ne, "==": operator.eq, "=": operator.eq, ">": operator.gt,
    "<": operator.lt,
}  # fmt: skip
OF_PERSON = ("age", "managed", "signed", "served", "floating", "frailty", "enrolled")
OF_FAMILY = ("urban", "poor", "trust", "literacy")
IN_FEN = ("income", "account", "paid_year")
"""Columns of a family in fen, asked for in yuan."""
TOKEN = re.compile(r"\s*(?:(>=|<=|!=|==|=|>|<|\(|\))|([^\s()<>=!]+)|(\S))")
WHERE = "--find"


class Token(NamedTuple):
    """A word or sign of a query and its column, from 1."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Field:
    """A column that can be asked for: its value by person, and the words that stand for its codes, if any."""

    values: np.ndarray
    words: tuple[str, ...] = ()


def fields(world: World) -> dict[str, Field]:
    """What can be asked for, by person."""
    people = world.persons
    families = world.families[:-1]
    sizes = np.diff(world.families["first"])
    found = {name: Field(people[name]) for name in OF_PERSON}
    found |= {name: Field(np.repeat(families[name], sizes)) for name in OF_FAMILY}
    found |= {name: Field(np.repeat(families[name] / 100, sizes)) for name in IN_FEN}
    found["size"] = Field(np.repeat(sizes, sizes))
    found["sex"] = Field(people["sex"], SEXES)
    found["plan"] = Field(people["plan"], world.words.plans)
    found["area"] = Field(np.repeat(families["area"], sizes), world.words.areas)
    for disease in ("hypertension", "diabetes"):
        found[disease] = Field(people[disease], CASCADE)
    return found


def find(world: World, query: str) -> list[int]:
    """Numbers of the families in which somebody fits ``query`` now, in order.

    Raises:
        UserError: the query cannot be read; it says at which column.
    """
    fits = _Parser(tokens(query), fields(world), len(query)).whole()
    return np.unique(world.persons["family"][fits]).tolist()


def tokens(query: str) -> list[Token]:
    """The words and signs of a query.

    >>> [each.text for each in tokens("age>=65 and urban = 0")]
    ['age', '>=', '65', 'and', 'urban', '=', '0']
    """
    found = []
    for match in TOKEN.finditer(query.rstrip()):
        sign, word, other = match.groups()
        column = match.start(match.lastindex or 0) + 1
        if other:
            raise _wrong(column, say("trace.find_sign", text=other, signs=", ".join(COMPARED)))
        found.append(Token(sign or word, column))
    return found


def _wrong(column: int, message: str) -> UserError:
    return UserError(message, WHERE, 1, column)


class _Parser:
    """Recursive descent: or, and, not, comparison."""

    def __init__(self, given: Sequence[Token], known: Mapping[str, Field], length: int):
        self.given, self.known, self.at, self.end = given, known, 0, length + 1

    @property
    def next(self) -> Token:
        """The token that stands here; empty at the end."""
        return self.given[self.at] if self.at < len(self.given) else Token("", self.end)

    def takes(self, *words: str) -> bool:
        """Step over one of ``words``, if one stands here."""
        here = self.next.text.lower() in words
        self.at += here
        return here

    def whole(self) -> np.ndarray:
        """The query up to its end: whether each person fits."""
        if not self.given:
            raise _wrong(1, say("trace.find_empty", columns=", ".join(sorted(self.known))))
        fits = self.either()
        if self.next.text:
            raise _wrong(
                self.next.column,
                say("trace.find_join", text=self.next.text) + near(self.next.text, ("and", "or", "not")),
            )
        return fits

    def either(self) -> np.ndarray:
        """One or several by ``or``."""
        fits = self.both()
        while self.takes("or"):
            fits = fits | self.both()
        return fits

    def both(self) -> np.ndarray:
        """One or several by ``and``."""
        fits = self.single()
        while self.takes("and"):
            fits = fits & self.single()
        return fits

    def single(self) -> np.ndarray:
        """A comparison, its contrary, or something in brackets."""
        if self.takes("not"):
            return ~self.single()
        if self.takes("("):
            fits = self.either()
            if not self.takes(")"):
                raise _wrong(self.next.column, say("trace.find_bracket"))
            return fits
        return self.comparison()

    def comparison(self) -> np.ndarray:
        """``column sign value``."""
        name, sign, value = (self._take() for _ in range(3))
        if not name.text:
            raise _wrong(name.column, say("trace.find_end"))
        field = self.known.get(name.text)
        if field is None:
            columns = sorted(self.known)
            text = say("trace.find_column", text=name.text, columns=", ".join(columns)) + near(name.text, columns)
            raise _wrong(name.column, text)
        if sign.text not in COMPARED:
            raise _wrong(sign.column, say("trace.find_compare", text=name.text, signs=", ".join(COMPARED)))
        return COMPARED[sign.text](field.values, self._number(field, value))

    def _take(self) -> Token:
        here = self.next
        self.at += 1
        return here

    def _number(self, field: Field, value: Token) -> float:
        """A value as the number that its column holds."""
        if value.text in field.words:
            return float(field.words.index(value.text))
        try:
            number = float(value.text)
        except ValueError:
            number = float("nan")
        if field.words or number != number:
            key = "trace.find_word" if field.words else "trace.find_number"
            words = ", ".join(field.words)
            raise _wrong(value.column, say(key, text=value.text, words=words) + near(value.text, field.words))
        return number
