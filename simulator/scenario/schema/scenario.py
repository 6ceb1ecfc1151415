"""The sections of a scenario file as frozen models: names as in the file, units as in `core/units.py`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, PrivateAttr, WithJsonSchema, model_validator

from simulator.core import behaviour as behavioural
from simulator.core.errors import Place
from simulator.core.fields import Block, Both, Names, one_of, some_of
from simulator.core.messages import say
from simulator.core.units import (
    Count,
    Month,
    Number,
    WholeMonths,
)
from simulator.count.indicators.catalogue import INDICATORS
from simulator.scenario.language.merge import Change, place_at, plain
from simulator.scenario.language.strict_yaml import Map, Node, Scalar
from simulator.scenario.language.values import unit_of
from simulator.scenario.schema.analysis import Analysis
from simulator.scenario.schema.answer import Answer
from simulator.scenario.schema.claims import Claim, Finding
from simulator.scenario.schema.growth import Growth
from simulator.scenario.schema.network import AnyNetwork
from simulator.scenario.schema.place import Facilities, Illness, Population
from simulator.scenario.schema.rules import Rules

FORMAT = "1"


class Time(Block):
    """When the run starts and ends."""

    warm_up: Annotated[WholeMonths, Field(le=1_200)]
    """Months simulated before the first one reported."""
    start: Month
    """First month reported."""
    end: Month
    """Last month reported."""
    dated_to: Month | None = None
    """Last month that dated changes may have, if after the end; what comes after the end falls away."""

    @property
    def horizon(self) -> str:
        """Last month that dated changes may have."""
        return max(self.end, self.dated_to or self.end)

    @property
    def months(self) -> int:
        """Months reported."""
        return _months(self.end) - _months(self.start) + 1

    @property
    def calendar(self) -> int:
        """Month of the year at the start, 1 to 12."""
        return int(self.start[5:])


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


Patch = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "patch": "rules"})]
"""What a dated step changes: any part of the eight sections of the rules, in their shape."""


class Reform(Block):
    """An arm of the scenario: what is changed, and when."""

    title: Both
    """Name in tables and figures."""
    description: Both | None = None
    """What it does."""
    timeline: dict[Month, Patch] = {}
    """Changes of the rules, by the month from which they hold; steps add up."""
    starts: Month | None = None
    """The month to which the first step moves, and the others with it."""
    combines: Names = ()
    """Reforms whose steps this one takes."""
    but: Patch = {}
    """Other values for blocks that its timeline, or those that it combines, write."""

    @model_validator(mode="after")
    def _does_something(self) -> "Reform":
        if not {"timeline", "combines"} & self.model_fields_set:
            raise ValueError(say("reform_nothing"))
        return self


class Outputs(Block):
    """What results keep."""

    indicators: some_of("all", *INDICATORS) = ("all",)
    """Indicators, or `all`."""
    by: some_of("tier", "plan", "facility", "alliance") = ("tier", "plan")
    """What they are broken down by."""
    stories: Annotated[Count, Field(le=100_000)] = 0
    """Families whose whole history is kept."""


@dataclass(frozen=True, slots=True)
class State:
    """Rules in force in an arm from a month on, which is the one that they are dated or, where a service hastens them,
    an earlier one."""

    month: str
    rules: Rules
    tree: Map = field(repr=False, compare=False)
    """The rules as written, with the place of every value."""


class Origin(Block):
    """Where a value is from: as written, in which file and line, and by whom."""

    file: str
    line: int | None
    column: int | None
    text: str
    source: str | None = None
    year: str | None = None
    unit: str = ""
    note: str | None = None
    range: tuple[str, ...] | None = None


def _origins(node: Node, path: str = "") -> Iterator[tuple[str, Origin]]:
    """Where every value stands, by its dotted path; a list is one value."""
    if isinstance(node, Map):
        for key, below in node.items.items():
            yield from _origins(below, f"{path}.{key}".strip("."))
    elif isinstance(node, Scalar):
        cited = {"source": node.source, "year": node.year, "note": node.note, "range": node.range}
        yield path, Origin(**node.place._asdict(), text=str(node.text), unit=unit_of(node.text), **cited)
    else:
        yield path, Origin(**node.place._asdict(), text=str(plain(node)))


class Behaviour(Block):
    """How families, doctors and facilities answer.

    `behaviour: prototype` is short for `behaviour: {set: prototype}`.
    """

    set: one_of(*behavioural.sets())
    """The set of behavioural parameters, by name."""
    parameters: dict[Literal[behavioural.names()], Number] = {}
    """Other values for single parameters, each a bare number in its unit ([tables](tables.md#behavioural-parameters));
    gone where a child names another set."""
    yuan: Annotated[Number, Field(gt=0.0, le=100.0)] = 1.0
    """What is paid in the place for what a yuan buys where the set was made (2023 for `prototype`): an index of prices.
    Amounts of money in the parameters are multiplied by it, so that people weigh money of another year as theirs."""

    def row(self) -> np.ndarray:
        """The parameters as a table of one row, in the money of the place."""
        return behavioural.row(self.set, self.parameters, self.yuan)


class Scenario(Block):
    """A place, the rules in force there, and what was reported of it."""

    format: Literal["1"] = FORMAT
    """Version of the language."""
    programme: Names = ()
    """Programmes that it represents, by the names of the evidence; not inherited."""
    title: Both
    """Title; not inherited."""
    description: Both
    """Description; not inherited."""
    sources: dict[str, str] = {}
    """Citations in full, by the short names that values use."""
    time: Time
    """When."""
    population: Population
    """Who lives there."""
    illness: Illness
    """What they fall ill with."""
    facilities: Facilities
    """Who treats them, one row per tier."""
    network: AnyNetwork
    """Which facilities there are and how they are tied."""
    behaviour: Behaviour
    """How everybody answers: a set of behavioural parameters, and what is changed in it."""
    baseline: Rules
    """The rules in force at the start; its `timeline` holds dated changes that happen in every arm."""
    reforms: dict[str, Reform] = {}
    """What is changed, and when; each is an arm beside the baseline."""
    growth: Growth = Growth()
    """How money grows from year to year; not at all if left out."""
    overrides: dict[str, Annotated[dict[str, Any], WithJsonSchema({"type": "object", "patch": "file"})]] = {}
    """Other circumstances, chosen by name with `--with`: patches to the whole file."""
    analysis: Analysis = Analysis()
    """Carriers of behaviour that every arm does without."""
    outputs: Outputs = Outputs()
    """What results keep."""
    claims: tuple[Claim, ...] = ()
    """What the programme says of itself; never calibrated to; not inherited."""
    findings: tuple[Finding, ...] = ()
    """What independent studies and statistics measured; not inherited."""
    answer: Answer = Answer()
    """What the report answers first; not inherited."""

    _name: str = PrivateAttr("")
    _file: str = PrivateAttr("")
    _tree: Map = PrivateAttr()
    _changes: tuple[Change, ...] = PrivateAttr(())
    _states: dict[str, tuple[State, ...]] = PrivateAttr(default_factory=dict)
    _warnings: tuple[str, ...] = PrivateAttr(())
    _doubts: tuple[Any, ...] = PrivateAttr(())

    __iter__ = None  # Mesa's batch_run takes whatever can be iterated over for several values; a scenario is one

    @property
    def name(self) -> str:
        """Name of the file without its ending."""
        return self._name

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self._file

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Dotted path of every value -> where it is from."""
        return dict(_origins(self._tree))

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every value of a parent file that a later file, an override or a change replaced, in order."""
        return self._changes

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know although nothing is wrong: dated changes that fall away."""
        return self._warnings

    @property
    def doubts(self) -> tuple[Any, ...]:
        """What it says and hardly means (``resolve/sense.py``)."""
        return self._doubts

    @property
    def arms(self) -> dict[str, Rules]:
        """The rules of every arm at the start, the baseline first and then the reforms in the order of the file."""
        return {arm: self.states(arm)[0].rules for arm in ("baseline", *self.reforms)}

    def states(self, arm: str) -> list[State]:
        """The rules of an arm over time: those at the start, and those of every later month in which they change.

        Raises KeyError for an unknown arm.
        """
        return list(self._states[arm])

    def place(self, path: str) -> Place:
        """Where the key at a dotted path stands; for one that was not written, the nearest block above it."""
        return place_at(self._tree, path)

    def resolved(self) -> dict:
        """Everything as written, parents merged in: written to a file, it loads as the same scenario."""
        return {key: plain(node) for key, node in self._tree.items.items()}
