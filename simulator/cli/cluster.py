"""`--cluster`: on which workers the families of one simulation are shared out."""

import contextlib
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from simulator.cli.study_executors import IDLE, slurm_jobs
from simulator.core.errors import UserError, near
from simulator.core.messages import say

KINDS = ("dask", "slurm", "local")
PATIENCE = 600.0
"""Seconds to wait for workers that a cluster does not give."""

Cluster = Callable[[Path], AbstractContextManager[Any]]


def cluster_of(text: str, threads: int | None) -> Cluster:
    """What gives the workers that ``text`` means, for the folder of a run; ``threads`` are those of this machine that
    may be used, all by default. Raises UserError."""
    kind, _, rest = text.partition(":")
    if kind == "local" and rest.isdecimal() and int(rest) > 0:
        return _local(int(rest), threads)
    if kind == "slurm" and (rest or text == "slurm"):
        jobs, options = slurm_jobs(rest or IDLE, "--cluster slurm")
        return _on(jobs, lambda executors, folder: executors.slurm(jobs, folder.absolute(), **options))
    host, _, port = rest.removeprefix("//").rpartition(":")
    if kind == "dask" and rest.startswith("//") and host and port.isdecimal():
        return _on(1, lambda executors, folder: executors.cluster(f"tcp://{host}:{port}", PATIENCE))
    raise UserError(say("cli.cluster", text=text, near=near(kind, KINDS) if kind not in KINDS else ""))


def _local(count: int, threads: int | None) -> Cluster:
    from simulator.study.cost import cores

    each = max(1, (threads or cores()) // count)
    return _on(count, lambda executors, folder: executors.processes(count, folder.absolute(), each))


def _on(wanted: int, make: Callable[[Any, Path], AbstractContextManager[Any]]) -> Cluster:
    @contextlib.contextmanager
    def workers(folder: Path) -> Generator[Any]:
        from simulator.study.shards import DaskWorkers
        from simulator.study.sweep import executors

        with make(executors, folder) as made:
            yield DaskWorkers(made.client, made.patience, wanted)

    return workers
