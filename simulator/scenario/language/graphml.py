"""GraphML files (http://graphml.graphdrawing.org) as blocks of the language.

A node is a facility, an edge a link; their attributes are the words of the language, and what editors of graphs write
for drawing says nothing.
"""

import re
import xml.parsers.expat as expat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx

from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.core.units import NUMBER
from simulator.scenario.language.packaged import shown
from simulator.scenario.language.strict_yaml import Map, Scalar, Seq
from simulator.scenario.language.text_files import text_in

FACILITY = ("tier", "kind", "area", "urban", "under", "people", "count")
LINK = ("kind", "minutes")
DRAWN = ("label", "name", "x", "y", "z", "size", "r", "g", "b", "shape", "shape_type", "color", "weight", "id")
"""Attributes of drawings, which say nothing here; `name` or `label` is what a facility is called."""
REFERS = "refers"
"""What an edge is that says no kind."""


def graph_in(file: Path) -> tuple[Map, Seq]:
    """Facilities by name and links of a GraphML file. Raises UserError for what it says wrongly, at its place."""
    name = shown(file)
    text = text_in(file, name)
    places = _places(text, name)
    try:
        graph = nx.parse_graphml(text)
    except (nx.NetworkXError, KeyError, ValueError, TypeError, SyntaxError) as error:
        why = str(error).strip() or type(error).__name__
        raise UserError(say("load_graph_unreadable", why=why), name, 1, 1) from error
    called = {node: str(data.get("name") or data.get("label") or node) for node, data in graph.nodes(data=True)}
    rows, links = Map(Place(name, 1, 1)), Seq(Place(name, 1, 1))
    for node, data in graph.nodes(data=True):
        at = places((str(node),))
        if called[node] in rows.items:
            raise UserError.at(at, called[node], say("network_twice", name=called[node]))
        rows.put(called[node], block(at, _attributes(data, FACILITY, called[node], at)), at)
    height = {node: TIERS.index(data["tier"]) for node, data in graph.nodes(data=True) if data.get("tier") in TIERS}
    for a, b, data in graph.edges(data=True):
        at = places((str(a), str(b)))
        if not graph.is_directed() and height.get(a, 0) > height.get(b, 0):
            a, b = b, a  # an edge without direction leads up
        ends = {"from": Scalar(called[a], at), "to": Scalar(called[b], at)}
        said = _attributes(data, LINK, f"{called[a]} – {called[b]}", at)
        links.items.append(block(at, ends | {"kind": Scalar(REFERS, at)} | said))
    return rows, links


def _attributes(data: dict[str, Any], known: tuple[str, ...], of: str, at: Place) -> dict[str, Scalar]:
    found = {}
    for key, value in data.items():
        if key in known:
            text = str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")
            if text.strip():
                found[key] = value_of(key, text.strip(), at)
        elif key not in DRAWN:
            raise UserError.at(at, of, say("load_graph_attribute", name=key) + near(key, known))
    return found


def _places(text: str, name: str) -> Callable[[tuple[str, ...]], Place]:
    """Where nodes, by their ids, and edges, by those of their ends, stand in a GraphML text. Raises UserError for what
    is no XML."""
    found: dict[tuple[str, ...], Place] = {}
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        at = Place(name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        match tag.rpartition(":")[2]:
            case "node":
                found[(attributes.get("id", ""),)] = at
            case "edge":
                ends = (attributes.get("source", ""), attributes.get("target", ""))
                found[ends] = found[ends[::-1]] = at

    def declared(*_: Any) -> None:
        at = Place(name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        raise UserError.at(at, "", say("load_graph_entity"))

    parser.StartElementHandler = start
    parser.EntityDeclHandler = declared
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        at = Place(name, error.lineno, error.offset + 1)
        raise UserError.at(at, "", say("load_graph_unreadable", why=expat.ErrorString(error.code))) from error
    return lambda key: found.get(key, Place(name, 1, 1))


def value_of(key: str, text: str, at: Place) -> Scalar:
    """A cell of the column ``key`` or an attribute; true and false are no texts, and `minutes` says the unit."""
    if key == "minutes" and re.fullmatch(NUMBER, text):
        text += " minutes"
    return Scalar(text == "true" if text in ("true", "false") else text, at)


def block(at: Place, cells: dict[str, Scalar]) -> Map:
    """A block of values, each standing at its own place."""
    return Map(at, dict(cells), {key: cell.place for key, cell in cells.items()})
