"""The page itself: everything put in its place."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from simulator.core.messages import language, say
from simulator.report.claims import reported_claims
from simulator.report.display import word
from simulator.report.page import actors, answer, basis, explained, figures, flows, measured, rules
from simulator.report.page.numbers import Summary, write
from simulator.study.compare import ranking
from simulator.study.summary import BASELINE, last_months

if TYPE_CHECKING:
    from simulator.study.results import Results

HERE = Path(__file__).parent
FILE = "report.html"
STORIES = "stories"
"""Folder inside the run folder for the lives of families and places that its report tells."""
INLINED = {"style": "page.css", "script": "page.js"}
PER_CENT = re.compile(r"(\d) %(?=[^<>]*<)")
"""A per cent sign in a text, which shall stay with its number."""
SECTIONS = (
    "answer",
    "outcomes",
    "figures",
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
    said = contents(results, scenario)
    said["stories"] = [Markup(story) for story in stories]
    empty = {name for name in ("explain", "stories") if not said[name]}
    said["sections"] = [name for name in SECTIONS if name not in empty]
    return rendered("page.html.j2", said)


def rendered(template: str, said: Mapping[str, Any]) -> str:
    """A whole page, with its style and script in it and in the language spoken now."""
    inlined = {name: Markup((HERE / file).read_text(encoding="utf-8")) for name, file in INLINED.items()}
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
        text = word("arm", BASELINE) if name == BASELINE else title.get(language(), name)
        if run not in beside:
            return text
        of = getattr(source["title"], language(), None) or dict(source["title"]).get(language(), run)
        return f"{of}: {text}"

    return {arm: called(arm) for arm in arms}


def contents(results: "Results", scenario: Any) -> dict[str, Any]:
    """Everything that the template shows."""
    import pandas as pd

    manifest, folder = results.manifest, results.folder
    resolved, beside = manifest["scenario"]["resolved"], manifest.get("beside", {})
    arms = arm_words(manifest, sorted(results.arms, key=lambda arm: arm != BASELINE))
    summary = Summary(results.summary)
    shown = answer.rows_shown(summary, scenario.findings)
    ranks = ranking(results, [row.series for row in shown])
    counted = answer.facts(summary, shown, arms, results.replications)
    month = actors.first_change(resolved, list(arms))
    lines, ruin, found = figures.over_time(results), figures.ruin(results), flows.flows(results)
    conduct = actors.conduct(results, month)
    claims, wanted = list(reported_claims(results, scenario.claims)), answer.targets(scenario.findings)
    derived = {
        "ranking": ranks, "series": lines, "ruin": ruin, "referrals": found.referrals, "money": found.money,
        "conduct": conduct, "facts": pd.DataFrame(counted.items(), columns=["fact", "value"]),
        "claims": measured.claims_table(claims), "targets": measured.targets_table(wanted),
    }  # fmt: skip
    for name, table in derived.items():
        write(folder, name, table)
    pictures = figures.Pictures(results, arms, lines, month)
    chances = {(arm, plan): share for arm, plan, share in ruin.itertuples(index=False, name=None)}
    rests = basis.basis(manifest["scenario"])
    first, last = last_months(results.monthly)
    command, facts = basis.repeated(manifest)
    months = sorted(results.monthly["month"].unique())
    return {
        "title": resolved["title"][language()],
        "kind": say("page.kind_compare" if len(arms) > 1 else "page.kind_run"),
        "meta": say("page.meta", first=months[0], last=months[-1], replications=results.replications, arms=len(arms)),
        "about": resolved["description"][language()],
        "period": (months[0], months[-1], first, last),
        "arms": arms,
        "numbers": {arm: number for number, arm in enumerate(arms)},
        "answer": answer.sentences(summary, arms, counted, ranks),
        "outcomes": answer.outcomes(summary, shown, arms, ranks),
        "ranked": len(ranks) > 0,
        "parameters": manifest.get("parameters"),
        "changed": month,
        "figures": {
            "over_time": list(pictures.over_time()),
            "referrals": [
                figures.Panel(name, picture)
                for arm, name in arms.items()
                if (picture := flows.referral_figure(found.referrals, arm, name))
            ],
            "money": [
                figures.Panel(name, picture)
                for arm, name in arms.items()
                if (picture := flows.money_figure(found.money, arm, name))
            ],
            "income": [*pictures.of("income"), *pictures.of("equity")],
            "margins": list(pictures.of("margins")),
            "reserve": list(pictures.reserve(chances)),
            "gaming": list(pictures.of("gaming")),
        },
        "actors": actors.conduct_rows(conduct, arms),
        "explain": (whence := explained.explanations(folder, arms)),
        "rules": rules.arms_stated(resolved, arms, beside),
        "basis": rests,
        "claims": measured.claimed(claims, arms),
        "measured": measured.measured(wanted, summary),
        "limits": basis.limits(manifest, results.replications, len(arms), rests, scenario.doubts),
        "command": command,
        "facts": facts,
        "tables": [
            *(f"{name}.parquet" for name in results.tables),
            "summary.csv",
            *(f"report/{name}.csv" for name in derived),
            *dict.fromkeys(f"{each.table}.csv" for each in whence),
        ],
    }


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["tie"] = lambda text, *numbers: Markup(text).format(*numbers)
    made.filters["parted"] = lambda path: Markup(re.sub(r"(?<=[._])", "<wbr>", str(escape(path))))
    return made
