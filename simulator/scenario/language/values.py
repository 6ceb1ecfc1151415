"""Long values and citations: `{value: 7.2 months, source: nhsa_2023}` becomes one scalar that knows where it is from.

A `source` or `year` on a block holds for the values in it that stand in the same file, the nearest block first; by
column (`source: {fund_pays: nhsa_2023}`) it holds for the values below a key of that name. Citing happens file by file
and before merging, so who overrides a number does not inherit the citation of the old one.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from simulator.core import units
from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.scenario.language.strict_yaml import Map, Node, Scalar, Seq

BESIDE = ("source", "year", "note")
"""Keys that say something about a block or a value and are no parameters."""
LONG = ("value", "unit", "range", *BESIDE)
UNCITED = ("sources", "title", "description", "claims", "findings", "answer")
"""Sections without citations of this kind; claims and findings have columns of those names."""


class Citation(NamedTuple):
    """A source that was named, and where."""

    text: str
    path: str
    place: Place


class BlockSource(NamedTuple):
    """What a block says of the values in it: where in the path it stands, and its `source` and `year`."""

    depth: int
    source: Node | None
    year: Node | None


def cite(tree: Map) -> tuple[Map, list[Citation]]:
    """The tree of one file with `source`, `year`, `note` moved into its values; and its citations."""
    citations: list[Citation] = []
    return _block(tree, (), (), citations), citations


def _block(block: Map, path: tuple[str, ...], above: tuple[BlockSource, ...], citations: list[Citation]) -> Map:
    above = (*above, BlockSource(len(path), block.items.get("source"), block.items.get("year")))
    _gather(block, path, citations)
    plain = Map(block.place)
    for key, node in block.items.items():
        here = (*path, key)
        if key in BESIDE:
            continue
        if path == () and key in UNCITED:
            plain.put(key, node, block.keys[key])
        elif isinstance(node, Map) and "value" in node.items:
            plain.put(key, _long(node, here, above, citations), block.keys[key])
        elif isinstance(node, Map):
            plain.put(key, _block(node, here, above, citations), block.keys[key])
        elif isinstance(node, Scalar):
            source, year = _inherited(here, above, "source"), _inherited(here, above, "year")
            plain.put(key, Scalar(node.text, node.place, source, year), block.keys[key])
        else:
            plain.put(key, node, block.keys[key])
    return plain


def _gather(block: Map, path: tuple[str, ...], citations: list[Citation]) -> None:
    """Check the `source`, `year` and `note` of a block or long value, and collect its citations."""
    for key in BESIDE:
        node = block.items.get(key)
        here = ".".join((*path, key))
        if isinstance(node, Scalar):
            _text(node, here)
            if key == "source":
                citations.append(Citation(str(node.text), here, node.place))
            elif key == "year" and not re.fullmatch(r"(19|20)[0-9]{2}(-(19|20)[0-9]{2})?", str(node.text)):
                raise UserError.at(node.place, here, say("cite_year", text=node.text))
        elif isinstance(node, Map) and key != "note" and "value" not in block.items:
            columns = set(_columns(block))
            for column, of in node.items.items():
                if column not in columns:
                    text = say("cite_column", column=column) + near(column, columns)
                    raise UserError.at(node.keys[column], f"{here}.{column}", text)
                if key == "source":
                    citations.append(Citation(_text(of, f"{here}.{column}"), f"{here}.{column}", of.place))
        elif node is not None:
            raise UserError.at(node.place, here, say("cite_text"))


def _columns(block: Map) -> Iterator[str]:
    for key, node in block.items.items():
        if key not in BESIDE:
            yield key
            if isinstance(node, Map):
                yield from _columns(node)


def _inherited(path: tuple[str, ...], above: tuple[BlockSource, ...], what: str) -> str | None:
    for block in reversed(above):
        node = getattr(block, what)
        if isinstance(node, Map):
            node = next((node.items[key] for key in reversed(path[block.depth :]) if key in node.items), None)
        if isinstance(node, Scalar):
            return str(node.text)
    return None


def _long(block: Map, path: tuple[str, ...], above: tuple[BlockSource, ...], citations: list[Citation]) -> Node:
    here = ".".join(path)
    for key in block.items:
        if key not in LONG:
            text = say("value_beside", key=key) + near(key, LONG)
            raise UserError.at(block.keys[key], f"{here}.{key}", text)
    _gather(block, path, citations)
    value = block.items["value"]
    if isinstance(value, Seq):
        return value
    if isinstance(value, Map):
        raise UserError.at(value.place, f"{here}.value", say("value_expected"))
    text = value.text
    if "unit" in block.items:
        unit = _text(block.items["unit"], f"{here}.unit")
        text = f"{text}{unit}" if unit == "%" else f"{text} {unit}"
    ends = block.items.get("range")
    if ends is not None and not (isinstance(ends, Seq) and len(ends.items) == 2):
        raise UserError.at(ends.place, f"{here}.range", say("value_long_range"))
    if ends:
        _ordered(ends, str(text), f"{here}.range")
    above = (*above, BlockSource(len(path), block.items.get("source"), block.items.get("year")))
    return Scalar(
        text,
        value.place,
        _inherited(path, above, "source"),
        _inherited(path, above, "year"),
        _text(block.items["note"], f"{here}.note") if "note" in block.items else None,
        tuple(_text(end, f"{here}.range") for end in ends.items) if ends else None,
    )


def _ordered(ends: Seq, value: str, path: str) -> None:
    """Refuse a range that does not hold the value; its ends have the unit of the value, written or not."""
    unit = unit_of(value)
    numbers = []
    for end in ends.items:
        text = _text(end, path)
        if unit_of(text) not in ("", unit):
            raise UserError.at(end.place, path, say("value_range_unit", text=text, value=value))
        m = re.match(units.NUMBER, text)
        if m is None:
            raise UserError.at(end.place, path, say("value_number", text=text))
        numbers.append(float(m[0]))
    m = re.match(units.NUMBER, value)
    if m is None or not numbers[0] <= float(m[0]) <= numbers[1]:
        raise UserError.at(ends.place, path, say("value_range_ends", value=value, low=numbers[0], high=numbers[1]))


def _text(node: Node, path: str) -> str:
    if not isinstance(node, Scalar) or isinstance(node.text, bool):
        raise UserError.at(node.place, path, say("cite_text"))
    return node.text


class Quantity(NamedTuple):
    """A number of any kind: 0.537 `share`, 12500 `fen`, 8.8 `days`, 6.8 `per year`, 3.0 `number`."""

    value: float
    unit: str


QUANTITIES = (
    (r".*%", units.change, "share"),
    (r".* pp", units.points, "points"),
    (r".* per .*", units.rate, "per year"),
    (r".*(yuan|元)/(year|month|年|月)", units.per_year, "fen/year"),
    (r".*(yuan|元)", units.money, "fen"),
    (r".* (minute|hour)s?", units.minutes, "minutes"),
    (r".* (day|week)s?", units.days, "days"),
    (r".* (month|year)s?", units.months, "months"),
)


LARGEST = 1e15
"""No quantity that anybody reports is larger, in fen, persons or days."""


def quantity(value: Any) -> Quantity:
    """A quantity whose kind is told by its unit.

    >>> quantity("8.8 days")
    Quantity(value=8.8, unit='days')
    """
    if isinstance(value, tuple) and len(value) == 2:
        return Quantity(*value)
    text = str(value)
    for pattern, read, unit in QUANTITIES:
        if re.fullmatch(pattern, text):
            found = read(text)
            if abs(found) > LARGEST:
                raise ValueError(say("value_most", value=f"{text[:20]}…", most=f"{LARGEST:.0e}"))
            return Quantity(found, unit)
    return Quantity(units.number(text), "number")


def unit_of(text: str | bool) -> str:
    """The unit written behind a number, or nothing.

    >>> unit_of("8.5 months"), unit_of("65%"), unit_of("0.5"), unit_of("drg")
    ('months', '%', '', '')
    """
    m = re.fullmatch(rf"{units.NUMBER} ?([^\d.].*)", str(text))
    return m[1] if m else ""
