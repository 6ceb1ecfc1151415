"""Where differences come from, as far as `tiercare explain` was asked: sentences, bars and tables."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.display import figure, leaves_out_zero, unit_of
from simulator.report.explain import group_word, shown
from simulator.report.page.bars import Bar, bars
from simulator.report.page.figures import Panel, named
from simulator.report.page.numbers import FOLDER, tied
from simulator.report.results_table import Row
from simulator.study.explain.difference_table import TOGETHER, frame, kept, name_of
from simulator.study.explain.parts import Series, Share
from simulator.study.explain.switches import ALL, Explained
from simulator.study.intervals import Interval
from simulator.study.summary import SERIES

BY = ("tier", "age", "income")


class Grid(NamedTuple):
    """A table: what its lines are, headings of the columns, and lines of (words, cells, is it a sum)."""

    of: str
    heads: list[str]
    rows: list[tuple[str, list[Markup], bool]]


class Explanation(NamedTuple):
    """One difference explained."""

    title: str
    text: Markup
    panels: list[Panel]
    grids: list[Grid]
    table: str


def explanations(folder: Path, arms: Mapping[str, str]) -> list[Explanation]:
    """All that was explained of the run in ``folder``.

    Args:
        folder: of the run.
        arms: name in words of every arm, in order.
    """
    return [_Page(found, list(arms).index(found.arm), arms[found.arm]).explanation() for found in kept(folder)]


class Teller:
    """Numbers of one difference, each tied to its row of a table."""

    def __init__(self, arm: str, series: Series, table: str):
        self.unit, self.table = unit_of(series[0]), table
        self.where = {"arm": arm, **dict(zip(SERIES[1:], series[1:], strict=True))}

    def _text(self, value: float) -> str:
        """A part of the difference in words."""
        raise NotImplementedError

    def _tied(self, text: str, value: float, by: str, group: str, effect: str, column: str = "mean") -> Markup:
        return tied(text, value, self.table, column, **self.where, by=by, group=group, term=effect)

    def _change(self, value: float, by: str, group: str, effect: str) -> Markup:
        return self._tied(
            self._text(value) + (" pp" if self.unit == "share" and not math.isnan(value) else ""),
            value, by, group, effect,
        )  # fmt: skip

    def _ends(self, ends: Interval, by: str, group: str, effect: str) -> Markup:
        if math.isnan(ends[1]):
            return Markup()
        both = (
            self._tied(self._text(end), end, by, group, effect, name)
            for name, end in zip(("low", "high"), ends[1:], strict=True)
        )
        return Markup("{}\u00a0…\u00a0{}").format(*both)

    def _cell(self, ends: Interval, by: str, group: str, effect: str) -> Markup:
        shown, around = self._change(ends[0], by, group, effect), self._ends(ends, by, group, effect)
        if leaves_out_zero(*ends[1:]):
            shown = Markup("<b>{}</b>").format(shown)
        return Markup('{} <span class="ends">{}</span>').format(shown, around) if around else shown


class _Page(Teller):
    """How one difference is told."""

    def __init__(self, found: Explained, number: int, arm: str):
        super().__init__(found.arm, found.series, f"{FOLDER}/{name_of(found.series[0])}")
        self.found, self.number, self.arm = found, number, arm
        self.shares = {by: [share for share in found.shares if share.by == by] for by in BY}

    def explanation(self) -> Explanation:
        title = say("page.explain_title", indicator=named(Row(*self.found.series)), arm=self.arm)
        return Explanation(title, self._sentence(), list(self._panels()), list(self._grids()), self.table)

    def _text(self, value: float) -> str:
        return shown(self.found, value)

    def _sentence(self) -> Markup:
        found, whole = self.found, ("whole", "", "difference")
        ends = self._ends(found.difference, *whole)
        base = self._tied(figure(found.level, self.unit), found.level, "whole", "", "level")
        counts = {
            name: self._tied(f"{count:,}", count, *whole, name)
            for name, count in (("replications", found.replications), ("families", found.families))
        }
        key = "page.explain_difference" if ends else "page.explain_difference_alone"
        made = filled(key, arm=self.arm, difference=self._change(found.difference[0], *whole), ends=ends, base=base)
        made += filled("page.explain_over", first=found.first, last=found.last, **counts)
        sure = [each for each in found.without if each.switch != ALL and leaves_out_zero(*each.carries[1:])]
        same = [each for each in sure if each.carries[0] * found.difference[0] > 0]
        if same:
            most = max(same, key=lambda each: abs(each.carries[0]))
            name = say(f"explain.switch_{most.switch}")
            without = self._change(most.difference[0], "mechanism", most.switch, "without")
            return made + filled("page.explain_most", mechanism=name, without=without)
        return made if sure or not ends else made + Markup(say("page.explain_none"))

    def _panels(self) -> Iterator[Panel]:
        found = self.found
        groups = [(say("page.explain_whole"), [self._bar("whole", say("page.explain_whole"), found.difference)])]
        for each in found.without:
            name = say(f"explain.switch_{each.switch}")
            groups.append((name, [self._bar("", name, each.carries)]))
        yield from self._panel("page.explain_mechanisms", groups, "")
        for by, mine in self.shares.items():
            kinds = ("level", "mix") if _mixed(mine) else ("level",)
            groups = [
                (name, [self._bar(kind, f"{name}, {say(f'explain.{kind}')}", getattr(share, kind)) for kind in kinds])
                for share in mine
                if (name := say(f"page.tier_{share.group}") if by == "tier" else group_word(by, share.group))
            ]
            note = say("page.explain_under" if len(kinds) > 1 else "page.explain_under_level")
            yield from self._panel(f"page.explain_by_{by}", groups, note)

    def _bar(self, kind: str, name: str, ends: Interval) -> Bar:
        return Bar(f"{kind} a{self.number}".strip(), *ends, f"{name}: {self._text(ends[0])}")

    def _panel(self, key: str, groups: Any, note: str) -> Iterator[Panel]:
        title = say("page.explain_pp", title=say(key)) if self.unit == "share" else say(key)
        if groups and (picture := bars(groups, self.unit, title)):
            yield Panel(title, picture, note)

    def _grids(self) -> Iterator[Grid]:
        rows = []
        known = set(frame(self.found)["term"])
        for each in self.found.without:
            at = ("mechanism", each.switch)
            cells = [self._cell(each.difference, *at, "without"), self._cell(each.carries, *at, "carries")]
            if "share" in known:
                share = each.carries[0] / self.found.difference[0]
                cells.append(self._tied(figure(share, "share"), share, *at, "share"))
            rows.append((say(f"explain.switch_{each.switch}"), cells, each.switch == ALL))
        heads = ["page.explain_without", "page.explain_carries", "explain.of_difference"]
        yield Grid(say("explain.mechanism"), [say(head) for head in heads[: len(rows[0][1])]], rows)
        for by, mine in self.shares.items():
            if mine:
                yield self._grid(by, mine)

    def _grid(self, by: str, mine: list[Share]) -> Grid:
        effects = ("level", "mix") if _mixed(mine) else ("level",)
        rows = [
            (
                group_word(by, share.group),
                [self._cell(getattr(share, effect), by, share.group, effect) for effect in effects],
                False,
            )
            for share in mine
        ]
        sums = [math.fsum(getattr(share, effect)[0] for share in mine) for effect in effects]
        cells = [self._change(total, by, TOGETHER, effect) for total, effect in zip(sums, effects, strict=True)]
        rows.append((say("explain.sum"), cells, True))
        return Grid(say(f"explain.by_{by}"), [say(f"explain.{effect}") for effect in effects], rows)


def _mixed(mine: list[Share]) -> bool:
    """Whether groups have another part of the whole at all."""
    return any(end for share in mine for end in share.mix if not math.isnan(end))


def filled(key: str, **words: Markup | str) -> Markup:
    """A message with marked-up words in it."""
    return Markup(say(key, **{name: f"{{{name}}}" for name in words})).format(**words)
