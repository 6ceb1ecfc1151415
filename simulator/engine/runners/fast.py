"""The fast engine: compiled passes over blocks of families, blocks shared out to threads, no object per family."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from simulator.engine.enrolment import Choice, decide
from simulator.engine.passes.care.lanes import WIDTH
from simulator.engine.passes.receive import pay
from simulator.engine.runners.ranges import intend, live_month, step_down, want_bed
from simulator.engine.state.bills import room_for_bills
from simulator.engine.state.blocks import Block
from simulator.engine.state.episodes import EPISODES, PER_PERSON
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import SUMS, Sums
from simulator.engine.state.world import World
from simulator.fund.insurers import Decisions, Insurer
from simulator.practice.acts import decide_all

BLOCK = 262_144
"""Most families in a block."""
SHARED_BLOCK = 16_384
"""The same where threads share out the blocks; there are at least two for each."""


class Fast:
    """Runs the passes of a month over all families of a world."""

    def __init__(self, world: World, threads: int = 1, blocks: int | None = None):
        families = len(world.families) - 1
        least, most = (2 * threads, SHARED_BLOCK) if threads > 1 else (1, BLOCK)
        wanted = max(1, min(blocks or max(least, -(-families // most)), families))
        edges = [k * families // wanted for k in range(wanted + 1)]
        self.blocks = []
        for low, high in pairwise(edges):
            people = int(world.families["first"][high] - world.families["first"][low])
            # usually seven people in ten have an episode in a month; a block in which it is more takes more room
            self.blocks.append(Block(low, high, EPISODES.room(people * 4 // 5 + PER_PERSON * WIDTH)))
        self.threads = threads
        self.pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self.lanes = [Sums(world) for _ in range(threads - 1)]
        self.bills = [room_for_bills(world.families) for _ in range(threads)]

    def each(self, function: Callable[[Block], object]) -> list:
        """Run a function on every block."""
        found: list[Any] = [None] * len(self.blocks)

        def thread(_: int, left: Iterator[tuple[int, Block]]) -> None:
            for k, block in left:
                found[k] = function(block)

        self._in_threads(thread)
        return found

    def each_lane(
        self, function: Callable[[Block, Sums, int], object], into: Sums, names: Sequence[str] = SUMS
    ) -> None:
        """Run a function on every block; what it adds to the sums ``names`` ends up in ``into``. Each thread has a
        number, and sums of its own; the first adds to ``into`` itself."""
        lanes = [into, *self.lanes]

        def thread(number: int, left: Iterator[tuple[int, Block]]) -> None:
            if number:
                lanes[number].clear(names)
            for _, block in left:
                function(block, lanes[number], number)

        self._in_threads(thread)
        for sums in self.lanes:
            into.add(sums, names)

    def _in_threads(self, thread: Callable[[int, Iterator[tuple[int, Block]]], None]) -> None:
        """Give every thread its number and the blocks that are left, of which each takes the next when it is done with
        one. To hand a thread something to do costs more than some passes take, so each is woken once."""
        left = enumerate(self.blocks)
        list((self.pool.map if self.pool else map)(lambda number: thread(number, left), range(self.threads)))

    def runs(self, decision: str, block: Block) -> Iterable[tuple[int, int, int, int]]:
        """Runs of a block's families who make a decision by the rules: first, end, and their first row and end."""
        return ((block.low, block.high, 0, block.end),)

    def enrol(self, world: World, choice: Choice) -> None:
        """Families choose an insurance."""

        def block(b: Block) -> None:
            for low, high, _, _ in self.runs("enrol", b):
                decide(world, choice, low, high)

        self.each(block)

    def decide(self, world: World) -> None:
        """Facilities and doctors choose their conduct."""
        decide_all(world.facilities, world.beliefs, world.behaviour, 0, len(world.facilities))

    def live(self, world: World, near: np.ndarray, sums: Sums) -> None:
        """A month of life."""

        def block(b: Block, s: Sums, _: int) -> None:
            for low, high, _, _ in self.runs("live", b):
                live_month(world, near, s, low, high)

        self.each_lane(block, sums, ("events", "ages"))

    def choose(self, world: World) -> None:
        """Families say who is ill and where they want to go."""

        def block(b: Block) -> None:
            while (end := intend(world, b.rows, b.low, b.high)) < 0:
                b.rows = EPISODES.room(len(b.rows) + len(b.rows) // 2)
            b.end = end

        self.each(block)

    def choose_bed(self, world: World) -> None:
        """Families of patients who need a bed say where they want it."""

        def block(b: Block) -> None:
            for _, _, start, end in self.runs("choose_bed", b):
                want_bed(world, b.rows, start, end)

        self.each(block)

    def consent(self, world: World) -> None:
        """Stable patients are offered a step down and consent or not."""

        def block(b: Block) -> None:
            for _, _, start, end in self.runs("consent", b):
                step_down(world, b.rows, start, end)

        self.each(block)

    def receive(self, world: World, sums: Sums) -> None:
        """Families get what contention left them, pay, and learn."""

        force = in_force(world)

        def block(b: Block, s: Sums, thread: int) -> None:
            arrays, bills = s.arrays, self.bills[thread]
            for low, high, start, end in self.runs("receive", b):
                pay(world.families, world.persons, force, b.rows[start:end], low, high, bills, arrays)

        self.each_lane(block, sums)

    def insurer(self, insurer: Insurer) -> Decisions:
        """Whoever decides for an insurer: its plan."""
        return insurer.plan

    def reserve(self, world: World, plan: int, asked: float, months: float, before: float | None) -> float:
        """What a fund with a reserve policy asks for, times what the rules say; see `ReservePolicy.next`."""
        policy = world.reserve_policies[plan]
        return asked if policy is None else policy.next(asked, months, before)
