"""The Mesa model: families, doctors, facilities and funds of one arm and replication, month by month."""

import copy
from typing import Any, Self

import mesa
import numpy as np

from simulator.agents.places import people_of
from simulator.engine.engine import Engine
from simulator.engine.month import run_month
from simulator.engine.observe import Observer
from simulator.engine.runners.fast import Fast
from simulator.engine.state.world import World
from simulator.scenario.build import build
from simulator.scenario.in_force import schedule
from simulator.scenario.parting import parting


class HealthSystem(mesa.Model):
    """A tiered health system under the rules of one arm of a scenario.

    ``engine`` is ``fast`` (compiled passes over all families) or ``agents`` (one Mesa agent per family, whose methods
    decide); both give the same bits. ``threads`` are used by the fast engine. ``family`` is the class of families in
    the agents engine; ``blocks`` and ``shuffle`` change the order of work and nothing else. ``rng`` is Mesa's word for
    ``seed``; without either (None), as in ``mesa.batch_run`` without seeds, every model draws its own. ``running`` ends
    with the last reported month. ``world`` is a world to go on from.
    """

    def __init__(
        self,
        scenario: Any = None,
        arm: str = "baseline",
        seed: int | None = 1,
        replication: int = 0,
        engine: str = "fast",
        threads: int = 1,
        blocks: int | None = None,
        family: type | None = None,
        shuffle: bool = True,
        rng: int | None = None,
        world: World | None = None,
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
            "family": family, "shuffle": shuffle,
        }  # fmt: skip
        self._start(world or build(scenario, number, replication))

    def _start(self, world: World) -> None:
        """Take up a world: agents for its facilities, an engine, an observer, and the changes of the arm."""
        self.world = world
        world.due = schedule(self.plan, world, self.arm)
        self.observer = Observer()
        self.engine: Engine
        people_of(self)
        if self.asked["engine"] == "agents":
            from simulator.agents.engine import Agents

            self.engine = Agents(self, self.asked["family"], self.asked["shuffle"])
        elif self.asked["engine"] == "fast":
            self.engine = Fast(world, self.asked["threads"], self.asked["blocks"])
        else:
            raise ValueError(f"engine is `fast` or `agents`, not `{self.asked['engine']}`")
        self.datacollector = mesa.DataCollector(model_reporters=self.observer.reporters())

    def branch(self, arm: str) -> Self:
        """A model of another arm that goes on from here by itself, with the same people, history and draws.

        It is bit-identical to a model of that arm run from the start.

        Raises ValueError where the rules of the two arms already differed in a month that is over.
        """
        self._may_branch(arm)
        other = type(self)(self.plan, arm, world=self.world.copy(), **self.asked)
        other.carry_on(self)
        return other

    def _may_branch(self, arm: str) -> None:
        parted = parting(self.plan, (self.arm, arm))
        if parted is not None and self.world.month > max(0, self.world.burn_in + parted):
            raise ValueError(f"the rules of {self.arm} and {arm} already differ; this model is past that month")

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
        """Family ``number`` (0 to families - 1) with its members, in either engine."""
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
