"""One simulation over many processes. Shards live the month in lockstep with the driver, which has no families, keeps
the facilities' history, and adds up what shards count.

Every shard lives whole months: facilities, funds and ledger too, on the same sums as everybody. So what goes between
them is what is added up over families (`core/whole.py`), the size of the table of facilities or of the books, and the
results are those of one process to the last bit. A shard that is lost goes on from its last checkpoint: the
answers that it got since then are kept, and no other shard repeats anything.
"""

import queue
import shutil
import threading
import traceback
import weakref
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from simulator.core.errors import ModelError
from simulator.count.census import census
from simulator.engine.engine import Engine
from simulator.engine.month import run_month
from simulator.engine.runners.fast import Fast
from simulator.engine.state.shard import Tables, joined, keep, tables_of
from simulator.engine.state.world import World

CHECKPOINT_EVERY = 12
"""Months from one checkpoint to the next."""
SPARSE = 0.5
"""Share of numbers that are not zero, below which only these are sent."""

MONTH, TOTAL, CHAIN, GATHER, FAILED = "month", "total", "chain", "gather", "failed"
"""What a shard asks: may the next month begin; what do these sums come to; from which sums to go on in a chain; its
rows are these, may it go on; and the traceback of why it can ask no more."""
GO, KEEP, TABLES, END = "go", "keep", "tables", "end"
"""What a shard is told between two months: live the next one, write a checkpoint, send your families; and at any time,
that it is over."""


class Question(NamedTuple):
    """What a shard asks, and what it has to say for it."""

    kind: str
    own: Any = None


class Reply(NamedTuple):
    """What a shard has to say when it has done what it was told between two months."""

    what: Any


class Packed(NamedTuple):
    """An array of whole numbers as it is sent: where few of them are not zero, those alone."""

    shape: tuple[int, ...]
    values: np.ndarray
    at: np.ndarray | None = None


def pack(array: np.ndarray) -> Packed:
    """An int64 array, ready to be sent."""
    flat = np.asarray(array, np.int64).ravel()
    at = np.flatnonzero(flat)
    if len(at) < SPARSE * len(flat):
        return Packed(np.shape(array), flat[at], at.astype(np.int32))
    return Packed(np.shape(array), flat.copy())


def unpack(packed: Packed) -> np.ndarray:
    """The array, which belongs to who unpacked it."""
    shape, values, at = packed
    if at is None:
        return np.array(values).reshape(shape)
    flat = np.zeros(int(np.prod(shape)), np.int64)
    flat[at] = values
    return flat.reshape(shape)


def shared(world: World) -> int:
    """Checksum of what every shard must have alike: facilities, beliefs, balances."""
    found = 0
    for table in (world.facilities, world.beliefs, world.ledger.balance):
        found = zlib.crc32(np.ascontiguousarray(table).view(np.uint8), found)
    return found


class Ended(Exception):
    """A shard is no longer needed."""


class Shard:
    """A part of a simulation, which lives in a thread of its own and stops wherever it needs to know of the others.

    ``world`` holds the part's families; ``engine`` runs its passes.
    """

    def __init__(self, world: World, engine: Engine):
        self.world, self.engine = world, engine
        world.whole = self
        self._asks: queue.SimpleQueue[Question] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._live, daemon=True).start()

    def begin(self, answers: Sequence[Any] = ()) -> Question:
        """What it asks first, or after all that it was answered in an earlier life since its checkpoint."""
        question = self._asks.get()
        for answer in answers:
            question = self.answer(answer)
        return question

    def answer(self, answer: Any) -> Question:
        """Go on with an answer until the next question."""
        self._answers.put(answer)
        return self._asks.get()

    def end(self) -> None:
        """Live no longer."""
        self._answers.put(END)

    def _live(self) -> None:
        try:
            while True:
                self._between_months()
                run_month(self.world, self.engine, _count)
        except Ended:
            pass
        except BaseException:  # whatever it is, the driver has to hear of it
            self._asks.put(Question(FAILED, traceback.format_exc()))

    def _between_months(self) -> None:
        said: Any = shared(self.world)
        while (order := self._ask(MONTH, said)) != GO:
            word, *more = order
            if word == KEEP:
                keep(self.world, Path(more[0]))
                said = Reply(None)
            elif word == TABLES:
                said = Reply(tables_of(self.world))

    def _ask(self, kind: str, own: Any = None) -> Any:
        self._asks.put(Question(kind, own))
        answer = self._answers.get()
        if isinstance(answer, str) and answer == END:
            raise Ended
        return answer

    def total(self, *own: np.ndarray) -> list[np.ndarray]:
        """Sums over all shards."""
        return [unpack(each) for each in self._ask(TOTAL, [pack(array) for array in own])]

    def chain(self, add: Callable[[np.ndarray], None], start: np.ndarray) -> np.ndarray:
        """The sums after all shards."""
        sums = np.array(self._ask(CHAIN))
        add(sums)
        return np.array(self._ask(CHAIN, sums))

    def gather(self, own: np.ndarray) -> np.ndarray:
        """The driver alone gets all rows."""
        self._ask(GATHER, own)
        return own


def _count(world: World) -> None:
    """What the driver's observer asks for at the end of a reported month."""
    if world.reported:
        census(world)


class Lost(Exception):
    """The process of a shard is gone."""


class ShardHosts(Protocol):
    """Processes that shards live in."""

    def start(self, number: int, file: Path, answers: Sequence[Any]) -> Any:
        """Let shard ``number`` begin from a checkpoint and go on through the answers that it got in an earlier life:
        what it is addressed by."""
        ...

    def question(self, shard: Any) -> Question:
        """What a shard asks now. Raises Lost."""
        ...

    def answer(self, shard: Any, answer: Any) -> None:
        """Let a shard go on, without waiting for what it asks next."""
        ...

    def end(self, shard: Any) -> None:
        """Let a shard end, if it has not."""
        ...


class Sharded(Fast):
    """The driver's engine: it has no families, and hears of those of all shards.

    ``files`` are checkpoints of the shards at the month of ``world``; further ones go to ``folder``, on a disk that all
    processes see, every so many months.
    """

    def __init__(
        self, world: World, hosts: ShardHosts, files: Sequence[Path], folder: Path, every: int = CHECKPOINT_EVERY
    ):
        super().__init__(world)
        self.world, self.hosts, self.folder, self.every = world, hosts, folder, every
        self.files, self.began = list(files), world.month
        self.answers: list[list[Any]] = [[] for _ in files]
        """What each shard was answered since its checkpoint."""
        self.shards = [hosts.start(number, file, ()) for number, file in enumerate(files)]
        self.heard: list[Question | None] = [None] * len(files)
        self.restarts = 0
        world.whole = self
        weakref.finalize(self, _end, hosts, self.shards, folder)

    # what goes to and fro

    def _hear(self, number: int, kind: str) -> Question:
        """What a shard asks, which must be of this kind; a shard that is gone is begun again first."""
        while self.heard[number] is None:
            try:
                self.heard[number] = self.hosts.question(self.shards[number])
            except Lost:
                self.restarts += 1
                self.shards[number] = self.hosts.start(number, self.files[number], self.answers[number])
        question = self.heard[number]
        assert question is not None
        if question.kind == FAILED:
            raise ModelError(f"shard {number} failed:\n{question.own}")
        if question.kind != kind:
            raise ModelError(f"shard {number} is at `{question.kind}`, the driver at `{kind}`")
        return question

    def _hear_all(self, kind: str) -> list[Any]:
        return [self._hear(number, kind).own for number in range(len(self.shards))]

    def _answer(self, number: int, answer: Any) -> None:
        self.heard[number] = None
        self.answers[number].append(answer)
        self.hosts.answer(self.shards[number], answer)

    def _answer_all(self, answer: Any) -> None:
        for number in range(len(self.shards)):
            self._answer(number, answer)

    # the sums of a month

    def total(self, *own: np.ndarray) -> list[np.ndarray]:
        """Sums over all shards."""
        found = [np.array(array, np.int64) for array in own]
        for packed in self._hear_all(TOTAL):
            for sums, part in zip(found, packed, strict=True):
                sums += unpack(part)
        self._answer_all([pack(sums) for sums in found])
        return found

    def chain(self, add: Callable[[np.ndarray], None], start: np.ndarray) -> np.ndarray:
        """``start`` after one shard after the other has added its own."""
        self._hear_all(CHAIN)
        sums = start
        for number in range(len(self.shards)):
            self._answer(number, sums)
            sums = np.array(self._hear(number, CHAIN).own)
        self._answer_all(sums)
        return sums

    def gather(self, own: np.ndarray) -> np.ndarray:
        """The rows of all shards in the order of families."""
        rows = self._hear_all(GATHER)
        self._answer_all(None)
        return np.concatenate([own[:0], *rows])

    # between two months

    def begin_month(self) -> None:
        """Let all shards live the next month, after a checkpoint where one is due."""
        if self.world.month > self.began and (self.world.month - self.began) % self.every == 0:
            self.checkpoint(self.folder / f"{self.world.month:04d}")
        self._hear_all(MONTH)
        self._answer_all(GO)

    def end_month(self) -> None:
        """Wait for all shards to come to the end of the month.

        Raises:
            ModelError: one failed, or has come to another state of what all must have alike.
        """
        mine = shared(self.world)
        for number, said in enumerate(self._hear_all(MONTH)):
            if said != mine:
                raise ModelError(f"shard {number} differs in facilities or balances: do all workers run the same code?")

    def checkpoint(self, folder: Path) -> list[Path]:
        """Let every shard write where it is into ``folder``, and begin from there should it be lost."""
        files = [folder / f"{number}.shard" for number in range(len(self.shards))]
        self._order([(KEEP, str(file)) for file in files])
        for file in self.files:
            if file.is_relative_to(self.folder):
                file.unlink(missing_ok=True)
        self.files, self.answers = files, [[] for _ in files]
        return files

    def tables(self) -> Tables:
        """Families and persons of all shards as one."""
        return joined(self._order([(TABLES,)] * len(self.shards)))

    def _order(self, orders: Sequence[tuple[str, ...]]) -> list[Any]:
        """Tell each shard to do something between two months; what they have to say then."""
        self._hear_all(MONTH)
        told = []
        for number, order in enumerate(orders):
            self.heard[number] = None
            self.hosts.answer(self.shards[number], order)
        for number, order in enumerate(orders):
            while not isinstance(said := self._hear(number, MONTH).own, Reply):  # it was lost and is back, untold
                self.heard[number] = None
                self.hosts.answer(self.shards[number], order)
            told.append(said.what)
        return told


def _end(hosts: ShardHosts, shards: list[Any], folder: Path) -> None:
    for shard in shards:
        hosts.end(shard)
    shutil.rmtree(folder, ignore_errors=True)
