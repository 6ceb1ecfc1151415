"""Names in a file of an author, each checked where it was written: its alphabet, its twins, and how many there are."""

from collections.abc import Callable, Iterator

from simulator.core.errors import UserError, UserErrors
from simulator.core.messages import say
from simulator.core.naming import mistakable, name
from simulator.scenario.language.merge import NAMED, Path, removes, rooted
from simulator.scenario.language.strict_yaml import Map

MANY = 2_000
"""Names that a block may have."""
MOST = {("reforms",): 100, ("overrides",): 100, ("network", "facilities"): 20_000}
"""Where that is another number; every reform is an arm, whose rules are worked out at every date."""


def check_named(tree: Map) -> None:
    """Raise UserErrors for every name of a scenario that cannot be one, at its place."""
    refuse(misnamed(tree, lambda path: rooted(path) in NAMED, MOST))


def refuse(errors: Iterator[UserError]) -> None:
    """Raise UserErrors where there are any."""
    if found := list(errors):
        raise UserErrors(found)


def misnamed(
    block: Map, holds_names: Callable[[Path], bool], most: dict[Path, int], path: Path = ()
) -> Iterator[UserError]:
    """Every name below ``block``, which stands at ``path``, that cannot be one.

    ``holds_names`` says of the path of a block whether its keys are names, ``most`` how many it may have, by the path
    that it speaks of.
    """
    if holds_names(path):
        yield from _wrong(block, path, most.get(rooted(path), MANY))
    for key, node in block.items.items():
        if isinstance(node, Map):
            yield from misnamed(node, holds_names, most, (*path, key))


def _wrong(block: Map, path: Path, most: int) -> Iterator[UserError]:
    if len(block.items) > most:
        at = block.keys[list(block.items)[most]]
        yield UserError.at(at, ".".join(path), say("name_many", count=len(block.items), most=most))
        return
    for key, at in block.keys.items():
        try:
            name(key)
        except ValueError as why:
            yield UserError.at(at, ".".join(path), str(why))
    for key, other in mistakable(block.keys):
        words = {"text": key, "other": other, "line": block.keys[other].line}
        yield UserError.at(block.keys[key], ".".join(path), say("name_twin", **words))


def called(block: Map, wanted: Path, path: Path = ()) -> Iterator[str]:
    """Every name that a block at a path that speaks of ``wanted`` gives, in whatever arm and at whatever date."""
    if rooted(path) == wanted:
        yield from (key for key, node in block.items.items() if not removes(node))
        return
    for key, node in block.items.items():
        if isinstance(node, Map):
            yield from called(node, wanted, (*path, key))
