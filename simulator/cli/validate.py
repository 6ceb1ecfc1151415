"""`tiercare validate`: the model against what was measured and claimed."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.calibrate import lacking, recovered
from simulator.cli.options import Language, Parameters, Seed, Threads
from simulator.cli.output import at_least, console, err, near_here, paired_sizes, reported, writing
from simulator.core.errors import UserError
from simulator.core.messages import say

QUICK = (500, 3, 20)
"""Families, replications and sets of `--quick`."""
RECOVERY = "recovery"
"""Folder of the runs of `--recovery`, below that of all parts."""


@app.command()
def validate(
    levels: Annotated[bool, typer.Option("--levels", help="Levels against statistics; all parts by default.")] = False,
    history: Annotated[bool, typer.Option("--history", help="Natural experiments against what was measured.")] = False,
    claims: Annotated[bool, typer.Option("--claims", help="What programmes say of themselves.")] = False,
    robust: Annotated[
        bool, typer.Option("--robust", help="Signs of headline results over the sets of --parameters.")
    ] = False,
    channels: Annotated[
        bool, typer.Option("--channels", help="Headline results of alliances by channel, such as waits.")
    ] = False,
    recovery: Annotated[
        bool, typer.Option("--recovery", help="Whether the calibration finds parameters that were hidden from it.")
    ] = False,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Small and in minutes; without channels, recovery, and what would have to be true."
        ),
    ] = False,
    families: Annotated[int | None, typer.Option(help="Number of sampled families; 6,000 by default.")] = None,
    replications: Annotated[int | None, typer.Option(help="Runs of every arm; 6 by default.")] = None,
    sets: Annotated[int | None, typer.Option(help="Sets of parameters of --robust; all by default.")] = None,
    parameters: Parameters = None,
    seed: Seed = 1,
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the tables; results/validation by default.")] = None,
    lang: Language = None,
) -> None:
    """Hold the model against statistics, natural experiments and claims.

    What was stopped goes on with the same command.
    """
    with reported(lang):
        paired_sizes(families, replications, seed, threads)
        at_least(1, sets=sets)
        from simulator.report import progress
        from simulator.study.ensemble import ONE
        from simulator.study.kept import PARTS
        from simulator.validation.asked import Asked, How, Size
        from simulator.validation.ensemble import sets_of
        from simulator.validation.run import Validation, ValidationInterrupted, validate

        small = QUICK if quick else (6000, 6, None)
        size = Size(families or small[0], replications or small[1], seed, sets or small[2])
        ensemble = sets_of(parameters)
        if robust and ensemble is None:
            raise UserError(say("validation.no_sets"))
        folder = out or Path("results", "validation")
        chosen = levels or history or claims or robust or channels or recovery
        parts = (
            Asked(levels, history, claims, not quick, robust, channels)
            if chosen
            else Asked(conditions=not quick, channels=not quick)
        )
        hides = recovery or not (chosen or quick)
        if hides:
            lacking()
        show_all = partial(_show, folder=folder, parameters=ensemble.name if ensemble else ONE)
        try:
            with writing(folder), progress.shown(size.families) as show:
                found = validate(parts, folder, size, How(threads, ensemble), show, _takes)
        except ValidationInterrupted as stop:
            show_all(stop.validation)
            err(say("validation.stopped"))
            raise typer.Exit(1) from None
        show_all(found)
        if hides:
            hidden = recovered(folder / PARTS / RECOVERY, threads)
            show_all(Validation(size=size, recovery=hidden))


def _takes(what: str, seconds: float) -> None:
    """How long runs will take."""
    from simulator.report.progress import duration

    if seconds:
        err(say("validation.takes" if what == "runs" else f"validation.takes_{what}", time=duration(seconds)))


def _show(found: Any, folder: Path, parameters: str) -> None:
    """Tables on the screen and on disk, and the pages."""
    from simulator.validation.page import summary, tables, write_pages
    from simulator.validation.tables import rows_of, write_tables

    screen = console()
    for table in tables(found):
        screen.print(table, highlight=False)
        screen.print()
    for line in summary(rows_of(found)):
        screen.print(line, highlight=False)
    with writing(folder):
        files = write_tables(found, folder, " ".join(["tiercare", *sys.argv[1:]]), parameters)
        files += write_pages(folder) if files else []
    for file in files:
        screen.print(say("cli.results", folder=near_here(file.absolute())), soft_wrap=True, highlight=False)
