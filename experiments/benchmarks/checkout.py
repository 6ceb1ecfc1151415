"""An older commit of this repository in a folder of its own, to be measured beside the code at hand."""

import io
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "benchmarks"
"""What benchmarks make and may keep: checkouts, compiled code, the environment of peers."""
PARTS = ("simulator", "scenarios")
"""What of a commit is needed to run it."""


class NoCommit(Exception):
    """The history at hand does not hold the commit."""


def checkout(commit: str) -> Path:
    """Folder with the sources of ``commit``, from the repository's own history; made once.

    Raises NoCommit, with words for people, where the history does not reach that far back or there is none.
    """
    folder = BUILD / commit
    if folder.is_dir():
        return folder
    done = subprocess.run(["git", "-C", str(ROOT), "archive", commit, *PARTS], capture_output=True, check=False)
    if done.returncode:
        raise NoCommit(_why(commit, done.stderr.decode(errors="replace").strip()))
    unfinished = folder.with_name(f"{commit}.unfinished")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        files.extractall(unfinished, filter="data")
    unfinished.rename(folder)
    return folder


def _why(commit: str, error: str) -> str:
    asked = ["git", "-C", str(ROOT), "rev-parse", "--is-shallow-repository"]
    try:
        shallow = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        shallow = ""
    if shallow == "true":
        return f"this clone is shallow and lacks commit {commit}: run `git fetch --unshallow`, or measure --alone"
    return f"no commit {commit} to compare with ({error}): measure --alone"


def commit_at_hand() -> str:
    """Commit of the sources at hand, with ``-dirty`` where they were changed; ``unknown`` without git."""
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
    except OSError:
        return "unknown"


def python_of(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
