"""The report of a study: everything put in its place."""

import json
import math
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from simulator.core.messages import language, say
from simulator.report.page import basis, measured, rules
from simulator.report.page.numbers import write
from simulator.report.page.page import FILE, arm_words, rendered
from simulator.report.results_table import Row, targets
from simulator.report.sweep import answer
from simulator.report.sweep import derived_tables as tables
from simulator.report.sweep.figures import Pictures
from simulator.report.sweep.varied import Varied, outcome_name, outcome_row
from simulator.study.folder import plain
from simulator.study.sweep.frozen import origins_in
from simulator.study.sweep.language import Outcome
from simulator.study.sweep.store import write_whole

if TYPE_CHECKING:
    from simulator.study.sweep.study_results import Sweep

SECTIONS = ("answer", "outcomes", "figures", "varied", "failed", "rules", "sources", "limits", "repeat")
FAILED = 50
"""Most failures that are listed."""


class Failure(NamedTuple):
    """A task that failed: name, point, replication, how, why, and its values."""

    task: str
    point: int
    replication: int
    state: str
    why: str
    values: str


def write_study_report(sweep: "Sweep") -> Path | None:
    """Write ``report.html`` into the folder of a study, in the language spoken now, and the tables that it derives from
    the study's below ``report/``.

    Returns:
        The file; None where no task has a result yet, of which nothing could be told.

    Raises:
        OSError: nothing can be written there.
    """
    if not len(sweep.results):
        return None
    file = sweep.folder / FILE
    write_whole(file, page(sweep).encode())
    return file


def page(sweep: "Sweep") -> str:
    """The HTML of the report; the tables derived for it are written."""
    context = contents(sweep)
    context["sections"] = [name for name in SECTIONS if name != "failed" or context["failures"]]
    return rendered("sweep.html.j2", context)


def contents(sweep: "Sweep") -> dict[str, Any]:
    """Everything that the template shows."""
    import pandas as pd

    study, varied, scenario = sweep.study, Varied(sweep.tasks), _scenario(sweep)
    arms = arm_words({"scenario": scenario}, study.specification.arms)
    numbers = {arm: number if len(arms) > 1 else 1 for number, arm in enumerate(arms)}
    policies, along, pairs = tables.policies(sweep), tables.along(sweep, varied), tables.pairs(sweep, varied)
    spans = tables.spans(sweep, varied, along)
    figures = answer.Figures(policies, varied, arms)
    failures, wanted = list(_failures(sweep)), targets(study.base.findings)
    facts = answer.counted(figures, sweep.results, len(failures))
    derived = {
        "policies": policies, "along": along, "spans": spans, "pairs": pairs,
        "facts": pd.DataFrame(facts.items(), columns=["fact", "value"]), "targets": measured.targets_table(wanted),
    }  # fmt: skip
    for name, table in derived.items():
        write(sweep.folder, name, table)
    pictures = Pictures(figures, along, pairs, sweep.summary, numbers)
    lines = answer.outcome_lines(figures)
    rests = basis.basis(scenario)
    several = int(policies["samples"].max()) > 1
    title = getattr(study.specification.title, language())
    tables_needed = math.ceil(len(study.specification.outcomes) / answer.ACROSS)
    across = math.ceil(len(study.specification.outcomes) / tables_needed)
    return {
        "title": title,
        "kind": say("page.kind_sweep"),
        "meta": say(
            "page.sweep_meta", points=f"{len(varied.tasks.points):,}", arms=len(arms),
            replications=sweep.tasks.replications, design=say(f"page.design_{study.specification.design.kind}"),
        ),
        "arms": arms,
        "numbers": numbers,
        "question": getattr(study.specification.question, language()),
        "about": scenario["resolved"]["title"][language()],
        "answer": answer.sentences(figures, along, spans, facts),
        "outcomes": [_heading(each, wanted) for each in study.specification.outcomes.values()],
        "blocks": [slice(n, n + across) for n in range(0, len(study.specification.outcomes), across)],
        "lines": lines[: answer.MOST],
        "more": max(0, len(lines) - answer.MOST),
        "compared": any(figures.change_of(key) for key in figures.rows),
        "base": answer.base_words(figures),
        "several": several,
        "figures": {
            "along": [panel for panel in pictures.along() if panel.picture],
            "differences": list(pictures.changes("difference")),
            "effects": list(pictures.changes("effect")),
            "maps": list(pictures.maps()),
        },
        "varied": varied.rows(),
        "failures": failures[:FAILED],
        "rules": rules.arms_stated(scenario["resolved"], arms, {}),
        "basis": rests,
        "limits": list(_limits(sweep, rests, several, facts)),
        "command": _command(sweep),
        "facts": _facts(sweep),
        "tables": ["results.csv", "summary.csv", "points.parquet", *(f"report/{name}.csv" for name in derived)],
    }  # fmt: skip


def _heading(outcome: Outcome, wanted: Sequence[Row]) -> tuple[str, str, Markup]:
    """An outcome's name, its period, and the level of it that others measured in a last year."""
    over = say(f"page.over_{outcome.over}") if outcome.over.endswith(("year", "years")) else outcome.over
    series = outcome_row(outcome).series
    known = next((row for row in wanted if row.series == series and outcome.over == "last_year"), None)
    return outcome_name(outcome), over, measured.target(known) if known else Markup()


def _scenario(sweep: "Sweep") -> dict[str, Any]:
    """The scenario before anything varies, in the form that a run's manifest has it."""
    base = sweep.study.base
    content = {"title": base.title, "resolved": base.resolved(), "origins": origins_in(sweep.folder) or base.origins}
    return json.loads(json.dumps({"name": sweep.manifest["scenario"], **content}, default=plain))


def _failures(sweep: "Sweep") -> Iterator[Failure]:
    for name, failure in sweep.failures.items():
        values = sweep.tasks.points.values(failure["point"])
        point = ", ".join(f"{variable} = {text}" for variable, text in values.items() if text is not None)
        state, why = str(failure["state"]), str(failure["why"])
        yield Failure(name[:12], failure["point"], failure["replication"], state, why, point)


def _limits(sweep: "Sweep", rests: basis.Basis, several: bool, facts: dict[str, float]) -> Iterator[str]:
    """What to bear in mind."""
    yield say("page.limit_model")
    yield say("page.limit_sweep_spans" if several else "page.limit_sweep")
    if facts["replications"] < 10:
        yield say("page.limit_replications", replications=int(facts["replications"]))
    yield say("page.limit_sample", families=f"{sweep.study.base.population.families:,}")
    yield say("page.limit_assumed", **rests.counted)
    if facts["differences"] > 1:
        yield say("page.limit_rank")
    if facts["failed"]:
        yield say("page.limit_failed")
    if sweep.manifest.get("dirty"):
        yield say("page.limit_dirty")


def _command(sweep: "Sweep") -> str:
    typed = sweep.manifest.get("command")
    return shlex.join(typed) if typed else shlex.join(["tiercare", "sweep", sweep.manifest["file"]])


def _facts(sweep: "Sweep") -> list[tuple[str, str]]:
    manifest = sweep.manifest
    versions, machine = manifest["versions"], manifest["machine"]
    sessions = sweep.store.sessions()
    return [
        (say("page.fact_study"), manifest["study"]),
        (say("page.fact_scenario"), manifest["scenario"]),
        (say("page.fact_seed"), str(manifest["seed"])),
        (say("page.fact_families"), f"{sweep.study.base.population.families:,}"),
        (say("page.fact_version"), f"tiercare {versions['tiercare']}, Python {versions['python']}"),
        (say("page.fact_commit"), str(manifest.get("commit") or "–")[:12]),
        (say("page.fact_source"), f"{manifest['source_hash']} / {manifest['data_hash']}"),
        (say("page.fact_made"), str((sessions[-1]["end"] if sessions else None) or manifest["begun"])),
        (say("page.fact_machine"), f"{machine['system']} {machine['architecture']}, {machine['processor']}"),
    ]
