"""Outcomes over time: no reform drawn last and black, one band alone, labels at the ends of the lines."""

import math
from collections.abc import Callable, Mapping, Sequence

from simulator.core.messages import say
from simulator.report.display import SCALE
from simulator.report.page.answer.charts.marks import PHONE, Arm, both, glyph, line, long, nice, spread, svg, text

WIDE, HEIGHT = 524, 236
LEFT, TOP, BOTTOM = 44, 18, 24
MOST_LABEL = 152
type Scale = Callable[[float], float]


class Picture:
    """One outcome.

    Args:
        periods: first months of the points in time.
        lines: by arm, means at these points, NaN where there are none.
        band: low and high of the first reform, or of the only arm.
        unit: of the figures.
        arms: no reform and the reforms, in order.
        since: the first month of changed rules, None where nothing changes.
        name: for those who cannot see it.
    """

    def __init__(
        self,
        periods: Sequence[str],
        lines: Mapping[str, Sequence[float]],
        band: tuple[Sequence[float], Sequence[float]],
        unit: str,
        arms: Sequence[Arm],
        since: str | None,
        name: str,
    ):
        self.periods, self.lines, self.band, self.unit = periods, lines, band, unit
        self.arms = [arm for arm in arms if arm.name in lines]
        self.name = name
        self.since = next((n for n, p in enumerate(periods) if since and p >= since and n), None)
        every = [v for values in lines.values() for v in values if v == v]
        low, high = min(every), max(every)
        room = (high - low) or abs(high) or 1.0
        ends = [v for side in band for v in side if v == v and low - room / 2 <= v <= high + room / 2]
        low, high = min([low, *ends]), max([high, *ends])
        pad = 0.06 * (high - low or room)
        self.low, self.high = (max(low - pad, 0.0) if low >= 0 else low - pad), high + pad

    def __str__(self) -> str:
        return str(both(self._draw))

    def _draw(self, phone: bool) -> str:
        width = PHONE if phone else WIDE
        right = min(MOST_LABEL, 34 + max(long(arm.short) for arm in self.arms))
        last = max(len(self.periods) - 1, 1)

        def x(n: float) -> float:
            return LEFT + n * (width - LEFT - right) / last

        def y(value: float) -> float:
            value = min(max(value, self.low), self.high)
            return TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)

        made = self._axes(x, y, width - right)
        low, high = self.band
        there = [
            n for n in range(len(self.periods)) if low[n] == low[n] and (self.since is None or n >= self.since - 1)
        ]
        if len(there) > 1:
            around = [f"{x(n):.1f} {y(high[n]):.1f}" for n in there] + [
                f"{x(n):.1f} {y(low[n]):.1f}" for n in reversed(there)
            ]
            made.append(f'<path class="band a{self._banded.number}" d="M{"L".join(around)}Z"/>')
        for arm in sorted(self.arms, key=lambda arm: (arm.number == 0, -arm.number)):
            points = [
                f"{x(n):.1f} {y(v):.1f}"
                for n, v in enumerate(self.lines[arm.name])
                if v == v and (not arm.number or self.since is None or n >= self.since - 1)
            ]
            if points:
                made.append(f'<path class="line a{arm.number}" d="M{"L".join(points)}"/>')
        return svg(width, HEIGHT, [*made, *self._labels(x(last), y, width - right)], self.name)

    @property
    def _banded(self) -> Arm:
        return next((arm for arm in self.arms if arm.number), self.arms[0])

    def _axes(self, x: Scale, y: Scale, end: float) -> list[str]:
        made, step = [], nice((self.high - self.low) / 4)
        decimals = max(0, -math.floor(math.log10(step * SCALE.get(self.unit, 1.0)) + 1e-9))
        for n in range(math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9) + 1):
            value = n * step * SCALE.get(self.unit, 1.0)
            said = f"{value:,.{decimals}f}".replace("-", "−")
            made += [
                line("grid", LEFT, end, y(n * step), y(n * step)),
                text(LEFT - 6, y(n * step) + 4, said, "tk", "end"),
            ]
        years = [n for n, p in enumerate(self.periods) if n == 0 or p[:4] != self.periods[n - 1][:4]]
        room = (end - LEFT) / max(len(years), 1)
        skip = max(1, math.ceil(38 / room))
        for k, n in enumerate(years):
            made.append(line("grid", x(n), x(n), HEIGHT - BOTTOM, HEIGHT - BOTTOM + 4))
            if k % skip == 0:
                made.append(text(x(n) + 2, HEIGHT - 6, self.periods[n][:4], "tk"))
        if self.since is not None:
            at = x(self.since - 0.5)
            made.append(line("ref", at, at, TOP - 8, HEIGHT - BOTTOM))
            made.append(text(at + 5, TOP - 4, say("answer.reform_since", month=self.periods[self.since]), "tk str"))
        return made

    def _labels(self, x: float, y: Scale, end: float) -> list[str]:
        finals = []
        for arm in self.arms:
            known = [v for v in self.lines[arm.name] if v == v]
            if known:
                finals.append((y(known[-1]), arm))
        finals.sort(key=lambda each: (each[0], each[1].number))
        places = spread([at for at, _ in finals], 15, TOP, HEIGHT - BOTTOM + 4)
        made = []
        for (at, arm), place in zip(finals, places, strict=True):
            made.append(line("lead", x + 4, end + 11, at, place))
            made += [glyph(arm.number, end + 18, place, 4), text(end + 27, place + 4, arm.short, "tk str")]
        return made
