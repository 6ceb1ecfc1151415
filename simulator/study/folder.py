"""A run folder on disk: nothing half-written ever stands under the name of the results.

Work goes on beside it, in ``NAME.unfinished``: each finished unit (arm, replication) becomes a folder below its
``parts/`` by one rename. At the end the parts are joined into the tidy tables and the folder gets its name. The parts
of a run that was stopped stay, so that it can go on; one that was killed leaves ``NAME.unfinished`` and can go on too.
"""

import contextlib
import errno
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.core.naming import as_folder
from simulator.study import parquet
from simulator.study.facilities import kept
from simulator.study.lock import Lock, Locked
from simulator.study.run_tables import HANDED, ON_REQUEST, TABLES, to_arrow
from simulator.study.seal import sealed

if TYPE_CHECKING:
    import pandas as pd

type Unit = tuple[str, int]
"""Arm and replication: what is run, kept and resumed."""

MANIFEST = "manifest.json"
PARTS = "parts"
UNFINISHED = ".unfinished"


@contextlib.contextmanager
def undisturbed(forget: bool = False) -> Generator[None]:
    """Put Ctrl-C off until files are written, or ``forget`` it; only the main thread may, and only it hears."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came and not forget:
        signal.raise_signal(signal.SIGINT)


def final_name(folder: str | Path) -> Path:
    """The name that results have in the end, from that name or the one while they are unfinished."""
    path = Path(os.path.abspath(folder))
    return path.with_name(path.name.removesuffix(UNFINISHED))


def place_of(parts: Path, unit: Unit) -> Path:
    """Where a finished unit is kept below ``parts``."""
    return parts / as_folder(f"{unit[0]}.{unit[1]}")


def begun(folder: str | Path) -> dict[str, Any] | None:
    """The manifest of a run that can go on in ``folder``, which may be written either way; None where there is none."""
    final = final_name(folder)
    for place in (final.with_name(final.name + UNFINISHED), final):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
            manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
            if place != final or (not manifest["complete"] and (final / PARTS).is_dir()):
                return manifest
    return None


class RunFolder:
    """The folder of one run while it is being filled, locked against other processes; use it in a ``with``.

    Args:
        final: where the results shall be: not there, an empty folder, or a run that was not finished.

    Raises:
        UserError: ``final`` is in use, or nothing can be written there.
    """

    def __init__(self, final: Path):
        self.final = final_name(final)
        self.staging = self.final.with_name(self.final.name + UNFINISHED)
        self.parts = self.staging / PARTS
        try:
            self.final.parent.mkdir(parents=True, exist_ok=True)
            self._lock = Lock(self.final.with_name(f".{self.final.name}.lock"))
        except Locked as other:
            raise UserError(say("study.out_locked", folder=final, process=other.process)) from None
        except FileExistsError as error:  # what should be the folder around it is a file
            raise self._unwritable(NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))) from error
        except OSError as error:
            raise self._unwritable(error) from error
        self.begun = begun(final)
        if self._used():
            self._lock.release()
            raise UserError(say("study.out_used", folder=final))

    def _unwritable(self, error: OSError) -> UserError:
        return UserError(say("study.out_unwritable", folder=self.final, why=error.strerror or error))

    def _used(self) -> bool:
        """Whether results, or whatever else is not ours, stand under the final name."""
        if not os.path.lexists(self.final):
            return False
        if not self.final.is_dir():
            return True
        resumable = self.begun is not None and not self.staging.exists()
        return not resumable and any(self.final.iterdir())

    def __enter__(self) -> "RunFolder":
        return self

    def __exit__(self, *error: object) -> None:
        self._lock.release()

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Start to fill it, or go on: what is finished stays, joined tables of an earlier stop go.

        Raises:
            UserError: nothing can be written there.
        """
        try:
            if self.begun is not None and not self.staging.exists():
                os.rename(self.final, self.staging)
            self.parts.mkdir(parents=True, exist_ok=True)
            for left in [*self.staging.glob("*.parquet"), self.staging / "summary.csv"]:
                left.unlink(missing_ok=True)
            for half in self.parts.glob(".*"):
                shutil.rmtree(half, ignore_errors=True)
            write_manifest(self.staging, manifest)
        except OSError as error:
            raise self._unwritable(error) from error

    def finished(self) -> set[Unit]:
        """The units on disk."""
        place = self.staging if self.staging.exists() else self.final
        names = [part.name.rpartition(".") for part in (place / PARTS).glob("[!.]*")]
        return {(arm, int(replication)) for arm, _, replication in names}

    def close(
        self, asked: list[Unit], manifest: Mapping[str, Any], summarise: Callable[[Path, list[str]], Any]
    ) -> Path:
        """Join the finished units into the tidy tables, write the manifest, and give the folder its name.

        Args:
            asked: units in the order of the tables.
            manifest: what ``manifest.json`` shall say.
            summarise: given the folder and the names of its arms in order, writes ``summary.csv`` there.

        Returns:
            The folder of the results; with ``parts/`` if it can go on.
        """
        with undisturbed(forget=True):  # there is nothing left to stop
            there = self.finished()
            units = [unit for unit in asked if unit in there]
            for name in (*TABLES, *ON_REQUEST):
                parts = [place_of(self.parts, unit) / f"{name}.parquet" for unit in units]
                if name in ON_REQUEST and not all(part.exists() for part in parts):
                    continue
                parquet.join(parts, self.staging / f"{name}.parquet")
            summarise(self.staging, list(dict.fromkeys(arm for arm, _ in units)))
            write_manifest(self.staging, sealed(self.staging, json.loads(as_json(manifest))))
            _flush(self.staging)
            with contextlib.suppress(FileNotFoundError):
                self.final.rmdir()  # an empty folder of that name; one that has been filled since is refused here
            os.rename(self.staging, self.final)
            _flush(self.final.parent, only_itself=True)
            if units == asked:
                shutil.rmtree(self.final / PARTS)
        return self.final

    def discard(self) -> None:
        """Leave no trace of a run that finished nothing."""
        with undisturbed(forget=True):
            shutil.rmtree(self.staging, ignore_errors=True)


def write_part(place: Path, unit: Unit, frames: "Mapping[str, pd.DataFrame]", facility_months: bool = False) -> None:
    """Keep one finished unit: written under another name, flushed to the disk, renamed. ``facility_months`` keeps every
    facility by month too.

    Raises:
        ValueError: a table is missing or breaks its declaration.
    """
    if missing := set(HANDED) - frames.keys():
        raise ValueError(f"the model gave no {', '.join(sorted(missing))}")
    tables = kept(frames, facility_months)
    hidden = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir()
    for name in (each for each in (*TABLES, *ON_REQUEST) if each in tables):
        parquet.write(to_arrow(name, tables[name], *unit), hidden / f"{name}.parquet")
    _flush(hidden)
    if place.is_dir():  # by a process of a killed run, which came to its end after all; it is the same
        shutil.rmtree(hidden)
        return
    os.rename(hidden, place)
    _flush(place.parent, only_itself=True)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write ``manifest.json`` in one step."""
    new = folder / f"{MANIFEST}.new"
    new.write_text(as_json(manifest) + "\n", encoding="utf-8")
    os.replace(new, folder / MANIFEST)


def as_json(manifest: Mapping[str, Any]) -> str:
    """The text of a manifest."""
    return json.dumps(manifest, ensure_ascii=False, indent=2, default=plain)


def _flush(folder: Path, only_itself: bool = False) -> None:
    """Force a folder's files and names to the disk, where the system can."""
    for path in [folder] if only_itself else [*folder.iterdir(), folder]:
        with contextlib.suppress(OSError):  # Windows cannot open a folder
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def plain(value: Any) -> Any:
    """What JSON does not know: frozen parameters, numbers of NumPy, paths."""
    for method in ("model_dump", "tolist", "_asdict"):
        if hasattr(value, method):
            return getattr(value, method)()
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
