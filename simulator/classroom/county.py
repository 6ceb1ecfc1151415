"""A county whose months are lived under any history of rules: a month is a function of families, seed and history.

Nothing here knows of sessions. Burn-in is lived once; months that two histories share are lived once where a world at
their end is still kept, and else again, to the same bits.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.classroom import controls
from simulator.classroom.controls import DATA, MARK, History, by_rules, written
from simulator.classroom.frame import frame
from simulator.classroom.sessions import read_code
from simulator.classroom.telling import facility, story, words
from simulator.core.errors import UserError
from simulator.engine.month import run_month
from simulator.engine.runners.fast import Fast
from simulator.engine.state.world import World
from simulator.scenario.compile.in_force import put_in_force
from simulator.scenario.language.strict_yaml import Map, read
from simulator.scenario.load import Whole, gather, load_tree
from simulator.scenario.schema.scenario import Scenario
from simulator.simulation import Simulation
from simulator.study.trace.find import find
from simulator.study.trace.watched import Watched

ROOM_FOR_ALL = "everything"
"""An arm that is never lived: with it in the scenario, a world has accounts for whatever a class may choose."""
RECENT, OLDER, APART = 30, 80, 6
"""Worlds kept at the ends of the latest months lived; of every sixth month; months between these."""
MISTAKES = 12
"""Mistakes of a file that are told."""

Key = tuple[History, int]
"""A history up to a month, and that month."""


class Held(Fast):
    """The fast engine with the hands of students on some facilities, after these have decided by themselves."""

    def __init__(self, world: World, hands: dict[tuple[int, str], float]):
        super().__init__(world)
        self.hands = hands

    def decide(self, world: World) -> None:
        """As the model, but for what is held."""
        super().decide(world)
        for (row, column), value in self.hands.items():
            world.facilities[column][row] = value


def held(history: History, month: int) -> dict[tuple[int, str], float]:
    """What students hold in a month: (row of the facility, column) -> value."""
    hands: dict[tuple[int, str], float] = {}
    for when, what in history:
        for name, value in what if when <= month else ():
            if name.startswith("act."):
                _, row, act = name.split(".")
                spot = int(row), written("hands")[act]["column"]
                hands.pop(spot, None)
                if value is not None:
                    hands[spot] = written("hands")[act]["options"][value]["value"]
    return hands


def until(history: History, month: int) -> History:
    """The changes that a month and those before it know."""
    return tuple(change for change in history if change[0] <= month)


def scenario_of(text: str) -> Scenario:
    """A scenario that the class wrote. Raises UserError for what it does not say rightly."""
    tree = read(text, "classroom.yaml")
    assert isinstance(tree, Map)
    return load_tree(tree, DATA / "county.yaml")


@dataclass
class County:
    """All months of a county, under whatever rules."""

    families: int
    seed: int = 1
    recent: OrderedDict[Key, World] = field(default_factory=OrderedDict)
    older: OrderedDict[Key, World] = field(default_factory=OrderedDict)
    laws: OrderedDict[History, Scenario] = field(default_factory=OrderedDict)
    started: World = field(init=False)
    place: Whole = field(init=False)

    def __post_init__(self) -> None:
        self.place = gather(DATA / "county.yaml", families=self.families)  # read once: a law is laid over it
        text = controls.scenario_text({}, self.families)
        room = {"title": {"en": "Room for all", "zh": "预留"}, "timeline": {controls.label(1): controls.everything()}}
        model = Simulation(scenario_of(text + controls.dumped({"reforms": {ROOM_FOR_ALL: room}})), seed=self.seed)
        for _ in range(model.burn_in):
            model.step()
        self.started = model.world
        self.started.scheduled = []
        self.first = model.burn_in

    def law(self, history: History) -> Scenario:
        """The scenario of a history."""
        if history not in self.laws:
            arms = read(controls.arms_text({"rules": history}), "classroom.yaml")
            assert isinstance(arms, Map)
            self.laws[history] = self.place.laid(arms, None).scenario()
            while len(self.laws) > OLDER:
                self.laws.popitem(last=False)
        return self.laws[history]

    def begin(self, history: History, month: int) -> World:
        """A world of its own in which a month is about to begin, its rules already due."""
        at, world = month - 1, None
        while world is None:
            key = until(history, at), at
            world = self.started if at < 0 else self.recent.get(key) or self.older.get(key)
            at -= 1
        for past in range(world.month - self.first, month):
            world = world.copy()
            self.live(world, history, past)
        return world.copy()

    def due(self, world: World, history: History, month: int) -> None:
        """Let the rules that a history changes this month be due."""
        mine = until(history, month)
        steps = controls.timeline(mine)
        world.scheduled = []
        if controls.label(month) in steps:
            scenario = self.law(by_rules(mine))
            rules = scenario.states("rules")[-1].rules
            world.scheduled = [(world.month, lambda w: put_in_force(w, scenario, rules))]

    def engine(self, world: World, history: History, month: int) -> Held:
        """Who lives a month of a world whose rules are due."""
        self.due(world, history, month)
        return Held(world, held(history, month))

    def live(self, world: World, history: History, month: int) -> None:
        """A month of a world, which is kept at its end."""
        run_month(world, self.engine(world, history, month))
        self.keep(world, history, month)

    def keep(self, world: World, history: History, month: int) -> None:
        """Keep a world at the end of a month; who goes on from there takes a copy."""
        key = until(history, month), month
        world.scheduled = []
        kept, most = (self.older, OLDER) if (month + 1) % APART == 0 else (self.recent, RECENT)
        kept[key] = world
        kept.move_to_end(key)
        while len(kept) > most:
            kept.popitem(last=False)

    def ended(self, history: History, month: int) -> World:
        """A world at the end of a month, to look at and not to change."""
        key = until(history, month), month
        found = self.recent.get(key) or self.older.get(key)
        if found is None:
            found = self.begin(history, month)
            self.live(found, history, month)
        return found

    # -- what may be asked -------------------------------------------------------------------------------------------

    def month(self, history: History, month: int) -> dict[str, Any]:
        """What the page is shown of a month."""
        world = self.begin(history, month)
        told: list[dict[str, Any]] = []
        engine = self.engine(world, history, month)
        run_month(world, engine, lambda w: told.append(frame(w, engine)))
        self.keep(world, history, month)
        return told[0]

    def watched(self, history: History, month: int, family: int, months: int) -> Watched:
        """A family looked at over the last months up to ``month``."""
        first = max(0, month - months + 1)
        world = self.begin(history, first)
        watched = None
        for now in range(first, month + 1):
            engine = self.engine(world, history, now)
            if watched is None:
                watched = Watched(engine, world, family)
            watched.engine = engine
            run_month(world, watched)
        assert watched is not None
        return watched

    def households(self) -> dict[str, int]:
        """The ready-made households: a family each."""
        found = {}
        for name, household in written("households").items():
            rows = find(self.started, household["find"])
            if rows:
                found[name] = int(rows[len(rows) // 2])
        return found

    def families_at(self, row: int) -> list[int]:
        """Some families that live around a facility."""
        communities = self.started.families["community"][:-1]
        around = np.flatnonzero(self.started.facilities["centre"] == row) if row >= 0 else np.array([row])
        rows = np.flatnonzero(np.isin(communities, [row, *around]))
        return rows[:: max(1, len(rows) // 40)][:40].tolist()

    def story(self, history: History, month: int, family: int, months: int) -> dict[str, Any]:
        """A family's last months."""
        return story(self.started, self.watched(history, month, family, months))

    def at(self, history: History, month: int, row: int) -> dict[str, Any]:
        """A facility in a month."""
        return facility(self.ended(history, month), row)

    def hello(self) -> dict[str, Any]:
        """The facilities: tier and township centre of each; the households; words."""
        facilities = self.started.facilities
        return {
            "tier": facilities["tier"].tolist(),
            "centre": facilities["centre"].tolist(),
            "people": (facilities["people"] * self.started.weight).astype(int).tolist(),
            "population": round(self.started.people * self.started.weight),
            "families": self.families,
            "seed": self.seed,
            "households": self.households(),
            "groups": words(self.started),
        }

    def opened(self, text: str) -> dict[str, Any]:
        """The code of a scenario that a classroom wrote, or what is wrong with it."""
        try:
            given = scenario_of(text)
        except UserError as error:
            return {"code": "", "errors": [str(each) for each in error.all][:MISTAKES]}
        first = text.partition("\n")[0]
        code = first.removeprefix(MARK).strip() if first.startswith(MARK) else ""
        said = read_code(code)
        if said is not None:
            families, _, sides = said
            same = scenario_of(
                controls.scenario_text({side: by_rules(history) for side, history in sides.items()}, families)
            )
            if same.arms == given.arms and all(same.states(arm) == given.states(arm) for arm in same.arms):
                return {"code": code, "errors": []}
        return {"code": "", "errors": []}
