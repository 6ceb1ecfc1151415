"""A family's story as a timeline in HTML, arms side by side: a fragment for a page, without script."""

import html
from collections.abc import Iterator

from simulator.core.messages import say
from simulator.report.display import word
from simulator.report.trace.sentences import Entry, Grid, entries, family_lines, month_foot
from simulator.report.trace.text import is_quiet, same
from simulator.study.trace.record import FamilyMonth, Story

STYLE = """
.trace { font: inherit; line-height: 1.5; }
.trace h4 { margin: 1.2em 0 .3em; border-bottom: 1px solid #8886; font-variant-numeric: tabular-nums; }
.trace .arms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22em, 100%), 1fr)); gap: 0 1.5em; }
.trace .arm { font-style: italic; margin: .2em 0; }
.trace .entry { border-left: 3px solid #3a7ca5; padding-left: .7em; margin: .5em 0; break-inside: avoid; }
.trace .entry b { display: block; }
.trace .entry p, .trace .foot, .trace .quiet, .trace .who p { margin: .1em 0; }
.trace .foot, .trace .quiet { opacity: .75; font-size: .92em; }
.trace .wide { overflow-x: auto; }
.trace table { border-collapse: collapse; font-size: .84em; font-variant-numeric: tabular-nums; margin: .2em 0; }
.trace th, .trace td { padding: .1em .25em; text-align: right; font-weight: normal; border: 0; vertical-align: bottom; }
.trace th { opacity: .75; line-height: 1.2; }
.trace td { white-space: nowrap; }
.trace th:first-child, .trace td:first-child { text-align: left; padding-left: 0; }
.trace tr.chosen td { font-weight: bold; }
"""


def timeline(stories: list[Story]) -> str:
    """The story of one family as ``<section class="trace">`` with a style of its own, in the language spoken now.

    Args:
        stories: the same family and months in each arm, from ``simulator.study.trace.family.follow``.
    """
    return "\n".join(_lines(stories))


def _lines(stories: list[Story]) -> Iterator[str]:
    yield f'<section class="trace"><style>{STYLE}</style>'
    yield '<div class="who">' + "".join(f"<p>{_text(line)}</p>" for line in family_lines(stories[0])) + "</div>"
    for month in zip(*(story.months for story in stories), strict=True):
        yield f"<h4>{_text(month[0].month)}</h4>"
        if is_quiet(stories, month):
            yield f'<p class="quiet">{_text(say("trace.quiet"))}</p>'
        elif same(stories, month):
            yield _arm(stories[0], month[0], say("trace.same") if len(stories) > 1 else "")
        else:
            arms = (_arm(story, each, word("arm", story.arm)) for story, each in zip(stories, month, strict=True))
            yield f'<div class="arms">{"".join(arms)}</div>'
    yield f'<p class="foot">{_text(say("trace.utility_note"))}</p></section>'


def _arm(story: Story, month: FamilyMonth, heading: str) -> str:
    parts = [f'<p class="arm">{_text(heading)}</p>'] if heading else []
    parts += [_entry(entry) for entry in entries(story, month)]
    return f'<div>{"".join(parts)}<p class="foot">{_text(month_foot(month))}</p></div>'


def _entry(entry: Entry) -> str:
    parts = (_grid(part) if isinstance(part, Grid) else f"<p>{_text(part)}</p>" for part in entry.parts)
    return f'<div class="entry"><b>{_text(entry.title)}</b>{"".join(parts)}</div>'


def _grid(grid: Grid) -> str:
    head = "".join(f"<th>{_text(cell)}</th>" for cell in grid.head)
    rows = "".join(
        f"<tr{' class="chosen"' if n == grid.chosen else ''}>" + "".join(f"<td>{_text(c)}</td>" for c in row) + "</tr>"
        for n, row in enumerate(grid.rows)
    )
    return f'<div class="wide"><table><tr>{head}</tr>{rows}</table></div>'


def _text(text: str) -> str:
    return html.escape(text)
