"""The sections of a scenario file as frozen models: names as in the file, units as in `core/units.py`."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, WithJsonSchema, model_validator

from simulator.core import behaviour as behavioural
from simulator.core.errors import Place
from simulator.core.fields import Block, Both, Names, one_of, some_of
from simulator.core.messages import say
from simulator.core.names import DISEASES, PARTS, TIERS
from simulator.core.units import (
    Count,
    Factor,
    HoursAWeek,
    Minutes,
    Money,
    Month,
    Number,
    PerYear,
    Positive,
    Risk,
    Scale,
    Share,
    Stock,
    WholeMonths,
)
from simulator.count.indicators.catalogue import INDICATORS
from simulator.scenario.language.merge import Change, place_at, plain
from simulator.scenario.language.strict_yaml import Map
from simulator.scenario.schema.analysis import Analysis
from simulator.scenario.schema.answer import Answer
from simulator.scenario.schema.claims import Claim, Finding
from simulator.scenario.schema.growth import Growth
from simulator.scenario.schema.network import AnyNetwork
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


class Population(Block):
    """Who lives in the place."""

    people: Count
    """People for whom budgets, beds and doctors are."""
    families: Annotated[Count, Field(gt=0)]
    """Families simulated."""
    ages: dict[str, Share]
    """Share of people by age band, such as `0-4` and `85+`, in rising order."""
    family_size: Annotated[Positive, Field(ge=1, le=20)]
    """Mean persons of a family."""
    one_person: Share
    """Share of families of one person."""
    urban: Share
    """Share of people who live in the city or a town."""
    income_urban: PerYear
    """Mean disposable income per head, urban."""
    income_rural: PerYear
    """Mean disposable income per head, rural."""
    income_spread: Annotated[Positive, Field(le=3)]
    """Standard deviation of log family income per head, all families."""
    poor: Share
    """Share of people known to the bureau as poor."""
    deaths: Risk
    """Deaths per person and year."""
    ageing: one_of("held", "live") = "held"
    """held: a death is replaced at the same age and sex; live: people grow older."""
    floating: Share = 0.0
    """Share of people who live here and are registered elsewhere (流动人口)."""


class CaseGroup(Block):
    """A group of cases that need the same care and are paid alike."""

    group: str
    """Name."""
    ages: str
    """Who can have it: `all`, an age band such as `0-14` or `40+` (`f` before it: women), `hyp` or `dia`."""
    admissions_needed_per_1000_people: Annotated[Positive, Field(le=10_000)]
    """Admissions needed per 1,000 people of all ages and year."""
    relative_weight: Annotated[Positive, Field(le=100)]
    """Resources of an admission against the mean one."""
    stay_days_secondary: Annotated[Positive, Field(le=365)]
    """Usual stay at a secondary hospital, days."""
    episodes_per_1000_people: Annotated[Positive, Field(le=100_000)]
    """Episodes per 1,000 people of all ages and year."""
    outpatient_bill_centre_yuan: Annotated[Positive, Field(le=10**6)]
    """Usual bill of a visit at a centre, yuan."""
    severity_mean: Scale
    """Mean severity."""

    @model_validator(mode="after")
    def _ages(self) -> "CaseGroup":
        if not re.fullmatch(r"all|hyp|dia|f?[0-9]{1,3}(-[0-9]{1,3}|\+)", self.ages):
            raise ValueError(say("case_group_ages", text=self.ages))
        return self


def _rows(value: Any) -> Any:
    """The table of case groups, by name, as a list of rows."""
    if not isinstance(value, dict):
        return value
    return [{"group": name, **row} if isinstance(row, dict) else row for name, row in value.items()]


class Disease(Block):
    """A chronic disease and its cascade of care among adults."""

    adults: Share
    """Prevalence among adults."""
    by_age: dict[Annotated[Count, Field(le=120)], Share]
    """Prevalence at an age in years, linear in between; scaled to the prevalence among adults."""
    aware: Share
    """Patients who know of it."""
    treated: Share
    """Patients who are treated."""
    controlled: Share
    """Patients who are treated and controlled."""


class Illness(Block):
    """What people fall ill with."""

    case_groups: Annotated[tuple[CaseGroup, ...], BeforeValidator(_rows)] = Field(
        json_schema_extra={"named": "CaseGroup"}
    )
    """Case groups by name; `table` names a CSV file with a row for each, beside which single values can be changed."""
    diseases: dict[Literal[DISEASES], Disease]
    """Chronic diseases."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the case groups; the position is the code in the books."""
        return tuple(row.group for row in self.case_groups)


type Parts = dict[Literal[PARTS], Share]


WORKING_WEEKS = 46
"""Weeks of a year in which a doctor works: 52 less eleven public holidays and some four weeks of leave and courses;
judgement."""


class Facility(Block):
    """A usual facility of one tier. Doctors and beds are those of the whole tier, per person of the place."""

    doctors: Stock
    """Doctors per person of the place."""
    clinic_hours: HoursAWeek
    """Hours in which a doctor sees outpatients."""
    consultation: Annotated[Minutes, Field(gt=0)]
    """Time that a visit takes at the usual pace, notes and pauses included."""
    beds: Stock
    """Beds per person of the place."""
    capability: Scale
    """Severity at which the chance of cure is one half."""
    travel_urban: Minutes
    """Usual way of urban families."""
    travel_rural: Minutes
    """Usual way of rural families."""
    wait: Minutes
    """Wait when the clinic is empty."""
    outpatient_price: Factor
    """Price of a visit against the list price at a centre."""
    inpatient_price: Annotated[Money, Field(le=10**9)]
    """List price of an admission of relative weight 1."""
    stay: Factor
    """Length of stay against the usual one at a secondary hospital."""
    outpatient_parts: Parts
    """Shares of an outpatient bill."""
    inpatient_parts: Parts
    """Shares of an inpatient bill."""
    outside_catalogue: Share
    """Share of a bill outside the catalogue of the insurance."""
    cost: dict[Literal[PARTS], Factor]
    """Cost of a unit of each part against its price."""
    paediatric: bool = True
    """Whether somebody there is certified to treat children; primary care otherwise can do less for them."""

    @property
    def slots(self) -> float:
        """Visits at the usual hours and pace, per person of the place and year."""
        return self.doctors * self.clinic_hours * WORKING_WEEKS * 60 / self.consultation


class Facilities(Block):
    """One row per tier."""

    station: Facility
    centre: Facility
    secondary: Facility
    tertiary: Facility

    def __getitem__(self, tier: str) -> Facility:
        return getattr(self, tier)

    def items(self) -> list[tuple[str, Facility]]:
        """(tier, row), in the order of the codes."""
        return [(tier, self[tier]) for tier in TIERS if tier in type(self).model_fields]


Patch = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "patch": "rules"})]
"""What a dated step changes: any part of the seven sections of the rules, in their shape."""


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
    """Rules in force in an arm from a month on."""

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


class Behaviour(Block):
    """How families, doctors and facilities answer.

    `behaviour: prototype` is short for `behaviour: {set: prototype}`.
    """

    set: one_of(*behavioural.sets())
    """The set of behavioural parameters, by name."""
    parameters: dict[Literal[behavioural.names()], Number] = {}
    """Other values for single parameters, each a bare number in its unit ([tables](tables.md#behavioural-parameters));
    gone where a child names another set."""


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
    _origins: dict[str, Origin] = PrivateAttr(default_factory=dict)
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

    @property
    def origins(self) -> dict[str, Origin]:
        """Dotted path of every value -> where it is from."""
        return self._origins

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
