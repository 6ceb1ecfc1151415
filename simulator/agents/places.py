"""Facilities, their doctors and the funds as Mesa agents: views on rows of the world's tables, in both engines."""

from typing import Any

import mesa
import numpy as np

from simulator.core.names import CENTRE, KINDS, SECONDARY, STATION, TERTIARY, TIERS
from simulator.practice.acts import decide_doctor, decide_facility


class Facility(mesa.Agent):
    """A place of care. Attributes not defined here read the columns of its row: ``facility.wait``."""

    def __init__(self, model: Any, row: int):
        super().__init__(model)
        self.index = row
        self.name = model.world.words.facilities[row]

    @property
    def row(self) -> np.record:
        """Its row of the table of facilities; assigning to a field changes the facility."""
        return self.model.world.facilities[self.index]

    @property
    def belief(self) -> np.record:
        """What it believes one more of each book entry earns it."""
        return self.model.world.beliefs[self.index]

    @property
    def tier(self) -> str:
        """Tier in words."""
        return TIERS[self.row["tier"]]

    @property
    def kind(self) -> str:
        """Kind in words."""
        return KINDS[self.row["kind"]]

    def __getattr__(self, column: str) -> Any:
        if column.startswith("_") or column in ("index", "model"):
            raise AttributeError(column)
        row = self.model.world.facilities[self.index]
        if column not in row.dtype.names:
            raise AttributeError(f"a facility has no column `{column}`")
        return row[column]

    def decide(self) -> None:
        """Choose this month's services, stay, admission, coding, sending and accepting."""
        decide_facility(self.row, self.belief, self.model.world.behaviour[0])


class Station(Facility):
    """Village clinic or community station (村卫生室、社区卫生服务站)."""


class CommunityCentre(Facility):
    """Community or township health centre (社区卫生服务中心、乡镇卫生院)."""


class CountyHospital(Facility):
    """County hospital or secondary hospital of the city (县医院、二级医院)."""


class TertiaryHospital(Facility):
    """Tertiary hospital (三级医院)."""


CLASSES = {STATION: Station, CENTRE: CommunityCentre, SECONDARY: CountyHospital, TERTIARY: TertiaryHospital}


class FamilyDoctor(mesa.Agent):
    """The doctors of one facility as one decision maker: follow-ups, sending up, chronic management."""

    def __init__(self, model: Any, facility: Facility):
        super().__init__(model)
        self.facility = facility

    def decide(self) -> None:
        """Choose this month's follow-up visits, readiness to send up and effort on chronic care."""
        decide_doctor(self.facility.row, self.facility.belief, self.model.world.behaviour[0])


class Fund(mesa.Agent):
    """A basic insurance fund: one per plan and pooling area."""

    def __init__(self, model: Any, plan: int):
        super().__init__(model)
        self.plan = model.world.words.plans[plan]
        self.number = plan

    @property
    def balance(self) -> int:
        """What it holds, fen of the sample."""
        world = self.model.world
        return int(world.ledger.balance[world.accounts.fund[self.number]])


class Alliance(mesa.Agent):
    """A group of facilities (医联体、医共体): a view on the alliance of that name, while it is in force."""

    def __init__(self, model: Any, name: str):
        super().__init__(model)
        self.name = name

    @property
    def terms(self) -> Any:
        """Members, lead, tightness and what is unified; None while it is not in force."""
        return next((each for each in self.model.world.alliances if each.name == self.name), None)

    @property
    def pool(self) -> Any:
        """Its budget, None without one."""
        return next((each for each in self.model.world.pools if each.name == self.name), None)


def people_of(model: Any) -> None:
    """Make the facilities, doctors, funds and alliances of a model, in the order of their rows."""
    model.facilities = [
        CLASSES.get(int(tier), Facility)(model, row) for row, tier in enumerate(model.world.facilities["tier"])
    ]
    model.doctors = [FamilyDoctor(model, facility) for facility in model.facilities]
    model.funds = [Fund(model, plan) for plan in range(len(model.world.words.plans))]
    model.alliances = [Alliance(model, name) for name in model.world.words.holders[1:]]
