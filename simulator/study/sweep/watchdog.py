"""A worker slot: it runs a task in a child, so that a crash, a hog or an endless loop costs exactly that run."""

import os
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.scenario.language.csv_tables import without_name
from simulator.scenario.language.merge import plain
from simulator.study.manifest import now
from simulator.study.sweep.frozen import study_in
from simulator.study.sweep.store import Store
from simulator.study.sweep.tasks import Cell
from simulator.study.sweep.work import Work
from simulator.study.workers import Job, Unwritable, Worker

LOOK = 0.25
"""Seconds between two looks at a child."""
STARTING = 900.0
"""Seconds that a child may take until its first month: imports, compiled code, people."""
DONE, ERROR, CRASHED, TIME, MEMORY, STOPPED = "done", "error", "crashed", "time", "memory", "stopped"
"""How a task ended; ``stopped`` is no fault of the task, such as a full disk."""


class Ended(NamedTuple):
    """How a task ended, why, and the traceback if there was one."""

    key: str
    state: str
    why: str = ""
    trace: str = ""
    tries: int = 1


@dataclass(frozen=True)
class Rules:
    """How tasks are run: seconds and bytes that one may take, tries of one whose child dies."""

    work: Work
    arms: tuple[str, ...]
    seconds: float
    tries: int


class Slot:
    """A child and its watcher. Used by one thread."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.work: Work | None = None
        self.heard: queue.SimpleQueue[tuple[Worker, Any]] = queue.SimpleQueue()
        self.stopping = False
        self.since: float | None = None
        """When its task began with its first month."""

    def run(self, cell: Cell, rules: Rules) -> Ended:
        """Run a task; where its child dies, again, in a new one."""
        for tries in range(1, rules.tries + 1):
            ended = self._once(cell, rules)._replace(tries=tries)
            if ended.state != CRASHED or self.stopping:
                break
        if self.stopping and ended.state != DONE:  # it was ended, it did not fail
            return Ended(cell.key, STOPPED)
        if ended.state in (DONE, STOPPED):
            return ended
        return recorded(cell, ended, rules)

    def close(self) -> None:
        """End the child."""
        if self.worker is not None:
            self.worker.end()
            self.worker = None

    def _once(self, cell: Cell, rules: Rules) -> Ended:
        job = Job(cell.replication, rules.arms, 1, cell)
        self.since, end = None, time.monotonic() + STARTING
        if self.worker is None or self.work != rules.work:
            self.close()
            self.work = rules.work
            self.heard = queue.SimpleQueue()
            self.worker = Worker(rules.work, job, self.heard)
        else:
            self.worker.begin(job)
        while True:
            ended = self._listen(cell)
            if ended is not None:
                return ended
            if time.monotonic() > (end if self.since is None else self.since + rules.seconds):
                return self._end(cell, TIME, say("sweep.over_time", seconds=f"{rules.seconds:.0f}"))
            used = _resident(self.worker.process.pid)
            if rules.work.memory is not None and used > rules.work.memory:
                return self._end(cell, MEMORY, say("sweep.over_memory", limit=_gigabytes(rules.work.memory)))

    def _listen(self, cell: Cell) -> Ended | None:
        """What the child says within a moment, as far as it ends the task."""
        assert self.worker
        try:
            _, message = self.heard.get(timeout=LOOK)
        except queue.Empty:
            return None
        match message:
            case int(), int():
                self.since = self.since or time.monotonic()
            case "finished":
                return Ended(cell.key, DONE)
            case Unwritable() as error:  # which is no fault of the task
                return Ended(cell.key, STOPPED, str(error))
            case Exception() as error:
                return Ended(cell.key, ERROR, str(error))
            case (str() | None) as arm, str(why), str(trace):
                if "MemoryError" in trace:
                    return self._end(cell, MEMORY, why, trace)
                return Ended(cell.key, ERROR, f"{arm}: {why}" if arm else why, trace)
            case None:
                code = self.worker.process.wait()
                sentence = say("sweep.killed", signal=-code) if code < 0 else say("sweep.ended", code=code)
                return self._end(cell, CRASHED, sentence)
        return None

    def _end(self, cell: Cell, state: str, why: str, trace: str = "") -> Ended:
        self.close()
        return Ended(cell.key, state, why, trace)


_own = threading.local()


def run_watched(cell: Cell, rules: Rules) -> Ended:
    """Run a task in the child of the thread that calls; the function that is sent to workers."""
    slot: Slot | None = getattr(_own, "slot", None)
    if slot is None:
        slot = _own.slot = Slot()
        _slots.append(slot)
    return slot.run(cell, rules)


_slots: list[Slot] = []


def close_all() -> None:
    """End the children of this process."""
    for slot in _slots:
        slot.stopping = True
        if slot.worker is not None:
            slot.worker.end()
    _slots.clear()


def recorded(cell: Cell, ended: Ended, rules: Rules) -> Ended:
    """How a task ended, once why it failed is kept; that it stopped where nothing can be kept."""
    try:
        Store(rules.work.folder).fail(cell.key, _record(cell, ended, rules))
    except UserError as error:
        return Ended(cell.key, STOPPED, str(error))
    return ended


def _record(cell: Cell, ended: Ended, rules: Rules) -> dict[str, Any]:
    """Everything that is needed to look into a failure: why, where, and the scenario of its point."""
    study = study_in(rules.work.folder)
    try:
        whole = study.laid(cell.values)
    except UserError:  # which is why it failed
        whole = study.whole
    return {
        "task": cell.key,
        "point": cell.point,
        "replication": cell.replication,
        "seed": study.specification.design.seed,
        "arms": list(rules.arms),
        "values": cell.values,
        "state": ended.state,
        "why": ended.why,
        "tries": ended.tries,
        "when": now().isoformat(),
        "traceback": ended.trace.splitlines(),
        "scenario": plain(without_name(whole.tree)),
    }


def _resident(process: int) -> int:
    """Bytes of memory that a process has; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
