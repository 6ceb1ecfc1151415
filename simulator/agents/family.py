"""Families: a view of one in either engine, and the Mesa agent that decides in the agents engine."""

from typing import Any

import mesa
import numpy as np

from simulator.engine.passes.choose import choose
from simulator.engine.passes.enrol import Choice, decide
from simulator.engine.passes.life import live
from simulator.engine.passes.receive import pay
from simulator.engine.passes.see import admit
from simulator.engine.passes.step_down import offer
from simulator.engine.state.episodes import EPISODES, PER_PERSON
from simulator.engine.state.world import World


class FamilyView:
    """Family number ``index`` of a world; attributes read and write the columns of its row: ``family.trust``."""

    def __init__(self, world: World, index: int):
        if not 0 <= index < len(world.families) - 1:
            raise IndexError(f"families are numbered 0 to {len(world.families) - 2}, not {index}")
        object.__setattr__(self, "world", world)
        object.__setattr__(self, "index", index)

    @property
    def members(self) -> np.ndarray:
        """Rows of its members; assigning to a field changes the person."""
        first = self.world.families["first"]
        return self.world.persons[first[self.index] : first[self.index + 1]]

    @property
    def places(self) -> list[str]:
        """Names of the facilities it chooses between."""
        return [self.world.words.facilities[p] for p in self.world.families[self.index]["place"] if p >= 0]

    def __getattr__(self, column: str) -> Any:
        if column not in self.world.families.dtype.names:
            raise AttributeError(f"a family has no column `{column}`")
        return self.world.families[self.index][column]

    def __setattr__(self, column: str, value: Any) -> None:
        if column not in self.world.families.dtype.names:
            raise AttributeError(f"a family has no column `{column}`")
        self.world.families[self.index][column] = value

    def __repr__(self) -> str:
        return f"<family {self.index}: {len(self.members)} members, {self.income / 100:,.0f} yuan a year>"


class Family(mesa.Agent):
    """A family that decides for its members. Override a method to change this family; others feel it only through
    queues, books and neighbours' trust."""

    def __init__(self, model: Any, row: int):
        super().__init__(model)
        self.index = row
        self.view = FamilyView(model.world, row)

    def enrol(self, choice: Choice) -> None:
        """Once a year: whether its members enrol in their basic plan (``enrolled``), join a mutual plan or buy a policy
        (``policies``); ``choice`` says which, with price and expected claims of every person."""
        decide(self.model.world, choice, self.index, self.index + 1)

    def live(self) -> None:
        """A month of life: the year turns, disease takes its course, neighbours talk."""
        w, engine = self.model.world, self.model.engine
        live(w.families, w.persons, w.people, w.facilities, w.deaths, w.prevalence, engine.near, w.behaviour, w.clock,
             engine.sums.events, self.index, self.index + 1)  # fmt: skip

    def choose(self) -> np.ndarray:
        """The month's episodes of its members with what it intends for each, rows of `EPISODES`.

        An intent is the place asked (``ask_place``, its slot pool ``ask``), the place asked second, or neither to stay
        home (``option`` -1).
        """
        w, engine = self.model.world, self.model.engine
        rows = engine.room(len(self.view.members) * PER_PERSON)
        end = choose(w.families, w.persons, w.facilities, w.groups, w.risk, w.refill_groups, w.cover, w.behaviour,
                     w.clock, rows, engine.work, self.index, self.index + 1, 0, len(rows))  # fmt: skip
        return rows[:end].copy()

    def choose_bed(self, episodes: np.ndarray) -> None:
        """For episodes that need an admission: at which tier, and whether at that price. Changes ``episodes``."""
        w, engine = self.model.world, self.model.engine
        admit(w.families, w.persons, w.facilities, w.groups, w.cover, w.behaviour, w.clock, episodes, engine.work,
              0, len(episodes))  # fmt: skip

    def consent(self, episodes: np.ndarray) -> None:
        """For patients offered a step down: whether to move. Changes ``episodes``."""
        w = self.model.world
        offer(w.families, w.persons, w.facilities, w.behaviour, w.clock, episodes, 0, len(episodes))

    def receive(self, outcomes: np.ndarray) -> None:
        """What became of its episodes: bills, and what is learned from them."""
        w, engine = self.model.world, self.model.engine
        force, sums = engine.paying
        pay(w.families, w.persons, force, outcomes, self.index, self.index + 1, engine.bills, sums)


__all__ = ["EPISODES", "Family", "FamilyView"]
