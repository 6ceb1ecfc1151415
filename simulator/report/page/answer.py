"""The answer in five sentences, and the table of outcomes that it sums up."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from simulator.core.messages import language, say
from simulator.report.display import unit_of
from simulator.report.page import measured
from simulator.report.page.figures import named
from simulator.report.page.numbers import Summary, tied
from simulator.report.results_table import Row, headlines, targets
from simulator.study.compare import better
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

SENTENCES = {
    "care": Row("primary_share_of_visits"),
    "people": Row("out_of_pocket_share"),
    "money": Row("charge_per_admission", "hospital"),
    "providers": Row("provider_margin", "hospital"),
}
"""What each of the first four sentences is about."""


class Cell(NamedTuple):
    """An arm's figure for an outcome: its level, and against the reference the difference, interval and chance."""

    arm: str
    level: Markup
    change: Markup
    interval: Markup
    clear: bool
    best: Markup


class Outcome(NamedTuple):
    """A line of the table of outcomes."""

    name: str
    better: str
    target: Markup
    cells: list[Cell]


def rows_shown(summary: Summary, findings: Iterable[Any]) -> list[Row]:
    """Outcomes of the table: those with a target, then the headlines that the run has figures for."""
    wanted = targets(findings)
    rows = [*wanted, *headlines(wanted, summary.rows)]
    return [row for row in rows if any(key[1:] == row.series for key in summary.rows)]


def outcomes(summary: Summary, rows: list[Row], arms: dict[str, str], ranks: "pd.DataFrame") -> list[Outcome]:
    """The table, an outcome a line, an arm a cell."""
    chances = {tuple(rank[:6]): rank[7] for rank in ranks.itertuples(index=False, name=None)}
    made = []
    for row in rows:
        unit, sign = unit_of(row.indicator), better().get(row.indicator, 0)
        cells = []
        for arm in arms:
            chance = chances.get((*row.series, arm), math.nan)
            where = dict(zip(("indicator", "tier", "plan", "part", "alliance"), row.series, strict=True))
            best = tied(f"{100 * chance:.0f} %", chance, "report/ranking", "best", **where, arm=arm)
            differs = arm != BASELINE and not math.isnan(summary.value(arm, row.series, "difference"))
            cells.append(
                Cell(
                    arm,
                    summary.level(arm, row.series, unit),
                    summary.change(arm, row.series, unit) if differs else Markup(),
                    summary.interval(arm, row.series, unit, "diff_" if differs else ""),
                    differs and summary.clear(arm, row.series),
                    best if chance >= 0.005 else Markup(),
                )
            )
        target = measured.target(row)
        made.append(Outcome(named(row), {1: "↑", -1: "↓", 0: ""}[sign], target, cells))
    return made


def facts(summary: Summary, rows: list[Row], arms: dict[str, str], replications: int) -> dict[str, float]:
    """What the last sentence counts."""
    pairs = [(arm, row.series) for arm in arms if arm != BASELINE for row in rows]
    known = [pair for pair in pairs if not math.isnan(summary.value(*pair, "difference"))]
    return {
        "outcomes": len(known),
        "clear": sum(summary.clear(*pair) for pair in known),
        "replications": replications,
        "arms": len(arms),
    }


def sentences(summary: Summary, arms: dict[str, str], counted: dict[str, float], ranks: "pd.DataFrame") -> list[Markup]:
    """The answer: use of care, families, costs, providers, certainty."""
    made = [made for key, row in SENTENCES.items() if (made := _sentence(summary, key, row, arms))]
    number = {key: tied(f"{value:,.0f}", value, "report/facts", "value", fact=key) for key, value in counted.items()}
    if len(arms) == 1:
        return [*made, Markup(say("page.sure_alone", replications="{replications}")).format(**number)]
    text = say("page.sure", outcomes="{outcomes}", clear="{clear}", replications="{replications}")
    made.append(Markup(text).format(**number))
    first = ranks[ranks["indicator"] == SENTENCES["care"].indicator]
    if len(first) and len(arms) > 2:
        top = first.sort_values("best", ascending=False).iloc[0]
        where = {key: top[key] for key in ("indicator", "tier", "plan", "part", "alliance", "arm")}
        share = tied(f"{100 * top['best']:.0f} %", float(top["best"]), "report/ranking", "best", **where)
        best = Markup(say("page.sure_best", arm="{arm}", share="{share}")).format(arm=arms[top["arm"]], share=share)
        made[-1] = Markup("{}{}{}").format(made[-1], "" if language() == "zh" else " ", best)
    return made


def _sentence(summary: Summary, key: str, row: Row, arms: dict[str, str]) -> Markup | None:
    """A sentence on the arm that moves the outcome most, or on the level where there is only one arm."""
    unit = unit_of(row.indicator)
    others = [arm for arm in arms if not math.isnan(summary.value(arm, row.series, "difference"))]
    if not others:
        arm = next((arm for arm in arms if summary.has(arm, row.series)), None)
        if arm is None:
            return None
        words = {"arm": arms[arm], "level": summary.level(arm, row.series, unit)}
        return Markup(say(f"page.level_{key}", arm="{arm}", level="{level}")).format(**words)
    arm = max(others, key=lambda each: abs(summary.value(each, row.series, "difference")))
    under = "page.answer_under_most" if len(others) > 1 else "page.answer_under"
    words = {
        "under": Markup(say(under, arm="{}")).format(arms[arm]),
        "level": summary.level(arm, row.series, unit),
        "base": summary.level(BASELINE, row.series, unit),
        "change": summary.change(arm, row.series, unit),
    }
    text = say(f"page.answer_{key}", **{name: f"{{{name}}}" for name in words})
    ends = summary.interval(arm, row.series, unit)
    clear = say("page.answer_clear" if summary.clear(arm, row.series) else "page.answer_unclear")
    tail = Markup(say("page.answer_interval", ends="{ends}", clear="{clear}")).format(ends=ends, clear=clear)
    return Markup(text).format(**words) + (tail if ends else "") + Markup(say("page.stop"))
