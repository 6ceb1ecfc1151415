"""An engine that looks over one family's shoulder: it lets the fast engine work, reads the rows that this leaves, and
asks the same compiled rules again for what they leave behind nowhere: options, utilities and their parts."""

from collections.abc import Iterator

import numpy as np

from simulator.benefit.layers import PAYERS
from simulator.choice.place import NOWHERE
from simulator.core.draws import CHOICE
from simulator.core.names import CENTRE
from simulator.engine.passes.admission import BEDS, needs_bed, under_care, weigh_beds
from simulator.engine.passes.care.choose import choose_first
from simulator.engine.passes.care.lanes import draw, room
from simulator.engine.passes.care.options import weigh
from simulator.engine.passes.receive import learn
from simulator.engine.runners.fast import Fast
from simulator.engine.state.episodes import BY_PATIENT, EPISODES, HANDED_OVER, ILLNESS, REFILL, WAITED_VISIT
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World
from simulator.study.trace.onlooker import Onlooker
from simulator.study.trace.record import Bill, Episode, FamilyMonth, Member, Option

VISIT_TERMS = {
    "quality": "quality", "price": "price", "travel": "travel", "wait": "wait", "habit": "habit", "trust": "trust",
    "near": "station_near", "usual": "usual_source", "refill": "station_refill",
    "secondary": "secondary_visit", "online": "online_accept", "online_age": "online_age",
    "online_literacy": "online_literacy", "online_experience": "online_experience", "online_unpaid": "online_unpaid",
}  # fmt: skip
"""Parts of the utility of a visit, and the weight without which each is gone."""
ROUNDING = 1e-12
"""Differences of utilities below it are none."""
REST = "way_up"
"""What is left of it: being sent on from a place, which all weights decide together, and the price of coming
straight."""
BED_TERMS = {
    "quality": "quality", "price": "price", "travel": "travel", "stay": "bed_stay", "centre": "bed_centre_severe",
    "tertiary": "bed_tertiary", "primary": "bed_centre", "complex": "triage",
}  # fmt: skip
"""The same of a stay; nothing is left."""


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
        self.lanes, self.other_lanes = room()[0], room()[0]
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
            trail = Episode(int(row.person) - self.first, int(row.number), int(row.kind), int(row.group),
                           float(row.severity), int(row.day))  # fmt: skip
            if row.kind in (ILLNESS, REFILL, WAITED_VISIT):
                self._weigh(world, row, trail)
            trail.wanted, trail.second = int(row.ask_place), int(row.second_place)
            self.now.episodes.append(trail)

    def choose_bed(self, world: World) -> None:
        """Who was seen and sent up; who needs a bed, the options for it and what was chosen."""
        rows = self._rows()
        before = [world_row(row) for row in rows]
        for row, trail in zip(rows, self.now.episodes, strict=True):
            trail.seen, trail.cured = int(row.seen), bool(row.cured)
            trail.sent_to = int(row.ask_place) if row.sent > 0 else -1
            trail.asked, trail.handed = int(row.sent) == BY_PATIENT, int(row.sent) == HANDED_OVER
            trail.consulted, trail.read = int(row.consulted), bool(row.read)
        self.engine.choose_bed(world)
        for kept, row, trail in zip(before, self._rows(), self.now.episodes, strict=True):
            trail.referred = int(row.referred)
            trail.needs_bed, trail.takes_bed = bool(row.needs_bed), bool(row.takes_bed)
            trail.refused = bool(row.refused)
            trail.bed_wanted = int(row.ask_place) if row.takes_bed == 1 else -1
            if trail.needs_bed:
                trail.beds = self._beds(world, kept)

    def receive(self, world: World, sums: Sums) -> None:
        """What the episodes came to, bill by bill, and what was learned."""
        self.learns = world.families[self.family : self.family + 1].copy()[0]
        super().receive(world, sums)
        family = world.families[self.family]
        self.now.trust_after, self.now.habit = float(family.trust), tuple(family.habit.tolist())
        self.now.paid_year, self.now.account = int(family.paid_year), int(family.account)
        self.now.episodes.sort(key=lambda trail: (trail.day, trail.member, trail.number))
        self.months.append(self.now)
        self.before = members(world, self.family)

    def look(self, world: World, bills: np.ndarray, episodes: np.ndarray) -> None:
        """The family's own rows, told in the order in which it received them."""
        low, high = np.searchsorted(episodes["family"], (self.family, self.family + 1))
        for r in sorted(range(low, high), key=lambda r: (episodes[r].person, episodes[r].day, episodes[r].number)):
            row, trail = episodes[r], self.now.episodes[r - low]
            trail.admitted, trail.days, trail.stage = int(row.admitted), int(row.days), int(row.stage)
            trail.moved_to, trail.tail, trail.ends = int(row.moved_to), int(row.tail), int(row.ends)
            trail.outcome = int(row.outcome)
            before = float(self.learns.trust), tuple(self.learns.habit.tolist())
            if row.seen >= 0:
                learn(self.learns, row, world.facilities[row.seen].tier, world.behaviour[0])
            trail.trust = before[0], float(self.learns.trust)
            trail.habit = before[1], tuple(self.learns.habit.tolist())
            trail.bills = list(by_place(bills[bills["episode"] == r]))

    def _rows(self) -> np.ndarray:
        block = next(b for b in self.engine.blocks if b.low <= self.family < b.high)
        rows = block.rows[: block.end]
        low, high = np.searchsorted(rows["family"], (self.family, self.family + 1))
        return rows[low:high]

    def _values(self, world: World, row: np.record, behaviour: np.ndarray, lanes: np.record) -> tuple[int, np.ndarray]:
        """Options of a visit: how many, and utilities, prices and chances (3, options), as the family has them."""
        force = in_force(world)._replace(par=behaviour[0])
        lanes.row[0] = 0
        count = weigh(world.families, world.persons, force, world_row(row), 1, lanes)
        return count, np.array([lanes.value[:count, 0], lanes.yuan[:count, 0], lanes.chance[:count, 0]])

    def _weigh(self, world: World, row: np.record, trail: Episode) -> None:
        family, facilities, lanes = world.families[self.family], world.facilities, self.lanes
        count, values = self._values(world, row, world.behaviour, lanes)
        parts = {
            term: values[0]
            - self._values(world, row, without(world.behaviour, **{weight: 0.0}), self.other_lanes)[1][0]
            for term, weight in VISIT_TERMS.items()
        }
        advice = lanes.usual[0] * (lanes.tier[:count, 0] <= CENTRE) - parts["usual"]
        parts["advice"] = np.where(np.abs(advice) > ROUNDING, advice, 0.0)
        chances = drawn(values[0])
        index = {}
        for k in range(count):
            if values[0, k] == NOWHERE:
                continue
            place = facilities[family.place[k]]
            index[k] = len(trail.options)
            terms = {term: float(part[k]) for term, part in parts.items() if part[k] != 0.0}
            terms[REST] = float(values[0, k]) - sum(terms.values())
            trail.options.append(
                Option(int(family.place[k]), int(place.tier), float(family.minutes[k]), float(place.wait),
                       float(values[1, k]), float(values[2, k]), float(values[0, k]), float(chances[k]), terms)
            )  # fmt: skip
        draw(lanes, 1, CHOICE, world.clock[0])
        choose_first(1, count, world.behaviour[0], lanes)
        trail.seen_to = row.option < 0 and (lanes.first[0] >= 0 or row.cured == 1)
        if lanes.chosen[0] >= 0:
            trail.first = index[int(lanes.chosen[0])]
            trail.felt, trail.worried = float(lanes.felt[0]), float(lanes.worried[0])
            trail.going = float(lanes.going[0])

    def _bed_values(self, world: World, row: np.ndarray, behaviour: np.ndarray) -> np.ndarray:
        """Utilities, prices and places of a stay (3, option), before anybody refuses; without columns where the family
        has nothing to choose."""
        force, row, lanes = in_force(world)._replace(par=behaviour[0]), row.copy(), self.lanes
        count, _ = under_care(world.families, world.persons, force, row, 0, 1, lanes)
        if needs_bed(count, world.clock[0], row, lanes) == 0:
            return np.zeros((3, 0))
        weigh_beds(world.families, world.persons, force, row, 1, lanes)
        return np.array([lanes.value[:BEDS, 0], lanes.yuan[:BEDS, 0], lanes.place[:BEDS, 0]])

    def _beds(self, world: World, row: np.ndarray) -> list[Option]:
        """Options of a stay, refusals left aside."""
        values = self._bed_values(world, row, world.behaviour)
        there = np.flatnonzero(values[0] > NOWHERE).tolist()
        parts = {
            term: values[0] - self._bed_values(world, row, without(world.behaviour, **{weight: 0.0}))[0]
            for term, weight in BED_TERMS.items()
        }
        chances = drawn(values[0])
        found = []
        for k in there:
            place = int(values[2, k])
            terms = {term: float(part[k]) for term, part in parts.items() if part[k] != 0.0}
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
