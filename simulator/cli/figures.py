"""`tiercare figures` and `tiercare export`: a run for papers and for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Language
from simulator.cli.output import err, near_here, reported, writing
from simulator.core.errors import UserError
from simulator.core.messages import LANGUAGES

Run = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")]


@app.command()
def figures(
    run: Run,
    out: Annotated[Path | None, typer.Option(help="Folder for the figures; RUN/figures by default.")] = None,
    lang: Language = None,
) -> None:
    """Draw figures of a run as SVG and PNG, each with its data as CSV and the sentences that it supports."""
    with reported(lang):
        from simulator.report.figures.fonts import family_of, hint
        from simulator.report.figures.write import write_figures
        from simulator.study.results import Results

        results = Results.open(run)
        languages = [lang] if lang else [spoken for spoken in LANGUAGES if family_of(spoken)]
        if lang and family_of(lang) is None:
            raise UserError(hint())
        folder = out or run / "figures"
        with writing(folder):
            for file in write_figures(results, folder, languages):
                print(near_here(file.absolute()))
        if len(languages) < len(LANGUAGES) and not lang:
            err(hint())


@app.command()
def export(
    run: Run,
    to: Annotated[str, typer.Option("--to", metavar="csv|xlsx", help="A folder of CSV files, or one workbook.")],
    tables: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Tables to export, or all; csv has all by default, a workbook the summary."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder or workbook; RUN/csv or RUN/NAME.xlsx by default.")] = None,
    lang: Language = None,
) -> None:
    """Export the tables of a run, with units and meanings of their columns."""
    with reported(lang):
        from simulator.study.export import export as export_tables
        from simulator.study.results import Results

        results = Results.open(run)
        place = out or (run / "csv" if to == "csv" else run / f"{run.absolute().name}.xlsx")
        names = [name.strip() for name in tables.split(",")] if tables is not None else None
        with writing(place):
            for file in export_tables(results, to, place, names, tell=err):
                print(near_here(file.absolute()))
