"""`tiercare sweep` and what belongs to it: studies of many scenarios."""

import contextlib
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Families, Language, Months
from simulator.cli.told import at_least, console, err, near_here, reported
from simulator.core.errors import UserError
from simulator.core.messages import say

LONG = 600
"""Seconds from which on a study is only begun after a question, where somebody is there to answer."""

Run = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the study.")]
Workers = Annotated[int | None, typer.Option(help="Runs at a time on this machine; by default one for each core.")]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a dask cluster that does the work, tcp://HOST:PORT.")
]
Slurm = Annotated[
    str | None,
    typer.Option(
        metavar="JOBS[,KEY=VALUE…]",
        help="Do the work in so many Slurm jobs; keys: cores, memory, walltime, queue, account, interface.",
    ),
]
Part = Annotated[str | None, typer.Option("--shard", metavar="I/N", help="Run part I of N only.")]
Patience = Annotated[int, typer.Option(help="Seconds to wait for a cluster that gives no workers.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but the folder of the study.")]


@app.command()
def sweep(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="Study file, or the folder of its sweep.yaml.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the study; results/STUDY/TIME-HASH by default.")] = None,
    families: Families = None,
    months: Months = None,
    workers: Workers = None,
    slurm: Slurm = None,
    cluster: Cluster = None,
    patience: Patience = 600,
    shard: Part = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, say what it will take, and leave.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Begin a long study without asking.")] = False,
    quiet: Quiet = False,
    lang: Language = None,
) -> None:
    """Run a study: a scenario at many points, every point in replications.

    A study that was stopped or killed goes on with `tiercare resume`, or with the same command and the same --out.
    """
    with reported(lang):
        at_least(1, families=families, months=months, workers=workers)
        from simulator.report.study import plan_of
        from simulator.study.sweep.designs import points_of
        from simulator.study.sweep.names import new_folder
        from simulator.study.sweep.read import read_study
        from simulator.study.sweep.tasks import Tasks, estimate

        part = _shard(shard)
        asked = read_study(study, families, months)
        tasks = Tasks(asked, points_of(asked), asked.said.design.replications)
        tasks.check_points()
        told = estimate(tasks, workers)
        if not quiet or dry_run:
            for line in plan_of(tasks, told):
                console().print(line, highlight=False, soft_wrap=isinstance(line, str))
        if dry_run:
            return
        if told.seconds > LONG and not yes and sys.stdin.isatty() and sys.stderr.isatty():
            typer.confirm(say("sweep.confirm"), abort=True, err=True)
        _drive(tasks, out or new_folder(tasks), part, workers, slurm, cluster, patience, quiet)


def _shard(text: str | None) -> Any:
    from simulator.study.sweep.tasks import Shard

    if text is None:
        return Shard()
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise UserError(say("sweep.shard", text=text))
    return Shard(int(number), int(of))


def _drive(
    tasks: Any,
    folder: Path,
    part: Any,
    workers: int | None,
    slurm: str | None,
    cluster: str | None,
    patience: int,
    quiet: bool,
) -> None:
    """Run what is missing, show how far it comes, and write the tables where all is there."""
    from simulator.report.study import outcomes_table, shown
    from simulator.study.sweep.drive import StudyStopped, drive
    from simulator.study.sweep.tables import write

    crew = _crew(folder, slurm, cluster, patience)
    try:
        with contextlib.nullcontext() if quiet else shown(tasks) as show:
            seen = drive(
                tasks, folder, workers=workers, crew=crew, shard=part, progress=show, warn=err,
                command=["tiercare", *sys.argv[1:]],
            )  # fmt: skip
    except StudyStopped:
        err(say("sweep.stopped", folder=near_here(folder)))
        raise typer.Exit(1) from None
    if part.whole:
        write(folder)
    if quiet:
        print(near_here(folder))
    else:
        console().print(outcomes_table(tasks, seen), highlight=False)
        console().print(say("cli.results", folder=near_here(folder)), soft_wrap=True, highlight=False)
    if seen.failed:
        err(say("sweep.some_failed", failed=seen.failed, folder=near_here(folder) / "failed"))
        raise typer.Exit(1)


def _crew(folder: Path, slurm: str | None, cluster: str | None, patience: int) -> AbstractContextManager[Any] | None:
    from simulator.study.sweep import crew

    if slurm and cluster:
        raise UserError(say("sweep.two_crews"))
    if cluster:
        return crew.cluster(cluster, patience)
    if slurm:
        jobs, *more = slurm.split(",")
        known = ("cores", "memory", "walltime", "queue", "account", "interface")
        options: dict[str, Any] = {}
        for each in more:
            key, equals, value = each.partition("=")
            if not equals or key not in known or (key == "cores" and not value.isdecimal()):
                raise UserError(say("sweep.slurm", text=each, known=", ".join(known)))
            options[key] = int(value) if key == "cores" else value
        if not jobs.isdecimal() or int(jobs) < 1:
            raise UserError(say("sweep.slurm", text=jobs, known=", ".join(known)))
        return crew.slurm(int(jobs), folder.absolute(), patience=patience, **options)
    return None
