"""Robust conclusions: in how much of an ensemble of parameters the sign of a headline result holds, and which
parameters turn it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, stdev

from pydantic import ValidationError

from simulator.core.errors import UserErrors
from simulator.core.fields import Block, Both, one_of
from simulator.problems.book import said
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import Map, read_file
from simulator.scenario.load import load
from simulator.scenario.schema.mistakes import below, located
from simulator.study.kept import Arm, Kept
from simulator.validation.ensemble import Ensemble
from simulator.validation.history import Comparison, Tried
from simulator.validation.register import BASELINE, FALLS, RISES, Prediction, Reading

FILE = "headlines.yaml"
PREFIX = "headlines of "
TURNING = 0.5
"""Standard deviations between sets with the sign and those without it, from which a parameter is said to turn it."""
FEW = 3
"""Parameters that are named at most."""


class Headline(Block):
    """A conclusion of the README or of an experiment."""

    title: Both
    """What is concluded."""
    scenario: str
    """Scenario, below `scenarios`, without its ending."""
    arm: str
    """Arm."""
    against: str = BASELINE
    """The arm that it is compared with."""
    measure: Reading
    """Figure."""
    direction: one_of(FALLS, RISES)
    """Where it moves."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A headline over the ensemble: the weighted share of sets in which its sign holds, the sets that were run, the
    mean change, and parameters that turn it with the standardised distance between sets with and without."""

    name: str
    headline: Headline
    share: float
    sets: int
    mean: float
    turned_by: tuple[tuple[str, float], ...]


@cache
def headlines() -> dict[str, Headline]:
    """The packaged headlines by name."""
    return read_headlines(scenarios_folder() / FILE)


def read_headlines(file: Path) -> dict[str, Headline]:
    """The headlines of a file. Raises UserErrors, each mistake with its place."""
    tree, found, wrong = read_file(file, shown(file)), {}, []
    for name, node in tree.items.items():
        assert isinstance(node, Map)
        try:
            found[name] = Headline.model_validate(said(node))
        except ValidationError as error:
            wrong += below(name, located(error, node, Headline))
    if wrong:
        raise UserErrors(wrong)
    return found


def by_scenario() -> dict[str, dict[str, Headline]]:
    """The packaged headlines by scenario and name."""
    found: dict[str, dict[str, Headline]] = {}
    for name, each in headlines().items():
        found.setdefault(each.scenario, {})[name] = each
    return found


def headlines_tried(families: int | None = None) -> list[Tried]:
    """Every headline, ready to be run once with each set, on people of its own."""
    return [_tried(name, group, families) for name, group in by_scenario().items()]


def signs_told(task: Kept, ensemble: Ensemble) -> list[Sign]:
    """The signs over an ensemble, of scenarios that were run with all of its sets."""
    signs = []
    for scenario, group in by_scenario().items():
        figures = task.all_kept(PREFIX + scenario, len(ensemble.rows))
        for number, (name, each) in enumerate(group.items() if figures else ()):
            changes = [float(on) - float(off) for off, on in (values[number] for values in figures)]
            signs.append(sign(name, each, changes, ensemble))
    order = list(headlines())
    return sorted(signs, key=lambda each: order.index(each.name))


def _tried(name: str, group: dict[str, Headline], families: int | None) -> Tried:
    scenario = load(scenarios_folder() / f"{name}.yaml", families=families)
    comparisons = []
    for key, each in group.items():
        prediction = Prediction(measure=each.measure, kind="sign", direction=each.direction)
        comparisons.append(Comparison(key, prediction, Arm(0, each.arm), Arm(0, each.against)))
    arms = tuple(dict.fromkeys(side.name for each in comparisons for side in (each.off, each.on)))
    return Tried(PREFIX + name, (scenario,), (arms,), tuple(comparisons))


def sign(name: str, headline: Headline, changes: Sequence[float], ensemble: Ensemble) -> Sign:
    """The share of sets in which a change has the sign of a headline, and what tells the others apart."""
    holds = [(change < 0) if headline.direction == FALLS else (change > 0) for change in changes]
    share = sum(weight for weight, held in zip(ensemble.weights, holds, strict=True) if held)
    mean = sum(weight * change for weight, change in zip(ensemble.weights, changes, strict=True))
    return Sign(name, headline, share, len(changes), mean, turned_by(holds, ensemble))


def turned_by(holds: Sequence[bool], ensemble: Ensemble) -> tuple[tuple[str, float], ...]:
    """Parameters whose mean differs most between the sets that hold and those that do not, in standard deviations over
    all sets; none where fewer than two sets are on one side."""
    if min(sum(holds), len(holds) - sum(holds)) < 2:
        return ()
    found = []
    for column in ensemble.columns:
        values = ensemble.values(column)
        spread = stdev(values) if values else 0.0
        if not values or spread == 0.0:
            continue
        with_it = fmean(value for value, held in zip(values, holds, strict=True) if held)
        without = fmean(value for value, held in zip(values, holds, strict=True) if not held)
        found.append((column, (without - with_it) / spread))
    found.sort(key=lambda each: -abs(each[1]))
    return tuple(each for each in found[:FEW] if abs(each[1]) >= TURNING)
