"""CSV tables beside a scenario: `illness: {case_groups: {table: evidence/case_groups.csv}}`."""

from pathlib import Path

from simulator.core.errors import Place, UserError
from simulator.core.messages import say
from simulator.core.naming import shortened
from simulator.scenario.language.merge import merge, text_of
from simulator.scenario.language.network_files import without_network_name
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import Map, Scalar
from simulator.scenario.language.text_files import table_in, there

PATH = ("illness", "case_groups")
"""The block that may name a table."""


def with_rows(tree: Map, folder: Path) -> Map:
    """``tree`` with the rows of the table that it names, looked up in ``folder`` and among the packaged scenarios.

    What is written beside `table` comes after it and may change single rows.
    """
    name = named(tree)
    return tree if name is None else with_rows_of(tree, found(name, folder))


def with_rows_of(tree: Map, file: Path | None) -> Map:
    """``tree``, which names a table, with the rows of that file. Raises UserError where there is none."""
    groups = _groups(tree)
    assert groups
    node = groups.items["table"]
    if file is None:
        raise UserError.at(
            node.place, ".".join((*PATH, "table")), say("load_no_table", name=shortened(text_of(node) or ""))
        )
    rows = Map(groups.place)
    rows.put("table", node, groups.keys["table"])
    return _replaced(tree, merge(merge(rows, _read(file, Map(node.place))), groups, PATH))


def found(name: str, folder: Path) -> Path | None:
    """The table of that name in ``folder`` or among the packaged scenarios."""
    return next((f / name for f in (folder, scenarios_folder()) if name and there(f / name)), None)


def named(tree: Map) -> str | None:
    """The name of the table that ``tree`` names, if any."""
    groups = _groups(tree)
    return None if groups is None else text_of(groups.items["table"]) or ""


def without_name(tree: Map) -> Map:
    """``tree`` without the names of files whose rows it holds, so that a resolved scenario stands on its own."""
    tree = without_network_name(tree)
    groups = _groups(tree)
    if groups is None:
        return tree
    rows = {name: row for name, row in groups.items.items() if name != "table"}
    return _replaced(tree, Map(groups.place, rows, groups.keys))


def _groups(tree: Map) -> Map | None:
    """The block of case groups, if it names a table."""
    illness = tree.items.get(PATH[0])
    groups = illness.items.get(PATH[1]) if isinstance(illness, Map) else None
    return groups if isinstance(groups, Map) and "table" in groups.items else None


def _replaced(tree: Map, groups: Map) -> Map:
    illness = tree.items[PATH[0]]
    assert isinstance(illness, Map)
    illness = Map(illness.place, {**illness.items, PATH[1]: groups}, illness.keys)
    return Map(tree.place, {**tree.items, PATH[0]: illness}, tree.keys)


def _read(file: Path, rows: Map) -> Map:
    """A table as blocks by the name in its first column. Lines that begin with # are comments."""
    name = shown(file)
    header, lines = table_in(file, name)
    for number, fields in lines:
        at = Place(name, number, 1)
        if fields[0] in rows.items:
            raise UserError.at(at, fields[0], say("yaml_twice", line=rows.keys[fields[0]].line))
        row = Map(at)
        column = 1
        for key, text in zip(header, fields, strict=True):
            if key != header[0]:
                row.put(key, Scalar(text.strip(), Place(name, number, column)), Place(name, number, column))
            column += len(text) + 1
        rows.put(fields[0], row, at)
    return rows
