"""Networks that lie in files beside a scenario: facilities and links as CSV tables, or both as one GraphML graph.

`network: {form: list, facilities: {table: facilities.csv}, links: {table: links.csv}}` has a row for each facility, by
the name in its first column, and for each link; an empty cell says nothing. `network: {form: list, graph: a.graphml}`
has a node for each facility and an edge for each link, with the same words as attributes (`graphml.py`). What is
written beside them comes after: facilities by name, links at the end of the list.
"""

from collections.abc import Iterator
from pathlib import Path

from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.core.naming import shortened
from simulator.scenario.language.graphml import block, graph_in, value_of
from simulator.scenario.language.merge import merge, text_of
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import Map, Node, Scalar, Seq
from simulator.scenario.language.text_files import table_in, there

NETWORK, FACILITIES, LINKS, TABLE, GRAPH = "network", "facilities", "links", "table", "graph"


def with_network(tree: Map, folder: Path) -> Map:
    """``tree`` with the facilities and links of the files that its network names, looked up in ``folder`` and among the
    packaged scenarios. Raises UserError for what such a file does not say rightly, at its place there."""
    network = tree.items.get(NETWORK)
    if not isinstance(network, Map):
        return tree
    made = Map(network.place, dict(network.items), dict(network.keys), network.dotted)
    rows, links = Map(network.place), Seq(network.place)
    if GRAPH in made.items:
        node = made.items.pop(GRAPH)
        at = made.keys.pop(GRAPH)
        rows, links = graph_in(_file(node, folder, GRAPH))
        rows.put(TABLE, node, at)
    facilities, own = made.items.get(FACILITIES), made.items.get(LINKS)
    if isinstance(facilities, Map) and TABLE in facilities.items:
        node = facilities.items[TABLE]
        for name, row in _rows(_file(node, folder, f"{FACILITIES}.{TABLE}")):
            rows.put(name, row, row.place)
        rows.put(TABLE, node, facilities.keys[TABLE])
    if isinstance(own, Map) and set(own.items) == {TABLE}:
        file = _file(own.items[TABLE], folder, f"{LINKS}.{TABLE}")
        own = Seq(own.place, list(_lines(file)))
        made.items[LINKS] = own
    if rows.items:
        beside = facilities if isinstance(facilities, Map) else Map(rows.place)
        made.put(FACILITIES, merge(rows, beside, (NETWORK, FACILITIES)), made.keys.get(FACILITIES, rows.place))
    if links.items:
        more = own.items if isinstance(own, Seq) else []
        made.put(LINKS, Seq(links.place, [*links.items, *more]), made.keys.get(LINKS, links.place))
    return Map(tree.place, {**tree.items, NETWORK: made}, tree.keys, tree.dotted)


def without_network_name(tree: Map) -> Map:
    """``tree`` without the name of the file that its facilities came from, so that it stands on its own."""
    network = tree.items.get(NETWORK)
    facilities = network.items.get(FACILITIES) if isinstance(network, Map) else None
    if not isinstance(network, Map) or not isinstance(facilities, Map) or TABLE not in facilities.items:
        return tree
    if isinstance(facilities.items[TABLE], Map):  # a facility of that name
        return tree
    rows = Map(facilities.place, {k: n for k, n in facilities.items.items() if k != TABLE}, facilities.keys)
    network = Map(network.place, {**network.items, FACILITIES: rows}, network.keys)
    return Map(tree.place, {**tree.items, NETWORK: network}, tree.keys)


def _file(node: Node, folder: Path, key: str) -> Path:
    name = text_of(node) or ""
    for each in (folder, scenarios_folder()):
        if name and there(each / name):
            return each / name
    sentence = "load_no_graph" if key == GRAPH else "load_no_table"
    beside = (
        [file.name for end in ("*.csv", "*.graphml") for file in sorted(folder.glob(end))] if folder.is_dir() else []
    )
    text = say(sentence, name=shortened(name)) + near(name, beside)
    raise UserError.at(node.place, f"{NETWORK}.{key}", text)


def _cells(file: Path) -> Iterator[tuple[Place, dict[str, Scalar]]]:
    """The cells that say something, by column, of every line of a table."""
    name = shown(file)
    header, lines = table_in(file, name)
    for number, fields in lines:
        column, found = 1, {}
        for key, text in zip(header, fields, strict=True):
            if text.strip():
                found[key.strip()] = value_of(key.strip(), text.strip(), Place(name, number, column))
            column += len(text) + 1
        yield Place(name, number, 1), found


def _rows(file: Path) -> Iterator[tuple[str, Map]]:
    """Facilities by the name in the first column."""
    seen: dict[str, Place] = {}
    first = table_in(file, shown(file))[0][0].strip()
    for at, cells in _cells(file):
        name = str(cells.pop(first).text) if first in cells else ""
        if not name:
            raise UserError.at(at, first, say("load_table_unnamed"))
        if name in seen:
            raise UserError.at(at, name, say("yaml_twice", line=seen[name].line))
        seen[name] = at
        yield name, block(at, cells)


def _lines(file: Path) -> Iterator[Map]:
    for at, cells in _cells(file):
        yield block(at, cells)
