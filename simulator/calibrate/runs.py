"""Runs of the model at points of the unit cube, by the sweep engine: kept, gone on with, on a cluster as well.

Points are shared out over samples of people; every place and sample is a study of its own in the folder of the batch.
"""

import csv
import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simulator.calibrate.language import Free
from simulator.calibrate.priors import Priors
from simulator.calibrate.read import YEAR, Calibration
from simulator.calibrate.targets import Outcomes, level_of, outcomes_wanted
from simulator.scenario.language.strict_yaml import written
from simulator.study.sweep.designs import points_of
from simulator.study.sweep.drive import drive
from simulator.study.sweep.executors import Executors
from simulator.study.sweep.read import read_study
from simulator.study.sweep.store import Damaged, Store
from simulator.study.sweep.tasks import Tasks, estimate
from simulator.study.sweep.values import text_like

DIGITS = 8
"""Significant digits of a value."""
LEVELS = "levels.csv"
type Seen = Callable[[str, int, int], None]
"""Called with a batch, runs that are done, and of how many."""


class Batch(NamedTuple):
    """A name, the sampled families of its runs, over how many samples of people its points are shared out, and the
    number of the first of these."""

    name: str
    families: int
    samples: int
    first: int = 0


@dataclass(frozen=True)
class Runs:
    """The runs of a calibration. ``executors`` makes who does the work in the place of this machine's children."""

    calibration: Calibration
    folder: Path
    workers: int | None = 1
    executors: Callable[[], AbstractContextManager[Executors]] | None = None
    seen: Seen = lambda batch, done, of: None
    warn: Callable[[str], None] = lambda text: None

    def levels(self, batch: Batch, points: np.ndarray) -> np.ndarray:
        """The level of every target (point, target) in a run at each point; NaN where a run has none.

        Raises:
            UserError: a scenario refuses a value, or nothing can be written.
            StudyStopped: Ctrl-C; what is finished is kept.
        """
        spec = self.calibration.specification
        names = list(spec.targets)
        found = np.full((len(points), len(names)), np.nan)
        done, of = 0, len(points) * len(spec.places)
        for place, mine, tasks, folder in self._studies(batch, points):
            before = done

            def progress(seen: Any, before: int = before) -> None:
                self.seen(batch.name, before + seen.done, of)

            drive(
                tasks, folder, workers=self.workers, executors=self.executors() if self.executors else None,
                progress=progress, warn=self.warn,
            )  # fmt: skip
            done += len(mine)
            self.seen(batch.name, done, of)
            outcomes = _read(tasks, folder, texts(spec.parameters, points[mine]))
            for name, aim in spec.aimed_at(place).items():
                levels = [math.nan if each is None else level_of(name, aim, each) for each in outcomes]
                found[mine, names.index(name)] = levels
        self._keep(batch, points, found)
        return found

    def seconds(self, batch: Batch, count: int) -> float:
        """How long so many points will take on this machine."""
        one = np.full((1, len(self.calibration.specification.parameters)), 0.5)
        whole = 0.0
        for _, _, tasks, _ in self._studies(batch._replace(name=".estimate", samples=1), one):
            whole += estimate(tasks, self.workers, count).seconds
        return whole

    def _studies(self, batch: Batch, points: np.ndarray) -> Iterator[tuple[str, np.ndarray, Tasks, Path]]:
        """Each place and sample: its points by number, its tasks, and the folder of its study."""
        spec = self.calibration.specification
        for place in spec.places:
            for sample in range(min(batch.samples, len(points))):
                mine = np.arange(sample, len(points), batch.samples)
                folder = self.folder / batch.name / f"{place}-{sample}"
                folder.mkdir(parents=True, exist_ok=True)
                self._write(folder, place, spec.design.seed + batch.first + sample, points[mine])
                study = read_study(folder / "sweep.yaml", batch.families, YEAR, tried=False)
                yield place, mine, Tasks(study, points_of(study), 1), folder / "runs"

    def _write(self, folder: Path, place: str, seed: int, points: np.ndarray) -> None:
        """The study of a place and sample."""
        spec = self.calibration.specification
        names = spec.set_at(place)
        where = spec.places[place]
        outcomes = {
            name: {key: value for key in ("indicator", "tier", "plan", "part") if (value := getattr(each, key))}
            for name, each in outcomes_wanted(spec.aimed_at(place)).items()
        }
        study = {
            "format": "1",
            "title": spec.title.model_dump(),
            "question": "calibration",
            "scenario": str(self.calibration.scenario_file(place)),
            "arms": list(where.arms),
            "changes": {"time": {"warm_up": where.warm_up}},
            "uncertainties": {
                name: {"sets": spec.path(name), "between": list(spec.parameters[name].between)} for name in names
            },
            "outcomes": outcomes,
            "design": {"kind": "table", "file": "points.csv", "seed": str(seed)},
        }
        (folder / "sweep.yaml").write_text(written(study), encoding="utf-8")
        rows = texts(spec.parameters, points)
        with (folder / "points.csv").open("w", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, names, extrasaction="ignore")
            table.writeheader()
            table.writerows(rows)

    def _keep(self, batch: Batch, points: np.ndarray, levels: np.ndarray) -> None:
        """The points and what they gave, for people."""
        spec = self.calibration.specification
        with (self.folder / batch.name / LEVELS).open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            table.writerow([*spec.parameters, *spec.targets])
            for row, level in zip(texts(spec.parameters, points), levels, strict=True):
                table.writerow([*row.values(), *(f"{value:.6g}" for value in level)])


def texts(parameters: dict[str, Free], points: np.ndarray) -> list[dict[str, str]]:
    """Values at points of the unit cube as a scenario has them, by parameter."""
    values = Priors.of(parameters).values(points)
    return [
        {
            name: text_like(float(v), free.between[1], DIGITS)
            for (name, free), v in zip(parameters.items(), row, strict=True)
        }
        for row in values
    ]


def _read(tasks: Tasks, folder: Path, rows: list[dict[str, str]]) -> list[Outcomes | None]:
    """The outcomes at each of these points of a study, None where the run failed; points that are alike there, for what
    differs is no datum of the place, were run once."""
    store, names = Store(folder), tasks.points.names
    numbers = {row: number for number, row in enumerate(tasks.points.rows)}
    found: list[Outcomes | None] = []
    for row in rows:
        try:
            result = store.result(tasks.key(numbers[tuple(row[name] for name in names)], 0))
        except Damaged:
            result = None
        found.append(result.values if result else None)
    return found
