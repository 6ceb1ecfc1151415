"""What ``tiercare check`` tells: who is paid by which rule, and what a run will take."""

from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.progress import duration
from simulator.report.words import word
from simulator.study.cost import cores, plan, size

if TYPE_CHECKING:
    from rich.table import Table


def payers(scenario: Any) -> "list[Table]":
    """Tables of tier × care × plan → rule, one for every set of arms that share it."""
    from rich.table import Table

    from simulator.model import who_pays

    shared: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for arm in scenario.arms:
        rows = tuple(tuple(str(cell) for cell in row) for row in who_pays(scenario, arm))
        shared.setdefault(rows, []).append(arm)
    tables = []
    for rows, arms in shared.items():
        names = ", ".join(word("arm", arm) for arm in arms)
        made = Table(title=say("report.payers", arms=names), title_justify="left", box=None, pad_edge=False)
        for column in ("rule", "tier", "care", "plan"):
            made.add_column(say(f"report.{column}"))
        made.add_column(say("report.facilities"), justify="right")
        for rule, tier, care, insurance, facilities in rows:
            made.add_row(rule, word("tier", tier), word("care", care), word("plan", insurance), facilities)
        tables.append(made)
    return tables


def estimate(scenario: Any, replications: int, engine: str, threads: int | None) -> str:
    """A sentence on time and memory."""
    families, months = size(scenario)
    units = len(scenario.arms) * replications
    shares = plan(units, families, months, engine, threads or cores())
    return say(
        "report.estimate",
        units=units,
        families=f"{families:,}",
        months=months,
        time=duration(shares.seconds),
        memory=f"{shares.memory / 1e9:.1f} GB",
        workers=shares.workers,
        threads=shares.threads,
    )
