"""The register of predictions: `scenarios/history.yaml` has an entry for every figure of the evidence that is only for
validation, with the scenario that stands for it and the figures by which it is told, or why there is none.

Published numbers are those of the evidence, read by name, so that the two cannot differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import Field, PrivateAttr, ValidationError, model_validator

from simulator.calibrate.evidence import evidence
from simulator.core.errors import UserError, UserErrors, near
from simulator.core.fields import Block, Both, one_of
from simulator.core.messages import say
from simulator.core.units import Month
from simulator.problems.book import Measure, said
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import Map, read_file
from simulator.scenario.schema.mistakes import below, located
from simulator.validation.evidence import figure_of

FILE = "history.yaml"
BASELINE = "baseline"
SIZE, SIGN = KINDS = ("size", "sign")
FALLS, NO_CHANGE, RISES = DIRECTIONS = ("falls", "none", "rises")


class Reading(Measure):
    """A figure made of one series or two."""

    total: bool = False
    """The sum above the line of the indicator, such as all that patients pay, and not its ratio."""
    times: Measure | None = None
    """A share by which it is multiplied, such as that of drugs in a bill."""
    rest: bool = False
    """What is left without that share."""
    per: Measure | None = None
    """A figure by which it is divided."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published number with the ends of its 95 % interval; NaN where the source has none."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan


class Prediction(Block):
    """One figure by which an experiment is told."""

    measure: Reading
    """The figure of the results."""
    kind: one_of(*KINDS)
    """Whether its size is held against the published one, or its direction alone."""
    direction: one_of(*DIRECTIONS) | None = None
    """Where it was found to move; that of the published number if left out."""
    change: one_of("relative", "absolute") = "relative"
    """Whether the change is a share of the level without the policy, or in the unit of the figure."""
    figure: str | None = None
    """The published number in the value of the evidence, by its dotted path; empty for the value itself."""
    interval: str | None = None
    """Its 95 % interval there."""
    out_of: str | None = None
    """Another figure there, from which the published one is the relative change."""
    scale: float = Field(1.0, gt=0)
    """What the published number is multiplied by, such as for yuan of another year."""
    within: float = Field(0.02, gt=0)
    """Where no change was found: how large a change counts as none, in the form of the change."""
    against: str = BASELINE
    """The arm without the policy."""
    scenario: str | None = None
    """Another scenario than that of the experiment, with the same name of the arm."""
    first: Month | None = None
    """First month over which it is taken; the last twelve of the run if left out."""
    last: Month | None = None
    """Last of these months."""

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if self.kind == SIZE and self.figure is None:
            raise ValueError(say("history_size"))
        if self.kind == SIGN and self.direction is None:
            raise ValueError(say("history_sign"))
        if (self.first is None) != (self.last is None):
            raise ValueError(say("history_months"))
        return self


class Experiment(Block):
    """An entry of the evidence, as the model is held against it."""

    title: Both
    """Title."""
    scenario: str | None = None
    """The scenario that stands for it, below `scenarios`, without its ending."""
    arm: str | None = None
    """The arm of that scenario with the policy."""
    foreign: bool = False
    """Whether it was measured in another country; then its sign is told alone."""
    predictions: dict[str, Prediction] = {}
    """Figures, by names of their own."""
    used_before: Both | None = None
    """How its outcome had a part in choosing a form of the model; left out where it had none."""
    note: Both | None = None
    """What has to be known when the two are compared."""
    absent: Both | None = None
    """Why it is not run."""

    _id: str = PrivateAttr("")
    _tree: Map = PrivateAttr()

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        run = self.scenario is not None and self.arm is not None and bool(self.predictions)
        if run == (self.absent is not None):
            raise ValueError(say("history_something"))
        if self.foreign and any(each.kind == SIZE for each in self.predictions.values()):
            raise ValueError(say("history_foreign"))
        return self

    @property
    def id(self) -> str:
        """Its id in the evidence."""
        return self._id

    @property
    def is_run(self) -> bool:
        """Whether there is anything to run."""
        return self.absent is None

    @property
    def source(self) -> str:
        """Who published it."""
        return evidence()[self.id]["source"]

    def file_of(self, prediction: Prediction) -> str:
        """The scenario of one of its predictions."""
        name = prediction.scenario or self.scenario
        assert name is not None
        return name

    def published(self, prediction: Prediction) -> Published:
        """The number of the evidence; NaN where only a direction was published."""
        if prediction.figure is None:
            return Published()
        value = float(figure_of(self.id, prediction.figure))
        if prediction.out_of is not None:
            value = value / float(figure_of(self.id, prediction.out_of)) - 1
        ends = figure_of(self.id, prediction.interval) if prediction.interval else (math.nan, math.nan)
        low, high = sorted(map(float, ends))
        return Published(*(number * prediction.scale for number in (value, low, high)))

    def direction(self, prediction: Prediction) -> str:
        """Where it was found to move."""
        if prediction.direction is not None:
            return prediction.direction
        return RISES if self.published(prediction).value > 0 else FALLS


@cache
def register() -> dict[str, Experiment]:
    """Every entry of the packaged register by its id, in its order. Raises UserErrors for its mistakes."""
    return read_register(scenarios_folder() / FILE)


def read_register(file: Path) -> dict[str, Experiment]:
    """The entries of a register. Raises UserErrors, each mistake with its place."""
    tree, found, wrong = read_file(file, shown(file)), {}, []
    for name, node in tree.items.items():
        if not isinstance(node, Map):
            wrong.append(UserError.at(node.place, name, say("system_block")))
            continue
        if name not in evidence():
            text = say("history_evidence", name=name) + near(name, evidence())
            wrong.append(UserError.at(tree.keys[name], name, text))
            continue
        try:
            found[name] = Experiment.model_validate(said(node))
        except ValidationError as error:
            wrong += below(name, located(error, node, Experiment))
            continue
        found[name]._id, found[name]._tree = name, node
        wrong += _figures(found[name])
    if wrong:
        raise UserErrors(wrong)
    return found


def _figures(experiment: Experiment) -> list[UserError]:
    """Figures that the evidence does not have, or that are no numbers."""
    wrong = []
    predictions = experiment._tree.items.get("predictions")
    for name, each in experiment.predictions.items():
        for key in ("figure", "interval", "out_of"):
            path = getattr(each, key)
            if path is None or _is_number(figure_of(experiment.id, path), pair=key == "interval"):
                continue
            assert isinstance(predictions, Map)
            at = predictions.items[name]
            assert isinstance(at, Map)
            text = say("history_figure", name=experiment.id, path=path)
            wrong.append(UserError.at(at.items[key].place, f"{experiment.id}.predictions.{name}.{key}", text))
    return wrong


def _is_number(value: Any, pair: bool) -> bool:
    if pair:
        return isinstance(value, list) and len(value) == 2 and all(_is_number(each, False) for each in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def chosen(ids: Sequence[str]) -> list[Experiment]:
    """Entries by id, all of them by default. Raises UserError for an unknown one."""
    known = register()
    for name in ids:
        if name not in known:
            raise UserError(say("history_none", name=name) + near(name, known))
    return [each for name, each in known.items() if not ids or name in ids]
