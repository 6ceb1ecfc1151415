"""An engine that lets the fast engine do everything; who looks on overrides the stage to look at."""

from collections.abc import Callable

import numpy as np

from simulator.engine.enrolment import Choice
from simulator.engine.passes.receive import pay
from simulator.engine.runners.fast import Fast
from simulator.engine.state.bills import BILLS, FAMILIES_AT_ONCE, PER_EPISODE
from simulator.engine.state.blocks import Block
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World
from simulator.fund.insurers import Decisions, Insurer


class Onlooker:
    """Every decision is the engine's; see the protocol `simulator.engine.engine.Engine`."""

    def __init__(self, engine: Fast):
        self.engine = engine

    def each(self, function: Callable[[Block], object]) -> list:
        """As the engine."""
        return self.engine.each(function)

    def enrol(self, world: World, choice: Choice) -> None:
        """As the engine."""
        self.engine.enrol(world, choice)

    def decide(self, world: World) -> None:
        """As the engine."""
        self.engine.decide(world)

    def live(self, world: World, near: np.ndarray, sums: Sums) -> None:
        """As the engine."""
        self.engine.live(world, near, sums)

    def choose(self, world: World) -> None:
        """As the engine."""
        self.engine.choose(world)

    def choose_bed(self, world: World) -> None:
        """As the engine."""
        self.engine.choose_bed(world)

    def consent(self, world: World) -> None:
        """As the engine."""
        self.engine.consent(world)

    def receive(self, world: World, sums: Sums) -> None:
        """As the engine, but with room for all bills of some hundred families at a time, to be looked at."""
        force, arrays = in_force(world), sums.arrays
        for block in self.engine.blocks:
            rows = block.rows[: block.end]
            for low in range(block.low, block.high, FAMILIES_AT_ONCE):
                high = min(low + FAMILIES_AT_ONCE, block.high)
                first, last = np.searchsorted(rows["family"], (low, high))
                episodes, bills = rows[first:last], BILLS.rows(PER_EPISODE * int(last - first))
                n = pay(world.families, world.persons, force, episodes, low, high, bills, arrays)
                self.look(world, bills[:n], episodes)

    def look(self, world: World, bills: np.ndarray, episodes: np.ndarray) -> None:
        """What some hundred families received: rows of BILLS, whose column ``episode`` is a row of ``episodes``."""

    def insurer(self, insurer: Insurer) -> Decisions:
        """As the engine."""
        return self.engine.insurer(insurer)

    def reserve(self, world: World, plan: int, asked: float, months: float, before: float | None) -> float:
        """As the engine."""
        return self.engine.reserve(world, plan, asked, months, before)
