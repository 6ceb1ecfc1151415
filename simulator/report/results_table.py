"""The tables that a run ends with: what was measured beside what came out, the headlines, and the arms side by side."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.messages import say
from simulator.report.display import change, figure, headline, leaves_out_zero, span, unit_of, word
from simulator.report.keepers import BUDGET

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from simulator.study.results import Results

ARMS = 4
"""Most arms beside each other in one table."""
WIDTH = 100
"""Columns of the terminal beyond which further arms get a table of their own."""
BASELINE = "baseline"
IN_UNIT = {
    ("fen", "yuan"): 0.01,
    ("fen/year", "yuan"): 0.01,
    ("minutes", "hours"): 1 / 60,
    ("minutes", "days"): 1 / 1440,
}
"""Factor from the unit of a reported figure to that of the indicator, where they differ."""
SHAPE = ("tier", "plan", "part", "alliance")

type Figures = dict[str, float]
"""Mean, interval and difference of one arm, as in the summary."""
type AllFigures = Mapping[tuple[str, ...], Figures]
"""The same by arm and series."""


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

    @property
    def where(self) -> str:
        """The part of the place, in words."""
        words = [word(kind, getattr(self, kind)) for kind in SHAPE if getattr(self, kind)]
        return " ".join([*words, *([word("keeper", self.alliance)] if self.indicator == BUDGET else [])]).strip()


def in_unit(value: float, unit: str, indicator: str) -> float:
    """A reported figure in the unit of its indicator."""
    return value * IN_UNIT.get((unit, unit_of(indicator)), 1)


def targets(findings: Iterable[Any]) -> list[Row]:
    """The findings that are targets, levels in the unit of the indicator."""
    rows = []
    for finding in findings:
        if finding.use == "target":
            where = {name: getattr(finding, name, None) or "" for name in SHAPE}
            rows.append(Row(finding.indicator, **where, target=in_unit(*finding.level, finding.indicator)))
    return rows


def headlines(known: Iterable[Row], figures: AllFigures) -> list[Row]:
    """The rows shown without a target where the run has figures, but for those that have a target.

    An entry with ``each: alliance`` (or ``plan``, ``tier``, ``part``) stands for a row of every one that has figures.
    """
    taken = {row.series for row in known}
    there = dict.fromkeys(Row._make((*series, math.nan)) for _, *series in figures)
    rows = []
    for entry in headline():
        each: dict[str, Any] = {entry["each"]: ""} if "each" in entry else {}
        wanted = Row(**{key: value for key, value in entry.items() if key != "each"})
        rows += [row for row in there if row._replace(**each).series == wanted.series]
    return [row for row in rows if row.series not in taken]


def own_rows(own: Iterable[Row], known: Iterable[Row], figures: AllFigures) -> list[Row]:
    """The programme's own rows that the run has figures for and no target; of the whole place where there are such, of
    each alliance or part where there are none."""
    taken, made = {row.series for row in known}, []
    there = list(dict.fromkeys(Row._make((*series, math.nan)) for _, *series in figures))
    for row in own:
        exact = [each for each in there if each.series == row.series]
        parts = [each for each in there if each[:3] == row[:3] and not row.part and (each.part or each.alliance)]
        made += [each for each in exact or parts if each.series not in taken]
    return list(dict.fromkeys(made))


def moves(row: Row, figures: AllFigures) -> bool:
    """Whether any arm changes it, where arms are compared."""
    found = [each for (_, *series), each in figures.items() if tuple(series) == row.series]
    known = [each["difference"] for each in found if not math.isnan(each["difference"])]
    return not known or any(known)


def tables(
    results: "Results", findings: Iterable[Any], width: int = WIDTH, own: Iterable[Row] = ()
) -> "list[Table | Text]":
    """Compact tables of a run. The first has the target beside the result of the baseline, and the differences of as
    many arms as fit; others follow with the other arms, and a note on how to read them.

    Args:
        results: of a run.
        findings: of its scenario; those with ``use: target`` get a row each, also where the run has no figure.
        width: columns of the terminal.
        own: rows of the programme's own indicators, which come first after the targets.
    """
    from rich.console import Console
    from rich.text import Text

    figures = _figures(results)
    wanted = targets(findings)
    mine = own_rows(own, wanted, figures)
    blocks = [wanted, *([mine] if mine else []), headlines([*wanted, *mine], figures)]
    blocks = [blocks[0], *([row for row in block if moves(row, figures)] for block in blocks[1:])]
    console = Console(width=10_000)
    first, *others = sorted(results.arms, key=lambda arm: arm != BASELINE)
    made = [_table(results, blocks, figures, first, [])]
    beside: list[str] = []
    for arm in others:
        wider = _table(results, blocks, figures, first if len(made) == 1 else None, [*beside, arm])
        if len(beside) < ARMS and console.measure(wider).maximum <= width:
            made[-1], beside = wider, [*beside, arm]
        else:
            beside = [arm]
            made.append(_table(results, blocks, figures, None, beside))
    notes = "\n".join(_notes(results, figures, [row for block in blocks for row in block]))
    return [*made, Text(notes, style="dim")] if notes else [*made]


def _notes(results: "Results", figures: AllFigures, rows: list[Row]) -> Iterator[str]:
    if len(results.arms) == 1:
        return
    if BASELINE not in results.arms:
        yield say("report.no_baseline")
        return
    yield say("report.arms_note")
    if sets := results.manifest.get("parameters"):
        yield say("report.parameters_note", rows=len(sets["rows"]), table=sets["table"])
    others = [figures.get((arm, *row.series)) for arm in results.arms if arm != BASELINE for row in rows]
    if any(found and math.isnan(found["difference"]) for found in others):
        yield say("report.level_note")


def _table(
    results: "Results", blocks: list[list[Row]], figures: AllFigures, first: str | None, arms: list[str]
) -> "Table":
    """One table: of the ``first`` arm its level with the targets, of each further arm its difference."""
    from rich.table import Table

    title = _title(results) if first else say("report.more_arms")
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    made.add_column(say("report.indicator"))
    made.add_column(say("report.of"))
    alone = results.arms == [first]
    interval = alone and results.replications > 1
    level = say("report.result") if alone else word("arm", first or "")
    headings = [say("report.target"), level, say("report.ratio")] if blocks[0] else [level]
    headings = [*(headings if first else []), *([say("report.interval")] if interval else [])]
    for heading in (*headings, *(word("arm", arm) for arm in arms)):
        made.add_column(heading, justify="right", no_wrap=True)
    for block in blocks:
        for row in block:
            cells = [*(_level(row, figures.get((first, *row.series)), bool(blocks[0]), interval) if first else [])]
            cells += [_difference(row, figures.get((arm, *row.series)), BASELINE in results.arms) for arm in arms]
            made.add_row(word("indicator", row.indicator), row.where, *cells)
        made.add_section()
    return made


def _level(row: Row, found: Figures | None, targets: bool, interval: bool) -> Iterator[str]:
    """Target, result, their ratio, and the interval of the result; only the result where nothing has a target."""
    unit = unit_of(row.indicator)
    has_target = not math.isnan(row.target)
    if targets:
        yield figure(row.target, unit) if has_target else ""
    yield figure(found["mean"], unit) if found else "–"
    if targets:
        yield f"{found['mean'] / row.target:.2f}" if found and has_target and row.target else ""
    if interval:
        yield span(found["low"], found["high"], unit) if found else ""


def _difference(row: Row, found: Figures | None, baseline: bool) -> str:
    """The difference from the baseline, or the level where there is nothing to compare with."""
    unit = unit_of(row.indicator)
    if not found:
        return "–  "
    if not baseline:
        return figure(found["mean"], unit)
    if math.isnan(found["difference"]):
        text = "= " + change(found["mean"], _even(found, "mean", ""), found["mean"], unit, signed=False)
        return f"{text}  "
    text = change(found["difference"], _even(found, "difference", "diff_"), found["mean"], unit)
    return f"{text} *" if leaves_out_zero(found["diff_low"], found["diff_high"]) else f"{text}  "


def _even(found: Figures, name: str, of: str) -> float:
    """The lower end of an interval of the same width around the figure; that of sets of parameters may lie unevenly."""
    return found[name] - (found[f"{of}high"] - found[f"{of}low"]) / 2


def _figures(results: "Results") -> AllFigures:
    """Rows of the summary by arm and series."""
    summary = results.summary
    keys = summary[["arm", "indicator", *SHAPE]].itertuples(index=False, name=None)
    numbers = summary[["mean", "low", "high", "difference", "diff_low", "diff_high"]].astype(float)
    return dict(zip(keys, numbers.to_dict("records"), strict=True))


def _title(results: "Results") -> str:
    first, last = results.summary["period"].iloc[0].split("/")
    return say("report.title", first=first, last=last, replications=results.replications)
