"""`tiercare compare`: arms of one scenario or of several, side by side."""

from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Arms, Changes, Families, Language, Months, Parameters, Seed, Threads
from simulator.cli.output import at_least, console, err, near_here, reported, title_of, typed, warn
from simulator.core.errors import UserError
from simulator.core.messages import say


@app.command()
def compare(
    context: typer.Context,
    scenarios: Annotated[
        list[str] | None, typer.Argument(metavar="SCENARIO…", help="Scenario files, or names of packaged ones.")
    ] = None,
    arms: Arms = None,
    replications: Annotated[
        int | None, typer.Option(help="Runs of every arm, each with its own people and draws; 10, or a run a row.")
    ] = None,
    families: Families = None,
    months: Months = None,
    seed: Seed = 1,
    threads: Threads = None,
    changes: Changes = None,
    parameters: Parameters = None,
    neutral: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Value of a reform to level until the fund balances as before; repeatable."),
    ] = None,
    of: Annotated[str | None, typer.Option(metavar="PLAN", help="Plan whose fund --neutral levels.")] = None,
    channels: Annotated[
        bool,
        typer.Option(
            "--channels", help="Take the primary share of visits of arms that form alliances apart by channel."
        ),
    ] = False,
    lang: Language = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/compare/TIME by default.")] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Go on with a comparison that was stopped, as it was asked for.")
    ] = None,
) -> None:
    """Compare arms with common random numbers: paired differences, chances of being best, and a report.

    The baseline of the first scenario is the reference. Scenarios must have the same people, places and dates. What was
    stopped or killed goes on with the same command and the same --out, or with --resume.
    """
    with reported(lang):
        at_least(1, families=families, months=months, replications=replications)
        from simulator.study.comparison import Asked, Comparison, begin, reopened
        from simulator.study.manifest import now

        if resume is not None:
            if beside := (written := typed(context)).keys() - {"resume", "threads", "lang"}:
                names = ", ".join(written[name] for name in written if name in beside)
                raise UserError(say("cli.resume_beside", names=names))
            folder, asked = resume.absolute(), reopened(resume)
        elif scenarios:
            folder = (out or Path("results", "compare", f"{now():%Y-%m-%dT%H%M%S}")).absolute()
            asked = Asked.of_words(
                scenarios=scenarios, arms=arms, replications=replications, families=families, months=months, seed=seed,
                changes=changes, parameters=parameters, neutral=neutral, of=of,
            )  # fmt: skip
        else:
            raise UserError(say("cli.resume_or_scenario"))
        compared = Comparison(asked)
        begin(folder, asked)
        _go_on(folder, compared, threads, channels)


def _go_on(folder: Path, compared: Any, threads: int | None, channels: bool) -> None:
    """Run what is missing, lay it side by side and show it; with ``channels`` by those of alliances too."""
    from simulator.report import progress
    from simulator.report.page.page import write_report
    from simulator.study.cost import size

    for place in compared.places.values():
        warn(place)
    try:
        with progress.shown(size(compared.first).families) as show:
            results = compared.run(folder, threads, show, err)
    except KeyboardInterrupt:
        err(say("compare.stopped", folder=near_here(folder)))
        raise typer.Exit(1) from None
    if channels:
        _apart(results, compared.first, threads)
    write_report(results, compared.first)
    _show(results, compared.first, folder)


def _apart(results: Any, scenario: Any, threads: int | None) -> None:
    """Take the arms of the first scenario that form alliances apart by channel."""
    from simulator.cli.channels import show_channels
    from simulator.study.explain.by_channel import forming

    for arm in forming(scenario):
        if arm in results.arms:
            show_channels(results, arm, ("primary_share_of_visits", "", "", "", ""), (None, None, threads))


def _show(results: Any, scenario: Any, folder: Path) -> None:
    """The tables of the arms and where the report is."""
    from simulator.report.display import titles
    from simulator.report.health import lines
    from simulator.report.page.page import scenarios_of
    from simulator.report.programme import programme_rows
    from simulator.report.results_table import tables
    from simulator.report.unused import Unused
    from simulator.study.cost_of_health import cost_of_health

    screen = console()
    screen.print(title_of(scenario), style="bold", highlight=False)
    with titles(results.manifest["scenario"]["resolved"], short=True):
        unused = list(Unused(results, scenarios_of(results, scenario, results.arms)).lines())
        shown = tables(results, scenario.findings, own=programme_rows(scenario))
        costs = list(lines(cost_of_health(results)))
    for line in unused:
        screen.print(line, soft_wrap=True, highlight=False)
    for made in shown:
        screen.print(made, highlight=False)
        screen.print()
    for line in costs:
        screen.print(line, style="dim", highlight=False)
    screen.print(say("cli.report", file=near_here(folder / "report.html")), soft_wrap=True, highlight=False)
