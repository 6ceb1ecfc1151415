"""A map of the referral network: primary care by township or county below, hospitals above, patients before and after.

Lines are the year's moves under an arm, up and down; the numbers at a box are moves from it and to it without and with
the arm.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.page.answer.charts.marks import PHONE, WIDE, both, svg, text
from simulator.report.page.plots import shortened

HIGH, TOP, GAP = 30, 14, 128
COLUMN, NARROW = {False: 212.0, True: 96.0}, 92.0
"""Most room of a column on a desk and on a phone, and that below which words are cut to numbers."""
THICK = 16.0
"""Width of the widest line."""
LEAST = 0.002
"""Part of all moves below which no line is drawn; the numbers have it."""
UP, DOWN = "up", "down"
type Moves = Mapping[tuple[str, str, str], float]
"""Patients a year by (lower unit, upper unit, way)."""


class Unit(NamedTuple):
    """A box: its name, its level from the top, what is written in it, where it lies, and its number or a short name."""

    key: str
    level: int
    title: str
    area: str
    number: str


def drawn(units: Sequence[Unit], before: Moves, after: Moves, title: str) -> Markup:
    """The map of one arm.

    Args:
        units: the boxes; those of the lowest level from left to right.
        before: without the arm.
        after: with it.
        title: of the arm.
    """
    return both(lambda phone: _draw(units, before, after, title, phone))


def _draw(units: Sequence[Unit], before: Moves, after: Moves, title: str, phone: bool) -> str:
    columns = sum(unit.level == 2 for unit in units)
    width = max(columns * COLUMN[True] + 8, PHONE) if phone else min(WIDE, max(columns * COLUMN[False], 520.0))
    room = (width - 8) / columns
    at = _places(units, width, room)
    total = max((*before.values(), *after.values()), default=1.0) or 1.0
    lines, made = [], []
    for (low, high, way), count in sorted(after.items(), key=lambda each: -each[1]):
        if count >= LEAST * total:
            lines += _line(at[low], at[high], way, max(1.0, THICK * count / total))
    for unit in units:
        x, y = at[unit.key]
        wide = min(room - 8, 150.0) if unit.level == 2 else 150.0
        made.append(
            f'<rect class="node" x="{x - wide / 2:.1f}" y="{y - HIGH / 2:.1f}" width="{wide:.1f}" height="{HIGH}" '
            'rx="3"/>'
        )
        tight = unit.level == 2 and room < NARROW
        made.append(text(x, y + 4.5, unit.number if tight else shortened(unit.title, wide - 8), "nd", "middle"))
        alone = sum(each.level == unit.level for each in units) == 1
        made += _numbers(unit, (x, y), before, after, tight, alone)
    picture = svg(width, TOP + HIGH + 2 * GAP + 44, lines + made, say("answer.alt_map", arm=title))
    return f'<div class="scroll">{picture}</div>' if phone else picture


def _places(units: Sequence[Unit], width: float, room: float) -> dict[str, tuple[float, float]]:
    """The middle of every box: those above primary care over the units of their area, apart by the width of boxes."""
    at: dict[str, tuple[float, float]] = {}
    lowest = [unit for unit in units if unit.level == 2]
    for n, unit in enumerate(lowest):
        at[unit.key] = 4 + room * (n + 0.5), TOP + HIGH / 2 + 2 * GAP
    for level in (1, 0):
        mine = [unit for unit in units if unit.level == level]
        wanted = []
        for n, unit in enumerate(mine):
            below = [at[each.key][0] for each in lowest if each.area == unit.area]
            wanted.append(sum(below) / len(below) if below and level else width * (n + 0.5) / len(mine))
        step = min(162.0, (width - 150.0) / max(len(mine) - 1, 1))
        x = 75.0 - step
        for unit, wish in sorted(zip(mine, wanted, strict=True), key=lambda each: each[1]):
            x = min(max(wish, x + step), width - 75.0)
            at[unit.key] = x, TOP + HIGH / 2 + level * GAP
    return at


def _line(low: tuple[float, float], high: tuple[float, float], way: str, thick: float) -> list[str]:
    shift = (-1 if way == UP else 1) * (thick / 2 + 3)
    start, end = (low[0] + shift, low[1] - HIGH / 2), (high[0] + shift, high[1] + HIGH / 2)
    if way == DOWN:
        start, end = end, start
    middle = (start[1] + end[1]) / 2
    tip = end[1] + (7 if way == UP else -7)
    half = max(4.0, thick / 2 + 2)
    kind = "" if way == UP else " pale"
    return [
        f'<path class="fl{kind}" stroke-width="{thick:.1f}" d="M{start[0]:.1f} {start[1]:.1f}C{start[0]:.1f} '
        f'{middle:.1f} {end[0]:.1f} {middle:.1f} {end[0]:.1f} {tip:.1f}"/>',
        f'<path class="hd{kind}" d="M{end[0]:.1f} {end[1]:.1f}L{end[0] - half:.1f} {tip:.1f}H{end[0] + half:.1f}Z"/>',
    ]


def _numbers(unit: Unit, at: tuple[float, float], before: Moves, after: Moves, tight: bool, alone: bool) -> list[str]:
    """Moves from a box up and to it down, without and with the arm, where there are any: below it, or beside it where
    it stands alone."""
    if not unit.level:
        return []
    x, y = at
    made: list[str] = []
    for way, arrow in ((UP, "↑"), (DOWN, "↓")):
        sums = [sum(c for (low, _, to), c in each.items() if low == unit.key and to == way) for each in (before, after)]
        if not any(sums):
            continue
        words = ("" if tight else " ").join((arrow, _thousands(sums[0], tight), "→", _thousands(sums[1], tight)))
        if not alone:
            made.append(text(x, y + HIGH / 2 + 15 + 16 * len(made), words, "fv s", "middle"))
        else:
            made.append(text(x + 81, y - 3 + 16 * len(made), words, "fv s"))
    return made


def _thousands(count: float, tight: bool) -> str:
    digits = 1 if tight or count >= 1000 else 2
    return f"{count / 1000:,.{digits}f}" if round(count / 1000, digits) else "0"
