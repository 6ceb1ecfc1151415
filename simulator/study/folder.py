"""A run folder on disk, never seen half-written.

Work goes on in a hidden sibling, ``.NAME.unfinished``: each finished unit (arm, replication) becomes a folder below
its ``parts/`` by one rename. At the end the parts are joined into the tidy tables, and the hidden folder is renamed.
"""

import contextlib
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
from simulator.study.tables import TABLES, to_arrow

if TYPE_CHECKING:
    import pandas as pd

type Unit = tuple[str, int]
"""Arm and replication: what is run, kept and, one day, resumed."""


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


class RunFolder:
    """The folder of one run while it is being filled.

    Args:
        final: where the results shall be; must not exist, or be an empty folder.

    Raises:
        UserError: ``final`` is in use, or nothing can be written there.
    """

    def __init__(self, final: Path):
        self.final = Path(os.path.abspath(final))
        self.staging = self.final.with_name(f".{self.final.name}.{os.getpid()}.unfinished")
        try:
            if os.path.lexists(self.final) and (not self.final.is_dir() or any(self.final.iterdir())):
                raise UserError(say("study.out_used", folder=final))
            self.parts = self.staging / "parts"
            self.parts.mkdir(parents=True)
        except OSError as error:
            raise UserError(say("study.out_unwritable", folder=final, why=error.strerror or error)) from error

    def part(self, unit: Unit) -> Path:
        """Where a finished unit is kept."""
        return self.parts / f"{unit[0]}.{unit[1]}"

    def finished(self, asked: list[Unit]) -> list[Unit]:
        """The units on disk, in the order in which they were asked for."""
        return [unit for unit in asked if self.part(unit).is_dir()]

    def close(
        self, asked: list[Unit], manifest: Mapping[str, Any], summarise: Callable[[Path, list[str]], Any]
    ) -> Path:
        """Join the finished units into the tidy tables, write the manifest, and give the folder its name.

        Args:
            asked: units in the order of the tables.
            manifest: what ``manifest.json`` shall say.
            summarise: given the folder and the names of its arms in order, writes ``summary.csv`` there.

        Returns:
            The finished folder.
        """
        with undisturbed(forget=True):  # there is nothing left to stop
            units = self.finished(asked)
            for name in TABLES:
                _join([self.part(unit) / f"{name}.parquet" for unit in units], self.staging / f"{name}.parquet")
            summarise(self.staging, list(dict.fromkeys(arm for arm, _ in units)))
            text = json.dumps(manifest, ensure_ascii=False, indent=2, default=_plain)
            (self.staging / "manifest.json").write_text(text + "\n", encoding="utf-8")
            shutil.rmtree(self.parts)
            _flush(self.staging)
            with contextlib.suppress(FileNotFoundError):
                self.final.rmdir()  # an empty folder of that name; one that has been filled since is refused here
            os.rename(self.staging, self.final)
            _flush(self.final.parent, only_itself=True)
        return self.final

    def discard(self) -> None:
        """Leave no trace of a run that finished nothing."""
        with undisturbed(forget=True):
            shutil.rmtree(self.staging, ignore_errors=True)


def write_part(place: Path, unit: Unit, frames: "Mapping[str, pd.DataFrame]") -> None:
    """Keep one finished unit: written under another name, flushed to the disk, renamed.

    Raises:
        ValueError: a table is missing or breaks its declaration.
    """
    import pyarrow.parquet as pq

    if missing := TABLES.keys() - frames.keys():
        raise ValueError(f"the model gave no {', '.join(sorted(missing))}")
    hidden = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir()
    for name in TABLES:
        pq.write_table(to_arrow(name, frames[name], *unit), hidden / f"{name}.parquet", compression="zstd")
    _flush(hidden)
    os.rename(hidden, place)
    _flush(place.parent, only_itself=True)


def _join(parts: list[Path], whole: Path) -> None:
    """Concatenate Parquet files one after the other, holding one of them in memory."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(parts[0])
    with pq.ParquetWriter(whole, schema, compression="zstd") as writer:
        for part in parts:
            writer.write_table(pq.read_table(part, schema=schema))


def _flush(folder: Path, only_itself: bool = False) -> None:
    """Force a folder's files and names to the disk, where the system can."""
    for path in [folder] if only_itself else [*folder.iterdir(), folder]:
        with contextlib.suppress(OSError):  # Windows cannot open a folder
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _plain(value: Any) -> Any:
    """What JSON does not know: frozen parameters, numbers of NumPy, paths."""
    for method in ("model_dump", "tolist", "_asdict"):
        if hasattr(value, method):
            return getattr(value, method)()
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
