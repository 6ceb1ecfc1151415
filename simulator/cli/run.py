"""`tiercare run`: simulate a scenario."""

import contextlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.cluster import cluster_of
from simulator.cli.options import (
    Arms,
    Changes,
    Engine,
    Families,
    Language,
    Months,
    Overrides,
    Parameters,
    Seed,
    Threads,
)
from simulator.cli.output import at_least, console, near_here, reported, title_of, typed, warn
from simulator.core.errors import UserError
from simulator.core.messages import say


@app.command()
def run(
    context: typer.Context,
    scenario: Annotated[Path | None, typer.Argument(metavar="SCENARIO", help="Scenario file (YAML).")] = None,
    families: Families = None,
    months: Months = None,
    replications: Annotated[
        int | None, typer.Option(help="Runs of every arm, each with its own people and draws; 1, or a run a row.")
    ] = None,
    seed: Seed = 1,
    arms: Arms = None,
    engine: Engine = "fast",
    threads: Threads = None,
    changes: Changes = None,
    parameters: Parameters = None,
    overrides: Overrides = None,
    lang: Language = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Share out the families of each run: dask://HOST:PORT, slurm[:JOBS[,KEY=VALUE…]] (a job for each idle "
            "node if JOBS is left out) or local:N processes.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; results/SCENARIO/TIME-HASH by default.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Go on with a run that was stopped, as it was asked for then.")
    ] = None,
    facility_months: Annotated[
        bool,
        typer.Option("--facility-months", help="Keep every facility by month too; results are three times as large."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but the folder of the results.")] = False,
) -> None:
    """Run a scenario and keep the results in a folder.

    A run that was stopped or killed goes on with the same command and the same --out, or with --resume.
    """
    with reported(lang):
        at_least(1, families=families, months=months)
        from simulator.report import progress
        from simulator.report.page.page import write_report
        from simulator.scenario import load
        from simulator.study.cost import size
        from simulator.study.ensemble import chosen
        from simulator.study.run import reopen
        from simulator.study.run import run as run_study

        asked: dict[str, Any] = {
            "replications": 1 if replications is None else replications,
            "seed": seed,
            "engine": engine,
            "out": out,
            "facility_months": facility_months,
        }
        on = cluster_of(cluster, threads) if cluster is not None else None
        if resume is not None:
            words = typed(context)
            if beside := words.keys() - {"resume", "engine", "threads", "cluster", "lang", "quiet"}:
                names = ", ".join(words[name] for name in words if name in beside)
                raise UserError(say("cli.resume_beside", names=names))
            place, asked = reopen(resume)
            asked |= {"engine": engine} if "engine" in words else {}
        elif scenario is not None:
            place = load(scenario, changes=changes or [], families=families, months=months, with_=overrides or [])
            if (sets := chosen(parameters, place, replications, 1)) is not None:
                asked |= {"parameters": sets, "replications": len(sets.rows)}
            asked["arms"] = [arm.strip() for arm in arms.split(",")] if arms is not None else None
        else:
            raise UserError(say("cli.resume_or_scenario"))
        warn(place)
        with contextlib.nullcontext() if quiet else progress.shown(size(place).families) as show:
            results = run_study(
                place,
                **asked,
                threads=threads,
                cluster=on,
                progress=show,
                command=["tiercare", *sys.argv[1:]],
            )
        write_report(results, place)
        if quiet:
            print(near_here(results.folder))
        else:
            _show(results, place)


def _show(results: Any, scenario: Any) -> None:
    """The compact table and where everything else is."""
    from simulator.report.claims import claims_table
    from simulator.report.display import titles
    from simulator.report.page.page import scenarios_of
    from simulator.report.programme import programme_rows
    from simulator.report.results_table import tables
    from simulator.report.unused import Unused

    screen = console()
    screen.print(title_of(scenario), style="bold", highlight=False)
    with titles(results.manifest["scenario"]["resolved"], short=True):
        unused = list(Unused(results, scenarios_of(results, scenario, results.arms)).lines())
        shown = tables(results, scenario.findings, own=programme_rows(scenario))
        shown += claims_table(results, scenario.claims)
    for line in unused:
        screen.print(line, soft_wrap=True, highlight=False)
    for made in shown:
        screen.print(made, highlight=False)
        screen.print()
    screen.print(say("cli.report", file=near_here(results.folder / "report.html")), soft_wrap=True, highlight=False)
    screen.print(say("cli.results", folder=near_here(results.folder)), soft_wrap=True, highlight=False)
