"""An engine that looks over one family's shoulder: it lets the fast engine work, reads the rows that this leaves, and
asks the same compiled rules again for what they leave behind nowhere: options, utilities and their parts."""

from collections.abc import Iterator

import numpy as np

from simulator.benefit.layers import PAYERS
from simulator.choice.going import chance_going
from simulator.choice.place import NOWHERE, pick
from simulator.core.draws import CHOICE, uniforms
from simulator.core.names import OPTIONS
from simulator.engine.passes.choose import relative_income, value_places
from simulator.engine.passes.receive import learn
from simulator.engine.passes.see import admit
from simulator.engine.runners.fast import Fast, scratch
from simulator.engine.state.episodes import EPISODES, ILLNESS, REFILL, WAITED_VISIT
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World
from simulator.study.trace.onlooker import Onlooker
from simulator.study.trace.record import Bill, Episode, FamilyMonth, Member, Option

VISIT_TERMS = {
    "quality": "quality", "price": "price", "travel": "travel", "wait": "wait", "habit": "habit", "trust": "trust",
    "near": "station_near", "usual": "usual_source", "refill": "station_refill", "advice": "steer_advice",
}  # fmt: skip
"""Parts of the utility of a visit, and the weight without which each is gone."""
BED_TERMS = {
    "quality": "quality", "price": "price", "travel": "travel", "stay": "bed_stay", "centre": "bed_centre_severe",
}  # fmt: skip
"""The same of a stay; what is left is the pull of the own alliance."""
NEVER = 1e9


def without(behaviour: np.ndarray, **values: float) -> np.ndarray:
    """The row of behaviour with some weights changed."""
    row = behaviour.copy()
    for name, value in values.items():
        row[name] = value
    return row


def members(world: World, family: int) -> list[Member]:
    """The members of a family as they are now."""
    first, last = world.families["first"][family : family + 2]
    return [Member(**{name: int(row[name]) for name in Member.__slots__}) for row in world.persons[first:last]]


class Watched(Onlooker):
    """The fast engine with an eye on one family; ``months`` grows with every month lived."""

    def __init__(self, engine: Fast, world: World, family: int):
        super().__init__(engine)
        self.family = family
        self.first = int(world.families["first"][family])
        self.months: list[FamilyMonth] = []
        self.before: list[Member] = members(world, self.family)
        self.work = scratch()
        self.now: FamilyMonth
        self.learns: np.record

    def live(self, world: World, near: np.ndarray, sums: Sums) -> None:
        """A month of life, and what it changed in the family."""
        trust = float(world.families[self.family].trust)
        self.engine.live(world, near, sums)
        lived = float(world.families[self.family].trust)
        after = members(world, self.family)
        self.now = FamilyMonth(world.label(), self.before, after, trust, lived, lived, (), 0, 0)

    def choose(self, world: World) -> None:
        """The family's episodes, the options of each and what was drawn."""
        self.engine.choose(world)
        for row in self._rows():
            told = Episode(int(row.person) - self.first, int(row.number), int(row.kind), int(row.group),
                           float(row.severity), int(row.day))  # fmt: skip
            if row.kind in (ILLNESS, REFILL, WAITED_VISIT):
                self._weigh(world, row, told)
            told.wanted, told.second = int(row.ask_place), int(row.second_place)
            self.now.episodes.append(told)

    def choose_bed(self, world: World) -> None:
        """Who was seen and sent up; who needs a bed, the options for it and what was chosen."""
        rows = self._rows()
        before = [world_row(row) for row in rows]
        for row, told in zip(rows, self.now.episodes, strict=True):
            told.seen, told.cured = int(row.seen), bool(row.cured)
            told.sent_to = int(row.ask_place) if row.sent == 1 else -1
            told.consulted, told.read = int(row.consulted), bool(row.read)
        self.engine.choose_bed(world)
        for kept, row, told in zip(before, self._rows(), self.now.episodes, strict=True):
            told.referred, told.needs_bed, told.takes_bed = int(row.referred), bool(row.needs_bed), bool(row.takes_bed)
            told.refused = bool(row.refused)
            told.bed_wanted = int(row.ask_place) if row.takes_bed == 1 else -1
            if told.needs_bed:
                told.beds = self._beds(world, kept)

    def receive(self, world: World, sums: Sums) -> None:
        """What the episodes came to, bill by bill, and what was learned."""
        self.learns = world.families[self.family : self.family + 1].copy()[0]
        super().receive(world, sums)
        family = world.families[self.family]
        self.now.trust_after, self.now.habit = float(family.trust), tuple(family.habit.tolist())
        self.now.paid_year, self.now.account = int(family.paid_year), int(family.account)
        self.now.episodes.sort(key=lambda told: (told.day, told.member, told.number))
        self.months.append(self.now)
        self.before = members(world, self.family)

    def look(self, world: World, bills: np.ndarray, episodes: np.ndarray) -> None:
        """The family's own rows, told in the order in which it received them."""
        low, high = np.searchsorted(episodes["family"], (self.family, self.family + 1))
        for r in sorted(range(low, high), key=lambda r: (episodes[r].person, episodes[r].day, episodes[r].number)):
            row, told = episodes[r], self.now.episodes[r - low]
            told.admitted, told.days, told.stage = int(row.admitted), int(row.days), int(row.stage)
            told.moved_to, told.tail, told.ends = int(row.moved_to), int(row.tail), int(row.ends)
            before = float(self.learns.trust), tuple(self.learns.habit.tolist())
            if row.seen >= 0:
                learn(self.learns, row, world.facilities[row.seen].tier, world.behaviour[0])
            told.trust = before[0], float(self.learns.trust)
            told.habit = before[1], tuple(self.learns.habit.tolist())
            told.bills = list(by_place(bills[bills["episode"] == r]))

    def _rows(self) -> np.ndarray:
        block = next(b for b in self.engine.blocks if b.low <= self.family < b.high)
        rows = block.rows[: block.end]
        low, high = np.searchsorted(rows["family"], (self.family, self.family + 1))
        return rows[low:high]

    def _values(self, world: World, row: np.record, behaviour: np.ndarray) -> tuple[int, np.ndarray]:
        """Options of a visit: how many, and utilities, prices and chances (3, OPTIONS), as `intend` had them."""
        income = relative_income(world.families, self.family, world.clock[0])
        count = value_places(
            world.families[self.family], world.persons[row.person], world.facilities, world.groups[row.group],
            row.group, row.severity, row.kind == REFILL, income, world.cover, behaviour[0], world.clock[0], self.work,
        )  # fmt: skip
        return count, self.work[:3].copy()

    def _weigh(self, world: World, row: np.record, told: Episode) -> None:
        family, facilities = world.families[self.family], world.facilities
        count, values = self._values(world, row, world.behaviour)
        parts = {
            term: values[0] - self._values(world, row, without(world.behaviour, **{weight: 0.0}))[1][0]
            for term, weight in VISIT_TERMS.items()
        }
        chances = drawn(values[0][:count])
        index = {}
        for k in range(count):
            if values[0, k] == NOWHERE:
                continue
            place = facilities[family.place[k]]
            index[k] = len(told.options)
            terms = {term: float(part[k]) for term, part in parts.items() if part[k] != 0.0}
            told.options.append(
                Option(int(family.place[k]), int(place.tier), float(family.minutes[k]), float(place.wait),
                       float(values[1, k]), float(values[2, k]), float(values[0, k]), float(chances[k]), terms)
            )  # fmt: skip
        u_place, _, _, _ = uniforms(world.clock[0], world.persons[row.person].id, CHOICE, row.number)
        chosen = pick(u_place, values[0], self.work[4], count, -1)
        if chosen >= 0:
            told.first = index[chosen]
            income = relative_income(world.families, self.family, world.clock[0])
            told.going = float(
                chance_going(row.severity, values[1, chosen], income, row.kind == REFILL, world.behaviour[0])
            )

    def _bed_values(self, world: World, row: np.ndarray, behaviour: np.ndarray) -> np.ndarray:
        self.work[:] = 0.0
        self.work[0], self.work[3] = NOWHERE, -1.0
        admit(world.families, world.persons, world.facilities, world.groups, world.cover, behaviour, world.clock,
              row.copy(), self.work, 0, 1)  # fmt: skip
        return self.work.copy()

    def _beds(self, world: World, row: np.ndarray) -> list[Option]:
        """Options of a stay, refusals left aside."""
        calm = without(world.behaviour, dear_from=NEVER)
        values = self._bed_values(world, row, calm)
        there = [k for k in range(OPTIONS) if values[0, k] > NOWHERE and values[3, k] >= 0]
        parts = {
            term: values[0] - self._bed_values(world, row, without(calm, **{weight: 0.0}))[0]
            for term, weight in BED_TERMS.items()
        }
        chances = drawn(values[0])
        found = []
        for k in there:
            place = int(values[3, k])
            terms = {term: float(part[k]) for term, part in parts.items() if part[k] != 0.0}
            rest = float(values[0, k]) - sum(terms.values())
            if abs(rest) > 1e-9:
                terms["advice"] = rest
            minutes = float(world.families[self.family].minutes[k])
            found.append(Option(place, k, minutes, 0.0, float(values[1, k]), None, float(values[0, k]),
                                float(chances[k]), terms))  # fmt: skip
        return found


def by_place(bills: np.ndarray) -> Iterator[Bill]:
    """Bills of one episode, by place and setting."""
    for place, care in sorted(set(zip(bills["facility"].tolist(), bills["care"].tolist(), strict=True))):
        mine = bills[(bills["facility"] == place) & (bills["care"] == care)]
        others = {name: int(fen) for name, fen in zip(PAYERS, mine["others"].sum(axis=0), strict=True) if fen}
        charge, cash, fund = (int(sum(mine[name])) for name in ("charge", "cash", "fund"))
        yield Bill(place, care, len(mine), charge, cash, fund + int(mine["back"].sum()), others)


def drawn(utilities: np.ndarray) -> np.ndarray:
    """Chances with which `pick` draws each of these options."""
    if not len(utilities) or utilities.max() == NOWHERE:
        return np.zeros(len(utilities))
    weights = np.exp(utilities - utilities.max())
    return weights / weights.sum()


def world_row(row: np.record) -> np.ndarray:
    """A copy of one row as a table of one."""
    one = EPISODES.rows(1)
    one[0] = row
    return one
