"""The register of programmes: `scenarios/systems.yaml` has an entry for every row of the evidence.

An entry names the file and the arm that run the row, and for each mechanism that the evidence states which key of the
rules (or of the place) carries it, what switches it off, and by which figure that is to be seen, in which direction and
by how much at least. All of it is fixed before anything is run. What is not carried says why.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, PrivateAttr, ValidationError, WithJsonSchema, model_validator

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.fields import Block, Both, Names, one_of
from simulator.core.messages import say
from simulator.core.units import WholeMonths
from simulator.problems.book import Measure, Minimum, Patch, said, smallest
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import Map, read_file
from simulator.scenario.schema.mistakes import below, located

FILE = "systems.yaml"
BASELINE = "baseline"
WAYS = ("off", "off_arm", "off_in_place")
"""The ways in which a mechanism is switched off, of which it has one."""


class Mechanism(Block):
    """A mechanism that the evidence states of a row."""

    carried_by: Names = ()
    """Keys that carry it: of the rules of the arm, such as `settlements.budget`, or of the file, such as `network`."""
    off: Patch = {}
    """Rules without it, laid over those of the arm from its first month on."""
    off_arm: str | None = None
    """The arm of the file in which it is switched off."""
    off_in_place: Patch = {}
    """The place without it, where it is no rule: a patch to the whole file. That place has a burn-in of its own, with
    the same people and draws."""
    measure: Measure | None = None
    """The figure by which it is told."""
    direction: one_of("falls", "rises") | None = None
    """Where the mechanism moves that figure."""
    minimum: Annotated[Minimum | None, BeforeValidator(smallest), WithJsonSchema({"type": ["string", "number"]})] = None
    """The smallest change that matters, in the unit of the indicator."""
    absent: Both | None = None
    """Why nothing carries it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ways = [name for name in WAYS if getattr(self, name)]
        if self.absent is not None:
            if ways or self.carried_by or self.measure:
                raise ValueError(say("system_absent"))
            return self
        needed = ("carried_by", "measure", "direction", "minimum")
        if missing := [name for name in needed if not getattr(self, name)]:
            raise ValueError(say("system_needs", names=", ".join(missing)))
        if len(ways) != 1:
            raise ValueError(say("system_ways", names=", ".join(WAYS)))
        return self

    @property
    def sign(self) -> int:
        """1 where it raises the figure, -1 where it lowers it."""
        return 1 if self.direction == "rises" else -1


class System(Block):
    """A row of the evidence: a programme, a pilot, a form of organisation."""

    title: Both
    """Title."""
    file: str | None = None
    """The scenario that runs it, below `scenarios`, without its ending."""
    arm: str = BASELINE
    """The arm of that scenario that is the programme."""
    measured: WholeMonths = 12
    """Last months of the run, over which figures are taken."""
    mechanisms: dict[str, Mechanism] = {}
    """Its mechanisms, by the codes of the evidence."""
    absent: Both | None = None
    """Why it is no simulation."""

    _id: str = PrivateAttr("")
    _tree: Map = PrivateAttr()

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if (self.file is None) == (self.absent is None):
            raise ValueError(say("system_file_or_absent"))
        return self

    @property
    def id(self) -> str:
        """Its name in the evidence."""
        return self._id

    @property
    def number(self) -> str:
        """The first part of its name, such as S02."""
        return self._id.partition("_")[0]

    @property
    def carried(self) -> dict[str, Mechanism]:
        """Mechanisms that something carries."""
        return {code: each for code, each in self.mechanisms.items() if each.absent is None}

    @property
    def is_run(self) -> bool:
        """Whether there is anything to run."""
        return self.file is not None


@cache
def register() -> dict[str, System]:
    """Every row of the packaged register by its id, in its order. Raises UserErrors for its mistakes."""
    return read_register(scenarios_folder() / FILE)


def read_register(file: Path) -> dict[str, System]:
    """The rows of a register. Raises UserErrors, each mistake with its place."""
    tree, found, wrong = read_file(file, shown(file)), {}, []
    for name, node in tree.items.items():
        if not isinstance(node, Map):
            wrong.append(UserError.at(node.place, name, say("system_block")))
            continue
        try:
            found[name] = System.model_validate(said(node))
        except ValidationError as error:
            wrong += below(name, located(error, node, System))
        else:
            found[name]._id, found[name]._tree = name, node
    if wrong:
        raise UserErrors(wrong)
    return found


def chosen(ids: Sequence[str]) -> list[System]:
    """Rows by id or by number, such as `S02`; all of them by default. Raises UserError for an unknown one."""
    known = register()
    by_number = {system.number: name for name, system in known.items()}
    for name in ids:
        if name not in known and name.upper() not in by_number:
            raise UserError(say("system_none", name=name) + near(name, [*known, *by_number]))
    names = {by_number.get(name.upper(), name) for name in ids} if ids else set(known)
    return [system for name, system in known.items() if name in names]
