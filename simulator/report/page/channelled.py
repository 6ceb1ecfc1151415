"""What each channel of an alliance does to a difference, as far as it was asked for: a sentence, bars and a table."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.by_channel import channel_word, shown
from simulator.report.display import figure, leaves_out_zero
from simulator.report.page.bars import Bar, bars
from simulator.report.page.explained import Explanation, Grid, Teller, filled
from simulator.report.page.figures import Panel, named
from simulator.report.page.numbers import FOLDER
from simulator.report.results_table import Row
from simulator.study.explain.by_channel import ByChannel, forming
from simulator.study.explain.channel_table import kept, name_of
from simulator.study.intervals import Interval

WHOLE = ("whole", "")


def by_channels(folder: Path, arms: Mapping[str, str]) -> list[Explanation]:
    """All that was taken apart by channel of the run in ``folder``.

    Args:
        folder: of the run.
        arms: name in words of every arm, in order.
    """
    return [_Page(found, list(arms).index(found.arm), arms[found.arm]).explanation() for found in kept(folder)]


def not_asked(folder: Path, scenario: Any, arms: Mapping[str, str]) -> Markup | None:
    """How to get it, where arms of ``scenario`` in the run in ``folder`` form alliances and nothing of some of them was
    taken apart."""
    there = {each.arm for each in kept(folder)}
    missing = [arm for arm in forming(scenario) if arm in arms and arm not in there]
    if not missing:
        return None
    command = f"tiercare explain {folder.name} primary_share_of_visits --arm {missing[0]} --channels"
    names = say("page.channels_between").join(f"“{arms[arm]}”" for arm in missing)
    return filled("page.channels_ask", arms=names, command=Markup("<code>{}</code>").format(command))


class _Page(Teller):
    """How one difference is told; numbers are tied to the rows of its table."""

    def __init__(self, found: ByChannel, number: int, arm: str):
        super().__init__(found.arm, found.series, f"{FOLDER}/{name_of(found.series[0])}")
        self.found, self.number, self.called = found, number, arm

    def _text(self, value: float) -> str:
        return shown(self.found, value)

    def explanation(self) -> Explanation:
        title = say("page.channels_title", indicator=named(Row(*self.found.series)), arm=self.called)
        return Explanation(title, self._sentence(), list(self._panels()), [self._grid()], self.table)

    def _sentence(self) -> Markup:
        found, at = self.found, (*WHOLE, "difference")
        counts = {
            name: self._tied(f"{count:,}", count, *at, name)
            for name, count in (("replications", found.replications), ("families", found.families))
        }
        made = filled(
            "page.channels_difference",
            arm=self.called,
            difference=self._around(found.difference, *at),
            base=self._tied(figure(found.level, self.unit), found.level, *WHOLE, "level"),
            none=self._around(found.none, *WHOLE, "none"),
        )
        made += filled("page.explain_over", first=found.first, last=found.last, **counts)
        sure = [each for each in found.channels if leaves_out_zero(*each.carries[1:])]
        if not sure:
            return made + Markup(say("page.channels_unsure"))
        most = max(sure, key=lambda each: abs(each.carries[0]))
        carries = self._around(most.carries, "channel", most.channel, "carries")
        return made + filled("page.channels_most", channel=channel_word(most.channel), carries=carries)

    def _around(self, ends: Interval, by: str, group: str, term: str) -> Markup:
        around = self._ends(ends, by, group, term)
        value = self._change(ends[0], by, group, term)
        return Markup("{} ({})").format(value, around) if around else value

    def _panels(self) -> Iterator[Panel]:
        whole, none = say("page.explain_whole"), say("channels.none")
        groups = [
            (whole, [self._bar("whole", whole, self.found.difference)]),
            (none, [self._bar("level", none, self.found.none)]),
        ]
        for each in self.found.channels:
            name = channel_word(each.channel)
            kinds = (("level", "carries"), ("mix", "adds"))
            row = [self._bar(kind, f"{name}, {say(f'channels.{term}')}", getattr(each, term)) for kind, term in kinds]
            groups.append((name, row))
        title = say("page.channels_panel")
        title = say("page.explain_pp", title=title) if self.unit == "share" else title
        if picture := bars(groups, self.unit, title):
            yield Panel(title, picture, say("page.channels_under"))

    def _bar(self, kind: str, name: str, ends: Interval) -> Bar:
        return Bar(f"{kind} a{self.number}", *ends, f"{name}: {self._text(ends[0])}")

    def _grid(self) -> Grid:
        rows = [
            (
                channel_word(each.channel),
                [self._cell(getattr(each, term), "channel", each.channel, term) for term in ("adds", "carries")],
                False,
            )
            for each in self.found.channels
        ]
        # without any channel there is one figure: what the arm does by itself
        rows.append((say("channels.none"), [self._cell(self.found.none, *WHOLE, "none"), Markup()], False))
        rows.append((say("channels.whole"), [self._cell(self.found.difference, *WHOLE, "difference"), Markup()], True))
        return Grid(say("channels.channel"), [say("channels.adds"), say("channels.carries")], rows)
