"""`tiercare report`: the report of a run that is there already, such as in the other language."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Language
from simulator.cli.told import near_here, reported


@app.command()
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run or of a comparison.")],
    story: Annotated[
        list[Path] | None, typer.Option(help="HTML fragment to put in, such as the life of a family; repeatable.")
    ] = None,
    lang: Language = None,
) -> None:
    """Write report.html into the folder of a run."""
    with reported(lang):
        from simulator.core.errors import UserError
        from simulator.core.messages import say
        from simulator.report.page.page import write_report
        from simulator.study.results import Results

        try:
            stories = [file.read_text(encoding="utf-8") for file in story or []]
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(say("cli.failed", why=error)) from error
        print(near_here(write_report(Results.open(run), stories=stories).absolute()))
