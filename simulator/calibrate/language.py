"""The words of a calibration: places, parameters with priors, targets, and how it is made."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from simulator.calibrate.evidence import may_be_fitted
from simulator.core.behaviour import names as behavioural
from simulator.core.errors import near
from simulator.core.fields import Block, Both, Names, one_of
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS, TIERS
from simulator.core.units import Count
from simulator.count.indicators.catalogue import INDICATORS
from simulator.count.indicators.parts import PARTS
from simulator.scenario.language.values import unit_of
from simulator.study.summary import BASELINE
from simulator.study.sweep.language import AtLeastOne, number_of

SHAPES = ("uniform", "middle", "log")
Share = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]


class Location(Block):
    """A world that the parameters have to tell."""

    scenario: str
    """Scenario file, relative to this one, or the name of a packaged one."""
    arms: Names = (BASELINE,)
    """Arms that are run; elasticities are measured between them."""
    warm_up: str = "20 months"
    """Months before the year that is compared."""


class Free(Block):
    """A parameter that is fitted, and what was thought of it before."""

    sets: str = ""
    """Dotted path of the scenario; by default the behavioural parameter of that name."""
    at: Names = ()
    """Places whose datum it is; by default all."""
    between: tuple[str, str]
    """Lowest and highest value that is thought possible, in one unit."""
    shape: one_of(*SHAPES) = "uniform"
    """`uniform`; `middle`, a normal whose two standard deviations are the ends, where it is cut; `log`, uniform in the
    logarithm."""
    source: str
    """Where the range is from, or whose judgement."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.ends
        if unit_of(self.between[0]) != unit_of(self.between[1]):
            raise ValueError(say("sweep.between_units", low=self.between[0], high=self.between[1]))
        if low >= high:
            raise ValueError(say("sweep.between_order", low=self.between[0], high=self.between[1]))
        if self.shape == "log" and low <= 0:
            raise ValueError(say("sweep.between_log", low=self.between[0]))
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The two ends as numbers."""
        return number_of(self.between[0]), number_of(self.between[1])

    @property
    def unit(self) -> str:
        """The unit that its values are written with, a space before it where there is one."""
        unit = unit_of(self.between[0])
        return f" {unit}" if unit and self.between[0].endswith(f" {unit}") else unit


class Series(Block):
    """A row of the results."""

    indicator: one_of(*INDICATORS)
    """Indicator."""
    tier: one_of(*TIERS, *TIER_GROUPS) | Literal[""] = ""
    """Tier; all by default."""
    plan: str = ""
    """Plan; all by default."""
    part: one_of(*PARTS) | Literal[""] = ""
    """Part, where the indicator has them."""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """As in the results: indicator, tier, plan, part, and no alliance."""
        return self.indicator, self.tier, self.plan, self.part, ""


class Weighed(Series):
    """A row of the results with a weight."""

    weight: Positive = 1.0
    """Times which it counts."""


class Price(Series):
    """A row of the results that is a price, such as what patients pay of a yuan."""

    over: Series | None = None
    """Row that it is divided by."""


class Elasticity(Block):
    """A change of the logarithm from the baseline to an arm, over that of prices."""

    arm: str
    """Arm in which prices are others."""
    price: Positive | Price
    """Its prices over those of the baseline: a number, or what is a price in the results of both."""


class Target(Series):
    """A level that was measured."""

    at: str
    """Place."""
    over: tuple[Weighed, ...] = ()
    """Rows whose weighted sum it is divided by."""
    level: float
    """The level, in the unit of the indicator."""
    tolerance: Positive
    """How far off still counts as right: two standard deviations of the figure and its definition."""
    year: int
    """When it was measured."""
    evidence: Annotated[str, AfterValidator(may_be_fitted)]
    """Figure of the evidence with `use: target`, `finding` for one of the scenario's, or `judgement`."""
    note: str = ""
    """Remark."""


class Aim(Target):
    """A target that is fitted to."""

    elasticity: Elasticity | None = None
    """Measured between two arms rather than in one."""
    discrepancy: Annotated[float, Field(ge=0)]
    """One standard deviation of what the model leaves out, by judgement."""


class Screening(Block):
    """Which parameters move which target: Morris trajectories over the prior."""

    families: AtLeastOne
    """Sampled families of a run."""
    trajectories: Annotated[Count, Field(ge=2)]
    """Trajectories; with k parameters each has k + 1 runs."""
    levels: Annotated[Count, Field(ge=2, multiple_of=2)] = 4
    """Levels of each parameter."""
    active: Share
    """A parameter is used by the emulator of a target where its effect is more than this part of the largest."""


class Wave(Block):
    """One wave of history matching."""

    families: AtLeastOne
    """Sampled families of a run."""
    points: Annotated[Count, Field(ge=2)]
    """Runs."""


class Kept(Block):
    """What is kept in the end."""

    sets: AtLeastOne
    """Parameter sets."""
    checked: AtLeastOne
    """The first so many are run, and levels compared with those of the emulators."""
    families: AtLeastOne
    """Sampled families of such a run."""
    rounds: AtLeastOne = 1
    """Times that the posterior is walked; from the second on, emulators have learned from what was run before."""


class Plan(Block):
    """How a calibration is made."""

    seed: Count = 1
    """Number that all draws depend on."""
    samples: AtLeastOne = 4
    """Samples of people over which the runs of a wave are shared out."""
    screening: Screening
    """First."""
    waves: Annotated[tuple[Wave, ...], Field(min_length=1)]
    """Then."""
    cutoff: Positive = 3.0
    """Implausibility from which a point is given up."""
    ranked: AtLeastOne = 1
    """Which of the implausibilities of a point, from the worst on, is held against the cut-off."""
    ensemble: Kept
    """Last."""


class CalibrationFile(Block):
    """Parameters with priors, targets, and how the ones are brought to the others."""

    format: Literal["1"] = "1"
    """Version of the language."""
    title: Both
    """Title."""
    places: Annotated[dict[str, Location], Field(min_length=1)]
    """Worlds."""
    parameters: Annotated[dict[str, Free], Field(min_length=1)]
    """What is fitted."""
    targets: Annotated[dict[str, Aim], Field(min_length=1)]
    """What it is fitted to."""
    design: Plan
    """How."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, each in self.parameters.items():
            if not each.sets and name not in behavioural():
                raise ValueError(say("calibrate.no_parameter", name=name) + near(name, behavioural()))
            for place in each.at:
                self._place(name, place)
        if twice := self.parameters.keys() & self.targets.keys():
            raise ValueError(say("calibrate.twice", names=", ".join(sorted(twice))))
        for name, aim in self.targets.items():
            arms = self._place(name, aim.at).arms
            if BASELINE not in arms or (aim.elasticity and aim.elasticity.arm not in arms):
                raise ValueError(say("calibrate.no_arm", name=name, place=aim.at, arms=", ".join(arms)))
        return self

    def _place(self, name: str, place: str) -> Location:
        if place not in self.places:
            raise ValueError(say("calibrate.no_place", name=name, place=place) + near(place, self.places))
        return self.places[place]

    def path(self, name: str) -> str:
        """Dotted path that a parameter sets."""
        return self.parameters[name].sets or f"behaviour.parameters.{name}"

    def set_at(self, place: str) -> list[str]:
        """Parameters that hold at a place."""
        return [name for name, each in self.parameters.items() if not each.at or place in each.at]

    def aimed_at(self, place: str) -> dict[str, Any]:
        """Targets of a place."""
        return {name: aim for name, aim in self.targets.items() if aim.at == place}
