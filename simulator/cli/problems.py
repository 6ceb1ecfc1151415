"""`tiercare problems`: the problem book."""

from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Families, Language, Seed, Threads
from simulator.cli.output import console, err, near_here, paired_sizes, reported, writing
from simulator.core.messages import say


@app.command()
def problems(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID…]", help="Problems by id, such as P01; the whole book by default."),
    ] = None,
    families: Families = None,
    replications: Annotated[int, typer.Option(help="Pairs of runs of every problem, each with its own people.")] = 20,
    seed: Seed = 1,
    carriers: Annotated[
        bool, typer.Option("--carriers", help="Run behavioural problems again without what is said to carry them.")
    ] = False,
    threads: Threads = None,
    parameters: Annotated[
        str,
        typer.Option(
            metavar="one|ensemble|TABLE",
            help="Sets of parameters, a set for each pair: one in all by default, or the ensemble or a table.",
        ),
    ] = "one",
    out: Annotated[Path | None, typer.Option(help="Folder for problems.csv; results/problems/TIME by default.")] = None,
    lang: Language = None,
) -> None:
    """Run the problem book: what sources say goes wrong, with and without what is said to cure it."""
    with reported(lang):
        paired_sizes(families, replications, seed, threads)
        from simulator.problems.book import chosen
        from simulator.problems.run import BookInterrupted, run_problems
        from simulator.report import progress
        from simulator.study.manifest import now
        from simulator.validation.ensemble import sets_of

        ensemble = sets_of(parameters)
        folder = out or Path("results", "problems", f"{now():%Y-%m-%dT%H%M%S}")
        wanted = chosen(ids or [])
        try:
            with progress.shown(families or max(problem.families for problem in wanted)) as show:
                outcomes = run_problems(
                    wanted,
                    families=families,
                    replications=replications,
                    seed=seed,
                    carriers=carriers,
                    threads=threads,
                    sets=ensemble.changes if ensemble else (),
                    progress=show,
                )
        except BookInterrupted as stop:
            _show_problems(stop.outcomes, folder)
            err(say("problems.stopped", kept=sum(each.found is not None for each in stop.outcomes), asked=len(wanted)))
            raise typer.Exit(1) from None
        _show_problems(outcomes, folder)


def _show_problems(outcomes: Any, folder: Path) -> None:
    """The table of the problem book and where it is kept; nothing where nothing was run to its end."""
    from simulator.problems.run import write_tables
    from simulator.report.problem_book import carriers_said, counted, problems_table

    if not outcomes:
        return
    screen = console()
    screen.print(problems_table(outcomes), highlight=False)
    for text in filter(None, (counted(outcomes), carriers_said(outcomes))):
        screen.print(text, highlight=False)
    with writing(folder):
        files = write_tables(outcomes, folder)
    for file in files:
        screen.print(say("cli.results", folder=near_here(file.absolute())), soft_wrap=True, highlight=False)
