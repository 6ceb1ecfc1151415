"""The only place that imports numba: how rules become machine code, and where that code is kept.

``TIERCARE_JIT=0`` runs every rule as plain Python (slow; for debuggers and for the test that both agree).
``TIERCARE_NRT=1`` compiles with reference counting, the fallback should a numba release drop the leaner mode.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

COMPILED = os.environ.get("TIERCARE_JIT", "1") != "0"
PACKAGE = Path(__file__).resolve().parents[1]


def source_hash(root: Path = PACKAGE) -> str:
    """Hash of every source file below ``root``: a changed rule never meets code compiled from its old text."""
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Writable folder for compiled code, named after the sources it was compiled from.

    The user's cache folder where it can be written, else the temporary folder. ``TIERCARE_CACHE`` overrides it.
    """
    wanted = os.environ.get("TIERCARE_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    user = Path(tempfile.gettempdir()) / f"tiercare-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    for base in (Path(wanted).expanduser() / "tiercare", user):
        folder = base / source_hash()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="tiercare-"))


if COMPILED:
    import numba
    from numba.core import config as _config

    _config.CACHE_DIR = str(cache_folder())
    _MODE = {
        "cache": True,
        "nogil": True,
        "error_model": "numpy",
        "_nrt": os.environ.get("TIERCARE_NRT", "0") == "1",
    }

    def rule[**P, R](function: Callable[P, R]) -> Callable[P, R]:
        """Compile a behavioural rule or a pass over rows; the same source runs uncompiled with the same bits."""
        return numba.njit(**_MODE)(function)

else:

    def rule[**P, R](function: Callable[P, R]) -> Callable[P, R]:
        """Leave the rule as plain Python."""
        return function
