"""`tiercare validate`: the model against what was measured and claimed."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.calibrate import calibrate
from simulator.cli.options import Language, Parameters, Seed, Threads
from simulator.cli.output import console, err, near_here, paired_sizes, reported, writing
from simulator.core.errors import UserError
from simulator.core.messages import say

QUICK = (500, 3)
"""Families and replications of `--quick`."""
RECOVERY = "recovery"
"""Folder of the trials of `--recovery`, below that of the tables."""


@app.command()
def validate(
    levels: Annotated[bool, typer.Option("--levels", help="Levels against statistics; all parts by default.")] = False,
    history: Annotated[bool, typer.Option("--history", help="Natural experiments against what was measured.")] = False,
    claims: Annotated[bool, typer.Option("--claims", help="What programmes say of themselves.")] = False,
    robust: Annotated[
        bool, typer.Option("--robust", help="Signs of headline results over the sets of --parameters.")
    ] = False,
    recovery: Annotated[
        bool, typer.Option("--recovery", help="Whether the calibration finds parameters that were hidden from it.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small and in minutes; no search for what would have to be true.")
    ] = False,
    families: Annotated[int | None, typer.Option(help="Number of sampled families; 6,000 by default.")] = None,
    replications: Annotated[int | None, typer.Option(help="Runs of every arm; 6 by default.")] = None,
    parameters: Parameters = None,
    seed: Seed = 1,
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the tables; results/validation by default.")] = None,
    lang: Language = None,
) -> None:
    """Hold the model against statistics, natural experiments and claims."""
    with reported(lang):
        paired_sizes(families, replications, seed, threads)
        from simulator.report import progress
        from simulator.validation.ensemble import sets_of
        from simulator.validation.robust import robust as over_sets
        from simulator.validation.run import Asked, How, Size, ValidationInterrupted, validate

        small = QUICK if quick else (6000, 6)
        size = Size(families or small[0], replications or small[1], seed)
        ensemble = sets_of(parameters)
        if robust and ensemble is None:
            raise UserError(say("validation.no_sets"))
        folder = out or Path("results", "validation")
        parts = (
            Asked(levels, history, claims) if levels or history or claims else Asked(*[not (robust or recovery)] * 3)
        )
        parts = parts._replace(conditions=not quick)
        how = How(threads, ensemble.changes if ensemble else ())
        try:
            with writing(folder), progress.shown(size.families) as show:
                found = validate(parts, folder, size, how, show)
                signs = over_sets(folder, size, how, ensemble, show) if ensemble and robust else []
        except ValidationInterrupted as stop:
            _show(stop.validation, [], folder)
            err(say("validation.stopped"))
            raise typer.Exit(1) from None
        if any(parts[:3]) or signs:
            _show(found, signs, folder)
    if recovery:
        calibrate(recovery=True, out=folder / RECOVERY, yes=True, lang=lang)


def _show(found: Any, signs: Any, folder: Path) -> None:
    """Tables on the screen and on disk, and the pages."""
    from simulator.validation.page import summary, tables, write_pages
    from simulator.validation.tables import rows_of, write_tables

    screen = console()
    for table in tables(found, signs):
        screen.print(table, highlight=False)
        screen.print()
    for line in summary(rows_of(found, signs)):
        screen.print(line, highlight=False)
    with writing(folder):
        files = write_tables(found, signs, folder, " ".join(["tiercare", *sys.argv[1:]]))
        files += write_pages(folder) if files else []
    for file in files:
        screen.print(say("cli.results", folder=near_here(file.absolute())), soft_wrap=True, highlight=False)
