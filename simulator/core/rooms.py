"""Rooms: a folder in which every file is one rule, form or kind, registered by the name of its file."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType


def rooms(folder: str) -> dict[str, ModuleType]:
    """The files of ``folder``, a dotted package name, by their names, in alphabetical order.

    >>> "deductible" in rooms("simulator.benefit.rules")
    True
    """
    return dict(_rooms(folder, tuple(importlib.import_module(folder).__path__)))


@cache
def _rooms(folder: str, path: tuple[str, ...]) -> dict[str, ModuleType]:
    """The same for a package whose files lie in ``path``, looked through once: it is asked for with every rule that is
    read."""
    names = sorted(m.name for m in pkgutil.iter_modules(path))
    return {name: importlib.import_module(f"{folder}.{name}") for name in names}


def models[T](folder: str, base: type[T]) -> dict[str, type[T]]:
    """The class of each room that is a ``base``, by the name of its file; a file holds one."""
    return {
        name: next(
            each
            for each in vars(room).values()
            if isinstance(each, type) and issubclass(each, base) and each.__module__ == room.__name__
        )
        for name, room in rooms(folder).items()
    }
