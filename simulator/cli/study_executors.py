"""Run the tasks of a study from a command: who does the work, what is shown, how it ends."""

import contextlib
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import typer

from simulator.cli.output import console, err, near_here
from simulator.core.errors import UserError
from simulator.core.messages import say

IDLE = "idle"
"""In place of a number of jobs: as many as there are idle nodes."""


def shard_of(text: str | None) -> Any:
    """The part of a study that `I/N` means. Raises UserError."""
    from simulator.study.sweep.tasks import WHOLE, Shard

    if text is None:
        return WHOLE
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise UserError(say("sweep.shard", text=text))
    return Shard(int(number), int(of))


def run_tasks(
    tasks: Any,
    folder: Path,
    part: Any,
    workers: int | None,
    slurm: str | None,
    cluster: str | None,
    patience: int,
    quiet: bool,
) -> None:
    """Run what is missing, show how far it comes, and write the tables and the report where all is there."""
    from simulator.report.study import outcomes_table, shown
    from simulator.report.sweep.page import write_study_report
    from simulator.study.sweep.drive import StudyStopped, drive
    from simulator.study.sweep.result_tables import write
    from simulator.study.sweep.study_results import Sweep

    executors = _executors(folder, slurm, cluster, patience)
    try:
        with contextlib.nullcontext() if quiet else shown(tasks) as show:
            seen = drive(
                tasks, folder, workers=workers, executors=executors, shard=part, progress=show, warn=err,
                command=["tiercare", *sys.argv[1:]],
            )  # fmt: skip
    except StudyStopped:
        err(say("sweep.stopped", folder=near_here(folder)))
        raise typer.Exit(1) from None
    if part.whole:
        write(folder)
        report = write_study_report(Sweep(folder))
    if quiet:
        print(near_here(folder))
    else:
        console().print(outcomes_table(tasks, seen), highlight=False)
        console().print(say("cli.results", folder=near_here(folder)), soft_wrap=True, highlight=False)
        if part.whole and report is not None:
            console().print(say("cli.report", file=near_here(report)), soft_wrap=True, highlight=False)
    if seen.failed:
        err(say("sweep.some_failed", failed=seen.failed, folder=near_here(folder) / "failed"))
        raise typer.Exit(1)


def _executors(
    folder: Path, slurm: str | None, cluster: str | None, patience: int
) -> AbstractContextManager[Any] | None:
    from simulator.study.sweep import executors

    if slurm and cluster:
        raise UserError(say("sweep.two_clusters"))
    if cluster:
        return executors.cluster(cluster, patience)
    if slurm:
        jobs, options = slurm_jobs(slurm, "--slurm")
        return executors.slurm(jobs, folder.absolute(), patience=patience, **options)
    return None


def slurm_jobs(text: str, option: str) -> tuple[int, dict[str, Any]]:
    """Number of jobs and their options of `JOBS[,KEY=VALUE…]`, as ``option`` has it; JOBS may be `idle`, a job for each
    node that is. Raises UserError."""
    jobs, *more = text.split(",")
    known = ("cores", "memory", "walltime", "queue", "account", "interface")
    options: dict[str, Any] = {}
    for each in more:
        key, equals, value = each.partition("=")
        if not equals or key not in known or not _fits(key, value):
            raise UserError(say("sweep.slurm", option=option, text=each, known=", ".join(known)))
        options[key] = int(value) if key == "cores" else value
    if jobs == IDLE:
        return idle_nodes(options.get("queue")), options
    if not jobs.isdecimal() or int(jobs) < 1:
        raise UserError(say("sweep.slurm", option=option, text=jobs, known=", ".join(known)))
    return int(jobs), options


def idle_nodes(queue: str | None) -> int:
    """Nodes of a partition, or of all, that wait for work. Raises UserError where there is no Slurm or no such node."""
    if shutil.which("sinfo") is None:
        raise UserError(say("sweep.no_slurm"))
    asked = [
        "sinfo",
        "--noheader",
        "--states=idle",
        "--Node",
        "--format=%N",
        *(["--partition", queue] if queue else []),
    ]
    nodes = set(subprocess.run(asked, check=False, capture_output=True, text=True, timeout=60).stdout.split())
    if not nodes:
        raise UserError(say("sweep.no_idle"))
    return len(nodes)


def _fits(key: str, value: str) -> bool:
    """Whether a key of --slurm may have that value; what a cluster alone knows, such as a queue, is left to it."""
    if key == "cores":
        return value.isdecimal() and int(value) > 0
    if key == "memory":
        number = value.rstrip("BKMGTib")
        return number.replace(".", "", 1).isdecimal() and number != value
    return bool(value)
