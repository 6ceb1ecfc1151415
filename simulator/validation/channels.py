"""Headline results of alliances by channel: what each does alone, and what would be missing without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.scenario.schema.scenario import Scenario
from simulator.study.explain.by_channel import Off, OneChannel, acting, arms_of, forming, taken_apart, variants, words
from simulator.study.intervals import Ends, Interval
from simulator.study.kept import Arm, Kept
from simulator.study.summary import last_months
from simulator.validation.history import reading
from simulator.validation.register import BASELINE
from simulator.validation.robust import Headline, by_scenario

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "channels of "


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario with some channels of its alliances off, as it is run."""

    name: str
    scenarios: tuple[Scenario, ...]
    arms: tuple[tuple[str, ...], ...]
    off: Off
    headlines: Mapping[str, Headline]

    def told(self) -> object:
        """What its figures follow from beside scenarios and arms."""
        return {name: each.model_dump() for name, each in self.headlines.items()}

    def read(self, arm: Arm, monthly: "pd.DataFrame") -> dict[str, float]:
        """The figures of an arm over the last twelve months, by the names of the headlines."""
        months = last_months(monthly)
        return {name: reading(each.measure, monthly, months) for name, each in self.headlines.items()}

    def figures(self, values: Mapping[Arm, dict[str, float]]) -> dict[str, dict[str, float]]:
        """Those of each arm."""
        return {arm.name: found for arm, found in values.items()}


@dataclass(frozen=True, slots=True)
class ByChannels:
    """A headline by channel: level of the baseline, the difference, what is left of it with no channel, and parts."""

    headline: str
    level: float
    difference: Interval
    none: Interval
    parts: tuple[OneChannel, ...]


@dataclass(frozen=True, slots=True)
class Alliance:
    """An arm that forms alliances, with the channels by which they act, and the runs that take it apart."""

    arm: str
    channels: tuple[str, ...]
    variants: tuple[Variant, ...]


def alliances_tried(families: int | None = None) -> list[Alliance]:
    """The arms of headline results that form alliances and are compared with the baseline, ready to run."""
    made = []
    for name, group in by_scenario().items():
        file = scenarios_folder() / f"{name}.yaml"
        scenario = load(file, families=families)
        for arm in forming(scenario):
            mine = {key: each for key, each in group.items() if (each.arm, each.against) == (arm, BASELINE)}
            if mine:
                channels = acting(scenario, arm)
                tried = [_variant(name, scenario, arm, off, mine) for off in (frozenset[str](), *variants(channels))]
                made.append(Alliance(arm, tuple(channels), tuple(tried)))
    return made


def _variant(name: str, scenario: Scenario, arm: str, off: Off, mine: Mapping[str, Headline]) -> Variant:
    """An arm with some channels off; the baseline with it only where it is needed."""
    said = words(scenario, off)
    changed = load(scenarios_folder() / f"{name}.yaml", (f"analysis.no_channels={said}",), scenario.population.families)
    arms = tuple(arms_of(scenario, arm, off)) if off else (BASELINE, arm)
    return Variant(f"{PREFIX}{name}.{arm} without {said}", (changed,), (arms,), off, mine)


def channels_told(alliance: Alliance, task: Kept, replications: int, ends: Ends) -> list[ByChannels]:
    """What the figures kept so far say; nothing before all runs of the alliance are there."""
    kept = {each.off: task.all_kept(each.name, replications) for each in alliance.variants}
    if not all(kept.values()):
        return []
    return [
        ByChannels(name, level, difference, none, tuple(parts))
        for name in alliance.variants[0].headlines
        for level, difference, none, parts in [taken_apart(_levels(kept, name), alliance.arm, alliance.channels, ends)]
    ]


def _levels(
    kept: Mapping[Off, Sequence[Mapping[str, Mapping[str, float]]]], headline: str
) -> dict[Off, dict[str, dict[int, float]]]:
    """Levels of a headline by what is off, arm and replication."""
    return {
        off: {arm: {r: each[arm][headline] for r, each in enumerate(figures)} for arm in figures[0]}
        for off, figures in kept.items()
    }
