"""`tiercare report`: the report of a run or a study that is there already, such as in the other language."""

from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Language
from simulator.cli.output import near_here, reported


@app.command()
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, a comparison or a study.")],
    story: Annotated[
        list[Path] | None, typer.Option(help="HTML fragment to put in, such as the life of a family; repeatable.")
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="Write brief.html instead: the answer on one sheet of A4.")
    ] = False,
    lang: Language = None,
) -> None:
    """Write report.html into the folder of a run or of a study."""
    with reported(lang):
        from simulator.core.errors import UserError
        from simulator.core.messages import say
        from simulator.report.page.page import write_brief, write_report
        from simulator.study.results import Results
        from simulator.study.sweep.study_results import Sweep, is_study

        if is_study(run):
            if brief:
                raise UserError(say("page.sweep_no_brief"))
            _study(Sweep(run), run, story)
            return
        if brief:
            print(near_here(write_brief(Results.open(run)).absolute()))
            return
        try:
            stories = [file.read_text(encoding="utf-8") for file in story or []]
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(say("cli.failed", why=error)) from error
        print(near_here(write_report(Results.open(run), stories=stories).absolute()))


def _study(sweep: Any, run: Path, story: list[Path] | None) -> None:
    from simulator.core.errors import UserError
    from simulator.core.messages import say
    from simulator.report.sweep.page import write_study_report
    from simulator.study.sweep.result_tables import write

    if story:
        raise UserError(say("page.sweep_no_story"))
    file = write_study_report(sweep)
    if file is None:
        raise UserError(say("page.sweep_nothing", folder=run))
    write(run)
    print(near_here(file.absolute()))
