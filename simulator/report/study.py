"""What a study will take, how far it has come, and what it has found so far."""

import contextlib
import sys
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, TextIO

from simulator.core.messages import language, say
from simulator.report.display import figure, unit_of, word
from simulator.report.progress import PAUSE, duration
from simulator.study.analysis.allowed import allowed

MOST = 12
"""Policies that a table shows."""


def plan_of(tasks: Any, estimated: Any) -> Iterator[Any]:
    """Lines and a table: what varies, how many runs, what they will take."""
    from rich.table import Table

    spec = tasks.study.specification
    yield f"{getattr(spec.title, language())} — {getattr(spec.question, language())}"
    table = Table(say("sweep.variable"), say("sweep.kind"), say("sweep.values"), box=None)
    for name, variable in tasks.study.variables.items():
        section = "lever" if name in spec.levers else "uncertainty"
        table.add_row(_title(variable, name), say(f"sweep.{section}"), _values(tasks, name, variable))
    yield table
    yield say("sweep.outcomes", names=", ".join(_title(each, name) for name, each in spec.outcomes.items()))
    yield say(
        "sweep.count",
        design=spec.design.kind,
        points=f"{len(tasks.points):,}",
        replications=tasks.replications,
        arms=len(spec.arms),
        tasks=f"{estimated.tasks:,}",
        runs=f"{estimated.runs:,}",
    )
    for each in allowed(spec):
        key = "yes" if each.yes else "few" if each.least and each.command != "search" else "no"
        yield say(f"sweep.allows_{key}", command=each.command, count=each.count, least=each.least)
    if spec.design.stop_when:
        yield say("sweep.count_at_most", most=f"{len(tasks.points) * spec.design.stop_when.at_most:,}")
    yield say(
        "sweep.takes",
        time=duration(estimated.seconds),
        workers=estimated.cost.workers,
        disk=_bytes(estimated.disk),
        memory=_bytes(estimated.cost.memory),
    )


def _title(each: Any, name: str) -> str:
    return f"{name} ({getattr(each.title, language())})" if each.title else name


def _values(tasks: Any, name: str, variable: Any) -> str:
    if variable.between:
        return " … ".join(variable.between)
    if variable.options is not None:
        return ", ".join(str(option) for option in variable.options)
    return say("sweep.rows", rows=len(tasks.study.tables[name].rows), file=variable.posterior)


def _bytes(count: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"


def line(progress: Any) -> str:
    """How far a study has come, in a line."""
    return say(
        "sweep.line",
        percent=f"{100 * progress.done / max(1, progress.of):.0f}",
        done=f"{progress.done:,}",
        of=f"{progress.of:,}",
        failed=progress.failed,
        rate=f"{progress.rate:.2f}",
        left="–" if progress.left is None else duration(progress.left) if progress.left else "0 s",
    )


@contextlib.contextmanager
def shown(tasks: Any, stream: TextIO | None = None) -> Generator[Callable[[Any], None]]:
    """A function that shows a ``Progress`` of a study: live on a terminal, else a line now and then."""
    stream = stream or sys.stderr
    if stream.isatty():
        from rich.console import Console, Group
        from rich.live import Live

        with Live(console=Console(file=stream), transient=True, refresh_per_second=2) as live:
            yield lambda progress: live.update(Group(line(progress), outcomes_table(tasks, progress)))
        return
    spoke = time.monotonic()

    def show(progress: Any) -> None:
        nonlocal spoke
        if time.monotonic() - spoke >= PAUSE:
            spoke = time.monotonic()
            print(line(progress), file=stream, flush=True)

    yield show


def outcomes_table(tasks: Any, progress: Any) -> Any:
    """Means of the outcomes so far by combination of levers and arm."""
    from rich.table import Table

    spec = tasks.study.specification
    levers = list(spec.levers)
    first = {policy: point for point, policy in reversed(list(enumerate(tasks.points.policy)))}
    table = Table(*levers, say("sweep.arm"), say("sweep.tasks"), *spec.outcomes, box=None)
    order = sorted(progress.means, key=lambda key: (key[0], spec.arms.index(key[1])))
    for policy, arm in order[:MOST]:
        values, means = tasks.points.values(first[policy]), progress.means[policy, arm]
        counts = [count for _, count in means.values()]
        figures = [
            figure(means[name][0], unit_of(outcome.indicator)) if name in means else "–"
            for name, outcome in spec.outcomes.items()
        ]
        done = str(max(counts, default=0))
        table.add_row(*(values[name] or "–" for name in levers), word("arm", arm), done, *figures)
    if len(order) > MOST:
        table.add_row(say("sweep.more_rows", number=len(order) - MOST))
    return table


def failures_table(failures: dict[str, dict[str, Any]]) -> Any:
    """Tasks that failed: point, replication, how and why."""
    from rich.table import Table

    table = Table(say("sweep.task"), say("sweep.point"), say("sweep.replication"), say("sweep.state"), say("sweep.why"))
    table.box = None
    for name, failure in list(failures.items())[:MOST]:
        table.add_row(name[:12], str(failure["point"]), str(failure["replication"]), failure["state"], failure["why"])
    if len(failures) > MOST:
        table.add_row(say("sweep.more_rows", number=len(failures) - MOST))
    return table
