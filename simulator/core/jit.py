"""The only place that imports numba: how rules become machine code, and where that code is kept.

``TIERCARE_JIT=0`` runs every rule as plain Python (slow; for debuggers and for the test that both agree).
``TIERCARE_NRT=1`` compiles with reference counting, the fallback should a numba release drop the leaner mode.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

COMPILED = os.environ.get("TIERCARE_JIT", "1") != "0"
COUNTED = os.environ.get("TIERCARE_NRT", "0") == "1"
PACKAGE = Path(__file__).resolve().parents[1]
KEPT = 5
"""Versions of a file's compiled code that stay, the most recently used ones: those between which somebody goes back and
forth."""
_IMPORT = re.compile(r"^\s*(?:from (simulator[\w.]*) import (\([^)]*\)|.*)|import (simulator[\w.]*))", re.MULTILINE)
_ROOMS = "simulator.core.rooms"


def source_hash(root: Path = PACKAGE) -> str:
    """Hash of every source file below ``root``: what a result was made with."""
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def imports(module: str, root: Path = PACKAGE) -> tuple[Path, frozenset[str]]:
    """The file of a module of this package, and the modules of the package that its text imports, wherever in it. A
    file that loads rooms reaches every file of the folders beside it."""
    base = root.parent.joinpath(*module.split("."))
    file = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    found: set[str] = set()
    for source, names, plain in _IMPORT.findall(file.read_text(encoding="utf-8")):
        found.add(source or plain)
        for name in re.findall(r"(\w+)(?:\s+as\s+\w+)?", re.sub(r"#.*", "", names)):
            inner = root.parent.joinpath(*source.split("."), name)
            if inner.is_dir() or inner.with_suffix(".py").is_file():
                found.add(f"{source}.{name}")
    if _ROOMS in found:
        inside = (f.relative_to(root.parent).with_suffix("") for f in file.parent.rglob("*/*.py"))
        found |= {".".join(f.parts) for f in inside if f.name != "__init__"}
    return file, frozenset(found)


def reach(module: str, root: Path = PACKAGE) -> list[Path]:
    """Files of this package whose text can change what ``module`` compiles to: its own and all that it imports, however
    far away."""
    files: dict[str, Path] = {}
    left = {module}
    while left:
        name = left.pop()
        files[name], more = imports(name, root)
        left |= more - files.keys()
    return sorted(files.values())


def code_hash(module: str, root: Path = PACKAGE) -> str:
    """Hash of all that reaches the compiled code of a module: changed code never meets machine code of its old text,
    and an edit of a file that no kernel imports compiles nothing anew."""
    digest = hashlib.sha256()
    for file in reach(module, root):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cache_folder(module: str) -> Path:
    """Writable folder for the compiled code of a module, named after all that reaches it and the mode.

    The user's cache folder where it can be written, else the temporary folder. ``TIERCARE_CACHE`` overrides it. Of the
    versions beside it only the `KEPT` most recently used ones stay.
    """
    name = code_hash(module) + ("-counted" if COUNTED else "")  # numba's own index does not tell the modes apart
    for base in _bases():
        folder = base / module / name
        try:
            if not folder.is_dir():
                folder.mkdir(parents=True)
                _prune(folder)
            os.utime(folder)
            return folder
        except OSError:
            continue
    return _last_resort() / module / name


def _bases() -> list[Path]:
    """Where compiled code may lie, in the order of trying."""
    wanted = os.environ.get("TIERCARE_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    user = Path(tempfile.gettempdir()) / f"tiercare-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    return [Path(wanted).expanduser() / "tiercare", user]


@cache
def _last_resort() -> Path:
    return Path(tempfile.mkdtemp(prefix="tiercare-"))


def _prune(used: Path) -> None:
    """Remove all but the most recently used folders beside ``used``. Who still uses one of those compiles anew."""
    others = sorted((f for f in used.parent.iterdir() if f != used), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    for old in others[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


if COMPILED:
    import numba
    from numba.core import config as _config

    _folder = cache(cache_folder)
    # forceinline: kernels call small rules thousands of times a family; a call costs more than what most of them do.
    # no_cfunc_wrapper: nobody calls them from C, and each such entry takes a sixth of the time to compile a small rule.
    _MODE = {
        "cache": True, "nogil": True, "error_model": "numpy", "forceinline": True, "no_cfunc_wrapper": True,
        "_nrt": COUNTED,
    }  # fmt: skip

    def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
        """Compile a behavioural rule or a pass over rows; the same source runs uncompiled with the same bits."""
        _config.CACHE_DIR = str(_folder(function.__module__))
        return _for_any_number(numba.njit(**_MODE)(function))

    def _for_any_number(rule: Any) -> Any:
        """The rule, compiled once for all numbers that callers write out: each would have its own version otherwise,
        though inlining puts the number in anyway."""
        called = rule.get_call_template

        def called_by_type(args: tuple, kws: dict[str, Any]) -> Any:
            plain = {name: numba.types.unliteral(kind) for name, kind in kws.items()}
            return called(tuple(numba.types.unliteral(kind) for kind in args), plain)

        rule.get_call_template = called_by_type
        return rule

else:

    def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
        """Leave the rule as plain Python."""
        return function


def written_out(name: str, text: str, names: Mapping[str, Any], module: str, file: str) -> Callable:
    """The compiled function ``name`` that the source ``text`` defines, in which ``names`` are known.

    For what is put together at import from the files of a folder: machine code has no loop over functions and cannot
    call one that it does not know, so such a loop is spelled as code. ``module`` and ``file`` are whose it is.
    """
    space: dict[str, Any] = {"__name__": module, **names}
    exec(compile(text, file, "exec"), space)
    return compiled(space[name])
