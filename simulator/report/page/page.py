"""The page itself: everything put in its place."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from simulator.core.messages import language, say
from simulator.report.claims import reported_claims
from simulator.report.display import titles
from simulator.report.page import actors, basis, channelled, explained, figures, flows, health, measured, rules
from simulator.report.page.answer.contents import Answer
from simulator.report.page.numbers import Summary, write
from simulator.report.results_table import targets
from simulator.study.compare import ranking
from simulator.study.cost_of_health import cost_of_health
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    from simulator.study.results import Results

HERE = Path(__file__).parent
FILE, BRIEF = "report.html", "brief.html"
STORIES = "stories"
"""Folder inside the run folder for the lives of families and places that its report tells."""
INLINED = {"style": ("page.css", "answer.css")}
PER_CENT = re.compile(r"(\d) %(?=[^<>]*<)")
"""A per cent sign in a text, which shall stay with its number."""
SECTIONS = (
    "answer",
    "money",
    "why",
    "time",
    "network",
    "outcomes",
    "unused",
    "actors",
    "explain",
    "stories",
    "rules",
    "sources",
    "validation",
    "limits",
    "repeat",
)


def write_report(results: "Results", scenario: Any = None, stories: Sequence[str] = ()) -> Path:
    """Write ``report.html`` into the run folder, in the language spoken now, and the tables that it derives from the
    run's below ``report/``.

    Args:
        results: of a run or of a comparison.
        scenario: that was run; by default read from the manifest.
        stories: HTML fragments, such as the life of a family; trusted as they are.

    Returns:
        The file.
    """
    if scenario is None:
        from simulator.study.manifest import scenario_of

        scenario = scenario_of(results.manifest)
    file = results.folder / FILE
    file.write_text(page(results, scenario, [*kept_stories(results), *stories]), encoding="utf-8")
    return file


def write_brief(results: "Results", scenario: Any = None) -> Path:
    """Write ``brief.html``, the answer alone on one sheet of A4, into the run folder.

    Args:
        results: of a run or of a comparison.
        scenario: that was run; by default read from the manifest.

    Returns:
        The file.
    """
    if scenario is None:
        from simulator.study.manifest import scenario_of

        scenario = scenario_of(results.manifest)
    file = results.folder / BRIEF
    with titles(results.manifest["scenario"]["resolved"]):
        file.write_text(rendered("brief.html.j2", contents(results, scenario)), encoding="utf-8")
    return file


def keep_story(results: "Results", name: str, story: str) -> None:
    """Keep a story, told in the language spoken now, so that every report of the run has it."""
    folder = results.folder / STORIES
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.{language()}.html").write_text(story, encoding="utf-8")


def kept_stories(results: "Results") -> list[str]:
    """The stories of a run by name, each in the language spoken now if it was told in it."""
    found: dict[str, Path] = {}
    for file in sorted((results.folder / STORIES).glob("*.html")):
        name, _, spoken = file.stem.rpartition(".")
        if name not in found or spoken == language():
            found[name] = file
    return [file.read_text(encoding="utf-8") for file in found.values()]


def page(results: "Results", scenario: Any, stories: Sequence[str] = ()) -> str:
    """The HTML of a report; the tables derived for it are written."""
    with titles(results.manifest["scenario"]["resolved"]):
        return _page(results, scenario, stories)


def _page(results: "Results", scenario: Any, stories: Sequence[str]) -> str:
    said = contents(results, scenario)
    said["stories"] = [Markup(story) for story in stories]
    empty = set() if said["stories"] else {"stories"}
    if not said["explain"] and not said["not_asked"]:
        empty.add("explain")
    if not said["compared"]:
        empty |= {"money", "why", "unused"}
    empty |= {name for name, what in (("time", "over_time"), ("network", "network")) if not said[what]}
    said["sections"] = [name for name in SECTIONS if name not in empty]
    return rendered("page.html.j2", said)


def rendered(template: str, said: Mapping[str, Any]) -> str:
    """A whole page, with its style and script in it and in the language spoken now."""
    inlined = {
        name: Markup("".join((HERE / file).read_text(encoding="utf-8") for file in those))
        for name, those in INLINED.items()
    }
    lang = {"en": "en", "zh": "zh-Hans"}[language()]
    space = "" if lang == "zh-Hans" else " "
    text = _environment().get_template(template).render(say=say, lang=lang, space=space, **inlined, **said)
    return PER_CENT.sub("\\1\u00a0%", text)


def arm_words(manifest: Mapping[str, Any], arms: Sequence[str]) -> dict[str, str]:
    """The title of every arm in the language spoken now."""
    beside = manifest.get("beside", {})

    def called(arm: str) -> str:
        if arm in manifest.get("neutral", {}):
            solved = manifest["neutral"][arm]
            words = {key: solved[key] for key in ("path", "value")} | {"arm": called(solved["arm"])}
            return say("compare.neutral_title", **words | {"path": words["path"].rpartition(".")[2]})
        run, _, own = arm.rpartition(".")
        source = beside[run] if run in beside else manifest["scenario"]
        name = own if run in beside else arm
        title = source["resolved"].get("reforms", {}).get(name, {}).get("title", {})
        text = say("answer.no_reform") if name == BASELINE else title.get(language(), name)
        if run not in beside:
            return text
        of = getattr(source["title"], language(), None) or dict(source["title"]).get(language(), run)
        return f"{of}: {text}"

    return {arm: called(arm) for arm in arms}


def contents(results: "Results", scenario: Any) -> dict[str, Any]:
    """Everything that the templates show; the tables derived for it are written."""
    manifest, folder = results.manifest, results.folder
    resolved, beside = manifest["scenario"]["resolved"], manifest.get("beside", {})
    arms = arm_words(manifest, sorted(results.arms, key=lambda arm: arm != BASELINE))
    month = actors.first_change(resolved, list(arms))
    claims, wanted = list(reported_claims(results, scenario.claims)), targets(scenario.findings)
    answer = Answer(results, scenarios_of(results, scenario, list(arms)), arms, claims, month)
    summary = Summary(results.summary)
    lines = figures.over_time(results, [each.series for each in answer.timed])
    ruin, found, conduct = figures.ruin(results), flows.flows(results, answer.money), actors.conduct(results, month)
    derived = {
        "ranking": ranking(results, [each.series for each in answer.shown]), "series": lines, "ruin": ruin,
        "referrals": found.referrals, "money": found.money, "conduct": conduct,
        "claims": measured.claims_table(claims), "targets": measured.targets_table(wanted),
        health.NAME: cost_of_health(results),
    }  # fmt: skip
    for name, table in derived.items():
        write(folder, name, table)
    names = [*answer.write(), *derived]
    rests = basis.basis(manifest["scenario"])
    command, facts = basis.repeated(manifest)
    months = results.months
    compared = bool(answer.reforms)
    steps = (
        answer.why.steps(answer.reforms[0].name, answer.check.name if answer.check else None) if compared else ([], [])
    )
    return {
        "title": resolved["title"][language()],
        "about": resolved["description"][language()],
        "meta": say(
            "answer.facts" if compared else "answer.facts_alone",
            first=months[0],
            last=months[-1],
            runs=results.replications,
            families=f"{manifest['families']:,}",
            year=_year(answer),
        ),
        "compared": compared,
        "year": _year(answer),
        "answer": answer,
        "arms": arms,
        "numbers": {arm.name: arm.number for arm in answer.arms},
        "over_time": answer.over_time(lines),
        "reserves": answer.reserves(lines, ruin),
        "network": answer.network(found.referrals),
        "maps": (maps := answer.maps(scenario)),
        "ledger": flows.money_figures(found.money, {arm.name: arm for arm in answer.arms}),
        "steps": steps,
        "changed": month,
        "actors": actors.conduct_rows(conduct, arms),
        "by_mechanism": (mechanisms := explained.explanations(folder, arms)),
        "explain": (whence := [*mechanisms, *channelled.by_channels(folder, arms)]),
        "not_asked": channelled.not_asked(folder, scenario, arms) if compared else None,
        "rules": rules.arms_stated(resolved, arms, beside),
        "basis": rests,
        "claims": measured.claimed(claims, arms),
        "measured": measured.measured(wanted, summary),
        "health": health.rows(derived[health.NAME], arms),
        "limits": basis.limits(manifest, results.replications, len(arms), rests, scenario.doubts),
        "command": command,
        "facts": facts,
        "tables": [
            *(f"{name}.parquet" for name in results.tables),
            "summary.csv",
            *(f"report/{name}.csv" for name in [*names, *(["map"] if maps else [])]),
            *dict.fromkeys(f"{each.table}.csv" for each in whence),
        ],
    }


def scenarios_of(results: "Results", scenario: Any, arms: Sequence[str]) -> dict[str, tuple[Any, str]]:
    """By arm, the scenario that has it and its name there; that of a levelled arm is the arm that was levelled."""
    from simulator.study.manifest import scenario_of

    manifest = results.manifest
    read: dict[str, Any] = {}
    made = {}
    for arm in arms:
        run, _, own = manifest.get("neutral", {}).get(arm, {}).get("arm", arm).rpartition(".")
        if run in manifest.get("beside", {}):
            read[run] = read.get(run) or scenario_of({"scenario": manifest["beside"][run]})
        known = read.get(run, scenario)
        made[arm] = (known, own if own == BASELINE or own in known.reforms else BASELINE)
    return made


def _year(answer: Answer) -> str:
    """The months of the answer: a calendar year by its number."""
    first, last = answer.values.first, answer.values.last
    whole = first.endswith("-01") and last == f"{first[:4]}-12"
    return first[:4] if whole else say("answer.months", first=first, last=last)


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["tie"] = lambda text, *numbers: Markup(text).format(*numbers)
    made.filters |= {"spoken": rules.spoken, "spoken_value": rules.spoken_value, "apart": rules.words_apart}
    made.filters["parted"] = lambda path: Markup(re.sub(r"(?<=[._])", "<wbr>", str(escape(path))))
    return made
