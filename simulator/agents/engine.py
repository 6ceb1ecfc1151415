"""The agents engine: every decision is a method of a Mesa agent. Same phases, same draws, same bits as the fast one."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from simulator.agents.family import Family
from simulator.agents.places import Facility, FamilyDoctor
from simulator.core.errors import ModelError
from simulator.engine.passes.enrol import Choice
from simulator.engine.runners.fast import scratch
from simulator.engine.state.bills import room_for_bills
from simulator.engine.state.blocks import Block
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.in_force import InForce, in_force
from simulator.engine.state.sums import Arrays, Sums
from simulator.engine.state.world import World


class Agents:
    """Runs the passes of a month by asking agents, in an order shuffled anew each time, which changes nothing."""

    def __init__(self, model: Any, family: type | None = None, shuffle: bool = True):
        self.model, self.shuffle = model, shuffle
        make = family or Family
        self.families: list[Family] = [make(model, row) for row in range(len(model.world.families) - 1)]
        self.work, self.bills = scratch(), room_for_bills(model.world.families)
        self.near = np.zeros(len(model.world.facilities))
        self.sums = Sums(model.world)
        self.paying: tuple[InForce, Arrays]
        self.block = Block(0, len(self.families), EPISODES.rows(0))
        self.edges = np.zeros(len(self.families) + 1, np.int64)
        self._room = EPISODES.rows(64)

    def room(self, rows: int) -> np.ndarray:
        """Room for a family to write its episodes in."""
        if len(self._room) < rows:
            self._room = EPISODES.rows(rows)
        return self._room[:rows]

    def each(self, function: Callable[[Block], object]) -> list:
        """Run a function on all episodes at once."""
        return [function(self.block)]

    def ask(self, kind: type, act: Callable[[Any], None]) -> None:
        """Let every agent of a kind act, in a shuffled order."""
        agents = self.model.agents.select(agent_type=kind)
        if self.shuffle:
            agents = agents.shuffle()
        for agent in agents:
            act(agent)

    def ask_ill(self, act: Callable[[Any, np.ndarray], None]) -> None:
        """Let every family with episodes this month act on them."""

        def each(family: Family) -> None:
            episodes = self._outcomes(family)
            if len(episodes):
                act(family, episodes)

        self.ask(Family, each)

    def enrol(self, world: World, choice: Choice) -> None:
        """Families choose an insurance."""
        self.ask(Family, lambda family: family.enrol(choice))

    def decide(self, world: World) -> None:
        """Facilities and doctors choose their conduct."""
        # Both read `income_worth`, which facilities update: facilities come first in both engines.
        self.ask(Facility, lambda facility: facility.decide())
        self.ask(FamilyDoctor, lambda doctor: doctor.decide())

    def live(self, world: World, near: np.ndarray, sums: Sums) -> None:
        """A month of life."""
        self.near, self.sums = near, sums
        self.ask(Family, lambda family: family.live())

    def choose(self, world: World) -> None:
        """Families say who is ill and where they want to go."""
        intents: list[np.ndarray] = [EPISODES.rows(0)] * len(self.families)

        def act(family: Family) -> None:
            intents[family.index] = family.choose()

        self.ask(Family, act)
        self.edges = np.concatenate([[0], np.cumsum([len(rows) for rows in intents])])
        rows = EPISODES.rows(int(self.edges[-1]))
        for (low, high), own in zip(pairwise(self.edges), intents, strict=True):
            rows[low:high] = own
        self._check(world, rows)
        self.block = Block(0, len(self.families), rows, len(rows))

    def _check(self, world: World, rows: np.ndarray) -> None:
        """What an overridden family intends must exist."""
        for column in ("ask", "ask_place", "second", "second_place"):
            if len(rows) and not (rows[column].min() >= -1 and rows[column].max() < len(world.facilities)):
                raise ModelError(f"a family asks for a facility that does not exist (column {column})")

    def _outcomes(self, family: Family) -> np.ndarray:
        return self.block.rows[self.edges[family.index] : self.edges[family.index + 1]]

    def choose_bed(self, world: World) -> None:
        """Families of patients who need a bed say where they want it."""
        self.ask_ill(lambda family, episodes: family.choose_bed(episodes))

    def consent(self, world: World) -> None:
        """Stable patients are offered a step down and consent or not."""
        self.ask_ill(lambda family, episodes: family.consent(episodes))

    def receive(self, world: World, sums: Sums) -> None:
        """Families get what contention left them, pay, and learn."""
        self.paying = in_force(world), sums.arrays
        self.ask(Family, lambda family: family.receive(self._outcomes(family)))
