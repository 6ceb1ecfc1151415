"""`tiercare compare`: arms of one scenario or of several, side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Arms, Changes, Families, Language, Months, Parameters, Seed, Threads
from simulator.cli.output import at_least, console, err, near_here, reported, title_of, warn
from simulator.core.errors import UserError, near
from simulator.core.messages import say

BASELINE = "baseline"
REPLICATIONS = 10


@app.command()
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO…", help="Scenario files, or names of packaged ones.")
    ],
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
    lang: Language = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/compare/TIME by default.")] = None,
) -> None:
    """Compare arms with common random numbers: paired differences, chances of being best, and a report.

    The baseline of the first scenario is the reference. Scenarios must have the same people, places and dates.
    """
    with reported(lang):
        at_least(1, families=families, months=months, replications=replications)
        from simulator.report import progress
        from simulator.report.page.page import write_report
        from simulator.scenario import load
        from simulator.study.compare import side_by_side
        from simulator.study.compare_neutral import checked, folder_of, levelled, lever
        from simulator.study.cost import size
        from simulator.study.manifest import now
        from simulator.study.parameters import parameters_of
        from simulator.study.results import Results
        from simulator.study.run import run

        folder = (out or Path("results", "compare", f"{now():%Y-%m-%dT%H%M%S}")).absolute()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UserError(say("study.out_used", folder=folder))
        checked(neutral or [], of)
        how: dict[str, Any] = {"families": families, "months": months}

        def placed(file: str, more: Sequence[str] = ()) -> Any:
            return load(file, changes=[*(changes or []), *more], **how)

        places = {}
        for file in scenarios:
            place = placed(file)
            if place.name in places:
                raise UserError(say("compare.two_of_a_name", name=place.name))
            places[place.name] = place
            warn(place)
        wanted = _wanted(places, arms)
        first = next(iter(places.values()))
        levers = [lever(first, path) for path in neutral or []]
        varied = {
            name: parameters_of(parameters, place, replications) if parameters else None
            for name, place in places.items()
        }
        sets = varied[first.name]
        count = len(sets.rows) if sets else replications or REPLICATIONS
        doing: dict[str, Any] = {"replications": count, "seed": seed, "threads": threads}
        done: dict[str, tuple[Results, Sequence[str]]] = {}
        solved: dict[str, dict[str, Any]] = {}
        with progress.shown(size(first).families) as show:
            for name, place in places.items():
                made = run(
                    place,
                    arms=wanted[name],
                    out=folder_of(folder, name),
                    progress=show,
                    parameters=varied[name],
                    **doing,
                )
                done[name] = (made, wanted[name])
            base = done[first.name][0]
            for each in levers:

                def rerun(text: str, name: str, each: Any = each) -> Results:
                    changed = placed(scenarios[0], [f"{each.path}={text}"])
                    rows = parameters_of(parameters, changed, count) if parameters else None
                    return run(changed, arms=[each.arm], out=folder_of(folder, name), parameters=rows, **doing)

                value, found = levelled(each, of or "", base, rerun, err)
                run_name = f"{each.arm}_neutral"
                done[run_name] = (found, [each.arm])
                solved[f"{run_name}.{each.arm}"] = {"arm": each.arm, "path": each.path, "value": value, "plan": of}
        results = side_by_side(done, folder, solved)
        write_report(results, first)
        _show(results, first, folder)


def _wanted(places: dict[str, Any], arms: str | None) -> dict[str, list[str]]:
    """The arms of each scenario; the first one's baseline always, as it is the reference."""
    known = {arm for place in places.values() for arm in place.arms}
    asked = [arm.strip() for arm in arms.split(",")] if arms else None
    for arm in asked or []:
        if arm not in known:
            words = {"scenarios": ", ".join(places), "arms": ", ".join(sorted(known)), "near": near(arm, known)}
            raise UserError(say("compare.no_arm", arm=arm, **words))
    chosen = {}
    for number, (name, place) in enumerate(places.items()):
        kept = [arm for arm in place.arms if asked is None or arm in asked]
        chosen[name] = list(dict.fromkeys([BASELINE, *kept] if number == 0 else kept))
    return {name: kept for name, kept in chosen.items() if kept}


def _show(results: Any, scenario: Any, folder: Path) -> None:
    """The tables of the arms and where the report is."""
    from simulator.report.results_table import tables

    screen = console()
    screen.print(title_of(scenario), style="bold", highlight=False)
    for made in tables(results, scenario.findings):
        screen.print(made, highlight=False)
        screen.print()
    screen.print(say("cli.report", file=near_here(folder / "report.html")), soft_wrap=True, highlight=False)
