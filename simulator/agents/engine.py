"""The engine that asks: whoever overrides a decision makes it, the compiled passes make all others; the same phases,
the same draws, the same bits."""

from collections.abc import Iterable
from itertools import chain, pairwise
from typing import Any

import numpy as np

from simulator.agents.checked_writes import (
    Rows,
    are_episodes,
    check_beds,
    check_conduct,
    check_intents,
    joined,
    refused,
)
from simulator.agents.deciding import overriding
from simulator.agents.family import Family
from simulator.agents.insurers import Checked, Fund
from simulator.agents.insurers import Insurer as InsurerAgent
from simulator.agents.places import Facility, FamilyDoctor
from simulator.core.garbage import uncollected
from simulator.engine.enrolment import Choice
from simulator.engine.runners.fast import Fast
from simulator.engine.state.blocks import Block
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.in_force import InForce, in_force
from simulator.engine.state.sums import Arrays, Sums
from simulator.engine.state.world import World
from simulator.fund.insurers import Decisions, Insurer
from simulator.practice.acts import decide_all


def _first_of(block: Block, families: np.ndarray) -> np.ndarray:
    """The first episode of each of these families, or of who comes next. Families of the same kind of number as in the
    rows: else NumPy copies the whole column for each search."""
    owner = block.rows["family"][: block.end]
    return np.searchsorted(owner, families.astype(owner.dtype))


class Agents(Fast):
    """Runs the passes of a month and asks agents: who overrides a decision, or ``everybody``, in an order shuffled anew
    each time unless ``shuffle`` is off, which changes nothing."""

    def __init__(
        self, model: Any, threads: int = 1, blocks: int | None = None, everybody: bool = False, shuffle: bool = True
    ):
        super().__init__(model.world, threads, blocks)
        self.model, self.everybody, self.shuffle = model, everybody, shuffle
        self.living: tuple[np.ndarray, Sums] | None = None  # while families live or receive what these passes read
        self.paying: tuple[InForce, Arrays] | None = None
        self.asked: dict[str, list[Family]] = {}
        self.rows: dict[str, np.ndarray] = {}  # of the asked families, by decision
        if everybody:
            model.families.make_all()
        self.look()

    def look(self) -> None:
        """See which families are to be asked what."""
        made = self.model.families.made
        if self.everybody:
            rows = sorted(made)
            families, numbers = [made[row] for row in rows], np.array(rows, np.int64)
            self.asked = {decision: families for decision in Family.DECISIONS}
            self.rows = {decision: numbers for decision in Family.DECISIONS}
            return
        for decision, families in overriding(made.values(), Family.DECISIONS).items():
            self.asked[decision] = sorted(families, key=lambda family: family.index)
            self.rows[decision] = np.array([family.index for family in self.asked[decision]], np.int64)

    def within(self, decision: str, block: Block) -> slice:
        """Which of the families who are asked lie in a block."""
        low, high = np.searchsorted(self.rows[decision], (block.low, block.high))
        return slice(int(low), int(high))

    def runs(self, decision: str, block: Block) -> Iterable[tuple[int, int, int, int]]:
        """Runs of families who are not asked."""
        rows = self.rows[decision][self.within(decision, block)]
        if not len(rows):
            return super().runs(decision, block)
        low, high = np.concatenate([[block.low], rows + 1]), np.concatenate([rows, [block.high]])
        some = low < high
        low, high = low[some], high[some]
        edges = (low, high, _first_of(block, low), _first_of(block, high))
        return zip(*(edge.tolist() for edge in edges), strict=True)

    def order[A](self, agents: Iterable[A]) -> list[A]:
        """Agents in the order in which they are asked."""
        agents = list(agents)
        if self.shuffle:
            self.model.random.shuffle(agents)
        return agents

    def enrol(self, world: World, choice: Choice) -> None:
        """Families choose an insurance."""
        self.look()
        super().enrol(world, choice)
        with uncollected():
            for family in self.order(self.asked["enrol"]):
                family.enrol(choice)

    def decide(self, world: World) -> None:
        """Facilities and doctors choose their conduct."""
        places: list[Facility] = self.model.facilities
        doctors: list[FamilyDoctor] = self.model.doctors
        own = [overriding(agents, frozenset({"decide"}))["decide"] for agents in (places, doctors)]
        rows = set(range(len(places))) if self.everybody else {agent.index for agent in chain(*own)}
        edges = [-1, *sorted(rows), len(places)]
        for before, after in pairwise(edges):
            if before + 1 < after:
                decide_all(world.facilities, world.beliefs, world.behaviour, before + 1, after)
        # Both read `income_worth`, which facilities update: facilities come first, as in the compiled pass.
        for agents, overriders in zip((places, doctors), own, strict=True):
            for agent in self.order(agents[row] for row in rows):
                before = world.facilities[agent.index].copy()
                agent.decide()
                if agent in overriders:
                    check_conduct(agent, before, world.facilities[agent.index])

    def live(self, world: World, near: np.ndarray, sums: Sums) -> None:
        """A month of life."""
        self.look()
        super().live(world, near, sums)
        self.living = near, sums
        with uncollected():
            for family in self.order(self.asked["live"]):
                family.live()
        self.living = None

    def choose(self, world: World) -> None:
        """Families say who is ill and where they want to go. The rows of those who are asked are written too, and then
        replaced: to skip them would take a call for each run between two."""
        super().choose(world)
        families = self.asked["choose"]
        if not families:
            return
        with uncollected():
            given = {family.index: are_episodes(family, family.choose()) for family in self.order(families)}
        rows = [given[family.index] for family in families]
        check_intents(world, families, joined(rows), np.array([len(own) for own in rows]))
        for block in self.blocks:
            self._replace(block, rows[self.within("choose", block)])

    def _replace(self, block: Block, own: list[np.ndarray]) -> None:
        """Let what families said stand where the compiled pass had written for them."""
        if not own:
            return
        rows = block.rows[: block.end]
        families = self.rows["choose"][self.within("choose", block)]
        rows = joined([rows[~np.isin(rows["family"], families)], *own])
        rows = rows[np.argsort(rows["family"], kind="stable")]
        block.end = len(rows)
        if block.end > len(block.rows):
            block.rows = EPISODES.rows(block.end + 64)
        block.rows[: block.end] = rows

    def choose_bed(self, world: World) -> None:
        """Families of patients who need a bed say where they want it."""
        super().choose_bed(world)
        self._ask_ill(world, "choose_bed")

    def consent(self, world: World) -> None:
        """Stable patients are offered a step down and consent or not."""
        super().consent(world)
        self._ask_ill(world, "consent")

    def _of_each(self, decision: str) -> dict[int, np.ndarray]:
        """The episodes of every family that is asked, where it has any."""
        found: dict[int, np.ndarray] = {}
        for block in self.blocks:
            rows = self.rows[decision][self.within(decision, block)]
            edges = (_first_of(block, rows).tolist(), _first_of(block, rows + 1).tolist())
            for family, start, end in zip(rows.tolist(), *edges, strict=True):
                if start < end:
                    found[family] = block.rows[start:end]
        return found

    def _ask_ill(self, world: World, decision: str) -> None:
        """Let every family with episodes act on them."""
        episodes = self._of_each(decision)
        families = [family for family in self.asked[decision] if family.index in episodes]
        if not families:
            return
        before = joined([episodes[family.index] for family in families])
        with uncollected():
            for family in self.order(families):
                own = episodes[family.index]
                given = getattr(family, decision)(own)
                if given is None or given is own:
                    continue
                if not isinstance(given, np.ndarray) or given.shape != own.shape or given.dtype != own.dtype:
                    raise refused(family, decision, f"it must return its episodes or None, not {given!r:.60}")
                own[:] = given
        after = [episodes[family.index] for family in families]
        counts = np.array([len(own) for own in after])
        check_beds(Rows(world, decision, families, joined(after), counts), before)

    def receive(self, world: World, sums: Sums) -> None:
        """Families get what contention left them, pay, and learn."""
        super().receive(world, sums)
        self.paying = in_force(world), sums.arrays
        episodes = self._of_each("receive")
        with uncollected():
            for family in self.order(self.asked["receive"]):
                family.receive(episodes.get(family.index, EPISODES.rows(0)))
        self.paying = None

    def insurer(self, insurer: Insurer) -> Decisions:
        """The agent of that name if it overrides something, else the plan."""
        agent = next(each for each in self.model.insurers if each.name == insurer.name)
        asked = self.everybody or any(overriding([agent], InsurerAgent.DECISIONS).values())
        return Checked(agent) if asked else insurer.plan

    def reserve(self, world: World, plan: int, asked: float, months: float, before: float | None) -> float:
        """What a fund asks for, by its agent if it overrides that."""
        fund: Fund = self.model.funds[plan]
        if not self.everybody and not overriding([fund], Fund.DECISIONS)["ask"]:
            return super().reserve(world, plan, asked, months, before)
        wanted = fund.ask(asked, months, before)
        if not (isinstance(wanted, (int, float)) and 0.0 <= wanted < np.inf):
            raise refused(fund, "ask", f"times what the rules say, from 0, not {wanted!r}")
        return float(wanted)
