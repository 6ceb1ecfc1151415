"""What two runs differ in, as tables for the terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simulator.core.messages import say
from simulator.report.display import figure, titles, unit_of, word
from simulator.report.results_table import Row
from simulator.study import unlike

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.study.results import Results


def tables(one: "Results", other: "Results", most: int) -> "Iterator[Table]":
    """A table of the scenario, one of version and circumstances, one of results; none of what is the same.

    Args:
        one, other: two runs.
        most: lines of a table.
    """
    for name, found in (("scenario", unlike.scenarios(one, other)), ("run", unlike.circumstances(one, other))):
        if found:
            yield _table(say(f"diff.{name}"), ("what", "one", "other"), [tuple(each) for each in found], most)
    with titles(one.manifest["scenario"]["resolved"], short=True):
        rows = []
        for moved in unlike.results(one, other):
            arm, indicator, *shape = moved.key
            unit = unit_of(indicator)
            tier, plan, part, alliance = shape
            where = Row(indicator, tier, plan, part, alliance).where
            sure = say("diff.apart") if moved.apart else ""
            figures = (figure(moved.one, unit), figure(moved.other, unit))
            rows.append((word("arm", arm), word("indicator", indicator), where, *figures, sure))
    if rows:
        yield _table(say("diff.results"), ("arm", "indicator", "of", "one", "other", "sure"), rows, most)


def _table(title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], most: int) -> "Table":
    from rich.table import Table

    more = len(rows) - most
    caption = say("diff.more", number=more) if more > 0 else None
    made = Table(title=title, title_justify="left", caption=caption, caption_justify="left", box=None, pad_edge=False)
    for column in columns:
        known = column in ("arm", "indicator", "of")
        made.add_column(say(f"report.{column}" if known else f"diff.column_{column}"), overflow="fold")
    for row in rows[:most]:
        made.add_row(*row)
    return made
