"""Run a reform that forms alliances again with one of their channels, and with all but one, on the same people and
draws.

A channel is a way in which an alliance changes what happens in a visit (`alliance/kinds/`). What is left with none of
them is what members make of their money, and all else that comes with the reform.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.alliance.channels import CHANNELS
from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.branches import lived
from simulator.study.cost import cores, plan, size
from simulator.study.explain.parts import Series
from simulator.study.explain.switches import Takes, levels_of, replications_of
from simulator.study.intervals import Ends, Interval
from simulator.study.manifest import scenario_of
from simulator.study.parameters import recorded_in
from simulator.study.results import Results
from simulator.study.run import Progress, run
from simulator.study.summary import BASELINE, last_months

if TYPE_CHECKING:
    import pandas as pd

type Off = frozenset[str]
"""Channels that are off."""


@dataclass(frozen=True, slots=True)
class OneChannel:
    """What a channel does: means and 95 % intervals."""

    channel: str
    adds: Interval
    """Difference with it and no other, less that with none."""
    carries: Interval
    """Whole difference less that with all but this one."""


@dataclass(frozen=True, slots=True)
class ByChannel:
    """The difference of an arm from the baseline by the channels of its alliances."""

    arm: str
    series: Series
    first: str
    last: str
    replications: int
    families: int
    level: float  # mean of the baseline
    difference: Interval
    none: Interval
    """Difference with every channel off."""
    channels: list[OneChannel]


def alliances_of(scenario: Any, arm: str) -> list[tuple[str, Any]]:
    """Alliances of an arm from each month on in which they change."""
    found: list[tuple[str, Any]] = []
    for state in scenario.states(arm):
        if not found or state.rules.alliances != found[-1][1]:
            found.append((state.month, state.rules.alliances))
    return found


def forming(scenario: Any) -> list[str]:
    """Arms of a scenario whose alliances are others than the baseline's."""
    mine = alliances_of(scenario, BASELINE)
    return [arm for arm in scenario.arms if arm != BASELINE and alliances_of(scenario, arm) != mine]


def acting(scenario: Any, arm: str) -> list[str]:
    """Channels by which the alliances of an arm act: those that are not off, and have what they need."""
    unified = {word for _, named in alliances_of(scenario, arm) for each in named.values() for word in each.unified}
    par = scenario.behaviour.row()[0]
    off = set(scenario.analysis.no_channels)

    def acts(name: str) -> bool:
        channel = CHANNELS[name].channel
        strong = any(par[each] for each in channel.parameters) or any(_moved(scenario, arm, t) for t in channel.terms)
        return strong and name not in off and (not channel.needs or channel.needs in unified)

    return [name for name in CHANNELS if acts(name)]


def _moved(scenario: Any, arm: str, section: str) -> bool:
    """Whether a section of an arm's rules is ever another than every arm starts with."""
    start = getattr(scenario.states(BASELINE)[0].rules, section)
    return any(getattr(state.rules, section) != start for state in scenario.states(arm))


def variants(channels: list[str]) -> list[Off]:
    """What is off in the runs that are needed beside the whole: everything; all but one; one."""
    every = frozenset(channels)
    sets = [every, *(every - {name} for name in channels), *(frozenset({name}) for name in channels)]
    return [off for off in dict.fromkeys(sets) if off]


def arms_of(scenario: Any, arm: str, off: Off) -> list[str]:
    """Arms to run with these channels off: the baseline only where it is not what it was with them."""
    terms = {section for name in off for section in CHANNELS[name].channel.terms}
    other = any(_moved(scenario, BASELINE, section) for section in terms)
    return [BASELINE, arm] if other or any(named for _, named in alliances_of(scenario, BASELINE)) else [arm]


def takes(results: Results, arm: str, replications: int | None, families: int | None, threads: int | None) -> Takes:
    """What ``by_channel`` will take with the same arguments, as far as it can be known before."""
    scenario = scenario_of(results.manifest, (), families)
    count = replications or replications_of(results.manifest, arm)
    workers, one = cores() if threads is None else threads, size(scenario)
    lives = [arms_of(scenario, arm, off) for off in variants(acting(scenario, arm))]
    lives += [] if _is_there(replications, families) else [[BASELINE, arm]]
    shares = [plan(count, one.families, lived(scenario, arms), "fast", workers) for arms in lives]
    return Takes(len(lives), count, one.families, sum(share.seconds for share in shares))


def by_channel(
    results: Results,
    arm: str,
    series: Series,
    replications: int | None = None,
    families: int | None = None,
    threads: int | None = None,
    report: Callable[[int, int], None] | None = None,
) -> ByChannel:
    """Run an arm again without its alliances' channels, with one of them, and without one.

    Args:
        results: of a run with the baseline and ``arm``; read for the whole difference where neither ``replications``
            nor ``families`` are given.
        series: from ``switches.wanted``.
        replications: how many; by default as many as the run has of both.
        families: number of sampled families; by default the run's.
        threads: cores to use.
        report: called with months lived and months to live.

    Raises:
        UserError: the alliances of the arm are those of the baseline.
    """
    manifest = results.manifest
    scenario = scenario_of(manifest, (), families)
    if arm not in forming(scenario):
        raise UserError(say("channels.no_alliance", arm=arm))
    count = replications or replications_of(manifest, arm)
    channels = acting(scenario, arm)
    todo: list[Off] = variants(channels)
    there = _is_there(replications, families)
    if not there:
        todo.insert(0, frozenset())
    period = last_months(results.monthly)
    found: dict[Off, Mapping[str, dict[int, float]]] = {}
    if there:
        found[frozenset()] = levels_of(_cut(results.monthly, period), (BASELINE, arm), series, *period)
    with tempfile.TemporaryDirectory(prefix="tiercare-channels-") as folder:
        for n, off in enumerate(todo):
            changed = scenario_of(manifest, (f"analysis.no_channels={words(scenario, off)}",), families)
            again = run(
                changed,
                replications=count,
                parameters=recorded_in(manifest, changed),
                seed=manifest["seed"],
                arms=arms_of(scenario, arm, off) if off else [BASELINE, arm],
                threads=threads,
                out=Path(folder, str(n)),
                progress=_forward(report, n, len(todo)),
            )
            found[off] = levels_of(_cut(again.monthly, period), again.arms, series, *period)
    return ByChannel(
        arm, series, *period, count, families or manifest["families"], *taken_apart(found, arm, channels, results.ends)
    )


def taken_apart(
    found: Mapping[Off, Mapping[str, Mapping[int, float]]], arm: str, channels: Sequence[str], ends: Ends
) -> tuple[float, Interval, Interval, list[OneChannel]]:
    """The level of the baseline, the difference of an arm, what of it is left with no channel, and each channel's part.

    Args:
        found: by what is off, levels by arm and replication; of the baseline only where it is not what it is with
            every channel.
        arm: the arm.
        channels: those that were on, and were each left out and left alone.
        ends: how intervals are taken.
    """
    nothing: Off = frozenset()
    every = frozenset(channels)
    base = found[nothing][BASELINE]
    differences = {off: dict(_paired(levels, base, arm)) for off, levels in found.items()}

    def less(one: Off, other: Off) -> Interval:
        a, b = differences[one], differences[other]
        return ends([a[r] - b[r] for r in sorted(a.keys() & b.keys())])

    def difference(off: Off) -> Interval:
        return ends([differences[off][r] for r in sorted(differences[off])])

    parts = [OneChannel(name, less(every - {name}, every), less(nothing, frozenset({name}))) for name in channels]
    return ends(list(base.values()))[0], difference(nothing), difference(every), parts


def _is_there(replications: int | None, families: int | None) -> bool:
    """Whether the whole difference can be read off the run that is explained."""
    return replications is None and families is None


def words(scenario: Any, off: Off) -> str:
    """A list of the language: these channels, and those that the scenario itself does without."""
    return f"[{', '.join(sorted(off | set(scenario.analysis.no_channels)))}]"


def _cut(monthly: "pd.DataFrame", period: tuple[str, str]) -> "pd.DataFrame":
    return monthly[(monthly["month"] >= period[0]) & (monthly["month"] <= period[1])]


def _paired(
    levels: Mapping[str, Mapping[int, float]], base: Mapping[int, float], arm: str
) -> Iterator[tuple[int, float]]:
    """Differences of an arm from the baseline of its own run, or from ``base`` where that is the same."""
    against = levels.get(BASELINE, base)
    return ((r, levels[arm][r] - against[r]) for r in sorted(levels[arm].keys() & against.keys()))


def _forward(report: Callable[[int, int], None] | None, n: int, runs: int) -> Callable[[Progress], None] | None:
    if report is None:
        return None
    return lambda progress: report(n * progress.of_months + progress.months, runs * progress.of_months)
