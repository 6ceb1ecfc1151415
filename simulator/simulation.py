"""One arm and replication of a scenario, month by month, without agents: what runs and studies live through."""

import hashlib
from typing import Any, Self

import numpy as np

from simulator.engine.engine import Engine
from simulator.engine.month import run_month
from simulator.engine.observe import Observer
from simulator.engine.runners.fast import Fast
from simulator.engine.state.shard import Tables, tables_of
from simulator.engine.state.world import World
from simulator.scenario.compile.build import build
from simulator.scenario.compile.in_force import schedule
from simulator.scenario.resolve.parting import parting


class Simulation:
    """People, facilities and money under the rules of one arm of a scenario.

    `HealthSystem` is the same with Mesa agents; this one does not need Mesa, which takes a second to import.
    ``threads`` and ``blocks`` change the order of work and nothing else. ``running`` ends with the last reported month.
    ``world`` is a world to go on from.
    """

    engines = ("fast",)

    def __init__(
        self,
        scenario: Any,
        arm: str = "baseline",
        *,
        seed: int = 1,
        replication: int = 0,
        engine: str = "fast",
        threads: int = 1,
        blocks: int | None = None,
        world: World | None = None,
    ):
        if engine not in self.engines:
            raise ValueError(f"engine of a {type(self).__name__} is {' or '.join(self.engines)}, not {engine}")
        self.plan, self.arm, self.replication = scenario, arm, replication
        self.options: dict[str, Any] = {
            "seed": seed, "replication": replication, "engine": engine, "threads": threads, "blocks": blocks,
        }  # fmt: skip
        self.running = True
        self._start(world or build(scenario, seed, replication))

    def _start(self, world: World) -> None:
        """Take up a world: an observer, an engine, and the changes of the arm."""
        self.world = world
        world.scheduled = schedule(self.plan, world, self.arm)
        self.observer = Observer()
        self.engine: Engine = self._engine()

    def _engine(self) -> Engine:
        """How decisions are made."""
        return Fast(self.world, self.options["threads"], self.options["blocks"])

    def branch(self, arm: str) -> Self:
        """A model of another arm that goes on from here by itself, with the same people, history and draws.

        It is bit-identical to a model of that arm run from the start.

        Raises ValueError where the rules of the two arms already differed in a month that is over.
        """
        parted = parting(self.plan, (self.arm, arm))
        if parted is not None and self.world.month > max(0, self.world.burn_in + parted):
            raise ValueError(f"the rules of {self.arm} and {arm} already differ; this model is past that month")
        other = self._going_on(arm)
        other.carry_on(self)
        return other

    def _going_on(self, arm: str) -> Self:
        """A simulation of the same class on a copy of this world."""
        return type(self)(self.plan, arm, world=self.world.copy(), **self.options)

    def carry_on(self, before: Self) -> None:
        """Take over from the one that this branched from what was recorded so far. A class that keeps anything of its
        own beside the world hands it over here."""
        self.observer.carry_on(before.observer)
        self.running = before.running

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
        self.running = self.world.month < self.burn_in + self.horizon

    def run_for(self, duration: float) -> None:
        """So many months."""
        for _ in range(int(duration)):
            self.step()

    def run(self) -> Self:
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

    def everybody(self) -> Tables:
        """The tables of all families and persons."""
        return tables_of(self.world)

    def digest(self) -> str:
        """Hash of every table, book and account: equal for equal histories."""
        world, total = self.world, hashlib.sha256()
        people = self.everybody()
        for table in (people.families, people.persons, people.rare, world.facilities, world.beliefs, world.clock):
            for name in sorted(table.dtype.names):  # the order in which columns are declared says nothing
                total.update(np.ascontiguousarray(table[name]).tobytes())
        total.update(world.ledger.balance.tobytes())
        facts = (world.facts.bill, world.facts.weight, world.facts.days, world.facts.referred)
        books = world.books
        settled = (*books.settled.values(), *books.settled_last.values(), *world.margins)
        kept = (
            *books.counts,
            *books.fund,
            *world.home_payments,
            *world.fund_spent,
            *world.year_sums.values(),
            *settled,
            *facts,
        )
        for array in kept:
            total.update(array.tobytes())
        total.update(self.observer.bytes())
        return total.hexdigest()
