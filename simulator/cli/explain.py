"""`tiercare explain`: where a difference between arms comes from."""

from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Families, Language, Threads
from simulator.cli.output import at_least, console, err, near_here, reported, writing
from simulator.core.messages import say


@app.command()
def explain(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run with the baseline and a reform.")],
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="Name, such as primary_share_of_visits.")],
    arm: Annotated[str | None, typer.Option(help="Reform to explain; the first of the run by default.")] = None,
    tier: Annotated[str, typer.Option(help="Tier of the figure, where it has one.")] = "",
    plan: Annotated[str, typer.Option(help="Insurance plan of the figure.")] = "",
    part: Annotated[str, typer.Option(help="Part of the figure, such as inpatient.")] = "",
    alliance: Annotated[str, typer.Option(help="Alliance of the figure.")] = "",
    channels: Annotated[
        bool, typer.Option("--channels", help="Only by the channels of its alliance, not by mechanisms and groups.")
    ] = False,
    replications: Annotated[int | None, typer.Option(help="Replications; as many as the run has by default.")] = None,
    families: Families = None,
    threads: Threads = None,
    lang: Language = None,
) -> None:
    """Say where a difference from the baseline comes from: mechanisms off one at a time, and by tier, age, income.

    Where the reform forms an alliance, by each of its channels too, such as waits or shared staff. The table lies below
    report/ of the run, and what it says stands in the report of the run.
    """
    with reported(lang):
        at_least(1, families=families, replications=replications, threads=threads)
        from simulator.cli.channels import show_channels
        from simulator.report.page.page import write_report
        from simulator.study.explain.by_channel import forming
        from simulator.study.explain.switches import wanted
        from simulator.study.manifest import scenario_of
        from simulator.study.results import Results

        results = Results.open(run)
        where = {"tier": tier, "plan": plan, "part": part, "alliance": alliance}
        chosen, series = wanted(results, indicator, arm, where)
        forms = chosen in forming(scenario_of(results.manifest))
        with writing(run):
            if not channels:
                _show(results, chosen, series, (replications, families, threads))
            if channels or forms:
                show_channels(results, chosen, series, (replications, families, threads))
            err(say("cli.report", file=near_here(write_report(results).absolute())))


def _show(results: Any, arm: str, series: Any, asked: tuple[int | None, int | None, int | None]) -> None:
    """Mechanisms and groups, on the screen and in the run folder; ``asked`` are replications, families, threads."""
    from simulator.report.display import titles
    from simulator.report.explain import explained_tables
    from simulator.report.progress import duration
    from simulator.report.steps import shown_steps
    from simulator.study.explain.difference_table import keep
    from simulator.study.explain.switches import explain as explain_study
    from simulator.study.explain.switches import takes

    time = takes(results, arm, *asked)
    words = {"runs": time.runs, "replications": time.replications, "families": f"{time.families:,}"}
    err(say("explain.takes", arm=arm, time=duration(time.seconds), **words))
    with shown_steps(say("explain.running")) as progress:
        found = explain_study(results, arm, series, *asked, progress)
    screen = console()
    with titles(results.manifest["scenario"]["resolved"]):
        for each in explained_tables(found):
            screen.print(each, highlight=False)
    err(say("cli.table", file=near_here(keep(results, found).absolute())))
