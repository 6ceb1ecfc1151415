"""What an indicator is: a ratio of two sums over a month, its words, and how it is read, in one entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np

from simulator.core.messages import Text
from simulator.core.names import TIER_GROUPS, TIERS

SCOPES: dict[str, tuple[int, ...]] = {
    "": tuple(range(len(TIERS))),
    **{name: (code,) for code, name in enumerate(TIERS)},
    **{group: tuple(TIERS.index(tier) for tier in tiers) for group, tiers in TIER_GROUPS.items()},
}
"""Tiers behind each word of the column ``tier``; empty is all."""
_INSIDE = np.array([[code in codes for code in range(len(TIERS))] for codes in SCOPES.values()], float)
"""Whether a tier (second dimension) is behind a word (first)."""
HOSPITAL_SCOPES = ("", "hospital", "secondary", "tertiary")
UNITS = ("share", "yuan", "days", "hours", "months", "years", "rate", "number")
"""A share is shown in per cent; a rate is per person-year."""


class Figure(NamedTuple):
    """Numerator and denominator, of the sample, and whom they are about; empty words are the whole."""

    numerator: float
    denominator: float
    tier: str = ""
    plan: str = ""
    part: str = ""
    alliance: str = ""


type Month = Any
"""A month as indicators read it, `count.indicators.month.Month`; what is declared here is known before that is."""
type Figures = Callable[[Month], Iterator[Figure]]
type Ratio = Callable[[Month], tuple[np.ndarray, np.ndarray]]
"""Arrays of numerators and denominators by tier, by plan or by both."""


@dataclass(frozen=True, eq=False)
class Indicator:
    """One indicator. A figure whose denominator is zero gives no row.

    ``dimensions``, ``numerator`` and ``denominator`` say in words, for the documentation, what ``figures`` gives.
    ``events``: it says how many of something had an event, numerator and denominator are numbers of them; an interval
    from few says so. ``unbounded``: a share that is none, as what remains of an income may be less than nothing; no
    other leaves 0 to 1.
    ``better`` is 1 where more of it is better, -1 where less is, 0 where arms are not ranked by it. ``period`` is how
    months become one figure: the ``ratio`` of their sums, the ``last`` one of a stock, the greatest, ``max``, of what
    happened in a period if it happened in any month. ``short`` is its name where a figure has little room.
    """

    name: str
    unit: str
    dimensions: str
    numerator: str
    denominator: str
    text: Text
    figures: Figures
    better: int = 0
    period: str = "ratio"
    short: Text | None = None
    events: bool = False
    unbounded: bool = False

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"indicator `{self.name}` is in `{self.unit}`, not in one of {', '.join(UNITS)}")

    def only(self, those: Callable[[Figure], bool]) -> "Entry":
        """Some of its figures, where the rows of others stand between its own."""
        return lambda month: ((self, figure) for figure in self.figures(month) if those(figure))

    def __call__(self, month: Month) -> Iterator[tuple["Indicator", Figure]]:
        """Its figures, beside itself."""
        return zip(repeat(self), self.figures(month))


type Entry = Callable[[Month], Iterator[tuple[Indicator, Figure]]]


class Subject:
    """Indicators of one subject, in the order of their rows in the results."""

    def __init__(self, title: str, *indicators: Indicator, rows: tuple[Entry, ...] = ()):
        """``rows`` says the order where it is not plainly indicator after indicator."""
        self.title, self.indicators, self.rows = title, indicators, rows or indicators

    def figures(self, month: Month) -> Iterator[tuple[Indicator, Figure]]:
        """Every figure of the month that has a denominator or not."""
        return chain.from_iterable(entry(month) for entry in self.rows)

    def markdown(self) -> str:
        """Its section of the documentation."""
        lines = [
            f"## {self.title}",
            "",
            "| indicator | unit | dimensions | numerator | denominator |",
            "|---" * 5 + "|",
        ]
        for each in self.indicators:
            unit = f"{each.unit}, may leave 0 to 1" if each.unbounded else each.unit
            lines.append(f"| `{each.name}` | {unit} | {each.dimensions} | {each.numerator} | {each.denominator} |")
        return "\n".join(lines)


def in_turns(*indicators: Indicator) -> Entry:
    """All of them for the first plan and part, then for the next."""

    def entry(month: Month) -> Iterator[tuple[Indicator, Figure]]:
        turns: dict[tuple[str, str], list[tuple[Indicator, Figure]]] = {}
        for indicator in indicators:
            for figure in indicator.figures(month):
                turns.setdefault((figure.plan, figure.part), []).append((indicator, figure))
        for turn in turns.values():
            yield from turn

    return entry


def of_scopes(values: np.ndarray) -> dict[str, float]:
    """Sums of ``values`` (tier,) over the tiers behind each word, in the order of tiers."""
    return dict(zip(SCOPES, _over_scopes(np.asarray(values, float)), strict=True))


def _over_scopes(values: np.ndarray) -> list:
    """Sums of ``values`` (…, tier), whole numbers below 2**53 or broken ones, as lists (…, word of `SCOPES`)."""
    return (values[..., None, :] * _INSIDE).sum(axis=-1).tolist()


def whole(*ratios: Ratio, parts: tuple[str, ...] = ("",)) -> Figures:
    """One figure for each part, of ratios of single numbers."""

    def figures(month: Month) -> Iterator[Figure]:
        for part, ratio in zip(parts, ratios, strict=True):
            top, bottom = ratio(month)
            yield Figure(float(top), float(bottom), part=part)

    return figures


def by_tier(*ratios: Ratio, parts: tuple[str, ...] = ("",), scopes: tuple[str, ...] = tuple(SCOPES)) -> Figures:
    """A ratio of sums for every tier and group of tiers, from arrays (tier,), for each part."""

    places = [list(SCOPES).index(tier) for tier in scopes]

    def figures(month: Month) -> Iterator[Figure]:
        sums = _over_scopes(np.array([ratio(month) for ratio in ratios], float))
        for part, (tops, bottoms) in zip(parts, sums, strict=True):
            for tier, at in zip(scopes, places, strict=True):
                yield Figure(tops[at], bottoms[at], tier, "", part)

    return figures


def by_tier_and_plan(ratio: Ratio, scale: float = 1.0) -> Figures:
    """The same from arrays (tier, plan), for all plans together and each; numerators times ``scale``."""

    def figures(month: Month) -> Iterator[Figure]:
        each = np.array(ratio(month), float).swapaxes(1, 2)  # (numerator or denominator, plan, tier)
        tops, bottoms = _over_scopes(np.concatenate([each.sum(axis=1, keepdims=True), each], axis=1))
        for plan, *both in zip(("", *month.world.words.plans), tops, bottoms, strict=True):
            for tier, top, bottom in zip(SCOPES, *both, strict=True):
                yield Figure(top * scale, bottom, tier, plan)

    return figures
