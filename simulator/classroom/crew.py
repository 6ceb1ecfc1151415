"""The processes that simulate: one lives the burn-in and splits, so that all share its memory; each answers in turn.

A month under a history is asked for once, whoever and however many want it.
"""

import asyncio
import json
import multiprocessing
import os
import threading
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from simulator.classroom.controls import HORIZON, History

TOLD = 6_000
"""Answers remembered: some kilobytes each."""
WAITING = 160
"""Requests that may wait; whoever comes then is asked to try again."""
READY = -1
"""Number under which a process says that it is there."""


class Busy(Exception):
    """Too many requests wait."""


class Failed(Exception):
    """A process could not answer; its error stream says why."""


def work(pipes: Sequence[Connection], families: int, seed: int) -> None:
    """Live the burn-in, split, and answer until the pipe closes. Runs in a process of its own."""
    import gc

    from simulator.classroom.county import County

    county = County(families, seed)
    os.nice(5)  # from now on whoever draws the page goes first
    hello = json.dumps(county.hello())
    gc.collect()
    gc.freeze()  # the collector must not touch, and so copy, what all processes share
    mine = pipes[0]
    for pipe in pipes[1:]:
        if os.fork() == 0:
            mine = pipe
            break
    for pipe in pipes:
        if pipe is not mine:
            pipe.close()
    mine.send((READY, hello))
    answer(mine, county)
    os._exit(0)


def answer(pipe: Connection, county: Any) -> None:
    """Answer requests (number, operation, arguments) in turn until the pipe closes."""
    while True:
        try:
            number, operation, arguments = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            text = json.dumps(getattr(county, operation)(*arguments), separators=(",", ":"))
        except Exception:
            traceback.print_exc()
            text = ""
        try:
            pipe.send((number, text))
        except OSError:
            return


class Crew:
    """Asks the processes; lives in the event loop of the server."""

    def __init__(self, families: int, seed: int, workers: int = 2):
        self.families, self.seed = families, seed
        self.workers = workers if hasattr(os, "fork") else 1
        self.pipes: list[Connection] = []
        self.waiting: list[dict[int, asyncio.Future[str]]] = []
        self.ready: list[asyncio.Future[str]] = []
        self.told: dict[tuple[Any, ...], asyncio.Future[str]] = {}
        self.home: dict[History, int] = {(): 0}
        self.number = 0

    def start(self) -> None:
        """Start the processes, and listen to them."""
        context, loop = multiprocessing.get_context("spawn"), asyncio.get_running_loop()
        theirs = []
        for n in range(self.workers):
            here, there = context.Pipe()
            self.pipes.append(here)
            theirs.append(there)
            self.waiting.append({})
            self.ready.append(loop.create_future())
            threading.Thread(target=self._listen, args=(n, loop), daemon=True).start()
        self.process = context.Process(target=work, args=(theirs, self.families, self.seed), daemon=True)
        self.process.start()
        for pipe in theirs:
            pipe.close()

    def stop(self) -> None:
        """Let the processes end: they do when their pipes close."""
        for pipe in self.pipes:
            pipe.close()

    def _listen(self, n: int, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            try:
                number, text = self.pipes[n].recv()
            except (EOFError, OSError, TypeError):
                if not loop.is_closed():
                    loop.call_soon_threadsafe(self._gone, n)
                return
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._heard, n, number, text)

    def _heard(self, n: int, number: int, text: str) -> None:
        future = self.ready[n] if number == READY else self.waiting[n].pop(number, None)
        if future is None or future.done():
            return
        if text:
            future.set_result(text)
        else:
            future.set_exception(Failed())

    def _gone(self, n: int) -> None:
        """A process has ended: nobody waits for it any longer."""
        for future in (self.ready[n], *self.waiting[n].values()):
            if not future.done():
                future.set_exception(Failed())
        self.waiting[n].clear()

    async def hello(self) -> str:
        """What the county is, as JSON, once it is there."""
        return await asyncio.shield(self.ready[0])

    def idle(self) -> bool:
        """Whether nobody waits."""
        return not any(self.waiting)

    def home_of(self, history: History) -> int:
        """The process that has a history; a new one goes to who has less to do."""
        if history not in self.home:
            homes = list(self.home.values())
            self.home[history] = min(range(self.workers), key=lambda n: (len(self.waiting[n]), homes.count(n)))
            if len(self.home) > TOLD:
                self.home.pop(next(iter(self.home)))
        return self.home[history]

    async def ask(self, n: int, operation: str, *arguments: Any) -> str:
        """Ask a process; raises Busy where too many wait, and Failed."""
        await asyncio.shield(self.ready[n])
        if sum(map(len, self.waiting)) > WAITING:
            raise Busy
        self.number += 1
        future = self.waiting[n][self.number] = asyncio.get_running_loop().create_future()
        try:
            self.pipes[n].send((self.number, operation, arguments))
        except OSError as error:
            self.waiting[n].pop(self.number, None)
            raise Failed from error
        return await future

    async def under(self, operation: str, history: History, month: int, *arguments: Any) -> str:
        """What a month, or something in it, was like under a history, as JSON; asked once."""
        history = tuple(change for change in history if change[0] <= month)
        key = (operation, history, month, *arguments)
        found = self.told.get(key)
        if found is None or (found.done() and found.exception() is not None):
            asked = self.ask(self.home_of(history), operation, history, month, *arguments)
            found = self.told[key] = asyncio.ensure_future(asked)
            while len(self.told) > TOLD:
                self.told.pop(next(iter(self.told)))
        return await asyncio.shield(found)

    async def ahead(self) -> None:
        """Live on under today's rules in every process while nobody waits: any change then finds a world near."""
        for month in range(HORIZON):
            for n in range(self.workers):
                while not self.idle():
                    await asyncio.sleep(0.05)
                await (self.under("month", (), month) if n == 0 else self.ask(n, "month", (), month))
