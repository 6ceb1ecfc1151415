"""What providers did and why: conduct before and after, beside the margins that they saw."""

from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from simulator.core.names import TIERS
from simulator.practice import acts
from simulator.report.display import figure, word
from simulator.report.page.numbers import tied
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

YEAR = 12
MARGINS = {seen.name for seen in acts.SEEN.values()}
SHOWN = {
    tier: [
        (name, act.shown_as(unit), how.text, name in MARGINS)
        for act, name, unit, how in acts.shown()
        if tier in how.tiers
    ]
    for tier in TIERS
}
"""Columns of the facility tables that say what a tier does, then those that say what it believed one more would bring
it: name, kind of figure, text, whether it is a margin."""


class ConductRow(NamedTuple):
    """A line of the table: what, and for every arm (before, after) as shown."""

    what: str
    is_margin: bool
    arms: list[tuple[Markup, Markup]]


def conduct(results: "Results", changed: str | None) -> "pd.DataFrame":
    """Means over the facilities of a tier, months and replications, before and after: columns arm, when, tier, column,
    value. Before are the twelve months before ``changed`` (the first reported ones where there are fewer), after the
    last twelve."""
    import pandas as pd

    table = results.tiers
    months = sorted(table["month"].unique())
    earlier = [month for month in months if changed and month < changed]
    times = {"before": (earlier or months)[-YEAR:] if earlier else months[:1], "after": months[-YEAR:]}
    made = []
    for when, inside in times.items():
        part = table[table["month"].isin(inside)]
        for tier, lines in SHOWN.items():
            columns = [name for name, *_ in lines if name in table]
            means = part[part["tier"] == tier].groupby("arm", sort=False)[columns].mean()
            made += [(arm, when, tier, column, row[column]) for arm, row in means.iterrows() for column in columns]
    return pd.DataFrame(made, columns=["arm", "when", "tier", "column", "value"])


def conduct_rows(table: "pd.DataFrame", arms: dict[str, str]) -> dict[str, list[ConductRow]]:
    """The lines by tier in words; columns that are zero throughout are left out."""
    values: dict[Any, float] = table.set_index(["arm", "when", "tier", "column"])["value"].to_dict()
    made: dict[str, list[ConductRow]] = {}
    for tier, lines in SHOWN.items():
        rows = []
        for column, unit, text, is_margin in lines:
            here = [values.get((arm, when, tier, column)) for arm in arms for when in ("before", "after")]
            if any(here):
                cells = [_pair(values, arm, tier, column, unit) for arm in arms]
                rows.append(ConductRow(text.localized, is_margin, cells))
        if rows:
            made[word("tier", tier)] = rows
    return made


def _pair(values: dict[Any, float], arm: str, tier: str, column: str, unit: str) -> tuple[Markup, Markup]:
    """Before and after of one arm."""
    made = []
    for when in ("before", "after"):
        value = values.get((arm, when, tier, column), float("nan"))
        text = f"{value:,.0f}" if unit == "money" and abs(value) >= 100 else figure(value, unit)
        row = {"arm": arm, "when": when, "tier": tier, "column": column}
        made.append(tied(text, value, "report/conduct", "value", **row))
    return made[0], made[1]


def first_change(resolved: dict[str, Any], arms: list[str]) -> str | None:
    """The first month in which a reform among the arms changes a rule."""
    reforms = resolved.get("reforms", {})

    def months(name: str) -> set[str]:
        reform = reforms.get(name, {})
        if "starts" in reform:
            return {str(reform["starts"])}
        found = {str(month) for month in reform.get("timeline", {})}
        return found.union(*(months(other) for other in reform.get("combines", ())))

    every = {month for arm in arms if arm != BASELINE for month in months(arm.rpartition(".")[2])}
    return min(every, default=None)
