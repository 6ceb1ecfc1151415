"""What a healthy year costs, on a page: numbers tied to a table of their own."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.display import figure
from simulator.report.page.numbers import tied

if TYPE_CHECKING:
    import pandas as pd

NAME = "cost_of_health"
"""Of the derived table."""


class Cost(NamedTuple):
    """A line of the page: an arm, what is spent more, healthy years gained, and what one costs."""

    arm: str
    spent: Markup
    gained: Markup
    cost: Markup


def _number(value: float, unit: str, column: str, arm: str, signed: bool) -> Markup:
    return tied(figure(value, unit, signed=signed, mark=False), value, f"report/{NAME}", column, arm=arm)


def _cost(costs: tuple[float, ...], arm: str) -> Markup:
    if math.isnan(costs[0]):
        return Markup(say("health.none"))
    columns = ("cost", "cost_low", "cost_high")
    made = (_number(each, "yuan", column, arm, False) for each, column in zip(costs, columns, strict=True))
    return Markup('{} <span class="ends">{} … {}</span>').format(*made)


def rows(table: "pd.DataFrame", arms: Mapping[str, str]) -> list[Cost]:
    """The table of `cost_of_health` as rows of the page; ``arms`` are their names in words."""
    return [
        Cost(
            arms.get(arm, arm),
            _number(spent, "yuan", "spent", arm, True),
            _number(gained, "years", "gained_per_1000", arm, True),
            _cost(tuple(costs), arm),
        )
        for arm, spent, gained, *costs in table.itertuples(index=False, name=None)
    ]
