"""Facilities and their doctors as Mesa agents: views on rows of the world's tables."""

from typing import Any, ClassVar

import numpy as np

from simulator.agents.deciding import by_rule
from simulator.agents.framework import mesa
from simulator.core.names import CENTRE, KINDS, ONLINE, SECONDARY, STATION, TERTIARY, TIERS
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.acts import ACTS, decide_doctor, decide_facility

COLUMNS = frozenset(column.name for column in FACILITIES.columns)


def _decided(doer: str, row: np.record) -> dict[str, Any]:
    """What a facility or its doctors do by now: the columns of their acts, with their values."""
    names = (found.act.column.name for found in ACTS.values() if found.act.doer == doer)
    return {name: row[name].copy() if np.ndim(row[name]) else row[name].item() for name in names}


class Facility(mesa.Agent):
    """A place of care. Attributes not defined here read and write the columns of its row: ``facility.wait``.

    Override `decide`, in a class or on one agent, to change its conduct; example, hospitals that never keep a patient
    longer than usual::

        class Brisk(CountyHospital):
            def decide(self):
                super().decide()
                self.stay = min(self.stay, 1.0)

        HealthSystem("base", facility=Brisk)
    """

    DECISIONS: ClassVar[frozenset[str]] = frozenset({"decide"})

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
        if column not in COLUMNS or column == "kind":
            raise AttributeError(f"a facility has no column `{column}`")
        return self.model.world.facilities[self.index][column]

    def __setattr__(self, name: str, value: Any) -> None:
        if name in COLUMNS:
            self.row[name] = value
        else:
            object.__setattr__(self, name, value)

    @by_rule
    def decide(self) -> dict[str, Any] | None:
        """Choose this month's services, stay, admission, coding, sending and accepting from last month's books.

        Writes them into its row, from the second month on, and returns them: the columns of its acts, see
        `simulator.practice.actions`.
        Shares lie from 0 to 1, factors from 0; what the place is (its tier, the pool of its slots) cannot be decided.
        """
        decide_facility(self.row, self.belief, self.model.world.behaviour[0])
        return _decided("facility", self.row)


class Station(Facility):
    """Village clinic or community station (村卫生室、社区卫生服务站)."""


class CommunityCentre(Facility):
    """Community or township health centre (社区卫生服务中心、乡镇卫生院)."""


class CountyHospital(Facility):
    """County hospital or secondary hospital of the city (县医院、二级医院)."""


class TertiaryHospital(Facility):
    """Tertiary hospital (三级医院)."""


class InternetHospital(Facility):
    """Internet hospital (互联网医院)."""


CLASSES = {
    STATION: Station, CENTRE: CommunityCentre, SECONDARY: CountyHospital, TERTIARY: TertiaryHospital,
    ONLINE: InternetHospital,
}  # fmt: skip


class FamilyDoctor(mesa.Agent):
    """The doctors of one facility as one decision maker: follow-ups, sending up, chronic management."""

    DECISIONS: ClassVar[frozenset[str]] = frozenset({"decide"})

    def __init__(self, model: Any, facility: Facility):
        super().__init__(model)
        self.facility = facility

    @property
    def index(self) -> int:
        """Row of their facility."""
        return self.facility.index

    @property
    def name(self) -> str:
        """Name of their facility."""
        return self.facility.name

    @by_rule
    def decide(self) -> dict[str, Any] | None:
        """Choose this month's follow-up visits, readiness to send up and effort on chronic care.

        Writes them into the row of the facility (``self.facility.refer = ...``), from the second month on, and returns
        them: the columns of their acts, see `simulator.practice.actions`.
        """
        row = self.facility.row
        decide_doctor(row, self.facility.belief, self.model.world.behaviour[0])
        return _decided("doctor", row)
