"""A model that also counts indicators by age and by income: the rows of each group of people, counted as those of
everybody are, and the same indicators of what that comes to. Groups add up to the whole, to the fen."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Self

import numpy as np

from simulator.count.indicators.catalogue import OF_PEOPLE, Row, indicators
from simulator.engine.passes.counting import count_bills, count_episodes
from simulator.engine.runners.fast import Fast
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import Tally, World
from simulator.payment.closed import used_rows
from simulator.simulation import Simulation
from simulator.study.summary import MONTHS
from simulator.study.trace.onlooker import Onlooker

AGES = {"0-14": (0, 15), "15-44": (15, 45), "45-64": (45, 65), "65+": (65, 999)}
INCOMES = {"low": (0, 33), "middle": (33, 67), "high": (67, 100)}
"""Thirds by income per head, hundredths."""
SETTLED = ("fund_paid_per_admission", "effective_reimbursement")
"""What is known only once a month is settled for everybody."""
OF_EVENTS = ("satisfaction", "satisfied_share")
"""Of the indicators of families, those that come from what was counted."""


def groups(world: World) -> Iterator[tuple[str, np.ndarray]]:
    """Words such as ``age:65+``, and who is meant, bool by person."""
    people = world.persons
    bins = world.families["income_bin"][people["family"]]
    for kind, column, bands in (("age", people["age"], AGES), ("income", bins, INCOMES)):
        for name, (low, high) in bands.items():
            yield f"{kind}:{name}", (column >= low) & (column < high)


class Grouped(Onlooker):
    """Counts the last reported months by group; ``rows`` holds month, group and row of an indicator."""

    def __init__(self, engine: Fast, since: int):
        super().__init__(engine)
        self.since = since
        self.rows: list[tuple[str, str, Row]] = []
        self.of: dict[str, tuple[np.ndarray, Sums]] = {}

    def receive(self, world: World, sums: Sums) -> None:
        """Everybody receives; groups are counted on the way."""
        self.of = {}
        if world.month >= self.since:
            self.of = {group: (mine, Sums(world)) for group, mine in groups(world)}
        super().receive(world, sums)
        for group, (mine, counted) in self.of.items():
            heads = np.bincount(world.persons["plan"][mine], minlength=len(world.words.plans))
            self.rows += [(world.label(), group, row) for row in indicators_of(world, counted, heads)]

    def look(self, world: World, bills: np.ndarray, episodes: np.ndarray) -> None:
        """Count the rows of each group."""
        force = in_force(world)
        for mine, sums in self.of.values():
            for rows, count in ((bills, count_bills), (episodes, count_episodes)):
                own = rows[mine[rows["person"]]]
                count(own, 0, len(own), world.families, world.persons, force, sums.arrays)


def indicators_of(w: World, sums: Sums, heads: np.ndarray) -> Iterator[Row]:
    """The indicators that a part of the people feeds, from what was counted for it; ``heads`` by plan (P,)."""
    unasked = np.zeros(len(w.facilities))
    none = np.zeros((0, 4), np.int64)
    tally = Tally(
        sums.counts, sums.events, sums.plans, sums.incomes, sums.ages, none, sums.homes, unasked, unasked, sums.extras
    )
    tally.used = used_rows(tally.counts)
    settled: Any = SimpleNamespace(fund_cells=np.zeros(len(w.cells), np.int64))
    tally.settled = settled
    seen = replace_tally(w, tally, heads)
    for row in indicators(seen, OF_PEOPLE):
        known = row[0] not in SETTLED and (row[0] in OF_EVENTS or row[0] not in FAMILY_STATE)
        if known and row[6] != 0:
            yield row


FAMILY_STATE = ("trust_primary", "trust_primary_share", "catastrophic_share", "concentration_index")
"""Indicators of families that are no sums over people."""


def replace_tally(world: World, tally: Tally, heads: np.ndarray) -> World:
    """The same world as if only these people and this tally were in it."""
    seen = World.__new__(World)
    seen.__dict__.update(world.__dict__)
    seen.tally = tally
    seen.financing = replace(world.financing, persons=heads)
    return seen


class GroupedSystem(Simulation):
    """A health system whose monthly table has rows by age and income too: ``part`` ends in ``age:65+``."""

    def _start(self, world: World) -> None:
        super()._start(world)
        assert isinstance(self.engine, Fast)
        self.engine = Grouped(self.engine, world.burn_in + max(0, self.plan.time.months - MONTHS))

    def carry_on(self, before: Self) -> None:
        super().carry_on(before)
        assert isinstance(self.engine, Grouped)
        assert isinstance(before.engine, Grouped)
        self.engine.rows = [*before.engine.rows]

    def frames(self) -> dict[str, Any]:
        """As the model, with the rows of the groups."""
        import pandas as pd

        frames = super().frames()
        assert isinstance(self.engine, Grouped)
        scale = self.world.weight
        rows = [
            (month, name, tier, plan, joined(part, group), "", top / bottom, top * scale, bottom * scale)
            for month, group, (name, tier, plan, part, _, top, bottom) in self.engine.rows
        ]
        more = pd.DataFrame(rows, columns=frames["monthly"].columns)
        frames["monthly"] = pd.concat([frames["monthly"], more], ignore_index=True)
        return frames


def joined(part: str, group: str) -> str:
    """Part of an indicator for a group."""
    return f"{part} {group}" if part else group
