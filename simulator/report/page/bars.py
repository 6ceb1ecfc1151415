"""Bars from zero with intervals, lying, in groups: what parts bring to a difference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from simulator.report.page.svg import (
    BOTTOM,
    RIGHT,
    TOP,
    WIDTH,
    known,
    step_of,
    stroke,
    svg_tag,
    text_at,
    tick_text,
    ticks,
)

LABELS = 150
"""Width of the words beside bars."""
ROW, GAP = 14, 8
"""Height of a bar's line, and between two groups of them."""
THICK = 10


@dataclass(frozen=True)
class Bar:
    """A value with its interval, NaN where there is none; ``kind`` gives the colour, ``tooltip`` says more."""

    kind: str
    value: float
    low: float
    high: float
    tooltip: str


def bars(groups: Sequence[tuple[str, Sequence[Bar]]], unit: str, name: str) -> Markup:
    """A group of bars for each of (words, bars), on one scale with zero in it."""
    every = [v for _, row in groups for bar in row for v in known([bar.value, bar.low, bar.high])]
    if not any(every):
        return Markup()
    low, high = min(*every, 0.0), max(*every, 0.0)
    pad = (high - low) * 0.04
    low, high = low - pad * (low < 0), high + pad * (high > 0)
    height = TOP + sum(ROW * len(row) + GAP for _, row in groups) + BOTTOM

    def x(value: float) -> float:
        return LABELS + (WIDTH - LABELS - RIGHT - 8) * (value - low) / (high - low)

    made = [svg_tag(WIDTH, height, name)]
    marks = ticks(low, high)
    for mark in marks:
        made.append(stroke("grid zero" if mark == 0 else "grid", x(mark), x(mark), TOP - 4, height - BOTTOM))
        shown = tick_text(mark, step_of(marks), unit).removesuffix(" %")
        made.append(text_at("tick", x(mark), height - 8, "middle", shown))
    top = float(TOP)
    for label, row in groups:
        made.append(text_at("word", LABELS - 8, top + ROW * len(row) / 2 + 4, "end", label))
        for bar in row:
            y = top + ROW / 2
            left, right = sorted((x(0.0), x(bar.value)))
            box = f'x="{left:.1f}" y="{y - THICK / 2:.1f}" width="{right - left:.1f}" height="{THICK}"'
            made.append(f'<rect class="bar {bar.kind}" {box}><title>{escape(bar.tooltip)}</title></rect>')
            if not math.isnan(bar.low):
                made.append(stroke("reach", x(bar.low), x(bar.high), y, y))
            top += ROW
        top += GAP
    made.append("</svg>")
    return Markup("".join(made))
