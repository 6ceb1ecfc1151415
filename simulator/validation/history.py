"""Natural experiments as trials, and what comes of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.problems.book import Measure
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.scenario.schema.scenario import Scenario
from simulator.study.intervals import Ends, Interval
from simulator.study.kept import Arm, Figure, Kept, Months, Series, figures_over
from simulator.study.summary import last_months
from simulator.validation.judge import inside, overlap, sign_agrees
from simulator.validation.register import SIZE, Experiment, Prediction, Published, Reading

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Comparison:
    """A prediction as it is run: with the policy and without it."""

    name: str
    prediction: Prediction
    on: Arm
    off: Arm


@dataclass(frozen=True, slots=True)
class Tried:
    """An experiment as it is run."""

    name: str
    scenarios: tuple[Scenario, ...]
    arms: tuple[tuple[str, ...], ...]
    comparisons: tuple[Comparison, ...]

    def told(self) -> object:
        """What its figures follow from beside scenarios and arms."""
        return [(each.name, each.prediction.model_dump(), each.on, each.off) for each in self.comparisons]

    def read(self, arm: Arm, monthly: "pd.DataFrame") -> dict[str, float]:
        """The figures of an arm by the names of the predictions that compare it."""
        found: dict[str, float] = {}
        for each in self.comparisons:
            if arm in (each.on, each.off):
                prediction = each.prediction
                months = (prediction.first, prediction.last) if prediction.first else last_months(monthly)
                found[each.name] = reading(prediction.measure, monthly, (str(months[0]), str(months[1])))
        return found

    def figures(self, values: Mapping[Arm, dict[str, float]]) -> list[list[float]]:
        """Without and with the policy, for each prediction."""
        return [[values[side][each.name] for side in (each.off, each.on)] for each in self.comparisons]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a prediction: the change with its interval, in the form of the published one."""

    experiment: Experiment
    name: str
    prediction: Prediction
    found: Interval
    families: int = 0
    replications: int = 0

    @property
    def published(self) -> Published:
        """The number of the evidence."""
        return self.experiment.published(self.prediction)

    @property
    def direction(self) -> str:
        """Where it was found to move."""
        return self.experiment.direction(self.prediction)

    @property
    def sign_agrees(self) -> bool:
        """Whether the model has it move there."""
        return sign_agrees(self.direction, self.found, self.prediction.within)

    @property
    def inside(self) -> bool | None:
        """Whether the published number lies in the interval; None where only its direction is told."""
        return inside(self.published, self.found) if self.prediction.kind == SIZE else None

    @property
    def overlap(self) -> bool | None:
        """Whether the two intervals overlap; None where only its direction is told."""
        return overlap(self.published, self.found) if self.prediction.kind == SIZE else None


def tried(experiment: Experiment, families: int | None = None) -> Tried:
    """An experiment ready to run.

    Raises:
        UserError: what the register says of it cannot be, at its place there; or its scenario is not valid.
    """
    names = list(dict.fromkeys(experiment.file_of(each) for each in experiment.predictions.values()))
    scenarios = [_scenario(experiment, name, families) for name in names]
    arms: list[list[str]] = [[] for _ in names]
    comparisons = []
    for name, each in experiment.predictions.items():
        place = names.index(experiment.file_of(each))
        assert experiment.arm is not None
        on, off = Arm(place, experiment.arm), Arm(place, each.against)
        for arm in (off, on):
            if arm.name not in scenarios[place].arms:
                text = say("system_no_arm", name=arm.name, file=names[place]) + near(arm.name, scenarios[place].arms)
                raise UserError.at(experiment._tree.items["arm"].place, f"{experiment.id}.arm", text)
            arms[place].append(arm.name)
        comparisons.append(Comparison(name, each, on, off))
    lived = tuple(tuple(dict.fromkeys(each)) for each in arms)
    return Tried(experiment.id, tuple(scenarios), lived, tuple(comparisons))


def _scenario(experiment: Experiment, name: str, families: int | None) -> Scenario:
    file = scenarios_folder() / f"{name}.yaml"
    if not file.is_file():
        known = [each.relative_to(scenarios_folder()).with_suffix("").as_posix() for each in _files()]
        text = say("system_no_file", name=name) + near(name, known)
        raise UserError.at(experiment._tree.items["scenario"].place, f"{experiment.id}.scenario", text)
    return load(file, families=families)


@cache
def _files() -> tuple[Any, ...]:
    return tuple(scenarios_folder().rglob("*.yaml"))


def reading(measure: Reading, monthly: "pd.DataFrame", months: Months) -> float:
    """A figure of the register over some months; not a number where there is none."""
    parts = [each for each in (measure, measure.times, measure.per) if each is not None]
    found = figures_over(monthly, {each.indicator for each in parts}, months)
    base = _figure(measure, found)
    value = base.total if measure.total else base.value
    if measure.times is not None:
        share = _figure(measure.times, found).value
        value *= 1 - share if measure.rest else share
    if measure.per is not None:
        below = _figure(measure.per, found).value
        value = value / below if below else math.nan
    return value


def _figure(measure: Measure, found: Mapping[Series, Figure]) -> Figure:
    return found.get(measure.series, Figure(math.nan, math.nan))


def told(experiment: Experiment, task: Kept, replications: int, ends: Ends) -> list[Told]:
    """What the figures kept so far say of an experiment; nothing before all replications are there."""
    figures = task.all_kept(experiment.id, replications)
    if not figures:
        return []
    trial = task.trials[experiment.id]
    families = trial.scenarios[0].population.families
    made = []
    for number, (name, each) in enumerate(experiment.predictions.items()):
        found = changed([tuple(values[number]) for values in figures], each.change, ends)
        made.append(Told(experiment, name, each, found, families, replications))
    return made


def changed(pairs: Sequence[tuple[float, ...]], form: str, ends: Ends) -> Interval:
    """The mean change from the first of each pair to the second, with its ends; relative or absolute."""
    known = [(before, after) for before, after in pairs if not math.isnan(before) and not math.isnan(after)]
    if form == "relative":
        changes = [after / before - 1 for before, after in known if before]
    else:
        changes = [after - before for before, after in known]
    return ends(changes) if changes else (math.nan, math.nan, math.nan)
