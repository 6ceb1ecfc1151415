"""What a child does with a task: build the scenario of its point, live through its arms, keep the outcomes."""

import contextlib
import ctypes
import importlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator.study.sweep.frozen import study_in
from simulator.study.sweep.outcomes import outcomes_of
from simulator.study.sweep.store import Damaged, Result, Store
from simulator.study.sweep.tasks import ENGINE, Cell
from simulator.study.workers import Job, Report, live


@dataclass(frozen=True)
class Work:
    """What the tasks of a study have in common for those who run them; sent to every child."""

    folder: Path
    model: str | None = None
    memory: int | None = None
    """Bytes that a child may take."""

    def run(self, job: Job, report: Report) -> None:
        """Run one task (``job.of`` is its Cell) and keep its result; nothing where it is kept already.

        Raises:
            UnitFailed: it failed, with what went wrong as its cause.
            Unwritable: its result could not be kept.
            UserError: the values of its point do not go together.
        """
        self._bound()
        cell: Cell = job.of
        store = Store(self.folder)
        with contextlib.suppress(Damaged):
            if store.result(cell.key) is not None:
                return
        start = time.perf_counter()
        study = study_in(self.folder)
        values: dict[str, dict[str, float | None]] = {}

        def keep(arm: str, model: Any) -> None:
            values[arm] = outcomes_of(study.specification.outcomes, model.frames()["monthly"])

        live(self.model_class, self._scenario(cell), study.specification.design.seed, ENGINE, job, keep, report)
        values = {arm: values[arm] for arm in job.arms}
        seconds = round(time.perf_counter() - start, 3)
        store.keep(Result(cell.key, cell.point, cell.replication, values, seconds, socket.gethostname()))

    def _scenario(self, cell: Cell) -> Any:
        """The scenario of a point; the last one is remembered, since replications follow each other."""
        if _last.get("point") != (self.folder, cell.point):
            _last.update(point=(self.folder, cell.point), scenario=study_in(self.folder).scenario(cell.values))
        return _last["scenario"]

    @cached_property
    def model_class(self) -> Callable[..., Any] | None:
        """The model that is run in the place of HealthSystem."""
        if self.model is None:
            return None
        module, _, name = self.model.rpartition(".")
        return getattr(importlib.import_module(module), name)

    def _bound(self) -> None:
        """Once in a process: end with the process that started it, and take no more memory than is allowed."""
        if _last.get("bound") or sys.platform == "win32":
            return
        _last["bound"] = True
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
            if os.getppid() == 1 and os.getpid() != 1:
                os._exit(1)
        if self.memory is not None:
            import resource

            _, most = resource.getrlimit(resource.RLIMIT_DATA)
            allowed = self.memory if most == resource.RLIM_INFINITY else min(self.memory, most)
            resource.setrlimit(resource.RLIMIT_DATA, (allowed, most))


_last: dict[str, Any] = {}
"""The last scenario of this process, and whether it is bound."""
