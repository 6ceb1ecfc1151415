"""Families: a view of one, and the Mesa agent that decides for its members."""

from collections.abc import Iterator
from typing import Any, ClassVar, NoReturn

import numpy as np

from simulator.agents.deciding import by_rule
from simulator.agents.framework import mesa
from simulator.core.errors import ModelError
from simulator.core.garbage import uncollected
from simulator.engine.enrolment import Choice, decide
from simulator.engine.passes.receive import pay
from simulator.engine.runners.ranges import intend, live_month, step_down, want_bed
from simulator.engine.state.episodes import EPISODES, PER_PERSON
from simulator.engine.state.people import FAMILIES
from simulator.engine.state.world import World

COLUMNS = frozenset(column.name for column in FAMILIES.columns)


class Row:
    """Family number ``index`` of a world; attributes read and write the columns of its row: ``family.trust``."""

    index: int

    def _world(self) -> World:
        raise NotImplementedError

    @property
    def members(self) -> np.ndarray:
        """Rows of its members; assigning to a field changes the person."""
        world = self._world()
        first = world.families["first"]
        return world.persons[first[self.index] : first[self.index + 1]]

    @property
    def places(self) -> list[str]:
        """Names of the facilities it chooses between."""
        world = self._world()
        return [world.words.facilities[p] for p in world.families[self.index]["place"] if p >= 0]

    def __getattr__(self, column: str) -> Any:
        if column not in COLUMNS:
            raise AttributeError(f"a family has no column `{column}`")
        return self._world().families[self.index][column]

    def __repr__(self) -> str:
        return f"<family {self.index}: {len(self.members)} members, {self.income / 100:,.0f} yuan a year>"


class FamilyView(Row):
    """A family to look at and to change, nothing else: an attribute that is no column is refused."""

    def __init__(self, world: World, index: int):
        object.__setattr__(self, "world", world)
        object.__setattr__(self, "index", numbered(world, index))

    def _world(self) -> World:
        return self.world

    def __setattr__(self, column: str, value: Any) -> None:
        if column not in COLUMNS:
            raise AttributeError(f"a family has no column `{column}`")
        self.world.families[self.index][column] = value


def numbered(world: World, index: int) -> int:
    """The number of a family that exists. Raises IndexError for others."""
    if not 0 <= index < len(world.families) - 1:
        raise IndexError(f"families are numbered 0 to {len(world.families) - 2}, not {index}")
    return int(index)


class Family(Row, mesa.Agent):
    """A family that decides for its members; columns of its row are attributes.

    Override a method, in a class or on one agent, to change this family; others feel it only through queues, books and
    neighbours' trust. What a method writes and returns is checked; a ModelError says what cannot be. Example, a family
    that takes everything to its centre::

        class Loyal(Family):
            def choose(self):
                episodes = super().choose()
                self.go(episodes, episodes["option"] >= 0, CENTRE)
                return episodes

        HealthSystem("base", family=Loyal)
    """

    DECISIONS: ClassVar[frozenset[str]] = frozenset({"enrol", "live", "choose", "choose_bed", "consent", "receive"})

    def __init__(self, model: Any, row: int):
        super().__init__(model)
        self.index = numbered(model.world, row)
        model.families.put(self)

    def _world(self) -> World:
        return self.model.world

    def __setattr__(self, name: str, value: Any) -> None:
        if name in COLUMNS:
            self.model.world.families[self.index][name] = value
        else:
            object.__setattr__(self, name, value)

    def remove(self) -> None:
        """No longer an agent of its own; the family goes on by the rules."""
        self.model.families.drop(self)
        super().remove()

    @by_rule
    def enrol(self, choice: Choice) -> np.ndarray | None:
        """Once a year: who of its members (n,) is insured, bool.

        ``choice`` says what is chosen, with price and expected claims of every person and who decides. Writes the
        members' column ``enrolled`` (the basic plan, ``choice.bit`` 0), else the bit ``choice.bit`` of their column
        ``policies``; leave members alone for whom ``choice.who`` is `NOBODY`.
        """
        decide(self.model.world, choice, self.index, self.index + 1)
        members = self.members
        return members["policies"] & choice.bit != 0 if choice.bit else members["enrolled"] == 1

    @by_rule
    def live(self) -> None:
        """A month of life: the year turns, disease takes its course, neighbours talk. Nothing is decided; part of a
        month, so it cannot be called between two."""
        near, sums = self.model.engine.living or _within("live")
        live_month(self.model.world, near, sums, self.index, self.index + 1)

    @by_rule
    def choose(self) -> np.ndarray:
        """The month's episodes of its members, rows of `EPISODES`, with what it intends for each: returned.

        An intent is the option (``option``, a place of its own: ``self.place[option]``, so `STATION`, `CENTRE`,
        `SECONDARY`, `TERTIARY` are options) with that place (``ask_place``), its slot pool (``ask``) and one slot
        (``amount``); a second place likewise (``second_place``, ``second``, ``second_amount``), for when the first is
        full; or -1 in all of them, and no slot, to stay home. `go` and `stay_home` write it. Patients who return or
        wait for a bed (``kind`` `RETURNING`, `READMITTED`, `WAITED_BED`) ask for no visit. Episodes may be left out
        or added: at most `PER_PERSON` a person, in the order of persons, each with a ``number`` of its own.
        """
        room = EPISODES.rows(len(self.members) * PER_PERSON)
        return room[: intend(self.model.world, room, self.index, self.index + 1)]

    def go(self, episodes: np.ndarray, which: Any, option: int, second: int = -1) -> None:
        """Ask for a visit at ``option``, and at ``second`` (-1 for none) if that is full, for the episodes ``which``: a
        mask (n,), an index or a slice."""
        place = self.place
        for at, to in (("ask", option), ("second", second)):
            found = int(place[to]) if to >= 0 else -1
            if found < 0 <= to:
                raise ModelError(f"family {self.index} has no place behind option {to}")
            episodes[f"{at}_place"][which] = found
            episodes[at][which] = self.model.world.facilities["slot_pool"][found] if found >= 0 else -1
            episodes["amount" if at == "ask" else "second_amount"][which] = int(found >= 0)
        episodes["option"][which] = option

    def stay_home(self, episodes: np.ndarray, which: Any = slice(None)) -> None:
        """Ask for no visit for the episodes ``which``."""
        self.go(episodes, which, -1)

    @by_rule
    def choose_bed(self, episodes: np.ndarray) -> np.ndarray | None:
        """For episodes that need an admission: where, and whether at that price. Changes ``episodes``; returned.

        Call ``super()`` first, which enters who was seen where. A patient who accepts has ``takes_bed`` 1, the hospital
        in ``ask`` and ``ask_place`` and the days wanted in ``amount``, and maybe a second one likewise (``second``,
        ``second_place``, ``second_amount``); who declines has 0, -1 and no days.
        """
        want_bed(self.model.world, episodes, 0, len(episodes))
        return episodes

    @by_rule
    def consent(self, episodes: np.ndarray) -> np.ndarray | None:
        """For patients offered a step down: whether to move. Changes ``episodes``; returned.

        Call ``super()`` first, which makes the offers. Who consents (``stage`` `CONSENTED`) asks for a bed as in
        `choose_bed`, for the ``tail`` of the stay; to decline is ``stage`` `ACCEPTED` and no bed asked for.
        """
        step_down(self.model.world, episodes, 0, len(episodes))
        return episodes

    @by_rule
    def receive(self, outcomes: np.ndarray) -> np.ndarray | None:
        """What became of its episodes: bills, and what is learned from them; the episodes. Part of a month, so it
        cannot be called between two."""
        w, engine = self.model.world, self.model.engine
        force, arrays = engine.paying or _within("receive")
        pay(w.families, w.persons, force, outcomes, self.index, self.index + 1, engine.bills[0], arrays)
        return outcomes


def _within(decision: str) -> NoReturn:
    raise ModelError(f"`{decision}` is part of a month and cannot be called between two; call model.step()")


class Families:
    """The families of a model as Mesa agents, each made when it is first asked for: ``model.families[12]``."""

    def __init__(self, model: Any):
        self.model = model
        self.made: dict[int, Family] = {}

    def __len__(self) -> int:
        return len(self.model.world.families) - 1

    def __getitem__(self, row: int) -> Family:
        row = numbered(self.model.world, row + len(self) if -len(self) <= row < 0 else row)
        return self.made.get(row) or Family(self.model, row)

    def __iter__(self) -> Iterator[Family]:
        return (self[row] for row in range(len(self)))

    def make_all(self) -> None:
        """Let every family be an agent, in the order of rows."""
        if len(self.made) < len(self):
            with uncollected():
                self.made = {row: self[row] for row in range(len(self))}

    def put(self, family: Family) -> None:
        """Let this agent decide for its family, in place of whoever did."""
        before = self.made.get(family.index)
        if before is not None:
            before.remove()
        self.made[family.index] = family

    def drop(self, family: Family) -> None:
        """Let the rules decide."""
        if self.made.get(family.index) is family:
            del self.made[family.index]


__all__ = ["EPISODES", "Families", "Family", "FamilyView"]
