"""Follow one facility through a run: its books, its conduct, and the margins it saw when it chose it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.names import CENTRE
from simulator.engine.runners.fast import Fast
from simulator.engine.state.world import World
from simulator.model import HealthSystem
from simulator.practice import margins
from simulator.study.trace.onlooker import Onlooker

if TYPE_CHECKING:
    import pandas as pd

CONDUCT = ("follow", "intensity_out_1", "intensity_in_1", "stay", "admit", "upcode", "send", "accept", "manage")
"""What it does, columns of the table of facilities; a facility without beds has no use for some."""
USE = ("visits", "admissions", "wait", "bed_use")
"""What it was used for, in units of the place."""
BOOKS = ("income_yuan", "fund_yuan", "patient_yuan", "supplies_yuan", "salary_yuan", "bonus_yuan", "margin_yuan",
         "balance_yuan")  # fmt: skip
"""Its money, in units of the place."""
NO_BEDS = ("intensity_in_1", "stay", "admit", "upcode", "send", "accept", "admissions", "bed_use")


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
    """What one more of each thing earns a facility, by its beliefs of now, yuan; without beds only visits."""
    row, belief, par = world.facilities[facility], world.beliefs[facility], world.behaviour[0]
    found = {"visit": margins.of_visit(row, belief) * belief.visit_bill}
    if row.bed_days > 0:
        found["admission"] = margins.of_admission(row, belief, belief.case_weight, belief.case_days, par)
        found["bed_day"] = margins.of_bed_day(row, belief, par)
        found["coding_up"] = margins.of_coding_up(belief, par)
        if row.tier > CENTRE:
            found["sending_down"] = margins.of_sending_down(row, belief, par) + belief.partner
        else:
            found["taking_over"] = margins.of_taking_over(row, belief, par) + belief.partner
    found["managed"] = belief.managed
    return {name: float(value) for name, value in found.items()}


@dataclass(slots=True)
class PlaceStory:
    """A facility in one arm; tables have a row per month."""

    arm: str
    facility: str
    tier: str
    area: str
    conduct: "pd.DataFrame"  # columns of CONDUCT
    margins: "pd.DataFrame"  # columns as in `earns`, yuan
    use: "pd.DataFrame"  # columns of USE
    books: "pd.DataFrame"  # columns of BOOKS


def facility_of(model: HealthSystem, name: str) -> int:
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
    model: HealthSystem, arms: Sequence[str], facility: int, months: int,
    told: Callable[[int, int], None] | None = None,
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
            if told:
                told(model.burn_in + n * months + month + 1, model.burn_in + len(arms) * months)
        stories.append(_story(branch, arm, facility, looked.seen))
    return stories


def _story(branch: HealthSystem, arm: str, facility: int, seen: list[dict[str, float]]) -> PlaceStory:
    import pandas as pd

    frames: dict[str, Any] = branch.frames()
    name = branch.world.words.facilities[facility]
    table = frames["facilities"]
    mine = table[table["facility"] == name].set_index("month")
    accounts = frames["accounts"]
    balance = accounts[accounts["account"] == f"facility:{name}"].set_index("month")["closing"] / 100
    mine = mine.assign(balance_yuan=balance)
    beds = branch.world.facilities[facility].bed_days > 0
    kept = [column for column in CONDUCT if beds or column not in NO_BEDS]
    up = mine["tier"].iloc[0] in ("secondary", "tertiary")
    kept.remove("accept" if up else "send") if beds else None
    margin = pd.DataFrame(seen, index=mine.index)
    use = mine[[column for column in USE if beds or column not in NO_BEDS]]
    where = mine["tier"].iloc[0], mine["area"].iloc[0]
    return PlaceStory(arm, name, *where, mine[kept], margin, use, mine[list(BOOKS)])
