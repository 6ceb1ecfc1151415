"""What would have to be true for a claim to hold: a search over the values of its scenario that are not clear.

Each value that the scenario itself has by judgement is tried at both ends of its range, alone; those ends that bring
the figure nearer to the claim are then tried together. Where that does not reach it, nothing within these values does.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.core.errors import UserError
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.scenario.schema.scenario import Origin
from simulator.study.intervals import Ends
from simulator.study.kept import Kept
from simulator.study.parameter_table import plain_number
from simulator.validation.claims import Answer, Claimed, claims_told, claims_tried
from simulator.validation.judge import NEAR

NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)(.*)", re.DOTALL)
FACTOR = 2.0
"""A value without a range is halved and doubled."""
MOST = 6
"""Values of a scenario that are tried; those with a range come first."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A value by judgement: its path, as it is written, and the two ends of what it may be."""

    path: str
    text: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What the search found for a claim: the changes that come nearest to it, and what then comes out."""

    answer: Answer
    changes: tuple[str, ...]
    nearest: Answer

    @property
    def reached(self) -> bool:
        """Whether the figure comes within a tenth of the claim; its interval, of a few small runs, is not asked."""
        return _far(self.nearest) <= NEAR * abs(self.answer.ends[0])


def unclear(name: str) -> list[Unclear]:
    """The values of a scenario's own file that stand there by judgement, or with a range, and may be varied."""
    file = scenarios_folder() / f"{name}.yaml"
    scenario = load(file)
    arms = {claim.arm for claim in scenario.claims}
    own = [
        (path, origin)
        for path, origin in scenario.origins.items()
        if origin.file.endswith(file.name)
        and (origin.range or origin.source == "judgement")
        and _is_number(origin.text)
        and (not path.startswith("reforms.") or path.split(".")[1] in arms)
    ]
    own.sort(key=lambda each: each[1].range is None)
    found = []
    for path, origin in own:
        ends = tuple(end for end in _ends(origin) if end != origin.text and _allowed(name, f"{path}={end}"))
        if ends:
            found.append(Unclear(path, origin.text, ends))
    return found[:MOST]


def _is_number(text: str) -> bool:
    number = NUMBER.fullmatch(text)
    return number is not None and float(number[1]) != 0


def _ends(origin: Origin) -> tuple[str, ...]:
    """Both ends of a range; without one, half and twice the value, a share at most all of it."""
    if origin.range is not None:
        return origin.range
    number = NUMBER.fullmatch(origin.text)
    assert number
    value, unit = float(number[1]), number[2]
    most = 100.0 if unit == "%" else 1.0 if unit == "" and value < 1 else math.inf
    sign = "+" if number[1].startswith("+") else ""
    return tuple(f"{sign}{plain_number(min(end, most), 6)}{unit}" for end in (value / FACTOR, value * FACTOR))


def _allowed(name: str, change: str) -> bool:
    """Whether the scenario is valid with a change."""
    try:
        load(scenarios_folder() / f"{name}.yaml", (change,))
    except UserError:
        return False
    return True


def alone(name: str, families: int | None) -> list[Claimed]:
    """The scenario with each unclear value at each of its ends."""
    changes = [(f"{each.path}={end}",) for each in unclear(name) for end in each.ends]
    return [claims_tried(name, families, change) for change in changes]


type How = tuple[int, Ends]
"""Replications, and how their interval is taken."""


def together(name: str, answers: Sequence[Answer], tried: Sequence[Claimed], task: Kept, how: How) -> list[Claimed]:
    """For each answer the scenario with all ends that bring its figure nearer to the claim."""
    families = tried[0].scenarios[0].population.families if tried else None
    made = {}
    for answer in answers:
        changes = _helping(answer, tried, task, how)
        if len(changes) > 1 and all(_allowed(name, each) for each in changes):
            made[changes] = claims_tried(name, families, changes)
    return list(made.values())


def _helping(answer: Answer, tried: Sequence[Claimed], task: Kept, how: How) -> tuple[str, ...]:
    """The better end of each value, where it is better than the value as it stands."""
    best: dict[str, tuple[float, str]] = {}
    for trial in tried:
        (change,) = trial.changes
        path = change.partition("=")[0]
        far = _far(_again(answer, trial, task, how))
        if far < _far(answer) and far < best.get(path, (math.inf, ""))[0]:
            best[path] = (far, change)
    return tuple(change for _, change in best.values())


def _again(answer: Answer, trial: Claimed, task: Kept, how: How) -> Answer | None:
    """What came out for the same claim in another trial."""
    told = claims_told(trial, task, *how)
    return next((each for each in told if each.claim == answer.claim), None)


def _far(answer: Answer | None) -> float:
    """How far a figure is from its claim."""
    if answer is None or math.isnan(answer.found[0]):
        return math.inf
    low, high = answer.ends
    return max(low - answer.found[0], answer.found[0] - high, 0.0)


def condition(answer: Answer, tried: Sequence[Claimed], task: Kept, how: How) -> Condition | None:
    """The changes that come nearest to a claim; None where none was tried to its end or comes nearer."""
    nearest: tuple[float, Claimed | None, Answer | None] = (_far(answer), None, None)
    for trial in tried:
        again = _again(answer, trial, task, how)
        if again is not None and _far(again) < nearest[0]:
            nearest = (_far(again), trial, again)
    if nearest[1] is None or nearest[2] is None:
        return None
    return Condition(answer, nearest[1].changes, nearest[2])
