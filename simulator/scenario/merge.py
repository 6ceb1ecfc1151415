"""Merging: one file, or one change, laid over another; maps merge by name, everything else is replaced."""

from dataclasses import replace
from typing import NamedTuple

from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS
from simulator.scenario.strict_yaml import Map, Node, Scalar, Seq, join, read

NAMED = (
    ("sources",),
    ("illness", "case_groups"),
    ("network", "facilities"),
    ("baseline", "plans"),
    ("baseline", "benefit"),
    ("baseline", "payment"),
    ("baseline", "settlements"),
)
"""Blocks whose keys are names that the author gives."""
KINDS = {
    ("network",): "form",
    ("illness", "case_groups"): "table",
    ("baseline", "plans", "*"): "kind",
    ("baseline", "payment", "*"): "rule",
    ("baseline", "settlements", "*"): "rule",
}
"""The key that says what kind of block this is: when it changes, the old parameters fall away."""
STAYS = ("for", "except", "title")
"""What a block keeps when its kind changes."""
WHOLE = ("for", "except", "title", "description", "findings")
"""Keys replaced whole."""
OWN = ("title", "description", "findings")
"""Sections that speak of one place and are not inherited."""


class Change(NamedTuple):
    """A value that was replaced: the old and the new as written, and both places."""

    path: str
    old: str
    new: str
    old_place: Place
    new_place: Place


def expand(block: Map, path: tuple[str, ...] = ()) -> Map:
    """`primary` and `hospital` as keys of a table become their two tiers, so that a child can change one of them."""
    out = Map(block.place)
    for key, node in block.items.items():
        if path == () and key in ("sources", *OWN):
            out.put(key, node, block.keys[key])
            continue
        node = expand(node, (*path, key)) if isinstance(node, Map) else node
        group = TIER_GROUPS.get(key) if path not in NAMED else None
        for name in group or (key,):
            join(out, name, node, block.keys[key], ".".join(path), said=_said(block, name))
    return out


def _said(block: Map, tier: str) -> tuple[str, str] | None:
    """The tier group in this block that stands for ``tier``, and the tier."""
    return next(((g, tier) for g, tiers in TIER_GROUPS.items() if tier in tiers and g in block.items), None)


def merge(base: Map, patch: Map, path: tuple[str, ...] = (), log: list[Change] | None = None) -> Map:
    """``patch`` laid over ``base``; what was replaced is added to ``log``. Neither is changed."""
    out = Map(base.place if base.items else patch.place, dict(base.items), dict(base.keys))
    pattern = path if path in KINDS else (*path[:-1], "*")
    word = KINDS.get(pattern)
    if word in patch.items and word in out.items and text_of(patch.items[word]) != text_of(out.items[word]):
        for key in [k for k in out.items if k not in STAYS]:
            del out.items[key], out.keys[key]
    for key, node in patch.items.items():
        here, at, old = (*path, key), patch.keys[key], out.items.get(key)
        if isinstance(node, Scalar) and node.text == "remove":
            if old is None:
                text = say("merge_nothing_to_remove", name=key) + near(key, out.items)
                raise UserError.at(node.place, ".".join(here), text)
            del out.items[key], out.keys[key]
        elif isinstance(node, Map) and key not in WHOLE:
            out.put(key, merge(old if isinstance(old, Map) else Map(node.place), node, here, log), at)
        else:
            if log is not None and old is not None and plain(old) != plain(node):
                log.append(Change(".".join(here), str(plain(old)), str(plain(node)), old.place, node.place))
            out.put(key, node, at)
    return out


def inherited(parent: Map) -> Map:
    """What a child takes from its parent."""
    keys = [key for key in parent.items if key not in OWN]
    return Map(parent.place, {k: parent.items[k] for k in keys}, {k: parent.keys[k] for k in keys})


def change(text: str, option: str = "--set") -> Map:
    """The patch that `path=value` means; the value may be anything that could stand in a file, `remove` too."""
    path, equals, value = text.partition("=")
    parts = path.strip().split(".")
    at = Place(f"{option} {text}")
    if not equals or not all(parts) or not value.strip():
        raise UserError(say("change_form", text=text), option)
    try:
        node: Node = _placed(read(value.strip(), at.file), at)
    except UserError as e:
        raise UserError.at(at, path.strip(), e.message) from None
    for part in reversed(parts[1:]):
        below = Map(at)
        below.put(part, node, at)
        node = below
    patch = Map(at)
    patch.put(parts[0], node, at)
    return patch


def check_names(tree: Map, patch: Map, path: tuple[str, ...] = ()) -> None:
    """Refuse a change inside a named block that is not there: a misspelt name would make a new one."""
    for key, node in patch.items.items():
        below = tree.items.get(key)
        if below is None and path in NAMED and path != ("sources",) and isinstance(node, Map) and len(node.items) == 1:
            text = say("change_no_such_name", name=key) + near(key, tree.items)
            raise UserError.at(patch.keys[key], ".".join((*path, key)), text)
        if isinstance(node, Map) and isinstance(below, Map):
            check_names(below, node, (*path, key))


def _placed(node: Node, at: Place) -> Node:
    if isinstance(node, Map):
        return Map(at, {k: _placed(n, at) for k, n in node.items.items()}, dict.fromkeys(node.keys, at))
    if isinstance(node, Seq):
        return Seq(at, [_placed(n, at) for n in node.items])
    return replace(node, place=at)


def text_of(node: Node | None) -> str | None:
    """The text of a scalar."""
    return str(node.text) if isinstance(node, Scalar) else None


def plain(node: Node) -> dict | list | str | bool:
    """A tree without its places: dicts and lists of texts."""
    if isinstance(node, Map):
        return {key: plain(below) for key, below in node.items.items()}
    if isinstance(node, Seq):
        return [plain(below) for below in node.items]
    return node.text
