"""The table of every outcome, after the pictures: one number a cell, a bar on the row's scale, words for better and
worse; and the differences between any two reforms."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.page.answer.charts.marks import Arm, glyph, line
from simulator.report.page.answer.outcomes import Outcome
from simulator.report.page.answer.values import Reading, Values
from simulator.report.page.answer.words import Tied, unit_text
from simulator.study.summary import BASELINE

BAR, SIDE = 72, 4


class Cell(NamedTuple):
    """An arm's figure: value, what follows it, better or worse in words, its interval, whether it is clear."""

    arm: Arm
    value: Markup
    word: str
    bar: Markup
    ends: Markup
    clear: bool


class Line(NamedTuple):
    """An outcome: its name, unit with what is better, the level of no reform, and every reform."""

    name: str
    unit: str
    base: Markup
    cells: list[Cell]


class Group(NamedTuple):
    """Outcomes of one group."""

    title: str
    lines: list[Line]


class Against(NamedTuple):
    """Differences of the other reforms from one."""

    arm: Arm
    others: list[Arm]
    lines: list[tuple[str, str, list[Cell]]]


def rows(values: Values, outcomes: Sequence[Outcome], arms: Sequence[Arm]) -> list[Group]:
    """The table: differences from no reform, or levels where nothing is compared."""
    reforms = [arm for arm in arms if arm.name in values.compared]
    groups: dict[str, list[Line]] = {}
    for each in outcomes:
        unit = say("answer.unit_and_way", unit=unit_text(each.unit), way=say(f"answer.way_{each.better}"))
        if not reforms:
            cells = [_level(values, arm, each) for arm in arms]
            groups.setdefault(each.group, []).append(Line(each.name, unit.strip(" ,，·"), Markup(), cells))
            continue
        base = values.level(BASELINE, each)
        level = Tied(BASELINE).level(each, base) if base.there else Markup("–")
        changes = {arm: values.change(arm.name, each) for arm in reforms}
        cells = [
            _cell(arm, each, change, changes.values(), base.mean) if change.there else _level(values, arm, each)
            for arm, change in changes.items()
        ]
        groups.setdefault(each.group, []).append(Line(each.name, unit.strip(" ,，·"), level, cells))
    return [Group(say(f"answer.group_{group}"), lines) for group, lines in groups.items()]


def _level(values: Values, arm: Arm, each: Outcome) -> Cell:
    """A level with its interval, where there is nothing to compare it with."""
    reading = values.level(arm.name, each)
    if not reading.there:
        return Cell(arm, Markup("–"), "", Markup(), Markup(), False)
    tie = Tied(arm.name)
    value = Markup("= {}").format(tie.level(each, reading)) if values.compared else tie.level(each, reading)
    return Cell(arm, value, "", Markup(), Markup(), False)


def _cell(
    arm: Arm, each: Outcome, change: Reading, row: Iterable[Reading], like: float, table: Tied | None = None
) -> Cell:
    tie = table or Tied(arm.name)
    word = ""
    if each.better and change.clear:
        word = say("answer.better" if each.better * change.mean > 0 else "answer.worse")
    value = tie.change(each, change, like, signed=True)
    seen = bool(re.search("[1-9]", value.striptags()))  # what is nought as it is written is neither better nor worse
    bar, ends = _bar(arm, change, list(row)), tie.ends(each, change, like)
    return Cell(arm, value, word if seen else "", bar, ends, change.clear and seen)


def _bar(arm: Arm, change: Reading, row: list[Reading]) -> Markup:
    ends = [v for each in row for v in each if v == v]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    scale = (BAR - 2 * SIDE) / ((high - low) or 1.0)

    def x(value: float) -> float:
        return SIDE + (value - low) * scale

    made = [line("zero", x(0), x(0), 0, 14)]
    if change.low == change.low:
        made.append(
            line(f"a{arm.number} ln {'' if change.clear else 'faint'}".strip(), x(change.low), x(change.high), 7, 7)
        )
    made.append(glyph(arm.number, x(change.mean), 7, 3.6, change.clear))
    return Markup(f'<svg width="{BAR}" height="14" viewBox="0 0 {BAR} 14" aria-hidden="true">{"".join(made)}</svg>')


def against(values: Values, outcomes: Sequence[Outcome], arms: Sequence[Arm]) -> list[Against]:
    """For each reform as the reference, what the others differ by from it."""
    made = []
    for base in arms:
        others = [arm for arm in arms if arm != base]
        lines = []
        for each in outcomes:
            changes = {arm: values.change(arm.name, each, base.name) for arm in others}
            if all(change.there for change in changes.values()):
                like = values.level(base.name, each).mean
                cells = [
                    _cell(
                        arm, each, change, changes.values(), like, Tied(arm.name, "report/between", against=base.name)
                    )
                    for arm, change in changes.items()
                ]
                lines.append((each.name, unit_text(each.unit), cells))
        made.append(Against(base, others, lines))
    return made
