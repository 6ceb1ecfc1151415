"""The driver of a study: hands out tasks that have no result yet, notes what comes back, adds replications."""

import contextlib
import os
import platform
import socket
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.cost import cores
from simulator.study.lock import Lock, Locked
from simulator.study.manifest import now
from simulator.study.sweep import executors as pools
from simulator.study.sweep.begin import check_code, open_or_begin
from simulator.study.sweep.follow import Progress, Tally
from simulator.study.sweep.store import LOCKS, Damaged, Store, unwritable
from simulator.study.sweep.tasks import WHOLE, Cell, Shard, Tasks, Where, limits
from simulator.study.sweep.watchdog import CRASHED, DONE, STOPPED, Ended, Rules, recorded
from simulator.study.sweep.work import Work

LOOK = 1.0
"""Seconds between two looks at the executors."""
SPOKE = 0.5
"""Seconds between two reports of progress."""


class StudyStopped(KeyboardInterrupt):
    """Ctrl-C. What is finished is kept."""


def drive(
    tasks: Tasks,
    folder: str | Path,
    *,
    workers: int | None = None,
    executors: AbstractContextManager[pools.Executors] | None = None,
    shard: Shard = WHOLE,
    progress: Callable[[Progress], None] | None = None,
    warn: Callable[[str], None] = lambda text: None,
    command: Sequence[str] | None = None,
) -> Progress:
    """Run every task of a study that has no result in its folder, those that failed before once more.

    What comes out depends on the study alone, not on who runs it, on how often it was stopped, or on shards. May be
    called again at any time, for the same folder by shards at the same time.

    Args:
        tasks: what is to be run.
        folder: of the study; begun if it is not there.
        workers: children of this process, by default one for each core.
        executors: who does the work in their place.
        shard: the part of the tasks to run.
        progress: called now and then.
        warn: called with what should be known and stops nothing, such as a damaged result.
        command: what the user typed.

    Raises:
        UserError: the folder is another study's or another version's, is in use, or cannot be written; no workers came.
        StudyStopped: Ctrl-C.
    """
    store = open_or_begin(tasks, folder, command)
    check_code(store)
    with _locked(store, shard):
        store.sweep_up()
        rules = _rules(tasks, store)
        tally = Tally(tasks, store, shard)
        waiting = deque(_missing(tally, warn))
        session = _Session(store, shard, command)
        try:
            with executors or pools.local(workers or cores()) as workforce:
                session.begin(workforce.kind, workforce.present())
                _work(tally, waiting, workforce, rules, progress)
        except KeyboardInterrupt:
            raise StudyStopped from None
        finally:
            with contextlib.suppress(UserError):  # a full disk has been told
                session.end(tally)
    return tally.progress()


def _work(
    tally: Tally,
    waiting: deque[Where],
    executors: pools.Executors,
    rules: Rules,
    progress: Callable[[Progress], None] | None,
) -> None:
    """Hand out tasks, some more than there are slots, until none is left."""
    out: dict[Future[Ended], Cell] = {}
    lost: dict[str, int] = {}
    monitor, spoke = pools.Monitor(executors), 0.0
    try:
        while waiting or out:
            room = max(1, executors.present()) * executors.ahead + 1  # to count slots asks a cluster's scheduler
            while waiting and len(out) < room:
                cell = tally.tasks.cell(*waiting.popleft())
                monitor.ask()
                out[executors.submit(cell, rules)] = cell
            done, _ = wait(out, timeout=LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                cell = out.pop(future)
                ended = _ended(future, cell)
                if ended.state == CRASHED and not ended.tries:  # its worker was lost, which may not be its fault
                    monitor.ask()
                    lost[cell.key] = lost.get(cell.key, 0) + 1
                    if lost[cell.key] < rules.tries:
                        waiting.append((cell.point, cell.replication))
                        continue
                    why = say("sweep.worker_lost", times=rules.tries, why=ended.why)
                    ended = recorded(cell, ended._replace(why=why, tries=rules.tries), rules)
                if ended.state == STOPPED:
                    raise UserError(ended.why)
                waiting.extend(tally.note(cell, ended))
            if not done:
                monitor.look()
            if progress and (time.monotonic() - spoke > SPOKE or not (waiting or out)):
                spoke = time.monotonic()
                progress(tally.progress())
    finally:
        for future in out:
            future.cancel()


def run_missing(
    tasks: Tasks,
    store: Store,
    wanted: Sequence[Where],
    executors: pools.Executors,
    progress: Callable[[Progress], None] | None,
) -> Progress:
    """Run some tasks that have no result with executors at hand, in a folder that the caller holds; for a search."""
    tally = Tally(tasks, store)
    tally.of = len(wanted)
    _work(tally, deque(wanted), executors, _rules(tasks, store), progress)
    return tally.progress()


def _ended(future: "Future[Ended]", cell: Cell) -> Ended:
    """How a task ended; one whose worker was lost has had no tries."""
    try:
        return future.result()
    except CancelledError:
        return Ended(cell.key, CRASHED, "cancelled", tries=0)
    except Exception as error:  # whatever a cluster says of a lost worker
        return Ended(cell.key, CRASHED, f"{type(error).__name__}: {error}", tries=0)


def _missing(tally: Tally, warn: Callable[[str], None]) -> Iterator[Where]:
    """Tasks without a result; what is there is counted, what is damaged put aside."""
    for where in tally.tasks.shard(tally.shard):
        ahead = [where]
        while ahead:
            cell = tally.tasks.cell(*ahead.pop(0))
            try:
                there = tally.store.result(cell.key) is not None
            except Damaged:
                warn(say("sweep.damaged", task=cell.key, file=tally.store.put_aside(cell.key)))
                there = False
            if there:
                ahead += tally.note(cell, Ended(cell.key, DONE), before=True)
            else:
                yield cell.point, cell.replication


def _rules(tasks: Tasks, store: Store) -> Rules:
    seconds, memory = limits(tasks)
    spec = tasks.study.specification
    return Rules(Work(store.folder, tasks.model, memory), spec.arms, seconds, spec.limits.tries)


@contextlib.contextmanager
def _locked(store: Store, shard: Shard) -> Generator[None]:
    """One driver for a shard, and none for the whole beside shards."""
    folder = store.folder / LOCKS
    mine = folder / ("all" if shard.whole else f"shard-{shard.number}-of-{shard.of}")
    try:
        folder.mkdir(exist_ok=True)
        lock = Lock(mine)
    except Locked as holder:
        raise UserError(say("study.out_locked", folder=store.folder, process=holder.process)) from None
    except OSError as error:
        raise unwritable(store.folder, error) from error
    try:
        for other in folder.glob("shard-*") if shard.whole else [folder / "all"]:
            if other.exists():
                Lock(other).release()
        yield
    except Locked as holder:
        raise UserError(say("study.out_locked", folder=store.folder, process=holder.process)) from None
    finally:
        lock.release()


class _Session:
    """What the folder says of one driver."""

    def __init__(self, store: Store, shard: Shard, command: Sequence[str] | None):
        self.store = store
        start = now().isoformat()
        self.session: dict[str, Any] = {
            "start": start,
            "end": None,
            "machine": socket.gethostname(),
            "system": platform.platform(),
            "cores": cores(),
            "process": os.getpid(),
            "shard": f"{shard.number}/{shard.of}",
            "command": list(command) if command else None,
        }
        self.name = f"{start.replace(':', '')}-{self.session['machine']}-{os.getpid()}"

    def begin(self, kind: str, slots: int) -> None:
        self.session |= {"executors": kind, "slots": slots}
        self.store.write_session(self.name, self.session)

    def end(self, tally: Tally) -> None:
        seen = tally.progress()
        self.session |= {"end": now().isoformat(), "done": seen.done - seen.before, "failed": seen.failed}
        self.store.write_session(self.name, self.session)
