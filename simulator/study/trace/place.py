"""Follow one facility through a run: its books, its conduct, and the margins it saw when it chose it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.engine.runners.fast import Fast
from simulator.engine.state.world import World
from simulator.practice import acts
from simulator.simulation import Simulation
from simulator.study.trace.onlooker import Onlooker

if TYPE_CHECKING:
    import pandas as pd

USE = ("visits", "admissions", "wait", "bed_use")
"""What it was used for, in units of the place."""
BOOKS = ("income_yuan", "fund_yuan", "patient_yuan", "supplies_yuan", "salary_yuan", "bonus_yuan", "margin_yuan",
         "balance_yuan")  # fmt: skip
"""Its money, in units of the place."""
NO_BEDS = ("admissions", "bed_use")


class Looked(Onlooker):
    """The fast engine, noting what one facility's margins are when conduct is chosen; ``seen`` grows monthly."""

    def __init__(self, engine: Fast, facility: int):
        super().__init__(engine)
        self.facility = facility
        self.seen: list[dict[str, float]] = []

    def decide(self, world: World) -> None:
        """Note the margins, then let everybody decide."""
        self.seen.append(earns(world, self.facility))
        super().decide(world)


def earns(world: World, facility: int) -> dict[str, float]:
    """What one more of each thing earns a facility, by its beliefs of now: the columns of its acts' margins, and what a
    step down brings the other side, as far as it counts here, yuan."""
    fac, beliefs = (table[facility : facility + 1] for table in (world.facilities, world.beliefs))
    seen = acts.margins_seen(fac, beliefs, world.behaviour)
    found = {name: float(seen[name][0]) for name in columns(fac[0]) if name in seen}
    if fac["bed_days"][0] > 0:
        found["partner"] = float(beliefs["partner"][0])
    return found


def columns(facility: np.record) -> list[str]:
    """Columns of results that are shown of a facility: of what it can do."""
    return [name for act, name, _, how in acts.shown() if how.short and act.where.holds(facility)]


@dataclass(slots=True)
class PlaceStory:
    """A facility in one arm; tables have a row per month."""

    arm: str
    facility: str
    tier: str
    area: str
    conduct: "pd.DataFrame"  # columns as in `columns`
    margins: "pd.DataFrame"  # columns as in `earns`
    use: "pd.DataFrame"  # columns of USE
    books: "pd.DataFrame"  # columns of BOOKS


def facility_of(model: Simulation, name: str) -> int:
    """Row of a facility, by its name or its number.

    Raises:
        UserError: there is none.
    """
    names = model.world.words.facilities
    if name in names:
        return names.index(name)
    if name.isdecimal() and int(name) < len(names):
        return int(name)
    raise UserError(say("trace.facility_none", facility=name, number=len(names)) + near(name, names))


def look(
    model: Simulation, arms: Sequence[str], facility: int, months: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[PlaceStory]:  # fmt: skip
    """The facility's months in each arm; parameters as for ``follow``."""
    stories = []
    for n, arm in enumerate(arms):
        branch = model.branch(arm)
        assert isinstance(branch.engine, Fast)
        looked = Looked(branch.engine, facility)
        branch.engine = looked
        for month in range(months):
            branch.step()
            if progress:
                progress(model.burn_in + n * months + month + 1, model.burn_in + len(arms) * months)
        stories.append(_story(branch, arm, facility, looked.seen))
    return stories


def _story(branch: Simulation, arm: str, facility: int, seen: list[dict[str, float]]) -> PlaceStory:
    import pandas as pd

    frames: dict[str, Any] = branch.frames()
    name = branch.world.words.facilities[facility]
    table = frames["facilities"]
    mine = table[table["facility"] == name].set_index("month")
    accounts = frames["accounts"]
    balance = accounts[accounts["account"] == f"facility:{name}"].set_index("month")["closing"] / 100
    mine = mine.assign(balance_yuan=balance)
    row = branch.world.facilities[facility]
    beds, margins = row.bed_days > 0, {each.name for each in acts.SEEN.values()}
    kept = [column for column in columns(row) if column not in margins]
    margin = pd.DataFrame(seen, index=mine.index)
    use = mine[[column for column in USE if beds or column not in NO_BEDS]]
    where = mine["tier"].iloc[0], mine["area"].iloc[0]
    return PlaceStory(arm, name, *where, mine[kept], margin, use, mine[list(BOOKS)])
