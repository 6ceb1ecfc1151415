"""The tasks of a study: one for each point and replication, named by a hash of everything that decides its result."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from simulator.core.errors import UserError
from simulator.core.jit import source_hash
from simulator.core.messages import say
from simulator.scenario.language.csv_tables import without_name
from simulator.scenario.language.merge import place_at, plain
from simulator.study.cost import Plan as Cost
from simulator.study.cost import cores, plan, size
from simulator.study.inputs import data_hash
from simulator.study.pace import seconds
from simulator.study.sweep.designs import Points
from simulator.study.sweep.study import Study

ENGINE = "fast"
CHECKED = 40
"""Points that are tried before a study begins."""
BYTES = 1200
"""Disk of a task: its file and its rows in the tables, for a handful of outcomes; file systems take more."""
BLOCK = 4096
"""What a small file takes on most file systems."""


class Cell(NamedTuple):
    """A point and a replication. ``key`` names the task; ``values`` are the texts of the point, by variable."""

    key: str
    point: int
    replication: int
    values: dict[str, str | None]


type Where = tuple[int, int]
"""Point and replication."""


class Shard(NamedTuple):
    """Part ``number`` (from 1) of ``of``."""

    number: int = 1
    of: int = 1

    @property
    def whole(self) -> bool:
        """Whether it is everything."""
        return self.of == 1


WHOLE = Shard()
"""Everything."""


def digest(content: Any) -> str:
    """Hash of anything that JSON can say, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def code() -> dict[str, str]:
    """The version of the program, as far as results depend on it."""
    return {"source_hash": source_hash(), "data_hash": data_hash()}


@dataclass(frozen=True)
class Tasks:
    """The tasks of a study with so many replications at every point."""

    study: Study
    points: Points
    replications: int
    model: str | None = None
    """Module and class of another model that is run in the place of HealthSystem."""
    version: dict[str, str] | None = None
    """Version of the program that the results are from, as ``code`` gives it; by default this one."""
    _of_point: dict[int, str] = field(default_factory=dict, repr=False)

    @cached_property
    def common(self) -> str:
        """Hash of what all tasks share: scenario, arms, outcomes, seed, version of the program."""
        spec = self.study.specification
        outcomes = {name: each.model_dump(exclude={"title", "better"}) for name, each in spec.outcomes.items()}
        whole = plain(without_name(self.study.whole.tree))
        return digest([whole, list(spec.arms), outcomes, spec.design.seed, ENGINE, self.model, self.version or code()])

    def key(self, point: int, replication: int) -> str:
        """Name of a task: what the scenario says at its point, the replication, and what all tasks share."""
        if (of_point := self._of_point.get(point)) is None:
            patches = [plain(patch) for patch in self.study.patches(self.points.values(point))]
            of_point = self._of_point[point] = digest([self.common, patches])
        return digest([of_point, replication])

    def cell(self, point: int, replication: int) -> Cell:
        """A task by its point and replication."""
        return Cell(self.key(point, replication), point, replication, self.points.values(point))

    def shard(self, shard: Shard = WHOLE) -> Iterator[Where]:
        """The tasks of a shard before any replication is added, point by point."""
        for point in range(len(self.points)):
            for replication in range(self.replications):
                if self.belongs(point, replication, shard):
                    yield point, replication

    def belongs(self, point: int, replication: int, shard: Shard) -> bool:
        """Whether a task is part of a shard. With a stop rule, which looks at all replications of a point, points are
        shared out, else tasks."""
        number = point if self.study.specification.design.stop_when else point * self.replications + replication
        return shard.whole or number % shard.of == shard.number - 1

    def __len__(self) -> int:
        return len(self.points) * self.replications

    def check_points(self) -> None:
        """Build the scenario of some points, evenly spread, whose values may not go together. Raises UserError."""
        step = max(1, len(self.points) // CHECKED)
        for point in range(0, len(self.points), step):
            values = self.points.values(point)
            try:
                self.study.scenario(values)
            except UserError as error:
                point_text = ", ".join(f"{name} = {text}" for name, text in values.items() if text is not None)
                at = place_at(self.study.tree, "design")
                refused = say("sweep.point_refused", values=point_text, problem=error)
                raise UserError.at(at, "design", refused) from None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a study will take: tasks, runs (arms of tasks), seconds of wall time, bytes of disk and of memory."""

    tasks: int
    runs: int
    seconds: float
    disk: int
    cost: Cost


def estimate(tasks: Tasks, workers: int | None = None, todo: int | None = None) -> Estimate:
    """What ``todo`` tasks, by default all, will take with so many workers, by default one for each core."""
    number = len(tasks) if todo is None else todo
    place, arms = size(tasks.study.base), len(tasks.study.specification.arms)
    processes = min(workers or cores(), max(1, number))
    cost = plan(number, place.families, place.months(arms), ENGINE, processes, processes)
    return Estimate(number, number * arms, seconds(cost, ENGINE), number * (BLOCK + BYTES), cost)


def limits(tasks: Tasks) -> tuple[float, int]:
    """Seconds and bytes that one task may take: what the study says, or plenty."""
    limits = tasks.study.specification.limits
    place = size(tasks.study.base)
    one = plan(1, place.families, place.months(len(tasks.study.specification.arms)), ENGINE, 1, 1)
    return limits.time or 20 * one.seconds + 1800, limits.memory or 3 * one.memory + 10**9
