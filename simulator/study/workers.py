"""Who does the work of a study: this process with threads, or several processes that report to it.

What a unit (arm, replication) gives does not depend on who ran it. A process is only ever told which unit is next;
finished units are on disk, so that processes can be stopped at any moment.
"""

import contextlib
import multiprocessing
import signal
import sys
import time
import traceback
import types
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError
from simulator.study.folder import Unit, undisturbed, write_part

type Told = Callable[[Unit, int, int], None]
"""Called with a unit, the months it has done and the months it will do."""

PAUSE = 0.2
"""Seconds between two reports of a process."""


class UnitFailed(Exception):
    """A unit could not be run to its end. ``trace`` is the traceback of where it happened, as text."""

    def __init__(self, unit: Unit, why: str, trace: str):
        self.unit, self.why, self.trace = unit, why, trace
        super().__init__(f"{unit[0]}, replication {unit[1]}: {why}")


@dataclass(frozen=True)
class Task:
    """What all units of a run have in common. ``place`` gives the folder of a finished unit."""

    scenario: Any
    seed: int
    engine: str
    threads: int
    model: Callable[..., Any] | None
    place: Callable[[Unit], Path]

    def run(self, unit: Unit, told: Told) -> None:
        """Build the model of a unit, live through its months, keep its tables."""
        from_class = self.model or _health_system()
        arm, replication = unit
        model = from_class(
            self.scenario,
            arm=arm,
            seed=self.seed,
            replication=replication,
            engine=self.engine,
            threads=self.threads,
        )
        months = model.burn_in + model.horizon
        told(unit, 0, months)
        while model.steps_done < months:
            model.step()
            told(unit, model.steps_done, months)
        with undisturbed():
            write_part(self.place(unit), unit, model.frames())


def _health_system() -> Callable[..., Any]:
    from simulator.model import HealthSystem

    return HealthSystem


def run_here(task: Task, units: list[Unit], told: Told) -> None:
    """Run the units one after the other in this process.

    Raises:
        UnitFailed: with what went wrong as its cause.
    """
    for unit in units:
        try:
            task.run(unit, told)
        except UserError:
            raise
        except Exception as error:
            raise UnitFailed(unit, _first_line(error), traceback.format_exc()) from error


def run_apart(task: Task, units: list[Unit], workers: int, told: Told) -> None:
    """Run the units in ``workers`` processes, each taking the next as soon as it is free.

    Raises:
        UnitFailed: one failed, or its process died; the others are stopped.
    """
    waiting, busy, processes = deque(units), dict[Connection, Unit](), []
    context = multiprocessing.get_context("spawn")
    try:
        with undisturbed(), _deaf_to_ctrl_c(), _without_main(task.model):
            for _ in range(min(workers, len(units))):
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs, task), daemon=True)
                process.start()
                theirs.close()
                processes.append(process)
                busy[ours] = waiting.popleft()
                ours.send(busy[ours])
        while busy:
            for connection in wait(list(busy)):
                _hear(connection, busy, waiting, told)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _hear(connection: Any, busy: dict[Connection, Unit], waiting: deque[Unit], told: Told) -> None:
    """Take one message of a process; give it the next unit when it is free."""
    unit = busy[connection]
    try:
        message = connection.recv()
    except (EOFError, ConnectionResetError):
        raise UnitFailed(unit, "its process was ended from outside, for want of memory perhaps", "") from None
    match message:
        case int(done), int(months):
            told(unit, done, months)
        case "finished":
            del busy[connection]
            if waiting:
                busy[connection] = waiting.popleft()
                connection.send(busy[connection])
            else:
                connection.close()
        case UserError() as error:
            raise error
        case str(why), str(trace):
            raise UnitFailed(unit, why, trace)


def _serve(connection: Any, task: Task) -> None:
    """A process: run what it is told to run until nobody is there to tell."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reported = 0.0

    def told(unit: Unit, done: int, months: int) -> None:
        nonlocal reported
        if done in (0, months) or time.monotonic() - reported > PAUSE:
            connection.send((done, months))
            reported = time.monotonic()

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            unit = connection.recv()
            try:
                task.run(unit, told)
            except (BrokenPipeError, ConnectionResetError):
                raise
            except UserError as error:
                connection.send(UserError(str(error)))
            except Exception as error:
                connection.send((_first_line(error), traceback.format_exc()))
            else:
                connection.send("finished")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Generator[None]:
    """New processes inherit that they do not hear it; they are stopped by us."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _without_main(model: Callable[..., Any] | None) -> Generator[None]:
    """Keep new processes from importing the user's script, so that it needs no ``if __name__ == "__main__"``.

    Only a model class that is defined in that script needs it there.
    """
    main = sys.modules["__main__"]
    if getattr(model, "__module__", None) == "__main__":
        yield
        return
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
