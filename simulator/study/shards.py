"""One simulation over the workers of a dask cluster: families in shards, each in an actor of its own.

The model is one like any other: what it gives is that of one process, to the last bit.
"""

import contextlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.engine.runners.fast import Fast
from simulator.engine.runners.sharded import CHECKPOINT_EVERY, Lost, Question, Shard, Sharded, ShardHosts
from simulator.engine.state.shard import Tables, bare, cut, edges_of, keep, kept
from simulator.engine.state.world import World
from simulator.scenario.compile.in_force import schedule
from simulator.simulation import Simulation

LISTENING = 1.0
"""Seconds after which a worker that says nothing is looked for."""
STARTING = 0.02
"""Seconds after which a start is looked at again."""
GONE = 10.0
"""Seconds in which a cluster notices that a worker is gone."""


def begin(scenario: Any, arm: str, threads: int, file: Path) -> Shard:
    """A shard that goes on from a checkpoint under the rules of an arm."""
    world = kept(file)
    world.scheduled = schedule(scenario, world, arm)
    return Shard(world, Fast(world, threads))


class Workers(Protocol):
    """Where shards can live."""

    @property
    def size(self) -> int:
        """How many shards to make."""
        ...

    def hosts(self, make: Callable[[int, Path], Shard]) -> ShardHosts:
        """Processes for one model; ``make`` begins a shard with so many threads from a checkpoint."""
        ...


class ShardedSystem(Simulation):
    """A health system whose families live on ``workers``; checkpoints go to ``folder``, which all of them see."""

    def __init__(
        self,
        scenario: Any,
        arm: str = "baseline",
        *,
        workers: Workers,
        folder: Path,
        every: int = CHECKPOINT_EVERY,
        files: Sequence[Path] = (),
        **how: Any,
    ):
        self.workers, self.folder, self.every, self._files = workers, folder, every, list(files)
        super().__init__(scenario, arm, **how)
        self.options |= {"workers": workers, "folder": folder, "every": every}

    def _start(self, world: World) -> None:
        place = _fresh(self.folder, self.arm)
        if not self._files:
            world, self._files = share_out(world, self.workers.size, place / f"{world.month:04d}")
        super()._start(world)
        hosts = self.workers.hosts(partial(begin, self.plan, self.arm))
        self.engine = self.driver = Sharded(world, hosts, self._files, place, self.every)

    def _going_on(self, arm: str) -> Self:
        """A model on a copy of this world, its shards too."""
        files = self.driver.checkpoint(_fresh(self.folder, "parting"))
        return type(self)(self.plan, arm, world=self.world.copy(), files=files, **self.options)

    def step(self) -> None:
        """One month."""
        self.driver.begin_month()
        super().step()
        self.driver.end_month()

    def everybody(self) -> Tables:
        """Families and persons of all shards."""
        return self.driver.tables()


def share_out(world: World, shards: int, folder: Path) -> tuple[World, list[Path]]:
    """Cut a world into shards, one file each; the world that is left has no families."""
    edges = edges_of(world.families, shards)
    driver, files = bare(world), []
    for number, tables in enumerate(cut(world, edges)):
        part = driver.copy()
        tables.put_into(part)
        part.first_family = edges[number]
        files.append(folder / f"{number}.shard")
        keep(part, files[-1])
    return driver, files


_numbers = itertools.count()


def _fresh(folder: Path, name: str) -> Path:
    """A folder that no other model of this process has."""
    return folder / f"{name}-{next(_numbers)}"


class Living:
    """A shard on a dask worker, as an actor."""

    def __init__(self, make: Callable[[Path], Shard], file: Path):
        self.shard = make(file)

    def begin(self, answers: Sequence[Any]) -> Question:
        """What it asks after all that it was answered before."""
        return self.shard.begin(answers)

    def answer(self, answer: Any) -> Question:
        """Go on until the next question."""
        return self.shard.answer(answer)

    def end(self) -> None:
        """Live no longer."""
        self.shard.end()


@dataclass
class Address:
    """Where a shard lives: its worker, what became of its start, and the question that is on its way."""

    worker: str
    start: Any
    answers: Sequence[Any]
    actor: Any = None
    question: Any = None


@dataclass(frozen=True)
class DaskWorkers:
    """The workers of a dask cluster: one shard for each that is there when a model is made, once ``wanted`` are there
    or ``patience`` seconds are over."""

    client: Any
    patience: float
    wanted: int = 1

    @property
    def size(self) -> int:
        """Workers that are there."""
        return len(self.present(self.wanted))

    def present(self, wanted: int = 1) -> dict[str, int]:
        """Threads of each worker by its address. Raises UserError where there is none."""
        until = time.monotonic() + self.patience
        while True:
            found = self.client.scheduler_info(n_workers=-1)["workers"]
            late = time.monotonic() > until
            if len(found) >= wanted or (found and late):
                return {address: worker["nthreads"] for address, worker in found.items()}
            if late:
                raise UserError(say("sweep.no_workers", seconds=f"{self.patience:.0f}"))
            time.sleep(0.2)

    def hosts(self, make: Callable[[int, Path], Shard]) -> ShardHosts:
        """Actors on these workers."""
        return DaskCrew(self, make)


class DaskCrew:
    """Shards of one model as actors on the workers of a dask cluster."""

    def __init__(self, workers: DaskWorkers, make: Callable[[int, Path], Shard]):
        self.workers, self.make = workers, make
        self.lives: dict[int, Address] = {}

    def start(self, number: int, file: Path, answers: Sequence[Any]) -> Address:
        """On the worker with the fewest shards of this model."""
        present = self.workers.present()
        self.lives.pop(number, None)
        busy = Counter(life.worker for life in self.lives.values())
        worker = min(sorted(present), key=lambda address: busy[address])
        start = self.workers.client.submit(
            Living, partial(self.make, present[worker]), file, actor=True, pure=False, workers=[worker],
            allow_other_workers=False,
        )  # fmt: skip
        life = self.lives[number] = Address(worker, start, list(answers))
        return life

    def question(self, shard: Address) -> Question:
        """Wait for the question that is on its way."""
        if shard.actor is None:
            self._wait(shard)
            shard.actor = self._of(shard, shard.start, None)  # dask breaks off what it fetches when time is up
            shard.question = shard.actor.begin(shard.answers)
        return self._of(shard, shard.question, LISTENING)

    def _wait(self, shard: Address) -> None:
        """Until a shard has begun. Raises Lost."""
        looked = time.monotonic()
        while not shard.start.done():
            time.sleep(STARTING)
            if time.monotonic() - looked > LISTENING:
                looked = time.monotonic()
                if not self._there(shard):
                    raise Lost(shard.worker)

    def answer(self, shard: Address, answer: Any) -> None:
        """Sent at once; whether it arrives shows in what is asked next."""
        with contextlib.suppress(OSError, RuntimeError):
            shard.question = shard.actor.answer(answer)

    def end(self, shard: Address) -> None:
        """Let go of it, too."""
        with contextlib.suppress(Exception):
            if shard.actor is not None:
                shard.actor.end()
            shard.start.release()

    def _of(self, shard: Address, future: Any, listening: float | None) -> Any:
        """What a future holds in the end; a worker that says nothing for so long is looked for. Raises Lost where it is
        gone."""
        while True:
            try:
                return future.result(timeout=listening)
            except TimeoutError as error:
                if not self._there(shard):
                    raise Lost(shard.worker) from error
            except Exception as error:
                until = time.monotonic() + GONE
                while self._there(shard):
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.1)
                raise Lost(shard.worker) from error

    def _there(self, shard: Address) -> bool:
        return shard.worker in self.workers.client.scheduler_info(n_workers=-1)["workers"]
