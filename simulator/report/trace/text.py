"""A family's story as text for the terminal, arms side by side."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.display import word
from simulator.report.trace.sentences import Entry, Grid, entries, family_lines, month_foot
from simulator.study.trace.record import FamilyMonth, Story

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

MARK = "▸ "


def story_text(stories: list[Story]) -> Iterator[Any]:
    """Everything to print, in order: the family, then month by month."""
    from rich.rule import Rule
    from rich.text import Text

    yield Text("\n".join(family_lines(stories[0])))
    months = list(zip(*(story.months for story in stories), strict=True))
    for quiet, group in groupby(months, key=lambda month: is_quiet(stories, month)):
        run = list(group)
        if quiet:
            label = run[0][0].month if len(run) == 1 else f"{run[0][0].month} … {run[-1][0].month}"
            yield Rule(label, align="left", style="dim")
            yield Text(say("trace.quiet"), style="dim")
            continue
        for month in run:
            yield Rule(month[0].month, align="left", style="dim")
            yield _month(stories, month)
    yield Text(say("trace.utility_note"), style="dim")


def is_quiet(stories: list[Story], month: tuple[FamilyMonth, ...]) -> bool:
    """Whether nothing happened in any arm."""
    return not any(entries(story, each) for story, each in zip(stories, month, strict=True))


def same(stories: list[Story], month: tuple[FamilyMonth, ...]) -> bool:
    """Whether the month is told alike in all arms."""
    arms = [(entries(story, each), month_foot(each)) for story, each in zip(stories, month, strict=True)]
    return all(each == arms[0] for each in arms[1:])


def _month(stories: list[Story], month: tuple[FamilyMonth, ...]) -> "Table | Group":
    from rich.table import Table

    if same(stories, month):
        alike = say("trace.same") if len(stories) > 1 else ""
        return _cell(entries(stories[0], month[0]), month_foot(month[0]), alike)
    side = Table.grid(expand=True, padding=(0, 2))
    for _ in stories:
        side.add_column(ratio=1)
    cells = [
        _cell(entries(story, each), month_foot(each), word("arm", story.arm))
        for story, each in zip(stories, month, strict=True)
    ]
    side.add_row(*cells)
    return side


def _cell(entries_of: list[Entry], foot: str, heading: str) -> "Group":
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[Any] = [Text(heading, style="italic")] if heading else []
    for entry in entries_of:
        parts.append(Text(entry.title, style="bold"))
        for part in entry.parts:
            parts.append(Padding(_grid(part) if isinstance(part, Grid) else Text(part), (0, 0, 0, 2)))
    return Group(*parts, Text(foot, style="dim"))


def _grid(grid: Grid) -> "Table":
    from rich.table import Table

    made = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    for n, heading in enumerate(grid.head):
        made.add_column(heading, justify="right" if n else "left", overflow="fold")
    for n, row in enumerate(grid.rows):
        first = MARK if n == grid.chosen else "  "
        made.add_row(first + row[0], *row[1:], style="bold" if n == grid.chosen else "")
    return made
