"""`tiercare verify`: whether a run is as it was left, and comes out again."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Language, Threads
from simulator.cli.output import err, near_here, reported
from simulator.core.messages import say


@app.command()
def verify(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run or a comparison.")],
    repeat: Annotated[
        bool, typer.Option("--repeat", help="Run everything again as well, and compare every value of every table.")
    ] = False,
    threads: Threads = None,
    lang: Language = None,
) -> None:
    """Check that no file of a run has changed since; exit code 1 if one has, or comes out otherwise."""
    with reported(lang):
        from simulator.study.results import Results
        from simulator.study.seal import TABLES, damages

        results = Results.open(run)
        found = damages(results.folder, results.manifest)
        for damage in found:
            err(say(f"verify.{damage.how}", file=near_here(results.folder.absolute() / damage.file)))
        if found:
            raise typer.Exit(1)
        folder = near_here(results.folder.absolute())
        print(say("verify.intact", folder=folder, files=len(results.manifest[TABLES]) + 1))
        if repeat:
            _again(results, folder, threads)


def _again(results, folder: Path, threads: int | None) -> None:
    """Run it again and say what came out otherwise."""
    from simulator.report import progress
    from simulator.study.manifest import made_with
    from simulator.study.verify import made_again

    manifest = results.manifest
    if manifest["source_hash"] != made_with()["source_hash"]:
        err(say("verify.other_program", version=manifest["versions"]["tiercare"], commit=manifest["commit"] or "-"))
    with progress.shown(manifest["families"]) as show:
        others = made_again(results, threads, show)
    for other in others:
        key = "verify.differs" if other.columns else "verify.differs_rows"
        columns = ", ".join(other.columns)
        err(say(key, table=other.table, rows=other.rows, of=other.of_rows, columns=columns))
    if others:
        raise typer.Exit(1)
    print(say("verify.same", folder=folder))
