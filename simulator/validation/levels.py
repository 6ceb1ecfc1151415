"""Levels as they were measured, and what the model has in their place.

`scenarios/levels.yaml` has them in the words of a calibration: places, and targets at them. A figure may be divided by
the weighted sum of others.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError, model_validator

from simulator.calibrate.language import Series, Target
from simulator.core.errors import near
from simulator.core.fields import Block
from simulator.core.messages import say
from simulator.problems.book import said
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import read_file
from simulator.scenario.load import load
from simulator.scenario.schema.mistakes import located
from simulator.scenario.schema.scenario import Scenario
from simulator.study.intervals import Ends, Interval
from simulator.study.kept import Arm, Kept, figures_over
from simulator.study.summary import last_months
from simulator.validation.register import BASELINE

if TYPE_CHECKING:
    import pandas as pd

FILE = "levels.yaml"
PREFIX = "levels of "
"""Before the name of a place, in the name of its trial."""


class Location(Block):
    """A place at which levels were measured."""

    scenario: str
    """Scenario, below `scenarios`, without its ending."""


class Levels(Block):
    """Places, and what was measured there."""

    places: dict[str, Location]
    """Places by name."""
    targets: dict[str, Target]
    """Targets by name."""

    @model_validator(mode="after")
    def _somewhere(self) -> "Levels":
        for name, each in self.targets.items():
            if each.at not in self.places:
                raise ValueError(say("levels_place", name=name, place=each.at) + near(each.at, self.places))
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """The levels of a place as they are run: its baseline, once."""

    name: str
    scenarios: tuple[Scenario, ...]
    targets: dict[str, Target]
    arms: tuple[tuple[str, ...], ...] = ((BASELINE,),)

    def told(self) -> object:
        """What its figures follow from beside scenarios and arms."""
        return {name: each.model_dump() for name, each in self.targets.items()}

    def read(self, arm: Arm, monthly: "pd.DataFrame") -> dict[str, float]:
        """Levels over the last twelve months, by the names of the targets."""
        wanted = {part.indicator for each in self.targets.values() for part in (each, *each.over)}
        found = figures_over(monthly, wanted, last_months(monthly))

        def value(series: Series) -> float:
            return found[series.key].value if series.key in found else math.nan

        levels = {}
        for name, each in self.targets.items():
            below = math.fsum(part.weight * value(part) for part in each.over) if each.over else 1.0
            levels[name] = value(each) / below if below else math.nan
        return levels

    def figures(self, values: Mapping[Arm, dict[str, float]]) -> dict[str, float]:
        """The levels."""
        return values[Arm(0, BASELINE)]


@dataclass(frozen=True, slots=True)
class Level:
    """A target and what the model has in its place."""

    name: str
    target: Target
    found: Interval

    @property
    def inside(self) -> bool:
        """Whether the mean lies within the tolerance."""
        return abs(self.found[0] - self.target.level) <= self.target.tolerance


@cache
def targets() -> Levels:
    """The packaged targets."""
    return read_targets(scenarios_folder() / FILE)


def read_targets(file: Path) -> Levels:
    """The targets of a file. Raises UserErrors, each mistake with its place."""
    tree = read_file(file, shown(file))
    try:
        return Levels.model_validate(said(tree))
    except ValidationError as error:
        raise located(error, tree, Levels) from None


def levels_tried(families: int | None = None) -> list[Place]:
    """The places of the targets, ready to run."""
    known = targets()
    made = []
    for name, place in known.places.items():
        scenario = load(scenarios_folder() / f"{place.scenario}.yaml", _own_year(place.scenario), families=families)
        here = {key: each for key, each in known.targets.items() if each.at == name}
        made.append(Place(PREFIX + name, (scenario,), here))
    return made


def _own_year(name: str) -> list[str]:
    """Changes that leave the first year to be reported, which is that of the data."""
    start = load(scenarios_folder() / f"{name}.yaml").time.start
    return [f"time.end={start[:4]}-12"]


def levels_told(places: list[Place], task: Kept, replications: int, ends: Ends) -> list[Level]:
    """What the figures kept so far say of levels; nothing of a place before all replications are there."""
    made = []
    for place in places:
        figures: list[dict[str, Any]] = task.all_kept(place.name, replications)
        for name, each in place.targets.items():
            values = [float(one[name]) for one in figures if not math.isnan(one[name])]
            if values:
                made.append(Level(name, each, ends(values)))
    return made
