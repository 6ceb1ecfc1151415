"""`tiercare diff`: what two runs differ in."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Language
from simulator.cli.output import console, reported
from simulator.core.messages import say

SHOWN = 40
"""So many lines of a table are printed."""


@app.command()
def diff(
    one: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run or a comparison.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Folder of another one.")],
    lang: Language = None,
) -> None:
    """Say what two runs differ in: scenario, version and circumstances, results."""
    with reported(lang):
        from simulator.report.unlike import tables
        from simulator.study.results import Results

        screen = console()
        made = list(tables(Results.open(one), Results.open(other), SHOWN))
        for each in made:
            screen.print(each, highlight=False)
            screen.print()
        if not made:
            screen.print(say("diff.same"), highlight=False)
