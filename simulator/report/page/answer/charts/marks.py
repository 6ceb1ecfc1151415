"""Marks of arms, letters and scales that every picture shares."""

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from markupsafe import Markup, escape

from simulator.report.page.plots import width_of

WIDE, PHONE = 1080, 358
SHAPES = 8
"""So many shapes there are; arms beyond them begin again."""


class Arm(NamedTuple):
    """An arm as every picture shows it: its number from 0 (no reform) gives colour and shape."""

    name: str
    number: int
    title: str
    short: str

    @property
    def called(self) -> str:
        """In a sentence: its short title, unless that had to be cut."""
        return self.title if self.short.endswith("…") else self.short


def glyph(number: int, x: float, y: float, r: float = 5, clear: bool = True) -> str:
    """The mark of an arm: its shape, filled where a change is clear."""
    kind = f'class="a{number} {"fill" if clear else "hollow"}"'
    shape = (number - 1) % SHAPES if number else -1
    if shape == -1:
        return f'<rect {kind} x="{x - r:.1f}" y="{y - 1.5:.1f}" width="{2 * r:.1f}" height="3"/>'
    if shape == 0:
        return f'<circle {kind} cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'
    if shape == 1:
        side = 2 * r - 1
        return f'<rect {kind} x="{x - r + 0.5:.1f}" y="{y - r + 0.5:.1f}" width="{side:.1f}" height="{side:.1f}"/>'
    q = r + 1
    points = {
        2: [(0, -r - 0.5), (q, r - 0.5), (-q, r - 0.5)],
        3: [(0, -q), (q, 0), (0, q), (-q, 0)],
        4: [(0, r + 0.5), (q, 0.5 - r), (-q, 0.5 - r)],
        5: [(-q, 0), (-r / 2, -r), (r / 2, -r), (q, 0), (r / 2, r), (-r / 2, r)],
        6: [(-r, -r), (0, -r / 3), (r, -r), (r, r), (0, r / 3), (-r, r)],
        7: [(-r, -r), (r, -r), (r / 3, 0), (r, r), (-r, r), (-r / 3, 0)],
    }[shape]
    path = "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in points)
    return f'<path {kind} d="M{path}Z"/>'


def mark(number: int, size: int = 14) -> Markup:
    """The mark of an arm beside its name."""
    return Markup(
        f'<svg class="mk" width="{size}" height="{size}" viewBox="-8 -8 16 16" aria-hidden="true">'
        f"{glyph(number, 0, 0, 6)}</svg>"
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Letters."""
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{at}>{escape(words)}</text>'


def line(kind: str, x1: float, x2: float, y1: float, y2: float) -> str:
    """A stroke."""
    return f'<line class="{kind}" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>'


def svg(width: float, height: float, body: Iterable[str], name: str) -> str:
    """A picture of its own size."""
    label = escape(name)
    return (
        f'<svg class="ch" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img" '
        f'aria-label="{label}"><title>{label}</title>{"".join(body)}</svg>'
    )


def both(draw: Callable[[bool], str]) -> Markup:
    """A picture drawn for a desk and for a phone."""
    return Markup(f'<div class="wide">{draw(False)}</div><div class="narrow">{draw(True)}</div>')


def nice(most: float) -> float:
    """A round number near ``most``.

    >>> nice(0.013), nice(37.0), nice(6.0)
    (0.01, 50.0, 5.0)
    """
    if not most > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    size = most / power
    return (1 if size < 1.5 else 2 if size < 3.5 else 5 if size < 7.5 else 10) * power


def long(words: str) -> float:
    """About how wide letters of 13 px are."""
    return width_of(words) * 1.12


def legend(arms: Iterable[Arm], width: float, y: float = 10) -> tuple[list[str], float]:
    """Marks with short titles in as many lines as they need; the drawing, and where the next line would be."""
    made, x = [], 7.0
    for arm in arms:
        wide = 30 + long(arm.short)
        if x > 7 and x + wide > width:
            x, y = 7.0, y + 22
        made += [glyph(arm.number, x, y), text(x + 12, y + 4, arm.short, "s")]
        x += wide
    return made, y + 22


def spread(places: list[float], apart: float, low: float, high: float) -> list[float]:
    """Places in rising order pushed apart so far that labels do not touch.

    >>> spread([10.0, 11.0], 12, 0, 100)
    [4.5, 16.5]
    """
    found = list(places)
    for _ in range(80):
        for n in range(len(found) - 1):
            gap = apart - (found[n + 1] - found[n])
            if gap > 0:
                found[n] -= gap / 2
                found[n + 1] += gap / 2
        if found:
            down = max(0.0, low - found[0]) - max(0.0, found[-1] - high)
            found = [each + down for each in found] if down else found
    return found
