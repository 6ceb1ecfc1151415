"""The Mesa model: families, doctors, facilities and funds of one arm and replication, month by month."""

import copy
from typing import Any, Self, Unpack

import mesa

from simulator.agents.cast import Cast, cast
from simulator.agents.engine import Agents
from simulator.agents.family import Families
from simulator.agents.insurers import Alliance, Fund, Insurer
from simulator.agents.places import Facility, FamilyDoctor
from simulator.engine.engine import Engine
from simulator.engine.state.world import World
from simulator.simulation import Simulation


class HealthSystem(Simulation, mesa.Model):
    """A tiered health system under the rules of one arm of a scenario.

    Families, facilities, doctors, funds, insurers and alliances are Mesa agents. Whoever overrides a decision is asked
    for it, and compiled passes make all others: give a class of your own (``family=Loyal``, ``facility=``, ``doctor=``,
    ``fund=``, ``insurer=``; see `simulator.agents.cast.Cast`) or override a method of one agent
    (``model.families[12].choose = ...``). Agents of families are made when they are first looked at.

    ``engine`` is ``fast``, or ``agents`` to ask everybody; both give the same bits. ``threads``, ``blocks`` and
    ``shuffle`` change the order of work and nothing else. ``rng`` is Mesa's word for ``seed``; without either (None),
    as in ``mesa.batch_run`` without seeds, every model draws its own. ``running`` ends with the last reported month;
    steps count the months of the burn-in too. ``world`` is a world to go on from.
    """

    families: Families
    """Its families as agents, by row."""
    facilities: list[Facility]
    doctors: list[FamilyDoctor]
    funds: list[Fund]
    insurers: list[Insurer]
    alliances: list[Alliance]

    engines = ("fast", "agents")

    def __init__(
        self,
        scenario: Any = None,
        arm: str = "baseline",
        seed: int | None = 1,
        replication: int = 0,
        engine: str = "fast",
        threads: int = 1,
        blocks: int | None = None,
        shuffle: bool = True,
        rng: int | None = None,
        *,
        world: World | None = None,
        **own: Unpack[Cast],
    ):
        given = seed if rng is None else rng
        mesa.Model.__init__(self, rng=None if given is None else int(given))
        number = int(self.rng.integers(2**31) if given is None else given)
        if scenario is None or isinstance(scenario, str):
            from simulator.scenario import load

            scenario = load(scenario or "base")
        self.shuffle, self.own = shuffle, own
        Simulation.__init__(
            self, scenario, arm, seed=number, replication=replication, engine=engine, threads=threads, blocks=blocks,
            world=world,
        )  # fmt: skip

    def _start(self, world: World) -> None:
        """Take up a world, and give it agents."""
        super()._start(world)
        self.datacollector = mesa.DataCollector(model_reporters=self.observer.reporters())

    def _engine(self) -> Engine:
        cast(self, self.own)
        everybody = self.options["engine"] == "agents"
        return Agents(self, self.options["threads"], self.options["blocks"], everybody, self.shuffle)

    def _going_on(self, arm: str) -> Self:
        """A model of the same class on a copy of this world. Classes of agents go with it; what was overridden on a
        single agent stays with this model."""
        how: dict[str, Any] = {**self.options, "shuffle": self.shuffle, **self.own}
        return type(self)(self.plan, arm, world=self.world.copy(), **how)

    def carry_on(self, before: Self) -> None:
        """Take over what was recorded so far."""
        super().carry_on(before)
        self.datacollector.model_vars = copy.deepcopy(before.datacollector.model_vars)

    @property
    def agents(self) -> Any:  # ty: ignore[incompatible-property-override]  # Mesa's setter only refuses
        """All agents, a Mesa `AgentSet`. From now on every family is one: some microseconds and a kilobyte each."""
        self.families.make_all()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """A Mesa `AgentSet` by class of agents, families included, as in `agents`."""
        self.families.make_all()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents, families included."""
        return list(self.agents_by_type)

    def step(self) -> None:
        """One month."""
        super().step()
        if self.world.month > self.world.burn_in:
            self.datacollector.collect(self)

    def run_for(self, duration: float) -> None:
        """So many months."""
        mesa.Model.run_for(self, duration)

    def family(self, number: int) -> Any:
        """Family ``number`` (0 to families - 1) with its members, to look at; ``families[number]`` is its agent."""
        from simulator.agents.family import FamilyView

        return FamilyView(self.world, number)
