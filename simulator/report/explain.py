"""Where a difference comes from, as tables for the terminal."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.display import figure, moved, unit_of, word
from simulator.report.results_table import Row
from simulator.study.explain.difference_table import is_explained
from simulator.study.explain.parts import Share
from simulator.study.explain.switches import ALL, Explained

if TYPE_CHECKING:
    from rich.table import Table


def explained_tables(found: Explained) -> Iterator[Any]:
    """The difference, what each mechanism carries, and what each tier, age and income brings."""
    from rich.text import Text

    unit = unit_of(found.series[0])
    row = Row(*found.series)
    yield Text(
        say(
            "explain.difference",
            indicator=word("indicator", found.series[0]),
            where=f" ({row.where})" if row.where else "",
            arm=word("arm", found.arm),
            level=figure(found.level, unit),
            difference=_around(found, found.difference),
            first=found.first,
            last=found.last,
            replications=found.replications,
        ),
        style="bold",
    )
    yield _mechanisms(found)
    yield Text(say("explain.mechanisms_note"), style="dim")
    for by in ("tier", "age", "income"):
        mine = [share for share in found.shares if share.by == by]
        if mine:
            yield _shares(found, by, mine)
        else:
            yield Text(say("explain.not_by", by=say(f"explain.by_{by}")), style="dim")
    if found.shares:
        yield Text(say("explain.shares_note"), style="dim")


def _mechanisms(found: Explained) -> "Table":
    from rich.table import Table

    made = Table(title=say("explain.mechanisms"), title_justify="left", box=None, pad_edge=False)
    made.add_column(say("explain.mechanism"))
    for heading in ("without", "carries", "of_difference"):
        made.add_column(say(f"explain.{heading}"), justify="right")
    for each in found.without:
        if each.switch == ALL:
            made.add_section()
        share = figure(each.carries[0] / found.difference[0], "share") if is_explained(found) else "–"
        cells = (_around(found, each.difference), _around(found, each.carries), share)
        made.add_row(say(f"explain.switch_{each.switch}"), *cells)
    return made


def _shares(found: Explained, by: str, mine: list[Share]) -> "Table":
    from rich.table import Table

    made = Table(title=say(f"explain.title_{by}"), title_justify="left", box=None, pad_edge=False)
    made.add_column(say(f"explain.by_{by}"))
    for heading in ("mix", "level"):
        made.add_column(say(f"explain.{heading}"), justify="right")
    for share in mine:
        made.add_row(group_word(by, share.group), *(_around(found, e) for e in (share.mix, share.level)))
    sums = [math.fsum(getattr(share, part)[0] for share in mine) for part in ("mix", "level")]
    made.add_section()
    made.add_row(say("explain.sum"), *(shown(found, total) for total in sums))
    return made


def shown(found: Explained, value: float) -> str:
    """A part of the difference."""
    return moved(value, found.difference[0], found.level, unit_of(found.series[0]))


def _around(found: Explained, ends: tuple[float, float, float]) -> str:
    """With half the width of its interval."""
    mean, low, _ = ends
    return shown(found, mean) if math.isnan(low) else f"{shown(found, mean)} ± {shown(found, mean - low)[1:]}"


def group_word(by: str, group: str) -> str:
    """A group in words."""
    if by == "tier":
        return word("tier", group)
    return say("explain.age", ages=group) if by == "age" else say(f"explain.income_{group}")
