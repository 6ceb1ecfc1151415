"""What programmes say of themselves as trials, and what comes of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from simulator.report.claims import RELATIVE, claimed_of
from simulator.report.listing import scenario_files
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.scenario.schema.claims import Claim
from simulator.scenario.schema.scenario import Scenario
from simulator.study.intervals import Ends, Interval
from simulator.study.kept import Arm, Kept, Series, figures_over
from simulator.study.summary import last_months
from simulator.validation.history import changed
from simulator.validation.judge import OPPOSITE, WEAKER, of_change, of_level
from simulator.validation.register import BASELINE

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "claims of "
"""Before the name of a scenario, in the name of its trial."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A scenario with claims as it is run: the baseline and the arms that something is claimed of."""

    name: str
    scenario: str
    scenarios: tuple[Scenario, ...]
    arms: tuple[tuple[str, ...], ...]
    claims: tuple[Claim, ...]
    changes: tuple[str, ...] = ()
    """Values that differ from those of the scenario, `path=value`."""

    def told(self) -> object:
        """What its figures follow from beside scenarios and arms."""
        return [str(each) for each in self.claims]

    def read(self, arm: Arm, monthly: "pd.DataFrame") -> dict[str, float]:
        """The figures of an arm over the last twelve months, by the numbers of the claims."""
        found = figures_over(monthly, {each.indicator for each in self.claims}, last_months(monthly))
        return {
            str(number): found[series].value if (series := series_of(each)) in found else math.nan
            for number, each in enumerate(self.claims)
        }

    def figures(self, values: Mapping[Arm, dict[str, float]]) -> list[list[float]]:
        """Without and with the programme, for each claim."""
        return [
            [values[Arm(0, arm)][str(number)] for arm in (BASELINE, each.arm)]
            for number, each in enumerate(self.claims)
        ]


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim, what came out in its place, and the verdict; none where nothing of the kind happened."""

    scenario: str
    claim: Claim
    found: Interval

    @property
    def ends(self) -> tuple[float, float]:
        """The claimed figure, or both ends of what is claimed, in its unit."""
        figures = [each.mean for each in claimed_of(self.claim)]
        return min(figures), max(figures)

    @property
    def verdict(self) -> str:
        """How it comes out; empty where there is no figure."""
        if math.isnan(self.found[0]):
            return ""
        low, high = self.ends
        if self.claim.change is None:
            return of_level(low, high, self.found)
        return of_change(low, self.found)

    @property
    def implausible(self) -> bool:
        """Whether less than half of what is claimed comes out, or the opposite."""
        least = min(self.ends, key=abs)
        return self.verdict in (WEAKER, OPPOSITE) and math.copysign(1.0, least) * self.found[0] < abs(least) / 2


def series_of(claim: Claim) -> Series:
    """The series that a claim is about."""
    return claim.indicator, claim.tier or "", claim.plan or "", "", ""


@cache
def scenarios_with_claims() -> tuple[str, ...]:
    """Packaged scenarios that have claims about all case groups together, by their names."""
    folder = scenarios_folder()
    names = [str(file.relative_to(folder).with_suffix("")) for file in scenario_files(folder)]
    return tuple(name for name in names if _told(load(folder / f"{name}.yaml")))


def _told(scenario: Scenario) -> tuple[Claim, ...]:
    """Claims that a series of the results can be held against."""
    return tuple(each for each in scenario.claims if not each.groups)


def claims_tried(name: str, families: int | None = None, changes: tuple[str, ...] = ()) -> Claimed:
    """A scenario with claims ready to run, with other values for what is not clear."""
    scenario = load(scenarios_folder() / f"{name}.yaml", changes, families=families)
    claims = _told(scenario)
    arms = tuple(dict.fromkeys((BASELINE, *(each.arm for each in claims))))
    called = " ".join([PREFIX + name, *changes])
    return Claimed(called, name, (scenario,), (arms,), claims, changes)


def claims_told(trial: Claimed, task: Kept, replications: int, ends: Ends) -> list[Answer]:
    """What the figures kept so far say of claims; nothing before all replications are there."""
    figures: list[Any] = task.all_kept(trial.name, replications)
    if not figures:
        return []
    made = []
    for number, claim in enumerate(trial.claims):
        pairs = [tuple(values[number]) for values in figures]
        if claim.change is None:
            levels = [after for _, after in pairs if not math.isnan(after)]
            found = ends(levels) if levels else (math.nan, math.nan, math.nan)
        else:
            found = changed(pairs, "relative" if claim.change[1] == RELATIVE else "absolute", ends)
        made.append(Answer(trial.scenario, claim, found))
    return made
