"""What must be known to repeat a run and to question it."""

import datetime
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import simulator
from simulator.core.jit import COMPILED, PACKAGE, source_hash
from simulator.core.naming import as_folder
from simulator.study.cost import cores

LIBRARIES = ("numpy", "numba", "mesa", "pandas", "pyarrow", "networkx", "pydantic")


def now() -> datetime.datetime:
    """This moment, UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def made_with() -> dict[str, Any]:
    """Program, versions, commit and machine."""
    versions = {"tiercare": simulator.__version__, "python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            versions[library] = "unknown"
    return {
        "versions": versions,
        "source_hash": source_hash(),
        "compiled": COMPILED,
        **git_state(PACKAGE.parent),
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "architecture": platform.machine(),
            "processor": _processor(),
            "cores": cores(),
        },
    }


def scenario_of(manifest: Mapping[str, Any], changes: Sequence[str] = (), families: int | None = None) -> Any:
    """The scenario that a run's manifest holds, with values changed as ``load`` changes them.

    Args:
        manifest: of a run.
        changes: ``path=value`` each.
        families: number of sampled families, in place of the run's.
    """
    from simulator.scenario import load
    from simulator.scenario.language.strict_yaml import written

    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / f"{as_folder(manifest['scenario']['name'])}.yaml"
        file.write_text(written(manifest["scenario"]["resolved"]), encoding="utf-8")
        return load(file, changes=changes, families=families)


def git_state(folder: Path) -> dict[str, Any]:
    """Commit of the working tree whose top is ``folder``, and whether it differs from it; None where there is none."""
    top = _git(folder, "rev-parse", "--show-toplevel")
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if not top or Path(top).resolve() != folder.resolve() or not commit:
        return {"commit": None, "dirty": None}
    return {"commit": commit, "dirty": bool(_git(folder, "status", "--porcelain", "--untracked-files=no"))}


def _git(folder: Path, *words: str) -> str | None:
    try:
        answer = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _processor() -> str:
    """Name of the processor, as the system gives it."""
    if sys.platform == "linux":
        try:
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        for line in lines:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
