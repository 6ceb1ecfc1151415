"""The tables of `tiercare costs`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.report.display import figure, titles, word

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from simulator.study.patient_costs import Costs

CARE = ("outpatient", "inpatient")


def tables(costs: "Costs", scenario: Any) -> Iterator["Table | str"]:
    """What a case costs and how many there are; what a head costs; and of what that is measured."""
    with titles(scenario.resolved()):
        yield from (_cases(costs.groups, care) for care in CARE)
        yield _heads(costs.heads)
        yield say("costs.note", families=f"{scenario.population.families:,}")


def _cases(groups: "pd.DataFrame", care: str) -> "Table":
    """A row for each case group: cases a year of a thousand people, and yuan a case by tier."""
    mine = groups[groups["care"] == care]
    there = [tier for tier in TIERS if tier in set(mine["tier"])]
    made = _table(say(f"costs.{care}"), say("costs.group"), say("costs.per_1000"), *(word("tier", t) for t in there))
    for group, rows in mine.groupby("group", sort=False):
        each = rows.set_index("tier")
        bills = [figure(each["charge_per_case"].get(tier, float("nan")), "yuan") for tier in there]
        made.add_row(f"{word('group', str(group))} ({group})", figure(each["cases_per_1000"].sum(), "rate"), *bills)
    return made


def _heads(heads: "pd.DataFrame") -> "Table":
    """A row for everybody, each disease and each plan: yuan a head and year by care, and the fund's part of it."""
    columns = [say(f"costs.head_{care}") for care in CARE]
    made = _table(say("costs.heads"), say("costs.who"), *columns, say("costs.head"), say("costs.fund"))
    for who, rows in heads.groupby("who", sort=False):
        by = rows.groupby("care")["charge"].sum()
        name = next((w for kind in ("costs", "plan") if (w := word(kind, str(who))) != who), str(who))
        amounts = [*(by.get(care, 0.0) for care in CARE), rows["charge"].sum(), rows["fund"].sum()]
        made.add_row(name, *(figure(amount, "yuan") for amount in amounts))
    return made


def _table(title: str, first: str, *rest: str) -> "Table":
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    made.add_column(first, overflow="fold")
    for column in rest:
        made.add_column(column, justify="right")
    return made
