"""Trials of the problem book: one replication of a problem, with and without its cure, and the figure that tells it."""

import gc
import json
import math
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError
from simulator.engine.observe import Observer, figures
from simulator.engine.state.world import World
from simulator.problems.book import Problem
from simulator.problems.scenarios import SIGNAL, Place, places
from simulator.study.ensemble import with_set
from simulator.study.summary import BASELINE, over
from simulator.study.workers import Job, UnitFailed

OFF = " without "
"""Between the id of a problem and the carrier that is switched off, in the name of a trial."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A problem as it is run: its places with their arms, in order, and which figure is taken over which months."""

    name: str
    places: tuple[Place, ...]
    series: tuple[str, str, str, str, str]
    months: int
    """Last months over which the figure is taken."""

    @property
    def has_signal(self) -> bool:
        """Whether each arm has one beside it with the signal, whose effect is the figure."""
        return any(arm.endswith(SIGNAL) for place in self.places for arm in place.arms)

    @property
    def length(self) -> int:
        """Months of one replication, all arms and burn-ins together."""
        times = ((place.scenario.time, len(place.arms)) for place in self.places)
        return sum(time.warm_up + arms * time.months for time, arms in times)


class Gauge(Observer):
    """An observer of one series of the results over the last months of a run, and of nothing else."""

    def __init__(self, series: tuple[str, str, str, str, str], since: int):
        super().__init__()
        self.series, self.since = series, since
        self.rows: list[tuple[float, float]] = []

    def watch(self, world: World) -> None:
        """Keep numerator and denominator of the month that is about to end."""
        if world.month < self.since:
            return
        self.rows += [row[5:] for row in figures(world) if row[:5] == self.series]

    def value(self) -> float:
        """One figure for the months watched, as in a summary; not a number where there was none."""
        if not self.rows:
            return math.nan
        match over().get(self.series[0]):
            case "max":
                return max(top / bottom for top, bottom in self.rows)
            case "last":
                return self.rows[-1][0] / self.rows[-1][1]
        top, bottom = (math.fsum(each) for each in zip(*self.rows, strict=True))
        return top / bottom if bottom else math.nan


@dataclass(frozen=True)
class Task:
    """Trials to be run; the figures of each replication become a file below ``parts``.

    Where there are ``sets`` of parameters, each rows of `path=value`, replication r has the one at r modulo their
    number.
    """

    trials: dict[str, Trial]
    seed: int
    parts: Path
    sets: Sequence[Sequence[str]] = ()

    def run(self, job: Job, report: Callable[[Job, int, int], None]) -> None:
        """One replication of a trial, whose name stands for the arms of the job.

        Raises:
            UnitFailed: naming the trial, with what went wrong as its cause.
        """
        name = job.arms[0]
        try:
            figures = list(self._figures(self.trials[name], job, report))
            file = part(self.parts, name, job.replication)
            half = file.with_suffix(".half")
            half.write_text(json.dumps(figures), encoding="utf-8")
            half.rename(file)
            report(job, self.trials[name].length, 1)
        except (UserError, BrokenPipeError):
            raise
        except Exception as error:
            why = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise UnitFailed(name, job.replication, why, traceback.format_exc()) from error

    def _figures(self, trial: Trial, job: Job, report: Callable[[Job, int, int], None]) -> Iterable[float]:
        from simulator.simulation import Simulation

        lived = 0
        for place in trial.places:
            how: dict[str, Any] = {"seed": self.seed, "replication": job.replication, "threads": job.threads}
            scenario = place.scenario
            if self.sets:
                scenario = with_set(scenario, self.sets[job.replication % len(self.sets)])
            base = Simulation(scenario, BASELINE, **how)
            report(job, lived, 0)
            while base.steps_done < base.burn_in:
                base.step()
                report(job, lived := lived + 1, 0)
            for arm in place.arms:
                model = base.branch(arm)
                end = model.burn_in + model.horizon
                gauge = model.observer = Gauge(trial.series, end - trial.months)
                while model.steps_done < end:
                    model.step()
                    report(job, lived := lived + 1, 0)
                yield gauge.value()
                del model
                gc.collect()  # models refer to themselves; their large arrays do not make Python look
            del base


def part(parts: Path, name: str, replication: int) -> Path:
    """The file for the figures of a replication of a trial."""
    return parts / f"{name}.{replication}.json"


def kept(parts: Path, name: str, replication: int) -> list[float] | None:
    """The figures of a replication of a trial, None where it has not come to its end."""
    file = part(parts, name, replication)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def trial(problem: Problem, families: int | None = None, off: str | None = None) -> Trial:
    """A problem ready to run, with a carrier switched off if one is named. Raises UserError for what is wrong in it."""
    assert problem.measure
    name = problem.id + (OFF + off if off else "")
    return Trial(name, tuple(places(problem, families, off)), problem.measure.series, problem.measured)
