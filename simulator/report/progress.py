"""How far a run has come, on the error stream: a bar on a terminal, else a line now and then."""

import contextlib
import sys
import time
from collections.abc import Callable, Generator
from typing import Any, TextIO

from simulator.core.messages import say

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
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    clock = _Clock(families)
    with Bar(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task(say("report.starting"), total=None, rate="")

        def show(progress: Any) -> None:
            bar.update(
                task,
                description=say("report.replications", done=progress.units, of=progress.of_units),
                total=progress.of_months,
                completed=progress.months,
                rate=clock.rate(progress.months),
            )

        yield show


@contextlib.contextmanager
def _lines(families: int, stream: TextIO) -> Generator[Callable[[Any], None]]:
    clock = _Clock(families)
    spoke = time.monotonic()

    def show(progress: Any) -> None:
        nonlocal spoke
        now = time.monotonic()
        if now - spoke < PAUSE or not progress.months:
            return
        spoke = now
        line = say(
            "report.line",
            percent=f"{100 * progress.months / progress.of_months:.0f}",
            done=progress.units,
            of=progress.of_units,
            rate=clock.rate(progress.months),
            left=duration(clock.seconds() * (progress.of_months / progress.months - 1)),
        )
        print(line, file=stream, flush=True)

    yield show


class _Clock:
    def __init__(self, families: int):
        self.families, self.start = families, time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self.start

    def rate(self, months: int) -> str:
        """Family-months per second since the start."""
        return say("report.rate", rate=f"{self.families * months / max(self.seconds(), 1e-9):,.0f}")


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
