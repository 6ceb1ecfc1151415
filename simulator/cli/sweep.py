"""`tiercare sweep` and what belongs to it: studies of many scenarios."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Families, Language, Months
from simulator.cli.output import at_least, console, err, near_here, reported
from simulator.cli.study_executors import run_tasks, shard_of
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
OtherModel = Annotated[
    str | None,
    typer.Option("--model", metavar="MODULE.CLASS", help="Model of a study begun from Python with one of its own."),
]
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

        part = shard_of(shard)
        asked = read_study(study, families, months)
        tasks = Tasks(asked, points_of(asked), asked.specification.design.replications)
        tasks.check_points()
        estimated = estimate(tasks, workers)
        if not quiet or dry_run:
            for line in plan_of(tasks, estimated):
                console().print(line, highlight=False, soft_wrap=isinstance(line, str))
        if dry_run:
            return
        if estimated.seconds > LONG and not yes and sys.stdin.isatty() and sys.stderr.isatty():
            typer.confirm(say("sweep.confirm"), abort=True, err=True)
        run_tasks(tasks, out or new_folder(tasks), part, workers, slurm, cluster, patience, quiet)


@app.command()
def status(run: Run, lang: Language = None) -> None:
    """Say how far a study is, what failed, and what it has found so far."""
    with reported(lang):
        from simulator.report.study import failures_table, line, outcomes_table
        from simulator.study.sweep.study_results import Sweep

        sweep = Sweep(run)
        seen = sweep.progress(damaged=lambda task: err(say("sweep.damaged_here", task=task)))
        screen = console()
        screen.print(line(seen), soft_wrap=True, highlight=False)
        screen.print(outcomes_table(sweep.tasks, seen), highlight=False)
        if failures := sweep.failures:
            screen.print(failures_table(failures), highlight=False)


@app.command()
def resume(
    run: Run,
    workers: Workers = None,
    slurm: Slurm = None,
    cluster: Cluster = None,
    patience: Patience = 600,
    shard: Part = None,
    model: OtherModel = None,
    quiet: Quiet = False,
    lang: Language = None,
) -> None:
    """Go on with a study that was stopped or killed; what failed is tried once more."""
    with reported(lang):
        at_least(1, workers=workers)
        from simulator.study.sweep.begin import check_code, check_model
        from simulator.study.sweep.frozen import thaw
        from simulator.study.sweep.store import Store

        check_code(Store(run))
        check_model(run, model)
        run_tasks(thaw(run), run, shard_of(shard), workers, slurm, cluster, patience, quiet)


@app.command()
def expand(
    run: Run,
    replications: Annotated[str, typer.Option(metavar="+N", help="Replications to add at every point.")],
    workers: Workers = None,
    slurm: Slurm = None,
    cluster: Cluster = None,
    patience: Patience = 600,
    model: OtherModel = None,
    quiet: Quiet = False,
    lang: Language = None,
) -> None:
    """Add replications to a study; only what is new is run."""
    with reported(lang):
        at_least(1, workers=workers)
        from simulator.study.sweep.begin import check_model
        from simulator.study.sweep.begin import expand as asked

        number = replications.removeprefix("+")
        if not number.isdecimal() or int(number) < 1:
            raise UserError(say("sweep.expand", text=replications))
        check_model(run, model)
        run_tasks(asked(run, int(number)), run, shard_of(None), workers, slurm, cluster, patience, quiet)


@app.command()
def results(run: Run, lang: Language = None) -> None:
    """Write the tables of a study, finished or not: Parquet, CSV and, with DuckDB, a file of views."""
    with reported(lang):
        from simulator.study.sweep.result_tables import write

        for file in write(run):
            print(near_here(file))


@app.command()
def rerun(
    run: Run,
    task: Annotated[str, typer.Argument(metavar="TASK", help="Name of a task, or its beginning.")],
    out: Annotated[Path, typer.Option(help="New folder for its scenario and tables.")],
    model: OtherModel = None,
    lang: Language = None,
) -> None:
    """Run one task of a study again, exactly, and keep all its tables."""
    with reported(lang):
        from simulator.study.sweep.begin import check_model
        from simulator.study.sweep.rerun import rerun as again

        check_model(run, model)
        found = again(run, task, out)
        known = "new" if found.kept is None else "same" if found.same else "other"
        print(say(f"sweep.again_{known}", task=found.cell.key, folder=near_here(out)))
        if found.kept is not None and not found.same:
            raise typer.Exit(1)


@app.command()
def merge(
    into: Annotated[Path, typer.Argument(metavar="INTO", help="Folder that gets all results; new, or of the study.")],
    parts: Annotated[list[Path], typer.Argument(metavar="PART…", help="Folders of shards that were run apart.")],
    lang: Language = None,
) -> None:
    """Bring shards of one study that were run in folders of their own together, and write the tables."""
    with reported(lang):
        from simulator.study.sweep.rerun import merge as bring
        from simulator.study.sweep.result_tables import write

        print(say("sweep.merged", new=bring(into, parts, err), folder=near_here(into)))
        write(into)
