"""Figures as SVG that scales with the page: lines with bands, dots with intervals. Text is text, colours are classes.

The user unit is a CSS pixel at the width of a phone, so that letters stay readable there.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from simulator.report.display import SCALE

WIDTH, HEIGHT = 360, 216
LEFT, RIGHT, TOP, BOTTOM = 50, 8, 10, 24
LABELS = 104
"""Width of the words beside dots."""
WIDER = 0.8
"""How far bands may widen an axis on either side, against the span of the lines."""
ROW, GAP = 13, 9
"""Height of a dot's line, and between two groups of them."""


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
