"""How far a run has come, on the error stream: a bar on a terminal, else a line now and then."""

import contextlib
import sys
import time
from collections.abc import Callable, Generator
from typing import Any, TextIO

from simulator.core.messages import say

SETTLED = 5.0
"""Seconds of months after which their pace is told."""
PAUSE = 15.0
"""Seconds between two lines where there is no terminal."""


@contextlib.contextmanager
def shown(families: int, stream: TextIO | None = None) -> Generator[Callable[[Any], None]]:
    """A function that shows a ``simulator.study.run.Progress``, as long as the context lasts.

    Args:
        families: of one unit, for the rate.
        stream: where to; by default the error stream.
    """
    stream = stream or sys.stderr
    with _bar(families, stream) if stream.isatty() else _lines(families, stream) as show:
        yield show


@contextlib.contextmanager
def _bar(families: int, stream: TextIO) -> Generator[Callable[[Any], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
    )
    clock = Clock(families)
    with Bar(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task(say("report.starting"), total=None, rate="", left="")

        def show(progress: Any) -> None:
            clock.see(progress.months)
            bar.update(
                task,
                description=say("report.replications", done=progress.units, of=progress.of_units),
                total=progress.of_months,
                completed=progress.months,
                rate=clock.rate(progress.months),
                left=clock.left(progress.months, progress.of_months),
            )

        yield show


@contextlib.contextmanager
def _lines(families: int, stream: TextIO) -> Generator[Callable[[Any], None]]:
    clock = Clock(families)
    spoke = time.monotonic()

    def show(progress: Any) -> None:
        nonlocal spoke
        now = time.monotonic()
        clock.see(progress.months)
        if now - spoke < PAUSE or not progress.months:
            return
        spoke = now
        rate = clock.rate(progress.months)
        line = say(
            "report.line" if rate else "report.line_early",
            percent=f"{100 * progress.months / progress.of_months:.0f}",
            done=progress.units,
            of=progress.of_units,
            rate=rate,
            left=clock.left(progress.months, progress.of_months),
        )
        print(line, file=stream, flush=True)

    yield show


class Clock:
    """The pace of the months themselves: what came before the first of them, compiling most of all, does not count."""

    def __init__(self, families: int):
        self.families = families
        self.first: tuple[float, int] | None = None

    def see(self, months: int) -> None:
        """Note when months begin to be done."""
        if self.first is None and months:
            self.first = time.monotonic(), months

    def _pace(self, months: int) -> float:
        """Months a second since the first ones, 0 as long as that cannot be said."""
        if self.first is None or months <= self.first[1]:
            return 0.0
        seconds = time.monotonic() - self.first[0]
        return (months - self.first[1]) / seconds if seconds >= SETTLED else 0.0

    def rate(self, months: int) -> str:
        """Family-months per second."""
        return say("report.rate", rate=f"{self.families * self._pace(months):,.0f}") if self._pace(months) else ""

    def seconds_left(self, months: int, of_months: int) -> float | None:
        """The time that is left; None as long as that cannot be said."""
        pace = self._pace(months)
        return (of_months - months) / pace if pace else None

    def left(self, months: int, of_months: int) -> str:
        """The time that is left, or that it is not known yet, in words."""
        seconds = self.seconds_left(months, of_months)
        return say("report.not_known_yet") if seconds is None else say("report.left", time=duration(seconds))


def duration(seconds: float) -> str:
    """A time to wait, to the precision that helps.

    >>> duration(0.4), duration(75), duration(7300)
    ('1 s', '1 min 15 s', '2 h 1 min')
    """
    whole = max(1, round(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"
