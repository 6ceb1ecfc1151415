"""Merging: one file, or one change, laid over another; maps merge by name, everything else is replaced."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple, overload

from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS
from simulator.core.naming import normal
from simulator.scenario.language.strict_yaml import Map, Node, Scalar, Seq, join, read

NAMED = (
    ("sources",),
    ("reforms",),
    ("overrides",),
    ("illness", "case_groups"),
    ("network", "facilities"),
    ("network", "titles", "facilities"),
    ("network", "titles", "areas"),
    ("baseline", "plans"),
    ("baseline", "benefit"),
    ("baseline", "adjustments"),
    ("baseline", "payment"),
    ("baseline", "settlements"),
    ("baseline", "alliances"),
)
"""Blocks whose keys are names that the author gives, as `rooted` paths."""
KINDS = {
    ("behaviour",): "set",
    ("network",): "form",
    ("illness", "case_groups"): "table",
    ("network", "facilities"): "table",
    ("baseline", "plans", "*"): "kind",
    ("baseline", "payment", "*"): "rule",
    ("baseline", "settlements", "*"): "rule",
}
"""The key that says what kind of block this is: when it changes, the old parameters fall away."""
STAYS = ("for", "except", "takes_from", "title")
"""What a block keeps when its kind changes."""
WHOLE = ("for", "except", "members", "scaled_by", "title", "description", "claims", "findings", "answer")
"""Keys replaced whole."""
OWN = ("programme", "title", "description", "claims", "findings", "answer")
"""Sections that speak of one place and are not inherited."""

type Path = tuple[str, ...]


class Change(NamedTuple):
    """A value that was replaced, and what replaced it, as they were written."""

    path: str
    before: Node
    after: Node

    @property
    def old(self) -> str:
        """The value replaced."""
        return str(plain(self.before))

    @property
    def new(self) -> str:
        """The value in its place."""
        return str(plain(self.after))

    @property
    def old_place(self) -> Place:
        """Where the value replaced was written."""
        return self.before.place

    @property
    def new_place(self) -> Place:
        """Where the value in its place was written."""
        return self.after.place


def rooted(path: Path) -> Path:
    """The path that a place in an override or a dated step speaks of: there, rules are those of the `baseline`.

    >>> rooted(("reforms", "pool", "timeline", "2018-01", "payment", "beds"))
    ('baseline', 'payment', 'beds')
    """
    match path:
        case ("overrides", _, *rest) if rest:
            return rooted(tuple(rest))
        case ("baseline", "timeline", _, *rest) | ("reforms", _, "timeline", _, *rest) | ("reforms", _, "but", *rest):
            return ("baseline", *rest)
    return path


def is_patch(path: Path) -> bool:
    """Whether what stands at ``path`` is laid over something only later, so that `remove` waits until then."""
    return len(path) > 2 and (path[0] == "overrides" or rooted(path) not in (path, ("baseline",)))


OPAQUE = tuple((key,) for key in ("sources", *OWN))
"""Sections whose keys are never tiers."""


def expand(block: Map, path: Path = ()) -> Map:
    """`primary` and `hospital` as keys of a table become their two tiers, so that a child can change one of them; so
    does the word that stands for a set of behavioural parameters become a block."""
    out = Map(block.place)
    for key, node in block.items.items():
        if rooted((*path, key)) in OPAQUE:
            out.put(key, node, block.keys[key])
            continue
        if rooted((*path, key)) == ("behaviour",) and isinstance(node, Scalar):
            out.put(key, Map(node.place, {"set": node}, {"set": node.place}), block.keys[key])
            continue
        node = expand(node, (*path, key)) if isinstance(node, Map) else node
        group = TIER_GROUPS.get(key) if rooted(path) not in NAMED else None
        for name in group or (key,):
            join(out, name, node, block.keys[key], ".".join(path), grouped=_grouped(block, name))
    return out


def _grouped(block: Map, tier: str) -> tuple[str, str] | None:
    """The tier group in this block that stands for ``tier``, and the tier."""
    return next(((g, tier) for g, tiers in TIER_GROUPS.items() if tier in tiers and g in block.items), None)


def merge(base: Map, patch: Map, path: Path = (), log: list[Change] | None = None) -> Map:
    """``patch`` laid over ``base``, both standing at ``path``; neither is changed. ``log`` gets what was replaced.

    Raises UserError for something to remove that is not there.
    """
    out = Map(base.place, dict(base.items), dict(base.keys))
    kind = KINDS.get(pattern(path))
    if kind in patch.items and text_of(patch.items[kind]) != text_of(base.items.get(kind)):
        for key in [k for k in out.items if k not in STAYS]:
            del out.items[key], out.keys[key]
    for key, node in patch.items.items():
        here, at, old = (*path, key), patch.keys[key], out.items.get(key)
        if removes(node) and not (old is None and is_patch(here)):
            if old is None:
                text = say("merge_nothing_to_remove", name=key) + near(key, out.items)
                raise UserError.at(node.place, ".".join(here), text)
            if log is not None:
                log.append(Change(".".join(here), old, node))
            del out.items[key], out.keys[key]
        elif isinstance(node, Map) and not is_whole(here):
            out.put(key, merge(old if isinstance(old, Map) else Map(node.place), node, here, log), at)
        else:
            if log is not None and old is not None and plain(old) != plain(node):
                log.append(Change(".".join(here), old, node))
            out.put(key, node, at)
    return out


def pattern(path: Path) -> Path:
    """The rooted path with `*` for the name of a plan, payment or settlement, as in `KINDS`."""
    path = rooted(path)
    return (*path[:2], "*") if len(path) == 3 else path


def removes(node: Node) -> bool:
    """Whether a value takes something away."""
    return isinstance(node, Scalar) and node.text == "remove"


def is_whole(path: Path) -> bool:
    """Whether what stands at ``path`` is replaced whole; a name that the author gave never is."""
    return path[-1] in WHOLE and rooted(path[:-1]) not in NAMED


def leaves(block: Map, root: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every value that a patch sets, and whatever it replaces whole, by its path below ``root``, where it stands."""
    for key, node in block.items.items():
        here = (*root, key)
        if isinstance(node, Map) and not is_whole(here):
            yield from (((key, *path), below) for path, below in leaves(node, here))
        else:
            yield (key,), node


def inherited(parent: Map) -> Map:
    """What a child takes from its parent."""
    return without(parent, *OWN)


def without(block: Map, *gone: str) -> Map:
    """A block without some of its keys."""
    kept = [key for key in block.items if key not in gone]
    return Map(block.place, {k: block.items[k] for k in kept}, {k: block.keys[k] for k in kept})


def change(text: str, option: str = "--set") -> Map:
    """The patch that `path=value` means; the value may be anything that could stand in a file, `remove` too."""
    path, equals, value = normal(text).partition("=")
    parts = path.strip().split(".")
    at = Place(f"{option} {text}")
    if not equals or not all(parts) or not value.strip():
        raise UserError(say("change_form", text=text), option)
    try:
        node: Node = _placed(read(value.strip(), at.file, path=path.strip()), at)
    except UserError as e:
        raise UserError.at(at, path.strip(), e.message) from None
    for part in reversed(parts[1:]):
        below = Map(at)
        below.put(part, node, at)
        node = below
    patch = Map(at)
    patch.put(parts[0], node, at)
    return patch


def check_names(tree: Map, patch: Map, path: Path = ()) -> None:
    """Refuse a change inside a named block that is not there: a misspelt name would make a new one."""
    for key, node in patch.items.items():
        below = tree.items.get(key)
        named = rooted(path) in NAMED and path != ("sources",) and path[2:3] != ("but",)
        if below is None and named and isinstance(node, Map) and len(node.items) == 1:
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


@overload
def plain(node: Map) -> dict[str, Any]: ...
@overload
def plain(node: Node) -> dict[str, Any] | list[Any] | str | bool: ...
def plain(node: Node) -> Any:
    """A tree without its places: dicts and lists of texts."""
    if isinstance(node, Map):
        return {key: plain(below) for key, below in node.items.items()}
    if isinstance(node, Seq):
        return [plain(below) for below in node.items]
    return node.text


def _way(tree: Map, path: str) -> Iterator[tuple[Node, Place]]:
    """What stands along a dotted path, as far as it was written, and where each key stands."""
    node: Node = tree
    yield node, node.place
    for key in path.split("."):
        if isinstance(node, Map) and key in node.items:
            at, node = node.keys[key], node.items[key]
        elif isinstance(node, Seq) and key.isdecimal() and int(key) < len(node.items):
            node = node.items[int(key)]
            at = node.place
        else:
            return
        yield node, at


def place_at(tree: Map, path: str) -> Place:
    """Where the key at a dotted path stands; for one that was not written, the nearest block above it."""
    *_, (_, at) = _way(tree, path)
    return at


def text_at(tree: Map, path: str) -> str:
    """What is written at a dotted path."""
    *_, (node, _) = _way(tree, path)
    return str(plain(node))
