"""The language of study files: what may vary, what is looked at, and at which points (see docs/studies.md)."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from simulator.core.fields import Block, Both, Names, one_of
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS, TIERS
from simulator.core.units import NUMBER, Count, number, positive
from simulator.count.indicators.catalogue import INDICATORS
from simulator.scenario.language.values import unit_of

FORMAT = "1"
Word = str | bool
"""A value as it stands in a file."""
Patch = dict[str, Any]
"""A part of a scenario in its shape, laid over it."""
AtLeastOne = Annotated[Count, Field(ge=1)]


def number_of(text: str) -> float:
    """The number in front of a unit. Raises ValueError where there is none."""
    m = re.fullmatch(rf"({NUMBER})(?: ?[^-+.0-9].*)?", text)
    if not m:
        raise ValueError(say("value_number", text=text))
    return float(m[1])


def seconds(value: Any) -> float:
    """A duration: `90 seconds`, `10 minutes`, `2 hours`."""
    units = {"second": 1, "minute": 60, "hour": 3600}
    amount, _, unit = str(value).partition(" ")
    try:
        found = positive(amount) * units[unit.removesuffix("s")]
    except (ValueError, KeyError):
        found = 0.0
    if found <= 0:
        raise ValueError(say("sweep.seconds", text=value))
    return found


def size(value: Any) -> int:
    """An amount of memory in bytes: `900 MB`, `2 GB`."""
    amount, _, unit = str(value).partition(" ")
    try:
        found = int(positive(amount) * {"MB": 10**6, "GB": 10**9}[unit])
    except (ValueError, KeyError):
        found = 0
    if found <= 0:
        raise ValueError(say("sweep.bytes", text=value))
    return found


TEXT = WithJsonSchema({"type": "string"})


class Variable(Block):
    """Something that varies: one value in one or several places, one of several patches, or a row of a table."""

    title: Both | None = None
    """Name in tables and figures."""
    sets: Names = ()
    """Dotted paths of the scenario that get the value."""
    values: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    """The values that it takes."""
    between: tuple[str, str] | None = None
    """Lowest and highest value, in one unit."""
    scale: one_of("linear", "log") = "linear"
    """How values lie between the ends."""
    whole: bool = False
    """Whether it takes whole numbers only."""
    cases: Annotated[dict[str, Patch], Field(min_length=1)] | None = None
    """Patches of the scenario, by name."""
    posterior: str | None = None
    """CSV or Parquet file, a set of parameters in each row; its columns are dotted paths of the scenario."""
    when: dict[str, Word | tuple[Word, ...]] = {}
    """It varies only where other variables have these values; elsewhere the scenario keeps its own."""
    source: str | None = None
    """Where the range or the values are from."""
    note: str | None = None
    """Remark."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        kinds = [kind for kind in ("values", "between", "cases", "posterior") if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(say("sweep.kinds"))
        if bool(self.sets) != (kinds[0] in ("values", "between")):
            raise ValueError(say("sweep.sets_missing" if not self.sets else "sweep.sets_beside", kind=kinds[0]))
        if self.between:
            low, high = map(number_of, self.between)
            if unit_of(self.between[0]) != unit_of(self.between[1]):
                raise ValueError(say("sweep.between_units", low=self.between[0], high=self.between[1]))
            if low >= high:
                raise ValueError(say("sweep.between_order", low=self.between[0], high=self.between[1]))
            if self.scale == "log" and low <= 0:
                raise ValueError(say("sweep.between_log", low=self.between[0]))
        return self

    @property
    def options(self) -> tuple[Word, ...] | None:
        """The values or names of cases; None for a range or a table."""
        return self.values if self.values is not None else tuple(self.cases) if self.cases is not None else None


class Derived(Block):
    """A value that follows another and is never varied by itself."""

    sets: Names
    """Dotted paths of the scenario that get the value."""
    same_as: str
    """The variable that it follows."""
    times: float | None = None
    """What the followed value is multiplied by."""

    @model_validator(mode="before")
    @classmethod
    def _number(cls, written: Any) -> Any:
        if isinstance(written, dict) and isinstance(written.get("times"), str):
            return written | {"times": number(written["times"])}
        return written


class Outcome(Block):
    """A figure of every run that the study looks at: an indicator over a period."""

    title: Both | None = None
    """Name in tables and figures."""
    indicator: one_of(*INDICATORS)
    """Indicator of the results."""
    tier: one_of(*TIERS, *TIER_GROUPS) | Literal[""] = ""
    """Tier; all by default."""
    plan: str = ""
    """Plan; all by default."""
    part: str = ""
    """Part of the bill, stage or form, where the indicator has them."""
    alliance: str = ""
    """Alliance; the whole place by default."""
    over: Annotated[str, Field(pattern=r"^(last_year|first_year|all_years|\d{4}(-\d{4})?)$")] = "last_year"
    """Period: `last_year`, `first_year`, `all_years`, a calendar year or two (`2025-2027`)."""
    better: one_of("more", "less") | None = None
    """Which way is better, for a search."""


class StopWhen(Block):
    """Replications are added at a point until the 95 % interval of an outcome is narrow enough in every arm."""

    outcome: str
    """Outcome whose interval is looked at."""
    interval_below: str
    """Width of the interval, both sides together, in the unit of the outcome."""
    at_most: AtLeastOne
    """Replications at which it ends in any case."""


class Design(Block):
    """What designs share."""

    replications: AtLeastOne = 1
    """Runs of every arm at every point; each number has its own people and draws, the same at every point."""
    seed: Count = 1
    """Number that all draws depend on, those of the design too."""
    compare_with: dict[str, Word] = {}
    """Each point is compared with the one that has these values and is like it in all else."""
    stop_when: StopWhen | None = None
    """When to stop adding replications."""


class Grid(Design):
    """Every value of every variable with every value of all others."""

    kind: Literal["grid"]
    """Kind of design."""
    steps: Annotated[Count, Field(ge=2)] | None = None
    """Values between the ends of a range, both included."""


class Listed(Design):
    """The points as they are listed."""

    kind: Literal["list"]
    """Kind of design."""
    points: Annotated[tuple[dict[str, Word], ...], Field(min_length=1)]
    """Values by variable; a variable that is left out keeps what the scenario says."""


class Table(Design):
    """A point for each row of a table."""

    kind: Literal["table"]
    """Kind of design."""
    file: str
    """CSV or Parquet file; its columns are variables, an empty cell keeps what the scenario says."""


class Sampled(Design):
    """Designs that draw from the uncertainties."""

    levers: one_of("every", "sampled") = "every"
    """`every`: every value of every lever at each point drawn; `sampled`: levers are drawn like uncertainties."""


class Random(Sampled):
    """Independent draws, uniform between the ends or over the values."""

    kind: Literal["random"]
    """Kind of design."""
    points: AtLeastOne
    """Draws."""


class LatinHypercube(Sampled):
    """Draws that fill the range of each variable evenly."""

    kind: Literal["latin_hypercube"]
    """Kind of design."""
    points: AtLeastOne
    """Draws."""


class Sobol(Sampled):
    """Saltelli's sample for Sobol indices."""

    kind: Literal["sobol"]
    """Kind of design."""
    points: AtLeastOne
    """Base sample, a power of two; with k variables it gives points × (k + 2) draws, × (2k + 2) with second order."""
    second_order: bool = False
    """Whether interactions of two are asked for as well."""


class Morris(Sampled):
    """Trajectories for elementary effects."""

    kind: Literal["morris"]
    """Kind of design."""
    trajectories: Annotated[Count, Field(ge=2)]
    """Trajectories; with k variables each has k + 1 draws."""
    levels: Annotated[Count, Field(ge=2, multiple_of=2)] = 4
    """Levels of each variable, an even number."""


class OneAtATime(Design):
    """From the point of `compare_with`, each variable moved alone through its values."""

    kind: Literal["one_at_a_time"]
    """Kind of design."""
    steps: Annotated[Count, Field(ge=2)] = 3
    """Values between the ends of a range, both included."""


AnyDesign = Annotated[
    Grid | Listed | Table | Random | LatinHypercube | Sobol | Morris | OneAtATime, Field(discriminator="kind")
]


class Limits(Block):
    """What one run may take before it is stopped, and how often it is tried."""

    time: Annotated[float | None, BeforeValidator(seconds), TEXT] = None
    """Wall time; by default twenty times the estimate and half an hour more, for code that has to be compiled."""
    memory: Annotated[int | None, BeforeValidator(size), TEXT] = None
    """Memory; by default three times the estimate and a gigabyte more."""
    tries: AtLeastOne = 3
    """Tries of a run whose process dies; one that fails by itself fails again and is not repeated."""


def in_both(value: Any) -> Any:
    """A text of one language stands in both."""
    return {"en": value, "zh": value} if isinstance(value, str) else value


TOLD = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "required": ["en", "zh"]}]})


class StudyFile(Block):
    """A study: a scenario, what varies in it, what is looked at, and a design."""

    format: Literal["1"] = FORMAT
    """Version of the language."""
    title: Both
    """Title."""
    question: Annotated[Both, BeforeValidator(in_both), TOLD]
    """What it shall answer, in one language or `{en: …, zh: …}`."""
    scenario: str
    """Scenario file, relative to this one, or the name of a packaged one."""
    arms: Names = ("baseline",)
    """Arms that are run; they share a burn-in."""
    changes: Patch = {}
    """Made to the scenario before anything varies."""
    levers: dict[str, Variable] = {}
    """What a bureau decides."""
    uncertainties: dict[str, Variable] = {}
    """What nobody decides."""
    derived: dict[str, Derived] = {}
    """Values that follow others."""
    outcomes: Annotated[dict[str, Outcome], Field(min_length=1)]
    """What is looked at."""
    design: AnyDesign
    """At which points, and how often."""
    limits: Limits = Limits()
    """What one run may take."""
