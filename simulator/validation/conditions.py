"""What would have to be true for a claim to hold: a search over the values of its scenario that are not clear.

Each value that the scenario itself has by judgement is tried at both ends of its range, alone; those ends that bring
the figure nearer to the claim are then tried together. Where that does not reach it, nothing within these values does.
All runs of a search, that of the scenario as it stands too, are of one size and on the same people and draws.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.core.errors import UserError
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.scenario.schema.scenario import Origin
from simulator.study.intervals import Ends
from simulator.study.kept import Kept, keeping, run_kept, takes
from simulator.study.parameter_table import plain_number
from simulator.study.run import Progress
from simulator.validation.asked import How, Size
from simulator.validation.claims import Answer, Claimed, claims_told, claims_tried
from simulator.validation.judge import NEAR

NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)(.*)", re.DOTALL)
FACTOR = 2.0
"""A value without a range is halved and doubled."""
MOST = 6
"""Values of a scenario that are tried; those with a range come first."""
MOST_FAMILIES, MOST_RUNS = 2000, 4
"""Families and replications at most of a run of the search."""


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
    """Of the scenario as it stands."""
    changes: tuple[str, ...]
    """None where none brings it nearer."""
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
        ends = tuple(end for end in _ends(origin) if end != origin.text and _allowed(name, (f"{path}={end}",)))
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


def _allowed(name: str, changes: tuple[str, ...]) -> bool:
    """Whether the scenario is valid with these changes."""
    try:
        load(scenarios_folder() / f"{name}.yaml", changes)
    except UserError:
        return False
    return True


def alone(name: str, families: int | None) -> list[Claimed]:
    """The scenario with each unclear value at each of its ends."""
    changes = [(f"{each.path}={end}",) for each in unclear(name) for end in each.ends]
    return [claims_tried(name, families, change) for change in changes]


type Taken = tuple[int, Ends]
"""Replications, and how their interval is taken."""


def together(name: str, answers: Sequence[Answer], tried: Sequence[Claimed], task: Kept, taken: Taken) -> list[Claimed]:
    """For each answer the scenario with all ends that bring its figure nearer to the claim."""
    families = tried[0].scenarios[0].population.families if tried else None
    made = {}
    for answer in answers:
        changes = _helping(answer, tried, task, taken)
        if len(changes) > 1 and _allowed(name, changes):
            made[changes] = claims_tried(name, families, changes)
    return list(made.values())


def _helping(answer: Answer, tried: Sequence[Claimed], task: Kept, taken: Taken) -> tuple[str, ...]:
    """The better end of each value, where it is better than the value as it stands."""
    best: dict[str, tuple[float, str]] = {}
    for trial in tried:
        (change,) = trial.changes
        path = change.partition("=")[0]
        far = _far(_again(answer, trial, task, taken))
        if far < _far(answer) and far < best.get(path, (math.inf, ""))[0]:
            best[path] = (far, change)
    return tuple(change for _, change in best.values())


def _again(answer: Answer, trial: Claimed, task: Kept, taken: Taken) -> Answer | None:
    """What came out for the same claim in another trial."""
    told = claims_told(trial, task, *taken)
    return next((each for each in told if each.claim == answer.claim), None)


def _far(answer: Answer | None) -> float:
    """How far a figure is from its claim."""
    if answer is None or math.isnan(answer.found[0]):
        return math.inf
    low, high = answer.ends
    return max(low - answer.found[0], answer.found[0] - high, 0.0)


def condition(answer: Answer, tried: Sequence[Claimed], task: Kept, taken: Taken) -> Condition:
    """The changes that come nearest to a claim, of those that were tried to their end."""
    nearest = Condition(answer, (), answer)
    for trial in tried:
        again = _again(answer, trial, task, taken)
        if again is not None and _far(again) < _far(nearest.nearest):
            nearest = Condition(answer, trial.changes, again)
    return nearest


class Search:
    """The search for some answers: scenarios as they stand, with one value other, and with all that help."""

    def __init__(self, answers: Sequence[Answer], folder: Path, size: Size, how: How):
        """Args: the answers, where figures are kept, the size of the validation, and how it is run."""
        self.how, self.folder, self.size = how, folder, searched(size)
        self.answers = answers
        self.as_it_stands = {
            name: claims_tried(name, self.size.families) for name in dict.fromkeys(each.scenario for each in answers)
        }
        self.alone = {name: alone(name, self.size.families) for name in self.as_it_stands}

    def _task(self, trials: Mapping[str, Sequence[Claimed]]) -> Kept:
        whole = [*self.as_it_stands.values(), *(trial for each in trials.values() for trial in each)]
        return keeping(whole, self.folder, self.size.seed, self.how.sets)

    def takes(self) -> float:
        """Seconds, as far as they can be known before: what will be tried together is not."""
        return takes(self._task(self.alone), self.size.replications, self.how.threads)

    def run(self, progress: Callable[[Progress], None] | None) -> tuple[Condition, ...]:
        """What comes nearest to each claim. Raises what `run_kept` does."""
        taken = (self.size.replications, self.how.ends)
        task = self._task(self.alone)
        run_kept(task, self.size.replications, self.how.threads, progress)
        found = [_again(each, self.as_it_stands[each.scenario], task, taken) for each in self.answers]
        answers = [each for each in found if each is not None]
        both = {
            name: [*tried, *together(name, [each for each in answers if each.scenario == name], tried, task, taken)]
            for name, tried in self.alone.items()
        }
        task = self._task(both)
        run_kept(task, self.size.replications, self.how.threads, progress)
        return tuple(condition(each, both[each.scenario], task, taken) for each in answers)


def searched(size: Size) -> Size:
    """The size of a run of the search."""
    return size._replace(families=min(size.families, MOST_FAMILIES), replications=min(size.replications, MOST_RUNS))
