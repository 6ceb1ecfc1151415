"""Who does the work of a study: this process with threads, or several processes that report to it.

What a unit (arm, replication) gives does not depend on who ran it, nor on what else was run with it. A process is only
ever told which job is next; finished units are on disk, so that processes can be stopped at any moment.
"""

import contextlib
import gc
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.branches import branches, live_through
from simulator.study.exact import exact_numbers
from simulator.study.folder import place_of, undisturbed, write_part
from simulator.study.summary import BASELINE


class Job(NamedTuple):
    """One replication with the arms that it still lacks, in the order of `branches`, and the threads for it. ``of`` is
    what else its task has to know of it."""

    replication: int
    arms: tuple[str, ...]
    threads: int = 1
    of: Any = None


type Report = Callable[[Job, int, int], None]
"""Called with a job, the months it has lived, burn-in and all arms together, and the arms it has finished."""

PAUSE = 0.2
"""Seconds between two reports of a process."""
NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows' way to a process group of its own; 0 elsewhere."""
BEGIN = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);from simulator.study.workers import serve; serve()"
)
"""What a process runs. Unlike those of ``multiprocessing`` it does not import the user's script, which therefore needs
no ``if __name__ == "__main__"``."""


class UnitFailed(Exception):
    """A unit, or the burn-in of a replication (arm: None), could not be run to its end.

    ``trace`` is the traceback of where it happened, as text.
    """

    def __init__(self, arm: str | None, replication: int, why: str, trace: str):
        self.arm, self.why, self.trace = arm, why, trace
        who = {"replication": replication, "why": why}
        super().__init__(say("study.failed", arm=arm, **who) if arm else say("study.failed_burn_in", **who))


class Unwritable(UserError):
    """Results can be written no more: a full disk, a folder that is read-only."""


class Runs(Protocol):
    """What the jobs of a run have in common, and how one of them is run. Sent to every process."""

    def run(self, job: Job, report: Report) -> None: ...


@dataclass(frozen=True)
class Task:
    """What all jobs of a run have in common. ``parts`` is the folder for finished units, ``varied`` has the
    scenario of each replication where they differ; ``facility_months`` keeps every facility by month."""

    scenario: Any
    seed: int
    engine: str
    model: Callable[..., Any] | None
    parts: Path
    varied: tuple[Any, ...] = ()
    facility_months: bool = False

    def run(self, job: Job, report: Report) -> None:
        """Live through what the arms share once, and then through each; keep an arm's tables when it is done.

        Raises:
            UnitFailed: naming the arm, with what went wrong as its cause.
        """

        def keep(arm: str, model: Any) -> None:
            with undisturbed():
                unit = arm, job.replication
                write_part(place_of(self.parts, unit), unit, model.frames(), self.facility_months)

        scenario = self.varied[job.replication] if self.varied else self.scenario
        live(self.model, scenario, self.seed, self.engine, job, keep, report)


@exact_numbers()
def live(
    model: Callable[..., Any] | None,
    scenario: Any,
    seed: int,
    engine: str,
    job: Job,
    keep: Callable[[str, Any], None],
    report: Report,
) -> None:
    """Live through the burn-in of a replication and whatever else its arms share once; ``keep`` is given each arm and
    its model at its end, in the order of `branches`.

    Raises:
        UnitFailed: naming the arm, with what went wrong as its cause.
    """
    where: str | None = None
    try:
        base = (model or simulation(engine))(
            scenario, arm=BASELINE, seed=seed, replication=job.replication, engine=engine, threads=job.threads
        )
        lived = done = 0
        report(job, lived, done)
        while base.steps_done < base.burn_in:
            base.step()
            report(job, lived := lived + 1, done)
        for where, model in live_through(branches(scenario, job.arms), base):
            if model is None:
                report(job, lived := lived + 1, done)
                continue
            keep(where, model)
            report(job, lived, done := done + 1)
            del model
            gc.collect()  # models refer to themselves; their large arrays do not make Python look
    except (UserError, BrokenPipeError):
        raise
    except Exception as error:
        raise UnitFailed(where, job.replication, _first_line(error), traceback.format_exc()) from error


def simulation(engine: str) -> Callable[..., Any]:
    """What runs with an engine: agents need Mesa, which is slow to import."""
    if engine == "agents":
        from simulator.model import HealthSystem

        return HealthSystem
    from simulator.simulation import Simulation

    return Simulation


def run_here(task: Runs, jobs: list[Job], report: Report) -> None:
    """Run the jobs one after the other in this process.

    Raises:
        UnitFailed: with what went wrong as its cause.
    """
    gc.freeze()  # as in `_settle`
    try:
        for number, job in enumerate(jobs):
            task.run(job, report)
            if number == 0:
                gc.collect()
                gc.freeze()
    finally:
        gc.unfreeze()


class Worker:
    """A process of its own that runs one job after the other, and a thread that listens to it.

    It has a process group of its own, so that Ctrl-C reaches it through us alone.
    """

    def __init__(self, task: Runs, job: Job, heard: "queue.SimpleQueue[tuple[Worker, Any]]"):
        self.job, self.arms_done = job, 0
        self.process = subprocess.Popen(
            [sys.executable, "-c", BEGIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=None if NEW_GROUP else 0,
            creationflags=NEW_GROUP,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.inbox, self.outbox = self.process.stdin, self.process.stdout
        threading.Thread(target=self._attend, args=(task, heard), daemon=True).start()

    def begin(self, job: Job) -> None:
        """Let it run its next job."""
        self.job, self.arms_done = job, 0
        self._tell(job)

    def end(self) -> None:
        """Stop it, whatever it is doing."""
        self.process.kill()
        self.process.wait()

    def died(self) -> UnitFailed:
        """What to say where it ended on its own."""
        return UnitFailed(self.job.arms[self.arms_done], self.job.replication, say("study.process_ended"), "")

    def _attend(self, task: Runs, heard: "queue.SimpleQueue[tuple[Worker, Any]]") -> None:
        """Tell it what it is for, then pass on what it says; at its end, None."""
        self._tell(sys.path, task, self.job)
        with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                heard.put((self, pickle.load(self.outbox)))
        heard.put((self, None))

    def _tell(self, *messages: Any) -> None:
        with contextlib.suppress(BrokenPipeError):  # that it is gone is heard by the thread
            for message in messages:
                pickle.dump(message, self.inbox)
            self.inbox.flush()


def run_apart(task: Runs, jobs: list[Job], workers: int, report: Report) -> None:
    """Run the jobs in ``workers`` processes, each taking the next as soon as it is free.

    Raises:
        UnitFailed: one failed, or its process died; the others are stopped.
    """
    waiting, heard = deque(jobs), queue.SimpleQueue[tuple[Worker, Any]]()
    pool: list[Worker] = []
    try:
        with undisturbed():
            pool += [Worker(task, waiting.popleft(), heard) for _ in range(min(workers, len(jobs)))]
        busy = len(pool)
        while busy:
            worker, message = heard.get()
            match message:
                case int(months), int(arms):
                    worker.arms_done = min(arms, len(worker.job.arms) - 1)
                    report(worker.job, months, arms)
                case "finished" if waiting:
                    worker.begin(waiting.popleft())
                case "finished":
                    busy -= 1
                case UserError():
                    raise message
                case (str() | None) as arm, str(why), str(trace):
                    raise UnitFailed(arm, worker.job.replication, why, trace)
                case None:
                    raise worker.died()
    finally:
        for worker in pool:
            worker.end()


def serve() -> None:
    """A process: run what it is told to run until nobody is there to tell."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a model prints must not come between the answers

    def answer(message: Any) -> None:
        pickle.dump(message, answers)
        answers.flush()

    reported, arms_reported = 0.0, 0

    def report(job: Job, months: int, arms: int) -> None:
        nonlocal reported, arms_reported
        if months == 0 or arms != arms_reported or time.monotonic() - reported > PAUSE:
            answer((months, arms))
            reported, arms_reported = time.monotonic(), arms

    try:
        task: Runs = pickle.load(sys.stdin.buffer)
        jobs = queue.SimpleQueue[Job]()
        threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
        while True:
            try:
                task.run(jobs.get(), report)
            except UserError as error:
                answer((Unwritable if isinstance(error, Unwritable) else UserError)(str(error)))
            except UnitFailed as failure:
                answer((failure.arm, failure.why, failure.trace))
            else:
                answer("finished")
            _settle()
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        os._exit(0)  # nobody is left to hear of it


@cache
def _settle() -> None:
    """After the first job: everything imported or read so far stays, and is not looked through again whenever a model
    is collected, which would take longer than a short run."""
    gc.collect()
    gc.freeze()


def _listen(jobs: "queue.SimpleQueue[Job]") -> None:
    """Pass on the jobs that come; where nobody is left to send any, end at once, in the middle of a month too."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            jobs.put(pickle.load(sys.stdin.buffer))
    os._exit(0)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
