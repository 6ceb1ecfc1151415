"""Figures of a study as SVG: an outcome along a value that varies, over two of them, and with words above its dots."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from simulator.report.display import figure
from simulator.report.page.svg import (
    BOTTOM,
    GAP,
    HEIGHT,
    LEFT,
    RIGHT,
    ROW,
    TOP,
    WIDTH,
    Dot,
    circle,
    ends_of,
    known,
    path_of,
    step_of,
    stroke,
    svg_tag,
    text_at,
    tick_text,
    ticks,
    upright,
)

LETTER, WIDE = 6.2, 11.6
"""Width of a Latin and of a Chinese letter in the figures' type."""
HAN = 0x2E80
"""From this code on a letter is as wide as high."""
CELL, SIDE = 30, 98
"""Height of a cell of a heat map, and room for the words at its side."""
APART = 2.5
"""Pixels by which the arms of one value stand apart."""


@dataclass(frozen=True)
class Along:
    """An arm along a value: marks are (x, mean, low, high, least, most); the cloud is (x, outcome) of single points."""

    number: int
    label: str
    marks: Sequence[tuple[float, float, float, float, float, float]]
    cloud: Sequence[tuple[float, float]] = field(default_factory=list)


def width_of(text: str) -> float:
    """About how wide a text is in a figure.

    >>> width_of("基层") > width_of("ab")
    True
    """
    return sum(WIDE if ord(letter) >= HAN else LETTER for letter in text)


def shortened(text: str, room: float) -> str:
    """A text cut to the room that it has, with an ellipsis where it was cut.

    >>> shortened("a very long name of a value", 60), shortened("60 %", 60)
    ('a very l…', '60 %')
    """
    if width_of(text) <= room:
        return text
    while text and width_of(text) + LETTER > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def along(
    series: Sequence[Along], unit: str, name: str, written: Mapping[float, str] | None = None, log: bool = False
) -> Markup:
    """An outcome along a number: means with whiskers and a line, a light band from the lowest to the highest point,
    and single points where there are many.

    Args:
        series: by arm.
        unit: of the outcome.
        name: for those who cannot see it.
        written: the values by their numbers as they are written below the axis; round numbers by default.
        log: whether the axis is logarithmic.
    """
    at = (lambda v: math.log10(v)) if log else (lambda v: v)
    means = [v for each in series for mark in each.marks for v in known(mark[1:4])]
    rest = [v for each in series for mark in each.marks for v in known(mark[4:])]
    rest += [v for each in series for _, v in each.cloud]
    xs = [at(x) for each in series for x in [mark[0] for mark in each.marks] + [x for x, _ in each.cloud]]
    if not means:
        return Markup()
    low, high = ends_of(means, rest)
    left, right = min(xs), max(xs)
    wide = right - left or 1.0
    left, right = left - 0.05 * wide, right + 0.05 * wide

    def x(value: float, number: int = 0) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (at(value) - left) / (right - left) + APART * number

    y, grid = upright(low, high, unit)
    made = [svg_tag(WIDTH, HEIGHT, name), *grid]
    made += _below(written, min(xs), max(xs), x, log)
    for each in series:
        made.append(f'<g class="arm a{each.number}">')
        here = [mark for mark in each.marks if not math.isnan(mark[1])]
        around = [(x(m[0]), y(m[5])) for m in here] + [(x(m[0]), y(m[4])) for m in reversed(here)]
        if len(here) > 1 and not any(math.isnan(v) for m in here for v in m[4:]):
            made.append(f'<polygon class="band" points="{path_of(around)}"/>')
        for at_x, value in each.cloud:
            if low <= value <= high:
                made.append(f'<circle class="point" cx="{x(at_x):.1f}" cy="{y(value):.1f}" r="1.6"/>')
        if len(here) > 1:
            line = path_of((x(mark[0], each.number), y(mark[1])) for mark in here)
            made.append(f'<polyline class="line" points="{line}"/>')
        for mark in here:
            place = x(mark[0], each.number)
            if not math.isnan(mark[2]):
                made.append(stroke("whisker", place, place, y(mark[2]), y(mark[3])))
            made.append(circle("dot", place, y(mark[1]), 3, f"{each.label}: {figure(mark[1], unit)}"))
        made.append("</g>")
    made.append("</svg>")
    return Markup("".join(made))


def _below(
    written: Mapping[float, str] | None, first: float, last: float, x: Callable[[float], float], log: bool
) -> list[str]:
    """Words below the axis: the values as they are written, as many as do not touch, or round numbers."""
    if written is None:
        marks = [10**v for v in (first, (first + last) / 2, last)] if log else ticks(first, last)
        words = {v: f"{v:.3g}" if log else tick_text(v, step_of(marks), "") for v in marks}
    else:
        words = dict(sorted(written.items()))
    made, end = [], -math.inf
    for value, word in words.items():
        half = width_of(word) / 2
        middle = min(max(x(value), half), WIDTH - half)
        if middle - half > end + 4:
            made.append(text_at("tick", middle, HEIGHT - 7, "middle", word))
            end = middle + half
    return made


def titled_dots(groups: Sequence[tuple[str, Sequence[Dot]]], unit: str, name: str, differences: bool = False) -> Markup:
    """Values or differences with intervals, each group of lines below its words, which may be long; zero is in the
    picture only where it is near, and then drawn."""
    every = [v for _, row in groups for dot in row for v in known([dot.value, dot.low, dot.high])]
    if not every:
        return Markup()
    low, high = min(every), max(every)
    near = high - low or abs(high) or 1.0
    if low > 0 and low < near:
        low = 0.0
    if high < 0 and -high < near:
        high = 0.0
    pad = 0.05 * (high - low or near)
    low, high = (low - pad if low else 0.0), (high + pad if high else 0.0)
    if high <= low:
        low, high = low - near / 2, high + near / 2
    height = TOP + sum(15 + ROW * len(row) + GAP for _, row in groups) + BOTTOM
    side = 12

    def x(value: float) -> float:
        return side + (WIDTH - 2 * side) * (value - low) / (high - low)

    made = [svg_tag(WIDTH, height, name)]
    marks = ticks(low, high)
    for mark in marks:
        made.append(stroke("grid zero" if mark == 0 else "grid", x(mark), x(mark), TOP, height - BOTTOM))
        text = tick_text(mark, step_of(marks), unit)
        text = text.replace("%", "pp") if differences else text
        half = width_of(text) / 2
        made.append(text_at("tick", min(max(x(mark), half), WIDTH - half), height - 8, "middle", text))
    top = float(TOP)
    for label, row in groups:
        made.append(text_at("word above", 0, top + 11, "start", shortened(label, WIDTH)))
        top += 15
        for dot in row:
            middle = top + ROW / 2
            made.append(f'<g class="arm a{dot.number}">')
            if not math.isnan(dot.low):
                made.append(stroke("whisker", x(dot.low), x(dot.high), middle, middle))
            if not math.isnan(dot.value):
                tooltip = f"{label}, {dot.label}: {figure(dot.value, unit)}"
                made.append(circle("dot", x(dot.value), middle, 4, tooltip))
            made.append("</g>")
            top += ROW
        top += GAP
    made.append("</svg>")
    return Markup("".join(made))


def heat(columns: Sequence[str], rows: Sequence[str], values: Mapping[tuple[int, int], float], unit: str, name: str,
         across: str, down: str) -> Markup:  # fmt: skip
    """A map of cells, the darker the higher, each with its value; ``values`` by (row, column).

    ``across`` and ``down`` name what varies from column to column and from row to row.
    """
    if not values:
        return Markup()
    low, high = min(values.values()), max(values.values())
    wide = (WIDTH - SIDE) / len(columns)
    height = 34 + CELL * len(rows) + 6
    made = [svg_tag(WIDTH, height, name)]
    made.append(text_at("tick", 0, 10, "start", shortened(f"{down} ↓  {across} →", WIDTH)))
    for place, label in enumerate(columns):
        made.append(text_at("word", SIDE + wide * (place + 0.5), 28, "middle", shortened(label, wide - 4)))
    for line, label in enumerate(rows):
        top = 34 + CELL * line
        made.append(text_at("word", SIDE - 8, top + CELL / 2 + 4, "end", shortened(label, SIDE - 10)))
        for place in range(len(columns)):
            value = values.get((line, place))
            if value is None:
                continue
            depth = (value - low) / (high - low) if high > low else 0.5
            tooltip = escape(f"{label}, {columns[place]}: {figure(value, unit)}")
            made.append(
                f'<rect class="cell" x="{SIDE + wide * place + 1:.1f}" y="{top + 1}" width="{wide - 2:.1f}" '
                f'height="{CELL - 2}" fill-opacity="{0.06 + 0.8 * depth:.2f}"><title>{tooltip}</title></rect>'
            )
            shown = figure(value, unit, like=high, mark=False)
            if width_of(shown) <= wide - 2:
                kind = "word light" if depth > 0.75 else "word"
                made.append(text_at(kind, SIDE + wide * (place + 0.5), top + CELL / 2 + 4, "middle", shown))
    made.append("</svg>")
    return Markup("".join(made))
