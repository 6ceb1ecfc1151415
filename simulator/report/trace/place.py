"""A facility's story: its conduct, what one more earned it, and its books, month by month, arms in one table."""

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.practice import acts
from simulator.report.display import figure, word
from simulator.study.trace.place import PlaceStory

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("conduct", "margins", "use", "books")
HEADINGS = {name: how.short for _, name, _, how in acts.shown() if how.short}
SHARES = {"bed_use", *(name for act, name, unit, _ in acts.shown() if act.shown_as(unit) == "share")}
BETWEEN = " | "


def place_text(stories: list[PlaceStory]) -> Iterator[Any]:
    """Everything to print about a facility."""
    from rich.table import Table
    from rich.text import Text

    yield Text(_heading(stories))
    for part in PARTS:
        made = Table(title=say(f"trace.place_{part}"), title_justify="left", box=None, pad_edge=False)
        made.add_column(say("trace.month"))
        for heading in _headings(stories, part):
            made.add_column(heading, justify="right")
        for month, cells in _rows(stories, part):
            made.add_row(month, *cells)
        yield made
    yield Text(say("trace.place_note", arms=BETWEEN.join(word("arm", story.arm) for story in stories)), style="dim")


def place_html(stories: list[PlaceStory]) -> str:
    """The same as a fragment of HTML."""
    parts = [f"<p>{html.escape(_heading(stories))}</p>"]
    for part in PARTS:
        head = "".join(f"<th>{html.escape(h)}</th>" for h in (say("trace.month"), *_headings(stories, part)))
        rows = (
            "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in (month, *cells)) + "</tr>"
            for month, cells in _rows(stories, part)
        )
        title = html.escape(say(f"trace.place_{part}"))
        parts.append(f'<h4>{title}</h4><div class="wide"><table><tr>{head}</tr>{"".join(rows)}</table></div>')
    note = say("trace.place_note", arms=BETWEEN.join(word("arm", story.arm) for story in stories))
    return f'<section class="trace">{"".join(parts)}<p class="foot">{html.escape(note)}</p></section>'


def _heading(stories: list[PlaceStory]) -> str:
    first = stories[0]
    name = word("facility", first.facility)
    name = name if name == first.facility else say("trace.with_id", title=name, name=first.facility)
    return say("trace.facility", facility=name, tier=word("tier", first.tier), area=word("area", first.area))


def _headings(stories: list[PlaceStory], part: str) -> list[str]:
    return [
        HEADINGS[name].localized if name in HEADINGS else say(f"trace.of_{name}") for name in _table(stories[0], part)
    ]


def _table(story: PlaceStory, part: str) -> "pd.DataFrame":
    return getattr(story, part)


def _rows(stories: list[PlaceStory], part: str) -> Iterator[tuple[str, list[str]]]:
    tables = [_table(story, part) for story in stories]
    for month in tables[0].index:
        cells = []
        for column in tables[0]:
            cells_of_month = [_cell(str(column), float(table.loc[month, column])) for table in tables]
            cells.append(cells_of_month[0] if len(set(cells_of_month)) == 1 else BETWEEN.join(cells_of_month))
        yield str(month), cells


def _cell(column: str, value: float) -> str:
    if value == 0:
        return "0"
    if column in SHARES:
        return figure(value, "share", mark=False)
    return figure(value, "yuan" if column.endswith("_yuan") else "number")
