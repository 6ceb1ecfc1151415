"""The folder of a study on disk: a frozen copy of what was asked, a file for each result, a file for each failure.

A result is written under another name, flushed and renamed, and carries a checksum: it is whole or it is not there.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.folder import plain as to_json
from simulator.study.workers import Unwritable

MANIFEST, STUDY, POINTS = "manifest.json", "study", "points.parquet"
TASKS, FAILED, SESSIONS, LOCKS, DAMAGED = "tasks", "failed", "sessions", "locks", "damaged"
FULL = (errno.ENOSPC, errno.EDQUOT)


class Result(NamedTuple):
    """What a task gave: outcome by name by arm, seconds it took, and the machine that ran it."""

    key: str
    point: int
    replication: int
    values: dict[str, dict[str, float | None]]
    seconds: float
    machine: str


class Damaged(Exception):
    """A file of a result is not what was written there."""


def unwritable(folder: Path, error: OSError) -> Unwritable:
    """What to say where nothing can be written to the folder of a study any more; a full disk is named."""
    sentence = "sweep.disk_full" if error.errno in FULL else "study.out_unwritable"
    return Unwritable(say(sentence, folder=folder, why=error.strerror or error))


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, after a loss of power too.

    Raises:
        OSError: it cannot be written.
    """
    with written_whole(file) as out:
        out.write(content)


@contextlib.contextmanager
def written_whole(file: Path) -> Generator[BinaryIO]:
    """A file to write to that is there whole at the end or, where anything goes wrong, not at all.

    Raises:
        OSError: it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{socket.gethostname()}.{os.getpid()}")
    try:
        with new.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(new, file)
    except BaseException:
        try:
            new.unlink(missing_ok=True)
        finally:
            raise
    flush(file.parent)


def flush(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows cannot open a folder
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Store:
    """The folder of a study."""

    def __init__(self, folder: str | Path):
        self.folder = Path(os.path.abspath(folder))

    def file(self, key: str) -> Path:
        """Where a task's result is kept."""
        return self.folder / TASKS / key[:2] / f"{key}.json"

    def keep(self, result: Result) -> None:
        """Keep a result. Raises Unwritable."""
        record = result._asdict()
        text = json.dumps({**record, "check": _check(record)}, ensure_ascii=False)
        try:
            write_whole(self.file(result.key), text.encode() + b"\n")
        except OSError as error:
            raise unwritable(self.folder, error) from error

    def result(self, key: str) -> Result | None:
        """The result of a task, None where there is none. Raises Damaged."""
        try:
            content = self.file(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            record = json.loads(content)
            check = record.pop("check")
            result = Result(**record)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Damaged(key) from None
        if check != _check(record) or result.key != key:
            raise Damaged(key)
        return result

    def results(self) -> Iterator[str]:
        """Names of the tasks that have a result."""
        for folder in sorted((self.folder / TASKS).glob("??")):
            for file in folder.iterdir():
                if file.suffix == ".json" and not file.name.startswith("."):
                    yield file.stem

    def put_aside(self, key: str) -> Path:
        """Move a damaged result out of the way; where to."""
        to = self.folder / DAMAGED / f"{key}.json"
        try:
            to.parent.mkdir(exist_ok=True)
            os.replace(self.file(key), to)
        except OSError as error:
            raise unwritable(self.folder, error) from error
        return to

    def sweep_up(self) -> None:
        """Remove what killed processes of this machine left half-written."""
        mark = f".{socket.gethostname()}."
        for half in (self.folder / TASKS).glob("??/.*"):
            pid = half.name.rpartition(".")[2]
            if mark in half.name and pid.isdecimal() and not _alive(int(pid)):
                half.unlink(missing_ok=True)

    def fail(self, key: str, record: Mapping[str, Any]) -> None:
        """Keep why a task failed. Raises Unwritable."""
        self._write(Path(FAILED) / f"{key}.json", record)

    def failures(self) -> dict[str, dict[str, Any]]:
        """Why tasks failed, by their names."""
        return {
            file.stem: json.loads(file.read_text(encoding="utf-8"))
            for file in sorted((self.folder / FAILED).glob("[!.]*.json"))
        }

    def failed(self) -> set[str]:
        """Names of tasks that failed."""
        return {file.stem for file in (self.folder / FAILED).glob("[!.]*.json")}

    def forgive(self, key: str) -> None:
        """Forget a failure."""
        (self.folder / FAILED / f"{key}.json").unlink(missing_ok=True)

    def manifest(self) -> dict[str, Any]:
        """What was asked, by which program. Raises UserError where there is no study."""
        try:
            return json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
            raise UserError(say("sweep.no_study", folder=self.folder)) from None

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Say what is asked, by which program. Raises Unwritable."""
        self._write(Path(MANIFEST), manifest)

    def write_session(self, name: str, record: Mapping[str, Any]) -> None:
        """Say what one driver did. Raises Unwritable."""
        self._write(Path(SESSIONS) / f"{name}.json", record)

    def sessions(self) -> list[dict[str, Any]]:
        """What each driver did, in order of their starts."""
        files = sorted((self.folder / SESSIONS).glob("[!.]*.json"))
        return sorted((json.loads(f.read_text(encoding="utf-8")) for f in files), key=lambda record: record["start"])

    def discard(self) -> None:
        """Take a folder away that nothing was done in."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, name: Path, record: Mapping[str, Any]) -> None:
        text = json.dumps(record, ensure_ascii=False, indent=2, default=to_json)
        try:
            write_whole(self.folder / name, text.encode() + b"\n")
        except OSError as error:
            raise unwritable(self.folder, error) from error


def _check(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
