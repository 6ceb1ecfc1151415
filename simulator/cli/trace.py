"""`tiercare trace`: one family's life in the system, or one facility's books and conduct, month by month."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Changes, Language, Overrides
from simulator.cli.output import at_least, console, err, near_here, reported, title_of, warn, writing
from simulator.core.errors import UserError
from simulator.core.messages import language, say

MONTHS = 12
FAMILIES = 1000
MANIFEST = "manifest.json"


@app.command()
def trace(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO|RUN", help="Scenario file, or the folder of a run.")],
    family: Annotated[int | None, typer.Option(help="Number of the family.")] = None,
    find: Annotated[
        str | None,
        typer.Option(metavar='"QUERY"', help='The first family like this: "age>=65 and hypertension=treated".'),
    ] = None,
    facility: Annotated[str | None, typer.Option(help="Name of a facility, in place of a family.")] = None,
    months: Annotated[
        str | None,
        typer.Option(metavar="N|FROM..TO", help="Such as 6 or 2018-01..2018-06; 12 from when rules change."),
    ] = None,
    arms: Annotated[
        str | None, typer.Option(metavar="A,B", help="Arms side by side; the baseline and the first reform by default.")
    ] = None,
    families: Annotated[
        int | None, typer.Option(help="Number of sampled families; 1,000, or as many as the run has.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Number that all draws depend on; 1, or that of the run.")] = None,
    replication: Annotated[int, typer.Option(help="Which people and draws, from 0.")] = 0,
    changes: Changes = None,
    overrides: Overrides = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE|RUN", help="HTML file for the timeline, or a run whose report it is put into."),
    ] = None,
    lang: Language = None,
) -> None:
    """Follow one family or one facility month by month, arms side by side.

    Of a run it is a family or facility of the run itself, and its story goes into the report of the run.
    """
    with reported(lang):
        at_least(1, families=families)
        at_least(0, **({} if seed is None else {"seed": seed}), replication=replication)
        if sum(each is not None for each in (family, find, facility)) != 1:
            raise UserError(say("trace.which"))
        from simulator.report.steps import shown_steps
        from simulator.scenario import load
        from simulator.study.trace.family import arms_of, started

        if (scenario / MANIFEST).is_file():
            if overrides:
                raise UserError(say("trace.run_with"))
            place, seed = _of_run(scenario, changes or [], families, seed, replication)
            out = out or scenario
        else:
            place = load(scenario, changes=changes or [], families=families or FAMILIES, with_=overrides or [])
        warn(place)
        wanted = arms_of(place, [arm.strip() for arm in arms.split(",")] if arms is not None else None)
        skipped, count = _window(months, place, wanted)
        with shown_steps(say("trace.running")) as progress:
            model = started(place, 1 if seed is None else seed, replication, len(wanted) * (skipped + count), progress)
            if facility is not None:
                printed, name, page = _place(place, model, wanted, facility, skipped, count, progress)
            else:
                printed, name, page = _family(place, model, wanted, family, find, skipped, count, progress)
        screen = console()
        screen.print(title_of(place), style="bold", highlight=False)
        for each in printed:
            screen.print(each, highlight=False)
        if out is not None:
            _write(out, title_of(place), name, page)


def _family(
    place: Any,
    model: Any,
    arms: list[str],
    family: int | None,
    find: str | None,
    skipped: int,
    count: int,
    progress: Any,
) -> tuple[list[Any], str, str]:
    from simulator.report.display import titles, word
    from simulator.report.trace.text import story_text
    from simulator.report.trace.timeline import timeline
    from simulator.study.trace.family import chosen, follow

    number, fits = chosen(model, family, find)
    stories = follow(model, arms, number, skipped + count, progress)
    for story in stories:
        story.arm, story.months = _title(place, story.arm), story.months[skipped:]
    with titles(place.resolved()):
        for story in stories:
            story.facilities = tuple(word("facility", name) for name in story.facilities)
        printed, page = list(story_text(stories)), timeline(stories)
    if len(fits) > 1:
        some = ", ".join(str(each) for each in fits[:8]) + (", …" if len(fits) > 8 else "")
        printed.insert(0, say("trace.found", number=len(fits), some=some))
    return printed, f"family_{number}", page


def _place(
    place: Any, model: Any, arms: list[str], name: str, skipped: int, count: int, progress: Any
) -> tuple[list[Any], str, str]:
    from simulator.report.display import titles
    from simulator.report.trace.place import place_html, place_text
    from simulator.study.trace.place import facility_of, look

    stories = look(model, arms, facility_of(model, name), skipped + count, progress)
    for story in stories:
        story.arm = _title(place, story.arm)
        for part in ("conduct", "margins", "use", "books"):
            setattr(story, part, getattr(story, part).iloc[skipped:])
    with titles(place.resolved()):
        return list(place_text(stories)), f"facility_{stories[0].facility}", place_html(stories)


def _title(place: Any, arm: str) -> str:
    """What a reader calls an arm."""
    reform = place.reforms.get(arm)
    title = getattr(reform, "title", None)
    return getattr(title, language(), "") or arm


def _window(months: str | None, place: Any, arms: list[str]) -> tuple[int, int]:
    """How many reported months to pass over, and how many to show; by default those from when an arm changes a rule.

    Raises:
        UserError: no such months are reported.
    """
    from simulator.report.page.actors import first_change

    year, month = (int(part) for part in place.time.start.split("-"))
    last = place.time.months

    def label(n: int) -> str:
        past = year * 12 + month - 1 + n
        return f"{past // 12}-{past % 12 + 1:02d}"

    if months is None:
        changed = first_change(place.resolved(), arms)
        skipped = [label(n) for n in range(last)].index(changed) if changed and label(0) <= changed < label(last) else 0
        return skipped, min(MONTHS, last - skipped)
    if months.isdecimal() and 1 <= int(months) <= last:
        return 0, int(months)
    if found := re.fullmatch(r"(\d{4}-\d\d)(?:\.\.(\d{4}-\d\d))?", months):
        labels = [label(n) for n in range(last)]
        first, end = found[1], found[2] or found[1]
        if first in labels and end in labels and first <= end:
            return labels.index(first), labels.index(end) - labels.index(first) + 1
    raise UserError(say("trace.months", text=months, first=label(0), last=label(last - 1), most=last))


def _of_run(run: Path, changes: list[str], families: int | None, seed: int | None, replication: int) -> tuple[Any, int]:
    """The scenario of a run as a replication has it, and the run's seed where no other is asked for."""
    from simulator.study.manifest import scenario_of
    from simulator.study.results import Results

    manifest = Results.open(run).manifest
    sets = manifest.get("parameters", {"columns": [], "rows": []})
    row = sets["rows"][replication] if replication < len(sets["rows"]) else []
    laid = [f"{path}={cell}" for path, cell in zip(sets["columns"], row, strict=False) if cell]
    return scenario_of(manifest, [*laid, *changes], families), manifest["seed"] if seed is None else seed


def _write(out: Path, title: str, name: str, page: str) -> None:
    """Write a page of its own, or put the story into the report of a run."""
    from simulator.report.page.page import keep_story, write_report
    from simulator.report.trace.page import page_of
    from simulator.study.results import Results

    with writing(out):
        if (out / MANIFEST).is_file():
            results = Results.open(out)
            keep_story(results, name, page)
            err(say("cli.report", file=near_here(write_report(results).absolute())))
            return
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page_of(title, page), encoding="utf-8")
    err(say("cli.results", folder=near_here(out.absolute())))
