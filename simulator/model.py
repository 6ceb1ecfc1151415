"""The Mesa model: families, doctors, facilities and funds of one arm and replication, month by month."""

import copy
from typing import Any, Self, Unpack

import mesa
import numpy as np

from simulator.agents.cast import Cast, cast
from simulator.agents.engine import Agents
from simulator.agents.family import Families
from simulator.agents.insurers import Alliance, Fund, Insurer
from simulator.agents.places import Facility, FamilyDoctor
from simulator.engine.engine import Engine
from simulator.engine.month import run_month
from simulator.engine.observe import Observer
from simulator.engine.state.world import World
from simulator.scenario.build import build
from simulator.scenario.in_force import schedule
from simulator.scenario.parting import parting


class HealthSystem(mesa.Model):
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
        world: World | None = None,
        **own: Unpack[Cast],
    ):
        given = seed if rng is None else rng
        super().__init__(rng=None if given is None else int(given))
        number = int(self.rng.integers(2**31) if given is None else given)
        if scenario is None or isinstance(scenario, str):
            from simulator.scenario import load

            scenario = load(scenario or "base")
        self.plan, self.arm, self.replication = scenario, arm, replication
        self.asked: dict[str, Any] = {
            "seed": number, "replication": replication, "engine": engine, "threads": threads, "blocks": blocks,
            "shuffle": shuffle,
        }  # fmt: skip
        self.own = own
        if engine not in ("fast", "agents"):
            raise ValueError(f"engine is `fast` or `agents`, not `{engine}`")
        self._start(world or build(scenario, number, replication))

    def _start(self, world: World) -> None:
        """Take up a world: its agents, an engine, an observer, and the changes of the arm."""
        self.world = world
        world.due = schedule(self.plan, world, self.arm)
        self.observer = Observer()
        cast(self, self.own)
        asked = self.asked
        everybody = asked["engine"] == "agents"
        self.engine: Engine = Agents(self, asked["threads"], asked["blocks"], everybody, asked["shuffle"])
        self.datacollector = mesa.DataCollector(model_reporters=self.observer.reporters())

    def branch(self, arm: str) -> Self:
        """A model of another arm that goes on from here by itself, with the same people, history and draws.

        It is bit-identical to a model of that arm run from the start. Classes of agents go with it; what was overridden
        on a single agent stays with this model.

        Raises ValueError where the rules of the two arms already differed in a month that is over.
        """
        parted = parting(self.plan, (self.arm, arm))
        if parted is not None and self.world.month > max(0, self.world.burn_in + parted):
            raise ValueError(f"the rules of {self.arm} and {arm} already differ; this model is past that month")
        other = self._going_on(arm)
        other.carry_on(self)
        return other

    def _going_on(self, arm: str) -> Self:
        """A model of the same class on a copy of this world."""
        how: dict[str, Any] = {**self.asked, **self.own}
        return type(self)(self.plan, arm, world=self.world.copy(), **how)

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

    def carry_on(self, before: Self) -> None:
        """Take over from the model that this one branched from what was recorded so far. A class that keeps anything of
        its own beside the world hands it over here."""
        self.observer.carry_on(before.observer)
        self.running = before.running
        self.datacollector.model_vars = copy.deepcopy(before.datacollector.model_vars)

    @property
    def burn_in(self) -> int:
        """Months before the first reported one."""
        return self.world.burn_in

    @property
    def horizon(self) -> int:
        """Reported months."""
        return self.plan.time.months

    @property
    def steps_done(self) -> int:
        """Months simulated so far."""
        return self.world.month

    @property
    def weight(self) -> float:
        """People of the place per sampled person."""
        return self.world.weight

    def step(self) -> None:
        """One month."""
        run_month(self.world, self.engine, self.observer.watch)
        if self.world.month > self.world.burn_in:
            self.datacollector.collect(self)
        self.running = self.world.month < self.burn_in + self.horizon

    def run(self) -> "HealthSystem":
        """All months that are left."""
        self.run_for(self.burn_in + self.horizon - self.steps_done)
        return self

    def frames(self) -> dict[str, Any]:
        """Results so far as pandas frames: monthly, facilities, referrals, ledger, accounts; in units of the place."""
        return self.observer.frames(self.world)

    def referral_network(self) -> Any:
        """The referral network, a networkx DiGraph, with the real flows of the reported months so far.

        Every edge carries ``flow``: people of the place by stage (up, down, admitted, returned); flows between
        facilities that nobody linked add an edge without kinds.
        """
        from simulator.referral.network import weights

        return weights(self.world.network, self.frames()["referrals"])

    def family(self, number: int) -> Any:
        """Family ``number`` (0 to families - 1) with its members, to look at; ``families[number]`` is its agent."""
        from simulator.agents.family import FamilyView

        return FamilyView(self.world, number)

    def everybody(self) -> tuple[np.ndarray, np.ndarray]:
        """The tables of all families and persons."""
        return self.world.families, self.world.persons

    def digest(self) -> str:
        """Hash of every table, book and account: equal for equal histories."""
        import hashlib

        world, total = self.world, hashlib.sha256()
        for table in (
            *self.everybody(),
            world.facilities,
            world.beliefs,
            world.clock,
        ):
            for name in sorted(table.dtype.names):  # the order in which columns are declared says nothing
                total.update(np.ascontiguousarray(table[name]).tobytes())
        total.update(world.ledger.balance.tobytes())
        facts = (world.facts.bill, world.facts.weight, world.facts.days, world.facts.referred)
        books = world.books
        settled = (*books.settled.values(), *books.settled_last.values(), *world.margins)
        kept = (*books.counts, *books.fund, *world.homes, *world.spent, *world.year.values(), *settled, *facts)
        for array in kept:
            total.update(array.tobytes())
        total.update(self.observer.bytes())
        return total.hexdigest()
