"""How far a study has come: counts, rate, and means of the outcomes so far."""

import time
from dataclasses import dataclass, field

from simulator.study.sweep import stop
from simulator.study.sweep.store import Damaged, Store
from simulator.study.sweep.tasks import WHOLE, Cell, Shard, Tasks, Where
from simulator.study.sweep.watchdog import DONE, Ended


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study has come.

    ``done`` of ``of`` tasks have a result, ``before`` of them from earlier sessions; ``failed`` have none and will not
    get one in this session; ``left`` is in seconds, None while nobody can say; ``means`` are those of each outcome by
    (policy, arm), with the number of tasks that they rest on.
    """

    done: int
    of: int
    before: int
    failed: int
    seconds: float
    left: float | None
    means: dict[tuple[int, str], dict[str, tuple[float, int]]]

    @property
    def rate(self) -> float:
        """Tasks a second in this session."""
        return (self.done + self.failed - self.before) / max(self.seconds, 1e-9)

    @property
    def complete(self) -> bool:
        """Whether every task has a result."""
        return self.done == self.of


@dataclass
class Tally:
    """Counts what is done of a shard, and knows which tasks a stop rule adds."""

    tasks: Tasks
    store: Store
    shard: Shard = WHOLE
    done: int = 0
    before: int = 0
    failed: int = 0
    of: int = 0
    start: float = field(default_factory=time.monotonic)
    _sums: dict[tuple[int, str], dict[str, list[float]]] = field(default_factory=dict)
    _count: dict[int, int] = field(default_factory=dict)
    """Replications of a point that have come to an end."""
    _asked: dict[int, int] = field(default_factory=dict)
    """Replications of a point, where a stop rule has added some."""

    def __post_init__(self) -> None:
        self.of = len(self.tasks) if self.shard.whole else sum(1 for _ in self.tasks.shard(self.shard))

    def note(self, cell: Cell, ended: Ended, before: bool = False) -> list[Where]:
        """Count a task that has come to its end; the tasks that it makes necessary."""
        if ended.state == DONE:
            self.done += 1
            self.before += before
            self._add(cell)
            if not before:
                self.store.forgive(cell.key)
        else:
            self.failed += 1
        rule = self.tasks.study.specification.design.stop_when
        if rule is None:
            return []
        asked = self._asked.get(cell.point, self.tasks.replications)
        self._count[cell.point] = self._count.get(cell.point, 0) + 1
        if self._count[cell.point] < asked:
            return []
        values = [self._values(self.tasks.key(cell.point, replication)) for replication in range(asked)]
        added = stop.more(rule, self.tasks.study.specification.arms, values)
        self._asked[cell.point] = asked + added
        self.of += added
        return [(cell.point, replication) for replication in range(asked, asked + added)]

    def progress(self) -> Progress:
        """How far it has come."""
        seconds = time.monotonic() - self.start
        new = self.done + self.failed - self.before
        to_do = self.of - self.done - self.failed
        left = seconds / new * to_do if new else None
        means = {
            key: {name: (total / count, int(count)) for name, (total, count) in sums.items() if count}
            for key, sums in self._sums.items()
        }
        return Progress(self.done, self.of, self.before, self.failed, seconds, left, means)

    def _add(self, cell: Cell) -> None:
        values = self._values(cell.key)
        policy = self.tasks.points.policy[cell.point]
        for arm, outcomes in (values or {}).items():
            sums = self._sums.setdefault((policy, arm), {})
            for name, value in outcomes.items():
                if value is not None:
                    each = sums.setdefault(name, [0.0, 0.0])
                    each[0] += value
                    each[1] += 1

    def _values(self, key: str) -> dict[str, dict[str, float | None]] | None:
        try:
            result = self.store.result(key)
        except Damaged:
            return None
        return result.values if result else None
