"""A study that was run, or is running, read from its folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.sweep import result_tables as tables
from simulator.study.sweep.follow import Progress, Tally
from simulator.study.sweep.frozen import thaw
from simulator.study.sweep.store import STUDY, Damaged, Store
from simulator.study.sweep.tasks import WHOLE, Cell, Shard, Tasks
from simulator.study.sweep.watchdog import DONE, Ended

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.sweep.study import Study


def is_study(folder: str | Path) -> bool:
    """Whether a folder is that of a study, and not of a run."""
    return (Path(folder) / STUDY).is_dir()


class Sweep:
    """The folder of a study: what was asked, and what has come of it so far.

    Args:
        folder: of the study.

    Raises:
        UserError: there is no study.
    """

    def __init__(self, folder: str | Path):
        self.store = Store(folder)
        self.tasks: Tasks = thaw(folder)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.store.folder

    @property
    def study(self) -> Study:
        """The study: ``study.specification`` is its file, ``study.scenario(values)`` a point of it."""
        return self.tasks.study

    @property
    def manifest(self) -> dict[str, Any]:
        """Study, program, machine, seeds, begin."""
        return self.store.manifest()

    @cached_property
    def results(self) -> pd.DataFrame:
        """A row for each run, see ``tables.results``."""
        return tables.results(self.folder)

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row for each point, see ``tables.points``."""
        return tables.points(self.tasks)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Means, intervals and paired differences, see ``tables.summary``."""
        return tables.summary(self.folder)

    @property
    def failures(self) -> dict[str, dict[str, Any]]:
        """Why tasks failed, by their names."""
        return self.store.failures()

    def progress(self, shard: Shard = WHOLE, damaged: Callable[[str], None] = lambda task: None) -> Progress:
        """How far it has come, from what is on the disk; ``damaged`` is called with tasks whose result is damaged."""
        tally = Tally(self.tasks, self.store, shard)
        failed = self.store.failed()
        for where in self.tasks.shard(shard):
            ahead = [where]
            while ahead:
                cell = self.tasks.cell(*ahead.pop(0))
                try:
                    if self.store.result(cell.key) is not None:
                        ahead += tally.note(cell, Ended(cell.key, DONE), before=True)
                    elif cell.key in failed:
                        ahead += tally.note(cell, Ended(cell.key, "failed"))
                except Damaged:
                    damaged(cell.key)
        return tally.progress()

    def task(self, name: str) -> Cell:
        """The task of that name, or of the beginning of one. Raises UserError for none and for several."""
        found: list[Cell] = []
        known: list[str] = []
        most = self.study.specification.design.stop_when
        for point in range(len(self.tasks.points)):
            for replication in range(max(self.tasks.replications, most.at_most if most else 0)):
                key = self.tasks.key(point, replication)
                known.append(key)
                if key.startswith(name):
                    found.append(self.tasks.cell(point, replication))
        if len(found) != 1:
            sentence = "sweep.task_several" if found else "sweep.task_none"
            raise UserError(say(sentence, task=name) + ("" if found else near(name, known)))
        return found[0]
