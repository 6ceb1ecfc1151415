"""The only place that imports numba: how rules become machine code, and where that code is kept.

``TIERCARE_JIT=0`` runs every rule as plain Python (slow; for debuggers and for the test that both agree).
``TIERCARE_NRT=1`` compiles with reference counting, the fallback should a numba release drop the leaner mode.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

COMPILED = os.environ.get("TIERCARE_JIT", "1") != "0"
COUNTED = os.environ.get("TIERCARE_NRT", "0") == "1"
PACKAGE = Path(__file__).resolve().parents[1]
KEPT = 5
"""Folders of compiled code that stay, the most recently used ones: the versions between which somebody goes back and
forth."""


def source_hash(root: Path = PACKAGE) -> str:
    """Hash of every source file below ``root``: a changed rule never meets code compiled from its old text."""
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Writable folder for compiled code, named after the sources and the mode that it was compiled from.

    The user's cache folder where it can be written, else the temporary folder. ``TIERCARE_CACHE`` overrides it. Of the
    folders beside it only the `KEPT` most recently used ones stay.
    """
    wanted = os.environ.get("TIERCARE_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    user = Path(tempfile.gettempdir()) / f"tiercare-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    # numba's own index does not tell the modes apart.
    name = source_hash() + ("-counted" if COUNTED else "")
    for base in (Path(wanted).expanduser() / "tiercare", user):
        folder = base / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                os.utime(folder)
                _prune(base)
                return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="tiercare-"))


def _prune(base: Path) -> None:
    """Remove all but the most recently used folders below ``base``. Who still uses one of those compiles anew."""
    folders = sorted((f for f in base.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    for old in folders[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


if COMPILED:
    import numba
    from numba.core import config as _config

    _config.CACHE_DIR = str(cache_folder())
    _MODE = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": COUNTED}

    def rule[**P, R](function: Callable[P, R]) -> Callable[P, R]:
        """Compile a behavioural rule or a pass over rows; the same source runs uncompiled with the same bits."""
        return numba.njit(**_MODE)(function)

else:

    def rule[**P, R](function: Callable[P, R]) -> Callable[P, R]:
        """Leave the rule as plain Python."""
        return function
