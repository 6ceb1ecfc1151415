"""What each channel of an alliance does to a difference, as a table for the terminal."""

import math
from typing import TYPE_CHECKING, Any

from simulator.alliance.channels import CHANNELS
from simulator.core.messages import say
from simulator.report.display import figure, moved, unit_of, word
from simulator.report.results_table import Row
from simulator.study.explain.by_channel import ByChannel
from simulator.study.intervals import Interval

if TYPE_CHECKING:
    from rich.table import Table


def channel_tables(found: ByChannel) -> list[Any]:
    """The difference, and what each channel adds alone and carries beside the others."""
    from rich.text import Text

    row = Row(*found.series)
    head = say(
        "explain.difference",
        indicator=word("indicator", found.series[0]),
        where=f" ({row.where})" if row.where else "",
        arm=word("arm", found.arm),
        level=figure(found.level, unit_of(found.series[0])),
        difference=_around(found, found.difference),
        first=found.first,
        last=found.last,
        replications=found.replications,
    )
    return [Text(head, style="bold"), _table(found), Text(say("channels.note"), style="dim")]


def _table(found: ByChannel) -> "Table":
    from rich.table import Table

    made = Table(title=say("channels.title"), title_justify="left", box=None, pad_edge=False)
    made.add_column(say("channels.channel"))
    for heading in ("adds", "carries"):
        made.add_column(say(f"channels.{heading}"), justify="right")
    for each in found.channels:
        made.add_row(channel_word(each.channel), _around(found, each.adds), _around(found, each.carries))
    made.add_section()
    made.add_row(say("channels.none"), _around(found, found.none), "")
    made.add_row(say("channels.whole"), _around(found, found.difference), "")
    return made


def channel_word(name: str) -> str:
    """A channel in words."""
    return CHANNELS[name].channel.text.localized


def shown(found: ByChannel, value: float) -> str:
    """A part of the difference."""
    return moved(value, found.difference[0], found.level, unit_of(found.series[0]))


def _around(found: ByChannel, ends: Interval) -> str:
    """With half the width of its interval."""
    mean, low, _ = ends
    return shown(found, mean) if math.isnan(low) else f"{shown(found, mean)} ± {shown(found, mean - low)[1:]}"
