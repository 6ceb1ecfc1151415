"""Who has more money and who has less: an actor a row, an arm a column, all on one scale; columns add up to nothing."""

from collections.abc import Mapping, Sequence

from simulator.core.messages import say
from simulator.report.page.answer.charts.marks import PHONE, WIDE, Arm, both, glyph, line, svg, text
from simulator.report.page.answer.money import Actor
from simulator.report.page.answer.values import Reading

MOST_WIDE, MOST_PHONE = 6, 4
"""Arms beside each other; further ones stand below."""
NOTHING, HALF = 0.05, 0.5


class Picture:
    """The picture of one run.

    Args:
        actors: rows, group by group.
        names: of the actors.
        changes: by actor's name and arm's, yuan per person and year.
        arms: reforms, in order.
    """

    def __init__(
        self,
        actors: Sequence[Actor],
        names: Mapping[str, str],
        changes: Mapping[tuple[str, str], Reading],
        arms: Sequence[Arm],
    ):
        self.actors, self.names, self.changes, self.arms = actors, names, changes, arms
        self.most = max((abs(v) for each in changes.values() for v in each if v == v), default=1.0) or 1.0

    def __str__(self) -> str:
        return str(both(self._all))

    def _all(self, phone: bool) -> str:
        most = MOST_PHONE if phone else MOST_WIDE
        return "".join(self._draw(phone, self.arms[n : n + most]) for n in range(0, len(self.arms), most))

    def _draw(self, phone: bool, arms: Sequence[Arm]) -> str:
        width, labels = (PHONE, 0) if phone else (WIDE, 216)
        column = min((width - labels) / len(arms), 260)
        middles = [labels + column * (n + 0.5) for n in range(len(arms))]
        scale = (column / 2 - (3 if phone else 26)) / self.most
        made, y = self._head(phone, arms, middles)
        group = ""
        for each in self.actors:
            if each.group != group:
                group = each.group
                made += [line("rule", 0, width, y, y), text(0, y + 16, say(f"answer.money_{group}"), "grp")]
                y += 24
            drawn, y = self._row(each, arms, middles, scale, y, phone)
            made += drawn
        made.append(line("rule2", 0, width, y + 2, y + 2))
        return svg(width, y + 6, made, say("answer.alt_money", arms=len(arms)))

    def _head(self, phone: bool, arms: Sequence[Arm], middles: Sequence[float]) -> tuple[list[str], float]:
        made: list[str] = []
        if phone:
            y = 10.0
            for n, arm in enumerate(arms):
                x = 7 + 180 * (n % 2)
                made += [glyph(arm.number, x, y), text(x + 12, y + 4, arm.short, "s")]
                y += 22 * (n % 2)
            y += 22 * (len(arms) % 2) + 4
            made += [glyph(arm.number, x, y) for arm, x in zip(arms, middles, strict=True)]
            return made, y + 14
        for arm, x in zip(arms, middles, strict=True):
            made += [glyph(arm.number, x, 9, 6), text(x, 32, arm.short, "lab str", "middle")]
        return [*made, text(0, 32, say("answer.money_unit"), "s m")], 44

    def _row(
        self, each: Actor, arms: Sequence[Arm], middles: Sequence[float], scale: float, y: float, phone: bool
    ) -> tuple[list[str], float]:
        made = [text(0, y + (11 if phone else 15), self.names[each.name], "lab")]
        y += 18 if phone else 0
        for arm, x in zip(arms, middles, strict=True):
            made += self._bar(self.changes[each.name, arm.name], arm, x, scale, y, phone)
        low, high = (y + 13, y + 24) if phone else (y, y + 23)
        made += [line("zero", x, x, low, high) for x in middles]
        return made, y + (30 if phone else 23)

    def _bar(self, change: Reading, arm: Arm, x: float, scale: float, y: float, phone: bool) -> list[str]:
        value = change.mean if change.there else 0.0
        clear, wide = change.clear, abs(value) * scale
        said = f"{'+' if value > 0 else '−'}{abs(value):,.0f}" if abs(value) >= HALF else "0"
        top, tall = (y + 14, 9) if phone else (y + 4, 13)
        at = x if value > 0 else x - wide
        faint = "" if clear else " faintb"
        made = []
        if wide > 0.3:
            made.append(
                f'<rect class="a{arm.number} bar{faint}" x="{at:.1f}" y="{top}" width="{wide:.1f}" height="{tall}"/>'
            )
        ends = (x + change.low * scale, x + change.high * scale) if change.low == change.low else (x, x)
        if abs(value) > NOTHING and ends[1] > ends[0]:
            made.append(line("whisk", *ends, top + tall / 2, top + tall / 2))
        kind = "tv" + ("" if clear else " m") + (" str" if clear and abs(value) >= 10 else "")
        if phone:
            return [*made, text(x, y + 10, said, kind, "middle")]
        beside = min(ends[0], x) - 6 if value >= 0 else max(ends[1], x) + 6
        return [*made, text(beside, y + 15, said, kind, "end" if value >= 0 else "start")]
