"""Who does the work: threads of this process, each with a child, or the workers of a dask cluster, on Slurm or not.

Each is an executor of ``concurrent.futures``, so that the driver knows no difference.
"""

import contextlib
import logging
import shutil
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.sweep.private_scheduler import certificate, network, unseen
from simulator.study.sweep.tasks import Cell
from simulator.study.sweep.watchdog import Ended, Rules, close_all, run_watched

CONNECTING = 15
"""Seconds that a scheduler may take to answer."""


@dataclass(frozen=True)
class Executors:
    """Workers that take tasks. ``present`` counts the slots that can take a task now."""

    kind: str
    executor: Executor
    present: Callable[[], int]
    patience: float = 600.0
    """Seconds to wait for a cluster that has no worker."""
    ahead: int = 2
    """Tasks handed out for each slot, so that none waits for the next."""
    reached: Callable[[], bool] = lambda: True
    """Whether the scheduler still answers."""
    client: Any = None
    """Of dask, where it is a cluster."""

    def submit(self, cell: Cell, rules: Rules) -> "Future[Ended]":
        """Hand out a task."""
        return self.executor.submit(run_watched, cell, rules)


@contextlib.contextmanager
def local(workers: int) -> Generator[Executors]:
    """So many children of this process."""
    executor = ThreadPoolExecutor(workers, thread_name_prefix="slot")
    try:
        yield Executors("local", executor, lambda: workers, ahead=1)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        close_all()
        executor.shutdown(wait=True)


@contextlib.contextmanager
def cluster(address: str, patience: float = 600.0) -> Generator[Executors]:
    """The workers of a dask cluster that runs somewhere; they must see the study's folder under the same path.

    Raises:
        UserError: there is no scheduler at that address, or dask is not installed.
    """
    distributed = _library("distributed")
    _quiet()
    try:
        client = distributed.Client(address, timeout=CONNECTING)
    except (OSError, TimeoutError, ValueError) as error:
        raise UserError(say("sweep.no_cluster", address=address, why=error)) from None
    with client:
        yield _of(client, "cluster", patience)


@contextlib.contextmanager
def processes(count: int, folder: Path, threads: int = 1, patience: float = 60.0) -> Generator[Executors]:
    """So many dask workers on this machine, of so many threads each, which let in nobody else who works here;
    ``folder`` is for their certificate.

    Raises:
        UserError: dask is not installed, or nothing can be written there.
    """
    distributed = _library("distributed")
    _library("cryptography")
    _quiet()
    with contextlib.ExitStack() as open_things:
        security = open_things.enter_context(certificate(folder))
        here = {"host": "127.0.0.1", "protocol": "tls://", "security": security, "dashboard": False}
        no_page = {"dashboard_address": "127.0.0.1:0"}
        worker = {**here, **no_page, "nthreads": threads, "memory_limit": 0, "local_directory": str(folder)}
        worker["silence_logs"] = logging.CRITICAL
        made = distributed.SpecCluster(
            scheduler={"cls": unseen(), "options": here},
            workers={number: {"cls": distributed.Nanny, "options": worker} for number in range(count)},
            security=security,
            silence_logs=logging.CRITICAL,
        )
        open_things.enter_context(made)
        client = distributed.Client(made, security=security, direct_to_workers=True)
        yield _of(open_things.enter_context(client), "local", patience)


@contextlib.contextmanager
def slurm(
    jobs: int,
    folder: Path,
    *,
    cores: int = 1,
    memory: str = "2GB",
    walltime: str = "01:00:00",
    queue: str | None = None,
    account: str | None = None,
    interface: str | None = None,
    more: Sequence[str] = (),
    patience: float = 600.0,
) -> Generator[Executors]:
    """So many Slurm jobs through dask-jobqueue, replaced where they end; logs go to ``folder``.

    Args:
        jobs: number of jobs.
        folder: of the study, on a disk that all nodes see.
        cores: slots of each job.
        memory: of each job, as dask writes it.
        walltime: of each job; a worker ends a little before, between two tasks.
        queue, account: partition and account.
        interface: network on which the driver listens, and the jobs too; by default the driver's only one.
        more: further lines of #SBATCH.
        patience: seconds to wait for the first job.

    Raises:
        UserError: there is no Slurm here, no such network, a walltime that cannot be read, or dask is not installed.
    """
    jobqueue, distributed = _library("dask_jobqueue"), _library("distributed")
    lifetime = max(60, round(_seconds(walltime) * 0.9) - 60)
    if shutil.which("sbatch") is None:
        raise UserError(say("sweep.no_slurm"))
    listens = network(interface)
    _library("cryptography")
    _quiet()
    logs = folder / "slurm"
    logs.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as open_things:
        security = open_things.enter_context(certificate(logs))
        made = jobqueue.SLURMCluster(
            queue=queue,
            account=account,
            cores=cores,
            processes=1,
            memory=memory,
            walltime=walltime,
            interface=interface,
            protocol="tls://",
            security=security,
            nanny=False,  # children are guarded by the slots; a nanny beside them can hang
            log_directory=str(logs),
            local_directory=str(logs),
            death_timeout=60,
            job_extra_directives=list(more),
            scheduler_cls=unseen(),
            scheduler_options={"interface": listens, "dashboard_address": None},
            worker_extra_args=[
                *("--lifetime", f"{lifetime}s", "--lifetime-stagger", f"{max(5, lifetime // 10)}s"),
                *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
            ],
        )
        open_things.enter_context(made)
        client = open_things.enter_context(distributed.Client(made, security=security))
        made.adapt(minimum_jobs=jobs, maximum_jobs=jobs, interval="2s")  # unlike scale() this replaces lost jobs
        yield _of(client, "slurm", patience)


def _of(client: Any, kind: str, patience: float) -> Executors:
    def present() -> int:
        with contextlib.suppress(OSError, RuntimeError):  # it is gone, see reached
            return sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
        return 0

    # A task is no function of its arguments to dask: it may be run again, and writes what it gives.
    return Executors(
        kind,
        client.get_executor(pure=False),
        present,
        patience,
        reached=lambda: client.status == "running",
        client=client,
    )


def _library(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise UserError(say("sweep.library", name=name)) from None


def _quiet() -> None:
    """Dask tells of every worker that goes; that is what the driver is for."""
    import dask

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": 10,
            "distributed.worker.memory.target": False,
            "distributed.worker.memory.spill": False,
            "distributed.worker.memory.pause": False,
            "distributed.worker.memory.terminate": False,
        }
    )


def _seconds(walltime: str) -> float:
    """Seconds of a time as Slurm writes it: D-HH:MM:SS, HH:MM:SS, MM:SS or minutes. Raises UserError."""
    days, _, rest = walltime.rpartition("-")
    parts = rest.split(":")
    try:
        numbers = [int(part) for part in parts]
        whole = int(days or 0) * 86400
    except ValueError:
        raise UserError(say("sweep.walltime", text=walltime)) from None
    if len(numbers) == 1:
        return whole + numbers[0] * 60
    return whole + sum(n * 60**i for i, n in enumerate(reversed(numbers)))


class Monitor:
    """Notices executors that have had no worker for too long."""

    def __init__(self, executors: Executors):
        self.executors, self.last_present = executors, time.monotonic()

    def ask(self) -> None:
        """Raises UserError where the scheduler of a cluster is gone: tasks that it lost have not failed."""
        if not self.executors.reached():
            raise UserError(say("sweep.cluster_gone"))

    def look(self) -> None:
        """Raises UserError where nobody has been there for longer than the executors' patience."""
        self.ask()
        if self.executors.present():
            self.last_present = time.monotonic()
        elif time.monotonic() - self.last_present > self.executors.patience:
            raise UserError(say("sweep.no_workers", seconds=f"{self.executors.patience:.0f}"))
