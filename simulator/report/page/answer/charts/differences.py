"""Differences from no reform: an outcome a row on a scale of its own, turned so that right is better."""

from collections.abc import Sequence

from simulator.core.messages import say
from simulator.report.page.answer.charts.marks import PHONE, Arm, both, glyph, legend, line, nice, svg, text
from simulator.report.page.answer.outcomes import Outcome
from simulator.report.page.answer.values import Reading, Values
from simulator.report.page.answer.words import ends_text, level_text, number, tick, unit_text
from simulator.study.summary import BASELINE

WIDE = 664
LABELS, VALUES = 212, 94
"""Room for names on the left and for the first arm's values on the right."""
ZERO = 0.44
"""Where nought stands between them."""
EDGE = 14


class Picture:
    """The picture of one run.

    Args:
        values: of the run.
        outcomes: rows, group by group.
        arms: reforms, in order; the first one's values stand at the right.
    """

    def __init__(self, values: Values, outcomes: Sequence[Outcome], arms: Sequence[Arm]):
        self.values, self.outcomes, self.arms = values, outcomes, arms

    def __str__(self) -> str:
        return str(both(self._draw))

    def _draw(self, phone: bool) -> str:
        width = PHONE if phone else WIDE
        self.left, self.right = (0, PHONE) if phone else (LABELS, WIDE - VALUES)
        self.zero = self.left + (self.right - self.left) * ZERO
        made, y = self._head(phone, width)
        top, group = y, ""
        rows: list[str] = []
        for each in self.outcomes:
            if each.group != group:
                group = each.group
                rows += [line("rule", 0, width, y, y), text(0, y + 15, say(f"answer.group_{group}"), "grp")]
                y += 24
            drawn, y = self._row(each, y, width, phone)
            rows += drawn
        if not phone:
            made.append(
                f'<rect class="shade" x="{self.zero:.1f}" y="{top}" width="{self.right - self.zero:.1f}" '
                f'height="{y - top:.0f}"/>'
            )
            rows.append(line("zero", self.zero, self.zero, top, y))
        return svg(
            width, y + 2, made + rows, say("answer.alt_differences", arms=len(self.arms), rows=len(self.outcomes))
        )

    def _head(self, phone: bool, width: float) -> tuple[list[str], float]:
        made, y = legend(self.arms, width)
        made += [line("a1 ln faint", 0, 32, y, y), glyph(1, 16, y, 5, False)]
        made.append(text(38, y + 4, say("answer.unclear"), "s m"))
        if phone:
            y += 24
        made.append(text(self.zero - 8, y + 4, say("answer.worse_way"), "s m", "end"))
        made.append(text(self.zero + 8, y + 4, say("answer.better_way"), "s str"))
        if not phone:
            made.append(text(width, y + 4, self.arms[0].short, "s str", "end"))
        return made, y + 14

    def _row(self, each: Outcome, y: float, width: float, phone: bool) -> tuple[list[str], float]:
        base, first = self.values.level(BASELINE, each), self.values.change(self.arms[0].name, each)
        like = base.mean if base.there else first.mean
        level = level_text(base.mean, each.unit) if base.there else "–"
        value = number(first.mean, each.unit, like, signed=True)
        known = say("answer.base_is", level=level)
        if phone:
            made = [
                text(0, y + 8, each.name, "lab"),
                text(width, y + 8, f"{value} {unit_text(each.unit)}", "val", "end"),
                text(0, y + 24, known, "s m"),
                text(width, y + 24, say("answer.range", ends=ends_text(first, each.unit, like)), "s m", "end"),
            ]
            y += 38
        else:
            made = [*_name(each.name, y), text(width, y + 12, value, "val", "end")]
            low = 28 + 16 * (len(made) - 2)
            made += [text(0, y + low, known, "s m"), text(width, y + 28, unit_text(each.unit), "s m", "end")]
        changes = {arm: self.values.change(arm.name, each) for arm in self.arms}
        drawn, end = self._marks(each, changes, y, phone)
        return made + drawn, max(end, y + (low + 12 if not phone else 0))

    def _marks(self, each: Outcome, changes: dict[Arm, Reading], y: float, phone: bool) -> tuple[list[str], float]:
        sign, step = each.better or 1, 9 if phone else 8
        ends = [sign * end for change in changes.values() for end in _known(change)]
        low, high = min([0.0, *ends]), max([0.0, *ends])
        scale = min(
            (self.right - self.zero - EDGE) / max(high, 1e-12), (self.zero - self.left - EDGE) / max(-low, 1e-12)
        )
        bottom = y + len(changes) * step + 1
        made = []
        if phone:
            wide, tall = self.right - self.zero, bottom - y + 4
            made.append(f'<rect class="shade" x="{self.zero:.1f}" y="{y - 5}" width="{wide:.1f}" height="{tall}"/>')
            made.append(line("zero", self.zero, self.zero, y - 5, bottom - 1))
        size = nice(max(high, -low) * 0.55)
        for way, reach in ((-1, -low), (1, high)):
            x = self.zero + way * size * scale
            if reach > 0.35 * size and self.left + EDGE < x < self.right - EDGE:
                said = tick(way * sign * size, each.unit)
                made += [line("tick", x, x, y - 3, bottom), text(x, bottom + 11, said, "tk", "middle")]
        for n, (arm, change) in enumerate(changes.items()):
            here = y + n * step + 1
            if change.there:
                made += self._mark(arm, change, sign * scale, here)
        return made, bottom + (20 if phone else 17)

    def _mark(self, arm: Arm, change: Reading, scale: float, y: float) -> list[str]:
        made = []
        if change.low == change.low:
            ends = sorted((self.zero + scale * change.low, self.zero + scale * change.high))
            made.append(line(f"a{arm.number} ln {'' if change.clear else 'faint'}".strip(), *ends, y, y))
        return [*made, glyph(arm.number, self.zero + scale * change.mean, y, 4, change.clear)]


def _name(words: str, y: float, room: int = 30) -> list[str]:
    """A name in one line, or in two where it is long."""
    from textwrap import wrap

    wide = room if words.isascii() or " " in words else 15
    lines = wrap(words, wide) if len(words) > wide else [words]
    return [text(0, y + 12 + 16 * n, each, "lab") for n, each in enumerate(lines[:2])]


def _known(change: Reading) -> list[float]:
    return [value for value in change if value == value]
