"""Tables of a benchmark: a page of its own under results/, and those of docs/performance.md."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from experiments.benchmarks.arithmetic import OPERATIONS
from experiments.benchmarks.cases import BEFORE, NOW

BIGGER = ("per_second", "speedup")
"""Endings of the quantities of which more is better; of the others less is."""
MAIN = (
    ("whole month, 100,000 families, 1 thread", "family_months_per_second"),
    ("reported month, 2,000 families", "milliseconds"),
    ("five arms × 4 replications × 5,000 families of Zhejiang, everything compiled", "processor_seconds"),
    ("2 threads against 1, 100,000 families", "speedup"),
    ("2 threads against 1, 20,000 families", "speedup"),
    ("2 threads against 1, draws that share nothing", "speedup"),
    ("agents, none overridden, 10,000 families", "family_months_per_second"),
    ("agents, a tenth overridden, 10,000 families", "family_months_per_second"),
    ("agents engine, everybody asked, 10,000 families", "family_months_per_second"),
    ("whole month, 1,000,000 families, 1 thread", "resident_bytes_per_family"),
    ("start, tiercare --help", "seconds"),
    ("start to first month, everything compiled", "seconds"),
    ("start to first month, nothing compiled", "seconds"),
    ("1,000,000 families × 120 months, 2 threads, results on disk", "seconds"),
)
"""The quantities by which the engine is judged."""
PEERS = {
    "tiercare": ("whole month, 100,000 families, 1 thread", NOW),
    "the same month in plain Mesa": ("peers, plain Mesa, 3,000 families", NOW),
    "Covasim, a day": ("peers, Covasim, 100,000 people", "peers"),
    "Starsim, a step": ("peers, Starsim, 100,000 people", "peers"),
}

Rows = dict[tuple[str, str, str], dict[str, Any]]


def readable(value: float) -> str:
    """Three digits that matter, thousands set apart.

    >>> readable(1234567.0), readable(80.26), readable(0.04567)
    ('1,230,000', '80.3', '0.0457')
    """
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def gain(quantity: str, before: float, now: float) -> str:
    """How much better it is now, as a factor.

    >>> gain("family_months_per_second", 100.0, 250.0), gain("seconds", 9.0, 3.0)
    ('×2.5', '÷3')
    """
    if quantity.endswith(BIGGER):
        return f"×{now / before:.3g}"
    return f"÷{before / now:.3g}"


def by_key(report: dict[str, Any]) -> Rows:
    """Rows of a report by case, quantity and side."""
    return {(row["case"], row["quantity"], row["side"]): row for row in report["rows"]}


def figure(row: dict[str, Any] | None) -> str:
    """Median with its range; a dash for what was not measured."""
    if row is None:
        return "–"
    if len(row["values"]) == 1:
        return readable(row["median"])
    return f"{readable(row['median'])} ({readable(row['lowest'])} to {readable(row['highest'])})"


def compared(report: dict[str, Any], pairs: list[tuple[str, str]] | None = None) -> Iterator[str]:
    """A line for each case and quantity: before, now, and the ratio of medians."""
    rows = by_key(report)
    yield f"| case | quantity | {report['before']} | now | ratio |"
    yield "|---|---|---:|---:|---:|"
    for case, quantity in pairs or dict.fromkeys((row["case"], row["quantity"]) for row in report["rows"]):
        before, now = rows.get((case, quantity, BEFORE)), rows.get((case, quantity, NOW))
        if before is None and now is None:
            continue
        ratio = gain(quantity, before["median"], now["median"]) if before and now and now["median"] else "–"
        yield f"| {case} | {quantity.replace('_', ' ')} | {figure(before)} | {figure(now)} | {ratio} |"


def peers(report: dict[str, Any]) -> Iterator[str]:
    """Person-steps per second of this and of other models."""
    rows = by_key(report)
    yield "| model | person-steps per second, one thread |"
    yield "|---|---:|"
    for words, (case, side) in PEERS.items():
        yield f"| {words} | {figure(rows.get((case, 'person_steps_per_second', side)))} |"


def roofline(report: dict[str, Any]) -> Iterator[str]:
    """Operations in a family-month, what each costs alone, and all of them against the month."""
    rows = by_key(report)
    yield "| operation | in a family-month | ns, each waiting for the one before | ns, side by side |"
    yield "|---|---:|---:|---:|"
    sums = [0.0, 0.0]
    for name in OPERATIONS:
        count = rows.get(("roofline, operations", f"{name}s_per_family_month", NOW))
        costs = [
            rows.get(("roofline, arithmetic alone", f"nanoseconds of a {name}, {words}", NOW))
            for words in ("waiting", "side by side")
        ]
        yield f"| {name} | {figure(count)} | {' | '.join(map(figure, costs))} |"
        for k, cost in enumerate(costs):
            sums[k] += count["median"] * cost["median"] if count and cost else 0.0
    month = rows.get(("whole month, 100,000 families, 1 thread", "family_months_per_second", NOW))
    yield f"| **all of them, ns a family-month** | | {readable(sums[0])} | {readable(sums[1])} |"
    if month:
        yield f"| **the whole month at 100,000 families, ns a family-month** | | {readable(1e9 / month['median'])} | |"


def phases(report: dict[str, Any]) -> Iterator[str]:
    """Milliseconds of a month by phase, before and now."""
    every = dict.fromkeys((row["case"], row["quantity"]) for row in report["rows"] if row["case"].startswith("phases"))
    yield from compared(report, [pair for pair in every if pair[1].startswith("milliseconds")])


TABLES: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "month": lambda report: compared(report, list(MAIN)),
    "peers": peers,
    "roofline": roofline,
    "phases": phases,
}
"""Tables of the page by the word that marks their place."""


def origin(report: dict[str, Any]) -> str:
    """One paragraph: on what, when and how the figures were taken."""
    made = report["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in made["packages"].items())
    load = "" if made.get("load") is None else f", load {made['load']} when it began"
    return (
        f"{made['processor']}, {made['cores']} cores, {made['memory_gib']} GiB{load}; {made['system']}; Python "
        f"{made['python']}, {packages}; tiercare {made['tiercare']}, commit {made['commit']}, beside commit "
        f"{report['before']}. Made by `{report['command']}` on {report['date']}: medians of {report['rounds']} "
        "alternating rounds with the lowest and the highest, a process for each measurement."
    )


def markdown(report: dict[str, Any]) -> str:
    """The report as a page for people."""
    lines = [f"# Benchmark of {report['date']}", "", origin(report)]
    lines += ["What the figures mean: `experiments/benchmarks/question.md`.", "", *compared(report)]
    others = [row for row in report["rows"] if row["side"] == "peers"]
    if others:
        lines += ["", *peers(report)]
    if any(row["case"].startswith("roofline") for row in report["rows"]):
        lines += ["", *roofline(report)]
    return "\n".join(lines) + "\n"


def renew(page: str, report: dict[str, Any], file: Path) -> str:
    """The page with its tables, between ``<!-- bench: NAME -->`` and ``<!-- end -->``, as the report in ``file`` has
    them."""
    texts = {name: "\n".join(table(report)) for name, table in TABLES.items()}
    texts["origin"] = f"{origin(report)} Every sample: `results/benchmarks/{file.name}`."

    def put(found: re.Match) -> str:
        return f"<!-- bench: {found[1]} -->\n{texts[found[1]]}\n<!-- end -->"

    return re.sub(r"<!-- bench: (\w+) -->\n.*?<!-- end -->", put, page, flags=re.DOTALL)
