"""Figures as SVG that scales with the page: lines with bands, dots with intervals. Text is text, colours are classes.

The user unit is a CSS pixel at the width of a phone, so that letters stay readable there.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from simulator.report.display import SCALE, figure

WIDTH, HEIGHT = 360, 216
LEFT, RIGHT, TOP, BOTTOM = 50, 8, 10, 24
LABELS = 104
"""Width of the words beside dots."""
WIDER = 0.8
"""How far bands may widen an axis on either side, against the span of the lines."""
ROW, GAP = 13, 9
"""Height of a dot's line, and between two groups of them."""


@dataclass(frozen=True)
class Line:
    """A series: ``number`` is the arm's, which gives the colour; bands are (low, high) from the widest on."""

    number: int
    label: str
    values: Sequence[float]
    bands: Sequence[tuple[Sequence[float], Sequence[float]]] = field(default_factory=list)


@dataclass(frozen=True)
class Dot:
    """A value with its interval, NaN where there is none."""

    number: int
    label: str
    value: float
    low: float = math.nan
    high: float = math.nan


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round values from ``low`` to ``high``, three or more.

    >>> ticks(0.42, 0.61), ticks(0, 5200)
    ([0.45, 0.5, 0.55, 0.6], [0.0, 2000.0, 4000.0])
    >>> ticks(0.51, 0.598)
    [0.52, 0.54, 0.56, 0.58]
    """
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / about
    size = 10.0 ** math.floor(math.log10(rough))
    steps = [size * m for m in (1, 2, 5, 10)]
    most = next(i for i, step in enumerate(steps) if step >= rough * 0.999)
    made: list[float] = []
    for step in reversed(steps[: most + 1]):
        made = [round(n * step, 12) for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        if len(made) > 2:
            break
    return made


def tick_text(value: float, step: float, unit: str) -> str:
    """A tick as short as its step allows.

    >>> tick_text(0.5, 0.05, "share"), tick_text(4000, 2000, "yuan"), tick_text(0.02, 0.01, "rate")
    ('50 %', '4,000', '0.02')
    """
    scale = SCALE.get(unit, 1.0)
    digits = max(0, -math.floor(math.log10(abs(step * scale)) + 1e-9)) if step else 0
    return f"{value * scale:,.{digits}f}".replace("-", "−") + (" %" if unit == "share" else "")


def step_of(marks: Sequence[float]) -> float:
    return marks[1] - marks[0] if len(marks) > 1 else abs(marks[0]) if marks and marks[0] else 1.0


def ends_of(values: Sequence[float], ends: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis: all values, and of bands that are far wider only a part, so that lines can be told apart."""
    least, most = min(values), max(values)
    room = max(most - least, 0.1 * abs(most), 1e-9)
    low = max(min([least, *ends]), least - WIDER * room)
    high = min(max([most, *ends]), most + WIDER * room)
    pad = 0.05 * (high - low) or room
    low, high = low - pad, high + pad
    return (max(low, 0.0) if least >= 0 else low), high


def known(values: Sequence[float]) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def upright(low: float, high: float, unit: str) -> tuple[Callable[[float], float], list[str]]:
    """The height at which a value between ``low`` and ``high`` stands, and the lines of the grid with their figures."""

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (min(max(value, low), high) - low) / (high - low))

    made, marks = [], ticks(low, high)
    for mark in marks:
        made.append(stroke("grid", LEFT, WIDTH - RIGHT, y(mark), y(mark)))
        made.append(text_at("tick", LEFT - 6, y(mark) + 4, "end", tick_text(mark, step_of(marks), unit)))
    return y, made


def lines(
    periods: Sequence[str],
    series: Sequence[Line],
    unit: str,
    name: str,
    since: int | None = None,
    beside: Sequence[Line] = (),
) -> Markup:
    """Lines over time. ``since`` is the position at which the first rule changes, told by a dashed line; ``beside`` are
    lines of other pictures that shall have the same scale."""
    every = [*series, *beside]
    values = [v for line in every for v in known(line.values)]
    if not values:
        return Markup()
    low, high = ends_of(values, [v for line in every for band in line.bands for ends in band for v in known(ends)])

    def x(i: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (i / max(len(periods) - 1, 1))

    y, grid = upright(low, high, unit)
    made = [svg_tag(WIDTH, HEIGHT, name), *grid]
    starts = [i for i, period in enumerate(periods) if i == 0 or period[:4] != periods[i - 1][:4]]
    every_other = max(1, math.ceil(len(starts) / 6))
    for i in starts[::every_other]:
        anchor = "start" if i == 0 else "end" if i == len(periods) - 1 else "middle"
        made.append(text_at("tick", x(i), HEIGHT - 7, anchor, periods[i][:4]))
    if since is not None:
        made.append(stroke("since", x(since), x(since), TOP, HEIGHT - BOTTOM))
    for line in series:
        made.append(f'<g class="arm a{line.number}">')
        for lows, highs in line.bands:
            there = [i for i in range(len(periods)) if not (math.isnan(lows[i]) or math.isnan(highs[i]))]
            if len(there) > 1:
                around = [(x(i), y(highs[i])) for i in there] + [(x(i), y(lows[i])) for i in reversed(there)]
                made.append(f'<polygon class="band" points="{path_of(around)}"/>')
        there = [i for i in range(len(periods)) if not math.isnan(line.values[i])]
        path = path_of((x(i), y(line.values[i])) for i in there)
        made.append(f'<polyline class="line" points="{path}"/>')
        for i in there:
            tooltip = f"{line.label}, {periods[i]}: {figure(line.values[i], unit)}"
            made.append(circle("spot", x(i), y(line.values[i]), 5, tooltip))
        made.append("</g>")
    made.append("</svg>")
    return Markup("".join(made))


def dots(groups: Sequence[tuple[str, Sequence[Dot]]], unit: str, name: str) -> Markup:
    """Values with intervals, a group of lines for each of (words, dots)."""
    every = [v for _, row in groups for dot in row for v in known([dot.value, dot.low, dot.high])]
    if not every:
        return Markup()
    low, high = min(every), max(every)
    low, high = min(low, 0.0), max(high, 0.0) or 1.0
    pad = (high - low) * 0.04
    low, high = (low - pad if low < 0 else low), high + pad
    height = TOP + sum(ROW * len(row) + GAP for _, row in groups) + BOTTOM

    def x(value: float) -> float:
        return LABELS + (WIDTH - LABELS - RIGHT - 8) * (value - low) / (high - low)

    made = [svg_tag(WIDTH, height, name)]
    marks = ticks(low, high)
    for mark in marks:
        made.append(stroke("grid", x(mark), x(mark), TOP - 4, height - BOTTOM))
        made.append(text_at("tick", x(mark), height - 8, "middle", tick_text(mark, step_of(marks), unit)))
    top = float(TOP)
    for label, row in groups:
        made.append(text_at("word", LABELS - 8, top + ROW * len(row) / 2 + 4, "end", label))
        for dot in row:
            y = top + ROW / 2
            tooltip = f"{label}, {dot.label}: {figure(dot.value, unit)}"
            made.append(f'<g class="arm a{dot.number}">')
            if not math.isnan(dot.low):
                made.append(stroke("whisker", x(dot.low), x(dot.high), y, y))
            if not math.isnan(dot.value):
                made.append(circle("dot", x(dot.value), y, 4, tooltip))
            made.append("</g>")
            top += ROW
        top += GAP
    made.append("</svg>")
    return Markup("".join(made))


def text_at(kind: str, x: float, y: float, anchor: str, text: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def stroke(kind: str, x1: float, x2: float, y1: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>'


def circle(kind: str, x: float, y: float, radius: int, tooltip: str) -> str:
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"><title>{escape(tooltip)}</title></circle>'


def path_of(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def svg_tag(width: float, height: float, name: str) -> str:
    return f'<svg viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{escape(name)}">'
