"""What ``tiercare check --origin`` tells: who wrote a value, where, and what it replaced."""

from typing import TYPE_CHECKING

from simulator.core.messages import say

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.scenario import Scenario
    from simulator.scenario.resolve.origins import Written


def origin(scenario: "Scenario", path: str) -> "list[Table]":
    """One table per value at ``path``: everything written for it, the oldest first.

    Raises UserError for a path at which nothing stands.
    """
    from rich.table import Table

    from simulator.scenario.resolve.origins import trace

    tables = []
    for value, chain in trace(scenario, path).items():
        made = Table(title=f"{value} = {chain[-1].text}", title_justify="left", box=None, pad_edge=False)
        for column in ("value", "from", "place", "source", "year", "note"):
            made.add_column(say(f"report.{column}"), overflow="fold", no_wrap=column == "place")
        for i, written in enumerate(chain):
            arrow = "→ " if i else ""
            source = _source(scenario, written.source)
            made.add_row(
                arrow + written.text, written.month or "", _place(written), source, written.year, _note(written)
            )
        tables.append(made)
    return tables


def _place(written: "Written") -> str:
    return ":".join(str(part) for part in written.place if part is not None)


def _source(scenario: "Scenario", source: str | None) -> str:
    """The citation in full, behind its short name."""
    if source is None:
        return say("report.no_source")
    return f"{source}: {scenario.sources[source]}" if source in scenario.sources else source


def _note(written: "Written") -> str:
    span = say("report.range", low=written.range[0], high=written.range[1]) if written.range else None
    return "; ".join(part for part in (span, written.note) if part)
