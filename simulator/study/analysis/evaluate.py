"""Runs policies as tasks of a study, each once: a policy that was evaluated before is read from the folder."""

import contextlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.cost import cores
from simulator.study.lock import Lock, Locked
from simulator.study.sweep import executors as pools
from simulator.study.sweep.begin import check_code, open_or_begin
from simulator.study.sweep.designs import Points, Row
from simulator.study.sweep.drive import run_missing
from simulator.study.sweep.store import Damaged
from simulator.study.sweep.study import Study
from simulator.study.sweep.tasks import Tasks

EVALUATIONS = "evaluations"
"""Folder of the tasks, in that of the search."""


class Evaluator:
    """Evaluates rows of values. Made by ``evaluator``.

    Attributes:
        ran: tasks that were run, not read.
        failed: tasks that failed.
    """

    def __init__(self, study: Study, folder: Path, executors: pools.Executors, model: str | None):
        design = study.specification.design.model_copy(update={"stop_when": None})
        study = replace(study, specification=study.specification.model_copy(update={"design": design}))
        names = tuple(study.variables)
        self._rows: list[Row] = []  # numbers never name two rows: children remember the scenario of a number
        self._numbers: dict[Row, int] = {}
        self._policies: list[int] = []
        points = Points(names, self._rows, self._policies, self._policies)
        self.tasks = Tasks(study, points, design.replications, model)
        self.store = open_or_begin(self.tasks, folder)
        check_code(self.store)
        self.store.sweep_up()
        self._executors = executors
        self.ran = self.failed = 0

    def run(self, rows: Sequence[Row]) -> None:
        """Run all replications of each row that have no result yet."""
        wanted = [(number, n) for number in map(self._number, rows) for n in range(self.tasks.replications)]
        wanted = [where for where in dict.fromkeys(wanted) if not self._there(self.tasks.key(*where))]
        if wanted:
            seen = run_missing(self.tasks, self.store, wanted, self._executors, None)
            self.ran += len(wanted)
            self.failed += seen.failed

    def values(self, row: Row, arm: str, outcomes: Sequence[str]) -> np.ndarray:
        """Outcomes of an arm at a row, (replication, outcome), in their units; not a number where there is none."""
        found = np.full((self.tasks.replications, len(outcomes)), np.nan)
        for replication in range(len(found)):
            with contextlib.suppress(Damaged):
                result = self.store.result(self.tasks.key(self._number(row), replication))
                values = result.values[arm] if result else {}
                found[replication] = [np.nan if values.get(name) is None else values[name] for name in outcomes]
        return found

    def _number(self, row: Row) -> int:
        if row not in self._numbers:
            self._numbers[row] = len(self._rows)
            self._rows.append(row)
            self._policies.append(0)
        return self._numbers[row]

    def _there(self, key: str) -> bool:
        try:
            return self.store.result(key) is not None
        except Damaged:
            self.store.put_aside(key)
            return False


@contextlib.contextmanager
def evaluator(study: Study, folder: Path, workers: int | None = None, model: str | None = None) -> Generator[Evaluator]:
    """Who evaluates in a folder, with so many children of this process, by default one for each core.

    Raises:
        UserError: the folder is in use, is another study's or another version's, or cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = Lock(folder / "lock")
    except Locked as holder:
        raise UserError(say("study.out_locked", folder=folder, process=holder.process)) from None
    try:
        with pools.local(workers or cores()) as executors:
            yield Evaluator(study, folder / EVALUATIONS, executors, model)
    finally:
        lock.release()


class Unusable(Exception):
    """A policy has no figure: a run failed, gave none, or a fund cannot be balanced. The text says which."""


def in_lockstep[T](
    asking: Sequence[Generator[list[Row], None, T]], run: Callable[[list[Row]], None]
) -> list[T | Unusable]:
    """What generators return that each yield rows to be run before they go on; rows of all are run together."""
    ended: dict[int, T | Unusable] = {}
    waiting = dict(enumerate(asking))
    while waiting:
        rows: list[Row] = []
        for number, each in list(waiting.items()):
            try:
                rows += next(each)
            except StopIteration as stop:
                ended[number] = stop.value
            except Unusable as error:
                ended[number] = error
            if number in ended:
                del waiting[number]
        if rows:
            run(rows)
    return [ended[number] for number in range(len(asking))]
