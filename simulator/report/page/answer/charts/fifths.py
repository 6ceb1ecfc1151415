"""What changes for fifths of income: a fifth a row, all on one scale, turned so that right is better."""

import math
from collections.abc import Callable, Mapping, Sequence

from simulator.core.messages import say
from simulator.report.page.answer.charts.marks import PHONE, Arm, both, glyph, line, nice, svg, text
from simulator.report.page.answer.values import Reading
from simulator.report.page.answer.words import number, tick

WIDE, LABELS = 524, 104
FIFTHS = ("fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5")
STEP = 9


class Picture:
    """One quantity.

    Args:
        levels: of no reform, by fifth.
        changes: by fifth and arm.
        unit: of both.
        better: 1 where more is, -1 where less is.
        arms: reforms, in order.
    """

    def __init__(
        self,
        levels: Mapping[str, Reading],
        changes: Mapping[tuple[str, str], Reading],
        unit: str,
        better: int,
        arms: Sequence[Arm],
    ):
        self.levels, self.changes, self.unit, self.better, self.arms = levels, changes, unit, better, arms

    def __str__(self) -> str:
        return str(both(self._draw))

    def _draw(self, phone: bool) -> str:
        width = PHONE if phone else WIDE
        ends = [self.better * v for each in self.changes.values() for v in each if v == v]
        low, high = min([0.0, *ends]), max([0.0, *ends])
        left, right = LABELS + 8, width - 18
        scale = (right - left) / ((high - low) or 1.0)

        def x(value: float) -> float:
            return left + (self.better * value - low) * scale

        tall = max(44, STEP * len(self.arms) + 10)
        top = 26.0
        bottom = top + tall * len(FIFTHS)
        made = self._axis(x, low, high, top, bottom)
        for n, fifth in enumerate(FIFTHS):
            y = top + tall * n
            level = self.levels[fifth].mean
            made += [
                text(0, y + 14, say(f"answer.{fifth}"), "lab"),
                text(0, y + 30, number(level, self.unit, level), "s m"),
            ]
            for k, arm in enumerate(self.arms):
                change, here = self.changes[fifth, arm.name], y + 5 + STEP * k
                if change.low == change.low:
                    kind = f"a{arm.number} ln {'' if change.clear else 'faint'}".strip()
                    made.append(line(kind, *sorted((x(change.low), x(change.high))), here, here))
                if change.there:
                    made.append(glyph(arm.number, x(change.mean), here, 4, change.clear))
            if n:
                made.append(line("rule", 0, width, y - 4, y - 4))
        return svg(width, bottom, made, say("answer.alt_fifths", arms=len(self.arms)))

    def _axis(self, x: Callable[[float], float], low: float, high: float, top: float, bottom: float) -> list[str]:
        step = nice((high - low) / 3.2)
        made = []
        for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
            value = self.better * n * step
            made.append(line("tick" if n else "zero", x(value), x(value), top - 6, bottom - 4))
            made.append(text(x(value), top - 11, tick(value, self.unit), "tk", "middle"))
        return made
