"""The table that a run ends with: what was measured beside what came out, then the headlines."""

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.messages import say
from simulator.report.words import change, figure, shown, span, unit_of, word

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.study.results import Results

ARMS = 4
"""Arms that fit beside each other; the others are in the summary."""
BASELINE = "baseline"
IN_UNIT = {
    ("fen", "yuan"): 0.01,
    ("fen/year", "yuan"): 0.01,
    ("minutes", "hours"): 1 / 60,
    ("minutes", "days"): 1 / 1440,
}
"""Factor from the unit of a finding's level to that of the indicator, where they differ."""
SHAPE = ("tier", "plan", "part", "alliance")

type Figures = dict[str, float]
"""Mean, interval and difference of one arm, as in the summary."""


class Row(NamedTuple):
    """One line of the table: an indicator of a part of the place, and its target, if any, in the indicator's unit."""

    indicator: str
    tier: str = ""
    plan: str = ""
    part: str = ""
    alliance: str = ""
    target: float = math.nan

    @property
    def series(self) -> tuple[str, ...]:
        """What it is about."""
        return self.indicator, self.tier, self.plan, self.part, self.alliance


def targets(findings: Iterable[Any]) -> list[Row]:
    """The findings that are targets, levels in the unit of the indicator."""
    rows = []
    for finding in findings:
        if finding.use == "target":
            value, unit = finding.level
            scale = IN_UNIT.get((unit, unit_of(finding.indicator)), 1)
            where = {name: getattr(finding, name, None) or "" for name in SHAPE}
            rows.append(Row(finding.indicator, **where, target=value * scale))
    return rows


def headlines(known: Iterable[Row]) -> list[Row]:
    """The rows shown without a target, but for those that have one."""
    taken = {row.series for row in known}
    return [row for row in (Row(**entry) for entry in shown()["headline"]) if row.series not in taken]


def table(results: "Results", findings: Iterable[Any]) -> "Table":
    """Compact table of a run, target beside result; with several arms, their differences from the baseline.

    Args:
        results: of a run.
        findings: of its scenario; those with ``use: target`` get a row each, also where the run has no figure.
    """
    from rich.table import Table

    figures = _figures(results)
    arms = sorted(results.arms, key=lambda arm: arm != BASELINE)[:ARMS]
    wanted = targets(findings)
    others = [row for row in headlines(wanted) if any((arm, *row.series) in figures for arm in arms)]
    made = Table(title=_title(results), title_justify="left", box=None, pad_edge=False, header_style="bold")
    made.add_column(say("report.indicator"))
    made.add_column(say("report.of"))
    for heading in _headings(arms, results.replications):
        made.add_column(heading, justify="right", no_wrap=True)
    for block in (wanted, others):
        for row in block:
            where = " ".join(word(kind, getattr(row, kind)) for kind in SHAPE if getattr(row, kind))
            found = [figures.get((arm, *row.series)) for arm in arms]
            made.add_row(word("indicator", row.indicator), where, *_cells(row, arms, found))
        made.add_section()
    return made


def _headings(arms: list[str], replications: int) -> Iterator[str]:
    yield say("report.target")
    yield say("report.result") if len(arms) == 1 else word("arm", arms[0])
    yield say("report.ratio")
    if len(arms) == 1 and replications > 1:
        yield say("report.interval")
    for arm in arms[1:]:
        yield word("arm", arm)
        if arms[0] == BASELINE:
            yield say("report.difference")


def _cells(row: Row, arms: list[str], figures: list[Figures | None]) -> Iterator[str]:
    unit = unit_of(row.indicator)
    first, *others = figures
    has_target = not math.isnan(row.target)
    yield figure(row.target, unit) if has_target else ""
    yield figure(first["mean"], unit) if first else "–"
    yield f"{first['mean'] / row.target:.2f}" if first and has_target and row.target else ""
    if first and not others and not math.isnan(first["low"]):
        yield span(first["low"], first["high"], unit)
    for found in others:
        yield figure(found["mean"], unit) if found else "–"
        if arms[0] == BASELINE:
            differs = found is not None and not math.isnan(found["difference"])
            yield change(found["difference"], found["diff_low"], found["mean"], unit) if found and differs else ""


def _figures(results: "Results") -> dict[tuple[str, ...], Figures]:
    """Rows of the summary by arm and series."""
    summary = results.summary
    keys = summary[["arm", "indicator", *SHAPE]].itertuples(index=False, name=None)
    numbers = summary[["mean", "low", "high", "difference", "diff_low", "diff_high"]].astype(float)
    return dict(zip(keys, numbers.to_dict("records"), strict=True))


def _title(results: "Results") -> str:
    first, last = results.summary["period"].iloc[0].split("/")
    return say("report.title", first=first, last=last, replications=results.replications)
