"""The fast engine: compiled passes over blocks of families, blocks shared out to threads, no object per family."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from simulator.core.names import OPTIONS
from simulator.engine.passes.choose import choose
from simulator.engine.passes.enrol import Choice, decide
from simulator.engine.passes.life import live
from simulator.engine.passes.receive import pay
from simulator.engine.passes.see import admit
from simulator.engine.passes.step_down import offer
from simulator.engine.state.bills import room_for_bills
from simulator.engine.state.blocks import Block
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import SUMS, Sums
from simulator.engine.state.world import World
from simulator.practice.acts import decide_all

BLOCK = 65_536
"""Most families in a block; a run with several threads has at least four blocks a thread."""


def scratch() -> np.ndarray:
    """Room to value options of choice: utility, price, chance of cure, place, and the weight in a pick."""
    return np.zeros((5, OPTIONS))


class Fast:
    """Runs the passes of a month over all families of a world."""

    def __init__(self, world: World, threads: int = 1, blocks: int | None = None):
        families = len(world.families) - 1
        wanted = blocks or max(4 * threads if threads > 1 else 1, -(-families // BLOCK))
        wanted = max(1, min(wanted, families))
        edges = [k * families // wanted for k in range(wanted + 1)]
        self.blocks = []
        for low, high in pairwise(edges):
            people = int(world.families["first"][high] - world.families["first"][low])
            self.blocks.append(Block(low, high, EPISODES.rows(people + 64)))
        self.threads = threads
        self.pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self.lanes = [Sums(world) for _ in range(threads)] if threads > 1 else []
        self.bills = [room_for_bills(world.families) for _ in range(threads)]

    def each(self, function: Callable[[Block], object]) -> list:
        """Run a function on every block."""
        return list((self.pool.map if self.pool else map)(function, self.blocks))

    def each_lane(
        self, function: Callable[[Block, Sums, int], object], into: Sums, names: Sequence[str] = SUMS
    ) -> None:
        """Run a function on every block; what it adds to the sums ``names`` ends up in ``into``. Each thread has a
        number, and sums of its own; one thread alone needs none."""
        if not self.pool:
            for block in self.blocks:
                function(block, into, 0)
            return

        def lane(number: int) -> None:
            sums = self.lanes[number]
            sums.clear(names)
            for block in self.blocks[number :: self.threads]:
                function(block, sums, number)

        list(self.pool.map(lane, range(self.threads)))
        for sums in self.lanes:
            into.add(sums, names)

    def enrol(self, world: World, choice: Choice) -> None:
        """Families choose an insurance."""
        self.each(lambda b: decide(world, choice, b.low, b.high))

    def decide(self, world: World) -> None:
        """Facilities and doctors choose their conduct."""
        decide_all(world.facilities, world.beliefs, world.behaviour, 0, len(world.facilities))

    def live(self, world: World, near: np.ndarray, sums: Sums) -> None:
        """A month of life."""

        def block(b: Block, s: Sums, _: int) -> None:
            live(world.families, world.persons, world.people, world.facilities, world.deaths, world.prevalence, near,
                 world.behaviour, world.clock, s.events, b.low, b.high)  # fmt: skip

        self.each_lane(block, sums, ("events",))

    def choose(self, world: World) -> None:
        """Families say who is ill and where they want to go."""

        def block(b: Block) -> None:
            while True:
                b.end = choose(
                    world.families, world.persons, world.facilities, world.groups, world.risk, world.refill_groups,
                    world.cover, world.behaviour, world.clock, b.rows, scratch(), b.low, b.high, 0, len(b.rows),
                )  # fmt: skip
                if b.end >= 0:
                    return
                b.rows = EPISODES.rows(len(b.rows) + len(b.rows) // 2 + 64)

        self.each(block)

    def choose_bed(self, world: World) -> None:
        """Families of patients who need a bed say where they want it."""
        self.each(
            lambda b: admit(
                world.families, world.persons, world.facilities, world.groups, world.cover, world.behaviour,
                world.clock, b.rows, scratch(), 0, b.end,
            )
        )  # fmt: skip

    def consent(self, world: World) -> None:
        """Stable patients are offered a step down and consent or not."""
        self.each(
            lambda b: offer(
                world.families, world.persons, world.facilities, world.behaviour, world.clock, b.rows, 0, b.end
            )
        )

    def receive(self, world: World, sums: Sums) -> None:
        """Families get what contention left them, pay, and learn."""

        force = in_force(world)

        def block(b: Block, s: Sums, thread: int) -> None:
            rows = b.rows[: b.end]
            pay(world.families, world.persons, force, rows, b.low, b.high, self.bills[thread], s.arrays)

        self.each_lane(block, sums)
