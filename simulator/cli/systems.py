"""`tiercare systems`: the register of programmes."""

from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Families, Language, Seed, Threads
from simulator.cli.output import console, err, near_here, paired_sizes, reported, writing
from simulator.core.messages import say


@app.command()
def systems(
    rows: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ROW…]", help="Programmes by id, such as S02; the whole register by default."),
    ] = None,
    families: Families = None,
    replications: Annotated[int, typer.Option(help="Pairs of runs of every mechanism, each with its own people.")] = 10,
    seed: Seed = 1,
    threads: Threads = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for systems.csv; results/systems by default. What it has is kept.")
    ] = None,
    lang: Language = None,
) -> None:
    """Run the programmes of the evidence, with and without each of their mechanisms."""
    with reported(lang):
        paired_sizes(families, replications, seed, threads)
        from simulator.report import progress
        from simulator.systems.register import chosen
        from simulator.systems.run import SystemsInterrupted, run_systems

        folder = out or Path("results", "systems")
        wanted = chosen(rows or [])
        try:
            with writing(folder), progress.shown(families or 20_000) as show:
                outcomes = run_systems(
                    wanted,
                    folder,
                    families=families,
                    replications=replications,
                    seed=seed,
                    threads=threads,
                    progress=show,
                )
        except SystemsInterrupted as stop:
            _show_systems(stop.outcomes, folder)
            err(say("systems.stopped", kept=sum(bool(each.found) for each in stop.outcomes), asked=len(wanted)))
            raise typer.Exit(1) from None
        _show_systems(outcomes, folder)


def _show_systems(outcomes: Any, folder: Path) -> None:
    """The table of mechanisms and where it is kept; nothing where nothing was run to its end."""
    from simulator.report.systems_page import counted, systems_table
    from simulator.systems.run import write_table

    if not outcomes:
        return
    screen = console()
    screen.print(systems_table(outcomes), highlight=False)
    screen.print(counted(outcomes), highlight=False)
    with writing(folder):
        file = write_table(outcomes, folder)
    screen.print(say("cli.results", folder=near_here(file.absolute())), soft_wrap=True, highlight=False)
