"""Bringing a scenario file to the current version of the language, by splicing its text: whatever no migration speaks
of, comments included, stays as it was typed.

A migration is a line of `MIGRATIONS`: the version that it starts from and the edits that lead to the next one. An edit
finds its places in the tree of the file and replaces the text there; nothing is ever dumped anew.
"""

import difflib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from simulator.core.errors import Place, UserError
from simulator.core.messages import say
from simulator.scenario.merge import rooted, text_of
from simulator.scenario.places import shown
from simulator.scenario.schema import FORMAT
from simulator.scenario.strict_yaml import Map, Node, Seq, read


class Splice(NamedTuple):
    """Replace ``old``, which stands at a place, by ``new``."""

    place: Place
    old: str
    new: str


type Edit = Callable[[str, Map], Iterator[Splice]]
"""Finds what to splice in a text and its tree."""


def key(path: str, new: str) -> Edit:
    """Call a key otherwise. ``path`` is that of a plain scenario, with `*` for any name; the key is meant in overrides
    and dated changes too. Of a key with dots only that part is replaced."""
    wanted = tuple(path.split("."))

    def find(text: str, tree: Map) -> Iterator[Splice]:
        for where, place, _ in _keys(tree):
            plain = rooted(where)
            if len(plain) == len(wanted) and all(w in ("*", p) for w, p in zip(wanted, plain, strict=True)):
                yield Splice(_part(text, place, where[-1]), where[-1], new)

    return find


def moved_budgets(text: str, tree: Map) -> Iterator[Splice]:
    """Budgets lie above the tariffs: a block of `payment` with `rule: global_budget` is a settlement.

    Where the budget is all that a `payment` says, the key is renamed. Where it stands last and on lines of its own, a
    `settlements:` line goes in front of it. Anything else cannot be spliced and is left to the user.
    """
    blocks = [(where, node) for where, _, node in _keys(tree) if rooted(where) == ("baseline", "payment")]
    payments = [(where, node) for where, node in blocks if isinstance(node, Map)]
    called = {name for _, node in payments for name, block in node.items.items() if _is_budget(block)}
    for where, node in payments:
        names = list(node.items)
        budgets = [name for name in names if name in called]
        if not budgets:
            continue
        parent = _at(tree, where[:-1])
        assert isinstance(parent, Map)
        at, first = parent.keys["payment"], node.keys[budgets[0]]
        taken = next((parent.keys[k] for k in ("settlements", "incentives") if k in parent.items), None)
        if taken is not None or names[-len(budgets) :] != budgets:
            raise UserError.at(first, ".".join((*where, budgets[0])), say("migrate_by_hand"))
        if budgets == names:
            yield Splice(_part(text, at, "payment"), "payment", "settlements")
        elif _line(text, first)[: (first.column or 1) - 1].strip() or at.line == first.line:
            raise UserError.at(first, ".".join((*where, budgets[0])), say("migrate_by_hand"))
        else:
            line = Place(first.file, first.line, 1)
            end = "\r\n" if "\r\n" in text else "\n"
            yield Splice(line, "", " " * ((at.column or 1) - 1) + f"settlements:{end}")
        for name in budgets:
            yield from _without_takes_from(text, node.items[name])


def _is_budget(node: Node) -> bool:
    return isinstance(node, Map) and text_of(node.items.get("rule")) == "global_budget"


def _without_takes_from(text: str, block: Node) -> Iterator[Splice]:
    """A settlement takes no bills from anybody."""
    if not isinstance(block, Map) or "takes_from" not in block.items:
        return
    at = block.keys["takes_from"]
    line, column = _line(text, at), (at.column or 1) - 1
    own = re.fullmatch(r" *takes_from: *(\[[^\]]*\]|[^#\n]*?) *(#.*)?\r?\n?", line)
    inside = re.match(r"takes_from: *(\[[^\]]*\]|[^,}]*), *", line[column:])
    if own:
        yield Splice(Place(at.file, at.line, 1), line, "")
    elif inside:
        yield Splice(at, inside[0], "")
    else:
        raise UserError.at(at, "takes_from", say("migrate_by_hand"))


MIGRATIONS: dict[int, tuple[Edit, ...]] = {
    # The draft that went round before the first release.
    0: (
        moved_budgets,
        key("baseline.incentives", "settlements"),
        key("network.villages_per_township", "villages"),
        key("network.stations_per_centre", "stations"),
        key("baseline.payment.*.tier_factor", "tier_coefficient"),
        key("baseline.incentives.*.bonus_from_margin", "pass_through"),
    ),
}
"""Version -> what leads to the next one."""


def migrated(text: str, file: str) -> str:
    """The text of a scenario in the current version of the language; unchanged if it is that already.

    Raises UserError for a version that is not known and for what cannot be spliced.
    """
    version = _version(text, file)
    while version < int(FORMAT):
        tree = _read(text, file)
        splices = [splice for edit in MIGRATIONS[version] for splice in edit(text, tree)]
        node = tree.items["format"]
        splices.append(Splice(_part(text, node.place, str(version)), str(version), str(version + 1)))
        text = spliced(text, splices)
        version += 1
    _read(text, file)
    return text


def spliced(text: str, splices: list[Splice]) -> str:
    """``text`` with every splice made. Raises ValueError where the old text is not what stands there."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for place, old, new in sorted(set(splices), key=lambda s: (s.place.line or 0, s.place.column or 0), reverse=True):
        at = starts[(place.line or 1) - 1] + (place.column or 1) - 1
        if text[at : at + len(old)] != old:
            raise ValueError(f"{place}: {old!r} does not stand here")
        text = text[:at] + new + text[at + len(old) :]
    return text


def difference(old: str, new: str, file: str) -> str:
    """A unified diff; empty where nothing changes."""
    lines = (text.splitlines(keepends=True) for text in (old, new))
    diff = difflib.unified_diff(*lines, fromfile=file, tofile=file)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in diff)


def migrate(path: Path, write: bool = False) -> str:
    """Bring a file to the current version and return what changes, as a diff; the file itself only with ``write``.

    The new text replaces the file at once, or not at all. Raises UserError for a file that cannot be read or migrated.
    """
    file = shown(path)
    try:
        with path.open(encoding="utf-8", newline="") as opened:
            old = opened.read()
    except OSError as e:
        raise UserError(say("load_no_file", path=path)) from e
    except UnicodeDecodeError as e:
        raise UserError(say("yaml_not_utf8"), file) from e
    new = migrated(old, file)
    if write and new != old:
        _replace(path.resolve(), new)
    return difference(old, new, file)


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(name, stat.S_IMODE(path.stat().st_mode))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(text: str, file: str) -> Map:
    tree = read(text, file)
    if not isinstance(tree, Map):
        raise UserError.at(tree.place, "", say("yaml_not_a_block"))
    return tree


def _version(text: str, file: str) -> int:
    tree = _read(text, file)
    if "format" not in tree.items:
        raise UserError.at(tree.place, "format", say("load_format_missing"))
    node = tree.items["format"]
    said = text_of(node) or ""
    if not said.isdecimal() or (int(said) not in MIGRATIONS and said != FORMAT):
        raise UserError.at(node.place, "format", say("load_format", text=said))
    return int(said)


def _keys(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Place, Node]]:
    """Path, place and value of every key."""
    if isinstance(node, Map):
        for name, below in node.items.items():
            yield (*path, name), node.keys[name], below
            yield from _keys(below, (*path, name))
    elif isinstance(node, Seq):
        for below in node.items:
            yield from _keys(below, (*path, ""))


def _at(tree: Map, path: tuple[str, ...]) -> Node:
    node: Node = tree
    for name in path:
        assert isinstance(node, Map)
        node = node.items[name]
    return node


def _line(text: str, place: Place) -> str:
    return text.splitlines(keepends=True)[(place.line or 1) - 1]


def _part(text: str, place: Place, name: str) -> Place:
    """Where the part ``name`` of a key stands, which may be one of several joined by dots, or in quotes."""
    start = (place.column or 1) - 1
    written = re.match(r"""["']?[^:\s]*""", _line(text, place)[start:])
    parts = re.finditer(r"[^.\"'\s]+", written[0] if written else "")
    offset = [m.start() for m in parts if m[0] == name]
    return Place(place.file, place.line, start + (offset[-1] if offset else 0) + 1)
