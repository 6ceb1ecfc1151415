"""What providers did and why: conduct before and after, beside the margins that they saw."""

from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.page.numbers import tied
from simulator.report.words import figure, word
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

YEAR = 12
CONDUCT = {
    "station": (("manage", "share"), ("follow", "number"), ("intensity_out_0", "number")),
    "centre": (
        ("manage", "share"), ("accept", "share"), ("intensity_out_0", "number"), ("intensity_out_1", "number"),
        ("serve", "share"),
    ),
    "secondary": (
        ("send", "share"), ("stay", "number"), ("intensity_in_0", "number"), ("intensity_in_1", "number"),
        ("upcode", "share"), ("split", "share"), ("select", "share"),
    ),
    "tertiary": (
        ("send", "share"), ("stay", "number"), ("intensity_in_0", "number"), ("intensity_in_1", "number"),
        ("upcode", "share"), ("split", "share"), ("select", "share"),
    ),
}  # fmt: skip
"""Columns of the facility tables that say what a tier does, with their units."""
SEEN = {
    "station": (("margin_visit", "number"), ("margin_managed", "money"), ("margin_up", "money")),
    "centre": (
        ("margin_visit", "number"), ("margin_admission", "money"), ("margin_take", "money"),
        ("margin_managed", "money"),
    ),
    "secondary": (
        ("margin_admission", "money"), ("margin_day", "money"), ("margin_down", "money"), ("margin_coding", "money"),
    ),
    "tertiary": (
        ("margin_admission", "money"), ("margin_day", "money"), ("margin_down", "money"), ("margin_coding", "money"),
    ),
}  # fmt: skip
"""Columns that say what it believed one more would bring it."""


class Told(NamedTuple):
    """A line of the table: what, and for every arm (before, after) as shown."""

    what: str
    is_margin: bool
    arms: list[tuple[Markup, Markup]]


def conduct(results: "Results", changed: str | None) -> "pd.DataFrame":
    """Means over facilities of a tier, months and replications, before and after: columns arm, when, tier, column,
    value. Before are the twelve months before ``changed`` (the first reported ones where there are fewer), after the
    last twelve."""
    import pandas as pd

    table = results.facilities
    months = sorted(table["month"].unique())
    earlier = [month for month in months if changed and month < changed]
    times = {"before": (earlier or months)[-YEAR:] if earlier else months[:1], "after": months[-YEAR:]}
    made = []
    for when, inside in times.items():
        part = table[table["month"].isin(inside)]
        for tier in CONDUCT:
            columns = [name for name, _ in (*CONDUCT[tier], *SEEN[tier]) if name in table]
            means = part[part["tier"] == tier].groupby("arm", sort=False)[columns].mean()
            made += [(arm, when, tier, column, row[column]) for arm, row in means.iterrows() for column in columns]
    return pd.DataFrame(made, columns=["arm", "when", "tier", "column", "value"])


def told(table: "pd.DataFrame", arms: dict[str, str]) -> dict[str, list[Told]]:
    """The lines by tier in words; columns that are zero throughout are left out."""
    values: dict[Any, float] = table.set_index(["arm", "when", "tier", "column"])["value"].to_dict()
    made: dict[str, list[Told]] = {}
    for tier in CONDUCT:
        rows = []
        for is_margin, columns in ((False, CONDUCT[tier]), (True, SEEN[tier])):
            for column, unit in columns:
                here = [values.get((arm, when, tier, column)) for arm in arms for when in ("before", "after")]
                if any(here):
                    cells = [_pair(values, arm, tier, column, unit) for arm in arms]
                    rows.append(Told(say(f"page.conduct_{column}"), is_margin, cells))
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
