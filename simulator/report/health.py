"""What a healthy year costs, in words: with what it rests on, and nothing where it is not sure."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.core.messages import say
from simulator.report.display import figure, word

if TYPE_CHECKING:
    import pandas as pd


def lines(table: "pd.DataFrame") -> Iterator[str]:
    """A line for each arm of the table of `cost_of_health`, and what to bear in mind; nothing for no arm."""
    for name, _, gained, *costs in table.itertuples(index=False, name=None):
        arm = word("arm", name)
        if math.isnan(costs[0]):
            yield say("health.unsure", arm=arm)
            continue
        cost, low, high = (figure(each, "yuan") for each in costs)
        yield say("health.gained" if gained > 0 else "health.lost", arm=arm, cost=cost, low=low, high=high)
    if len(table):
        yield say("health.caveat")
