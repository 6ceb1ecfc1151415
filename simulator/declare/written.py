"""Passes that count: source over the rows of one table, written out from declarations.

A loop over declarations inside a loop over rows is nothing that machine code knows, so it is spelled as code. Every
condition is asked once for all that is counted under it; the code reads as if it had been written by hand.
"""

from collections.abc import Sequence
from typing import Any

from simulator.core.jit import written_out
from simulator.declare.counts import Count, Counts
from simulator.declare.expressions import At, Called, Code, Given, OfRow, Rows, Tables, Word, column_of, rows_of, word

type Tree = dict[str, Any]
"""What is done, by condition; under the empty one, lines."""


def pass_over(name: str, title: str, sums: Sequence[Counts], tables: Tables, given: dict[str, str]) -> tuple[str, dict]:
    """Source of the pass ``name`` over rows of the table ``title``, and the functions that it calls.

    It takes the rows, the first and last of them, other tables (families, persons), what is in force, and the sums.
    ``given`` says where the pass finds other names: in force, or among its parameters.

    Raises:
        AttributeError, ValueError: a declaration names a column or a code that there is not.
    """
    counts = [(count, each) for each in sums for count in each.counts if count.table == title]
    words = [w for count, _ in counts for top in count.words for w in top.walk()]
    for each in words:
        _check(each, tables)
    tree, bound = _tree(counts, tables)
    (root,) = (rows for rows in rows_of(iter(words)) if rows.row is None)
    lines = [
        f"def {name}({title}, low, high, families, persons, force, sums):",
        *(f"    {each.name} = sums.{each.name}" for each in sums if any(one is each for _, one in counts)),
        *(f"    {local} = {source}" for local, source in given.items() if _names(words, local)),
        "    for r in range(low, high):",
        f"        {root.letter} = {title}[r]",
        *_columns(root, words, tables),
        *(f"        {local} = {each}[{place}]" for (each, place), local in bound.items()),
        *_lines(tree, 8),
    ]
    return "\n".join(lines) + "\n", {w.name: w.function for w in words if isinstance(w, Called)}


def compiled_pass(name: str, title: str, sums: Sequence[Counts], tables: Tables, given: dict[str, str], whose: dict):
    """The pass itself; ``whose`` are the globals of the module that it belongs to."""
    text, functions = pass_over(name, title, sums, tables, given)
    return written_out(name, text, functions, whose["__name__"], whose["__file__"])


def _check(each: Word, tables: Tables) -> None:
    if isinstance(each, OfRow):
        column_of(tables, each.rows.title, each.name)
    if isinstance(each, At):
        column_of(tables, each.title, each.name)
    if isinstance(each, Code):
        each.number(tables)


def _names(words: list[Word], local: str) -> bool:
    """Whether any word reads ``local``, a table or something given."""
    return any(getattr(w, "name", "") == local if isinstance(w, Given) else isinstance(w, At) and w.title == local
               for w in words)  # fmt: skip


def _columns(root: Rows, words: list[Word], tables: Tables) -> list[str]:
    """Lines that read the columns of a row, and those of the rows it points to."""
    columns: dict[Rows, set[str]] = {}
    for w in words:
        if isinstance(w, OfRow):
            columns.setdefault(w.rows, set()).add(w.name)
        if isinstance(w, Called):
            for rows in w.wholes:
                columns.setdefault(rows, set())
    lines = [f"        {root.letter}_{name} = {root.letter}.{name}" for name in sorted(columns.pop(root))]
    for rows, names in columns.items():
        assert rows.row is not None
        lines.append(f"        {rows.letter} = {rows.title}[{rows.row.code(tables)}]")
        lines += [f"        {rows.letter}_{name} = {rows.letter}.{name}" for name in sorted(names)]
    return lines


def _tree(counts: list[tuple[Count, Counts]], tables: Tables) -> tuple[Tree, dict[tuple[str, str], str]]:
    """Counts under their conditions; and the rows of sums that are found once for each row, by their place."""
    tree: Tree = {}
    bound: dict[tuple[str, str], str] = {}
    for count, sums in counts:
        conditions = [each.code(tables) for each in (() if count.when is None else count.when.conditions)]
        place = ", ".join(each.code(tables) for each in count.places)
        if sums.somewhere:
            left = bound.setdefault((sums.name, place), f"{sums.name}_{len(bound)}") + "[{}]"
        else:
            # a plain column may be asked first, and once for all that is counted there
            conditions.insert(0 if place.isidentifier() else len(conditions), f"({place} >= 0)")
            left = f"{sums.name}[{place}, {{}}]"
        node = tree
        for each in dict.fromkeys(conditions):
            node = node.setdefault(each, {})
        adds = word(count.adds)
        size = column_of(tables, adds.rows.title, adds.name).size if isinstance(adds, OfRow) else 1
        lines = node.setdefault("", [])
        if size == 1:
            lines.append(f"{left.format(sums[count.name])} += {adds.code(tables)}")
        else:
            lines += [line for k in range(size) for line in _part(left.format(k), f"{adds.code(tables)}[{k}]")]
    return tree, bound


def _part(left: str, value: str) -> list[str]:
    """Lines for one of the values of a column that holds several, most of them zero."""
    return [f"if {value} != 0:", f"    {left} += {value}"]


def _lines(tree: Tree, depth: int) -> list[str]:
    lines: list[str] = []
    for condition, inside in tree.items():
        if condition == "":
            lines += [" " * depth + line for line in inside]
        else:
            lines += [" " * depth + f"if {condition}:", *_lines(inside, depth + 4)]
    return lines
