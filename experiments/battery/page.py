"""What the shocks did, as rows and as a page."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from experiments.battery.language import Battery, Outcome, Series, Shock
from experiments.battery.measure import beside, months_of
from simulator.study.summary import interval

Levels = Mapping[str, Mapping[Series, float]]
"""Of one replication: by the base or shock, the value of each series."""


@dataclass(frozen=True)
class Row:
    """An outcome: estimate with its 95 % interval over paired replications, and what became of what was wanted."""

    shock: str
    outcome: Outcome
    level: float  # of the base
    estimate: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """``met`` or ``missed`` by the estimate; with a question mark where the interval holds the other too."""
        least, most = (default if end is None else end for end, default in zip(self.outcome.wanted, ENDS, strict=True))
        if math.isnan(self.estimate):
            return "not measured"
        if least <= self.estimate <= most:
            return "met" if least <= self.low and self.high <= most else "met?"
        return "missed" if self.high < least or self.low > most else "missed?"


ENDS = (float("-inf"), float("inf"))


def rows(battery: Battery, replications: list[Levels]) -> list[Row]:
    """Every outcome of the shocks that were run."""
    there = [name for name in battery.shocks if all(name in levels for levels in replications)]
    return [
        _row(battery, name, battery.shocks[name], outcome, replications)
        for name in there
        for outcome in battery.shocks[name].outcomes
    ]


def _row(battery: Battery, name: str, shock: Shock, outcome: Outcome, replications: list[Levels]) -> Row:
    base = [levels[beside(months_of(battery, shock))].get(outcome.series, float("nan")) for levels in replications]
    struck = [levels[name].get(outcome.series, float("nan")) for levels in replications]
    differences = [difference(outcome, before, after) for before, after in zip(base, struck, strict=True)]
    return Row(name, outcome, sum(base) / len(base), *interval(differences))


def difference(outcome: Outcome, before: float, after: float) -> float:
    """What a shock did to one replication: in points, or in per cent of what was before (nan if that is nothing)."""
    if outcome.reported_as == "points":
        return 100 * (after - before)
    return 100 * (after / before - 1) if before else float("nan")


def page(battery: Battery, found: list[Row], settings: str) -> str:
    """The table as a page."""
    lines = [
        "# Battery of shocks",
        "",
        f"{settings}. Differences from the base in per cent, `pp` in points, over the last twelve months, with 95 % "
        "intervals over paired replications. A verdict goes by the estimate; `?` says that the interval holds the "
        "other verdict too.",
        "",
        "| shock | outcome | base | estimate | 95 % interval | wanted | verdict |",
        "|---" * 7 + "|",
    ]
    last = ""
    for row in found:
        title = battery.shocks[row.shock].title if row.shock != last else ""
        last = row.shock
        unit = " pp" if row.outcome.reported_as == "points" else ""
        lines.append(
            f"| {title} | {' '.join(part for part in row.outcome.series if part)} | {row.level:.4g} | "
            f"{row.estimate:+.2f}{unit} | {row.low:+.2f} to {row.high:+.2f} | {_wanted(row.outcome)} | {row.verdict} |"
        )
    met = sum(row.verdict.startswith("met") for row in found)
    lines += ["", f"{met} of {len(found)} outcomes are as wanted.", "", "## Why so", ""]
    for name in dict.fromkeys(row.shock for row in found):
        reasons = "; ".join(
            f"{o.indicator} {o.tier or o.part}".strip() + f": {o.reason}" for o in battery.shocks[name].outcomes
        )
        lines.append(f"- **{battery.shocks[name].title}.** {reasons}.")
    return "\n".join(lines) + "\n"


def _wanted(outcome: Outcome) -> str:
    low, high = outcome.wanted
    if low is None:
        return f"{high:+g} or less"
    return f"{low:+g} or more" if high is None else f"{low:+g} to {high:+g}"
