"""Modules that a library imports but whose content is rarely looked at: loaded when somebody looks."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_loader
from threading import RLock
from types import ModuleType
from typing import Any

_LOADING = RLock()


class _Later(ModuleType):
    """A module whose code runs when the first of its names is asked for; from then on it is like any other.

    The loader of the standard library for this (`importlib.util.LazyLoader`) already loads when somebody asks for the
    file of a module, as `inspect` does with all modules that there are.
    """

    def __getattr__(self, name: str) -> Any:
        with _LOADING:
            spec: Any = self.__spec__
            if isinstance(spec.loader, _Loader):
                waiting, spec.loader = spec.loader, spec.loader.code
                try:
                    spec.loader.exec_module(self)
                except BaseException:
                    spec.loader = waiting
                    raise
                setattr(self, "__class__", ModuleType)  # noqa: B010 (ty knows no module that changes its class)
            elif type(self) is _Later:  # its own code asks, which has not come that far
                raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} yet")
        return getattr(self, name)


class _Loader(Loader):
    """Makes the module and leaves its code for later; ``code`` runs it."""

    def __init__(self, code: Loader):
        self.code = code

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.code.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, "__class__", _Later)  # noqa: B010


class _Loaded(Loader):
    """Hands over a module that is there."""

    def __init__(self, module: ModuleType):
        self.module, self.spec = module, module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec


class _Finder(MetaPathFinder):
    """Finds the modules that can wait, and loads one before what is below it."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        parent = sys.modules.get(fullname.rpartition(".")[0])
        if type(parent) is _Later and isinstance(getattr(parent.__spec__, "loader", None), _Loader):
            getattr(parent, "__all__", None)
            if fullname in sys.modules:  # it needed that one: its code must not run a second time
                module = sys.modules[fullname]
                module.__spec__ = spec_from_loader(fullname, _Loaded(module))  # importlib asks the module for it
                return module.__spec__
        if fullname not in self.names:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None and found.loader is not None:
            found.loader = _Loader(found.loader)
        return found


_FINDER = _Finder()


@contextmanager
def later(*names: str) -> Generator[None]:
    """While this lasts, imports of these modules wait until somebody looks into them; those already there stay as they
    are."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    _FINDER.names = names
    try:
        yield
    finally:
        _FINDER.names = ()
