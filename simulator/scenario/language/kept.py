"""What was made of files, kept as long as all of them say the same.

Many files extend one parent, and a book reads one place for many problems: what follows from files alone is made once.
It is kept with every text that was read for it and every file that was looked for, and these are looked at again before
it is used: texts, not times, since a clock may stand still.
"""

from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

MOST = 64
"""Things that are kept; the one that was not asked for the longest goes."""

type Look = Callable[[Path], object]
type Seen = tuple[Look, Path, object]
"""How a path was looked at, which, and what was seen there."""

_seen: ContextVar[tuple[list[Seen], ...]] = ContextVar("seen", default=())
"""What was seen so far, for each thing that is being made."""


def note[T](look: Callable[[Path], T], path: Path, found: T) -> T:
    """``found``, which was seen when a path was looked at, noted for whatever is being made."""
    for seen in _seen.get():
        seen.append((look, path, found))
    return found


@contextmanager
def _noting() -> Generator[list[Seen]]:
    seen: list[Seen] = []
    token = _seen.set((*_seen.get(), seen))
    try:
        yield seen
    finally:
        _seen.reset(token)


class Kept[T]:
    """Things made of files, by a key that holds all else that they follow from; nobody changes them."""

    def __init__(self) -> None:
        self._made: OrderedDict[object, tuple[list[Seen], T]] = OrderedDict()

    def get(self, key: object, make: Callable[[], T]) -> T:
        """What was made under ``key``, made now where it was not or where a file says something else."""
        seen, made = self._made.pop(key, ([], None))
        if made is None or not all(_same(*each) for each in seen):
            with _noting() as seen:
                made = make()
            seen = list(dict.fromkeys(seen))
        else:
            for each in seen:
                note(*each)
        self._made[key] = seen, made
        while len(self._made) > MOST:
            self._made.popitem(last=False)
        return made


def _same(look: Look, path: Path, found: object) -> bool:
    try:
        return look(path) == found
    except (OSError, ValueError):
        return False
