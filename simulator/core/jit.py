"""What becomes machine code, and where that code is kept; how it does is in `core/kernels.py`.

``TIERCARE_JIT=0`` runs every rule as plain Python (slow; for debuggers and for the test that both agree).
``TIERCARE_NRT=1`` compiles with reference counting, the fallback should a numba release drop the leaner mode.
"""

import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

COMPILED = os.environ.get("TIERCARE_JIT", "1") != "0"
COUNTED = os.environ.get("TIERCARE_NRT", "0") == "1"
PACKAGE = Path(__file__).resolve().parents[1]
KEPT = 5
"""Versions of a file's compiled code that stay, the most recently used ones: those between which somebody goes back and
forth."""
IN_USE = 86_400
"""Seconds since its last start for which a version stays in any case: some process may still be running with it."""
_IMPORT = re.compile(r"^\s*(?:from (simulator[\w.]*) import (\([^)]*\)|.*)|import (simulator[\w.]*))", re.MULTILINE)
_ROOMS = "simulator.core.rooms"


def source_hash(root: Path = PACKAGE) -> str:
    """Hash of every source file below ``root``: what a result was made with."""
    return _hash(sorted(root.rglob("*.py")), root)


def _hash(files: list[Path], root: Path) -> str:
    """Hash of the names and texts of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(_named_text(file, root))
    return digest.hexdigest()[:16]


def _named_text(file: Path, root: Path) -> bytes:
    return os.path.relpath(file, root).encode() + b"\0" + file.read_bytes() + b"\0"


def imports(module: str, root: Path = PACKAGE) -> tuple[Path, frozenset[str]]:
    """The file of a module, of this package or of somebody who extends it, and the modules of the package that its text
    imports, wherever in it. A file that loads rooms reaches every file of the folders beside it."""
    base = root.parent.joinpath(*module.split("."))
    file = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    if module.partition(".")[0] != root.name:
        file = Path(sys.modules[module].__file__ or file)
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


class Sources:
    """The files of a package as they were when first looked at; each is read once."""

    def __init__(self, root: Path = PACKAGE):
        self.root = root
        self._imports: dict[str, tuple[Path, frozenset[str]]] = {}
        self._texts: dict[Path, bytes] = {}

    def reach(self, module: str) -> list[Path]:
        """Files of this package whose text can change what ``module`` compiles to: its own and all that it imports,
        however far away."""
        files: dict[str, Path] = {}
        left = {module}
        while left:
            name = left.pop()
            if name not in self._imports:
                self._imports[name] = imports(name, self.root)
            files[name], more = self._imports[name]
            left |= more - files.keys()
        return sorted(files.values())

    def code_hash(self, module: str) -> str:
        """Hash of all that reaches the compiled code of a module: changed code never meets machine code of its old
        text, and an edit of a file that no kernel imports compiles nothing anew."""
        if module.partition(".")[0] != self.root.name and not getattr(sys.modules.get(module), "__file__", None):
            return source_hash(self.root)  # written at a prompt
        digest = hashlib.sha256()
        for file in self.reach(module):
            if file not in self._texts:
                self._texts[file] = hashlib.sha256(_named_text(file, self.root)).digest()
            digest.update(self._texts[file])
        return digest.hexdigest()[:16]


SOURCES = Sources()


def cache_folder(module: str) -> Path:
    """Writable folder for the compiled code of a module, named after all that reaches it and the mode.

    The user's cache folder where it can be written, else a folder of this user in the temporary folder, which nobody
    else may write to: what lies there is run. ``TIERCARE_CACHE`` overrides it. Of the versions beside it the `KEPT`
    most recently used ones stay, and those used within `IN_USE`.
    """
    # numba's own index does not tell the modes apart
    name = SOURCES.code_hash(module) + ("-counted" if COUNTED else "")
    for base in _bases():
        folder = base / module / name
        try:
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)  # another process may make it at this moment
                _prune(folder)
            os.utime(folder)
            return folder
        except OSError:
            continue
    return _last_resort() / module / name


def is_compiled(module: str) -> bool:
    """Whether code of a module, as it is now, lies in the cache. Nothing is made."""
    return any(any((base / module / SOURCES.code_hash(module)).rglob("*.nbi")) for base in _bases())


def cache_file(name: str) -> Path:
    """Where a small file lies that is kept beside the compiled code; its folder can be written to.

    Raises OSError where none can.
    """
    problem: OSError | None = None
    for base in _bases():
        try:
            base.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            problem = why
            continue
        if os.access(base, os.W_OK):
            return base / name
    raise problem or PermissionError(name)


def _bases() -> Iterator[Path]:
    """Where compiled code may lie, in the order of trying."""
    wanted = os.environ.get("TIERCARE_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    yield Path(wanted).expanduser() / "tiercare"
    shared = Path(tempfile.gettempdir()) / f"tiercare-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    if _ours(shared):
        yield shared


def _ours(folder: Path) -> bool:
    """Whether a folder where others may write too is, or could be made, one of this user and open to nobody else."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    owned = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) == 0o700)
    return owned and stat.S_ISDIR(found.st_mode)


@cache
def _last_resort() -> Path:
    return Path(tempfile.mkdtemp(prefix="tiercare-"))


def _prune(used: Path) -> None:
    """Remove the folders beside ``used`` that nobody has used for some time, all but the most recent ones."""
    ages = {folder: folder.stat().st_mtime for folder in used.parent.iterdir() if folder != used}
    for old in sorted(ages, key=ages.__getitem__, reverse=True)[KEPT - 1 :]:
        if ages[old] < time.time() - IN_USE:
            shutil.rmtree(old, ignore_errors=True)


if COMPILED:
    from simulator.core.kernels import Kernel

    _folder = cache(cache_folder)
    # forceinline: kernels call small rules thousands of times a family; a call costs more than what most of them do.
    _MODE = {
        "nopython": True,
        "nogil": True,
        "error_model": "numpy",
        "forceinline": True,
        "no_cfunc_wrapper": True,
        "_nrt": COUNTED,
    }

    def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
        """Compile a behavioural rule or a pass over rows; the same source runs uncompiled with the same bits."""
        return Kernel(function, _MODE, _folder)

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
