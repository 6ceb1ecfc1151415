"""Progress of work counted in steps, on the error stream: a bar on a terminal, else a line now and then."""

import contextlib
import sys
import time
from collections.abc import Callable, Generator

from simulator.core.messages import say
from simulator.report.progress import PAUSE


@contextlib.contextmanager
def shown_steps(what: str) -> Generator[Callable[[int, int], None]]:
    """A function that shows steps done of steps to do, as long as the context lasts; ``what`` is being done."""
    with _bar(what) if sys.stderr.isatty() else _lines(what) as show:
        yield show


@contextlib.contextmanager
def _bar(what: str) -> Generator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextlib.contextmanager
def _lines(what: str) -> Generator[Callable[[int, int], None]]:
    spoke = time.monotonic()

    def show(done: int, of: int) -> None:
        nonlocal spoke
        if time.monotonic() - spoke >= PAUSE:
            spoke = time.monotonic()
            print(say("steps.line", what=what, percent=f"{100 * done / of:.0f}"), file=sys.stderr, flush=True)

    yield show
