"""What a programme says of itself beside what came out of the run."""

import math
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.table import BASELINE, SHAPE, Row, in_unit
from simulator.report.words import figure, leaves_out_zero, unit_of, word
from simulator.study.summary import Ends, last_months, over_period

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.study.results import Results

POINTS, RELATIVE = "points", "share"
"""Units of a change: percentage points; per cent of the level before. Any other is that of the indicator."""

type Values = dict[int, float]
"""A figure by replication."""


def claims_table(results: "Results", claims: Iterable[Any]) -> "list[Table]":
    """One table of the claims about arms that were run, none where there is no claim.

    *Result* is the same figure as the claim, of the same arm and years: a level of the last year, or the change from
    the first year to the last, whatever caused it. *Against the baseline* is what the reform alone did by the last of
    these years, in the form of the claim. Years that the run did not report in full have no result; then the effect
    is that of the last twelve months.
    """
    from rich.table import Table

    rows = list(claim_rows(results, claims))
    if not rows:
        return []
    made = Table(title=say("report.claimed"), title_justify="left", box=None, pad_edge=False)
    for column in ("indicator", "of", "arm", "years"):
        made.add_column(say(f"report.{column}"))
    for column in ("claim", "result", "effect"):
        made.add_column(say(f"report.{column}"), justify="right", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    return [made]


def claim_rows(results: "Results", claims: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    """The lines of that table as texts: indicator, of, arm, years, claim, result, effect."""
    read = cache(lambda arm, row, first, last: _values(results, arm, row, first, last))
    for claim in claims:
        if claim.arm not in results.arms:
            continue
        where: dict[str, Any] = {kind: getattr(claim, kind, None) or "" for kind in SHAPE}
        row = Row(claim.indicator, **where)
        of = " ".join([row.where, *map(str, claim.groups or ())]).strip()
        figures = ["–", "–"] if claim.groups else _outcome(results, claim, row, read)
        yield word("indicator", row.indicator), of, word("arm", claim.arm), claim.years or "", _said(claim), *figures


def _outcome(results: "Results", claim: Any, row: Row, read: Any) -> list[str]:
    """Result and effect, as text."""
    start, end = _years(claim.years)
    months = set(results.monthly["month"])
    whole = [(f"{year}-01", f"{year}-12") if year and _reported(months, year) else None for year in (start, end)]
    final = whole[1] or last_months(results.monthly)
    after = read(claim.arm, row, *final)
    if claim.change is None:
        result = _text(results.ends, list(after.values()), unit_of(row.indicator)) if whole[1] or end is None else "–"
    else:
        before = read(claim.arm, row, *whole[0]) if whole[0] and whole[1] and start != end else {}
        result = _changed(results.ends, claim, row, before, after)
    baseline = read(BASELINE, row, *final) if claim.arm != BASELINE else {}
    return [result, _changed(results.ends, claim, row, baseline, after)]


def _changed(ends: Ends, claim: Any, row: Row, before: Values, after: Values) -> str:
    """The change from one figure to another, replication by replication, in the form of the claim."""
    relative = claim.change is not None and claim.change[1] == RELATIVE
    pairs = [(before[number], after[number]) for number in after if number in before]
    values = [new / old - 1 for old, new in pairs if old] if relative else [new - old for old, new in pairs]
    return _text(ends, values, "share" if relative else unit_of(row.indicator), signed=True, points=not relative)


def _text(ends: Ends, values: list[float], unit: str, signed: bool = False, points: bool = False) -> str:
    """Mean over replications with half the width of its interval, marked where that leaves out zero."""
    if not values:
        return "–"
    mean, low, high = ends(values)
    text = figure(mean, unit, signed=signed, mark=False)
    if not math.isnan(low):
        text += f" ± {figure((high - low) / 2, unit, like=mean, mark=False)}"
    text += (" pp" if points else " %") if unit == "share" else ""
    return f"{text} *" if signed and leaves_out_zero(low, high) else f"{text}  "


def _said(claim: Any) -> str:
    """The claim itself."""
    unit = unit_of(claim.indicator)
    if claim.change is None:
        ends = [end for end in (claim.level, claim.level_to) if end is not None]
        return " … ".join(figure(in_unit(*end, claim.indicator), unit) for end in ends)
    value, kind = claim.change
    if kind == POINTS:
        return f"{figure(value, 'share', signed=True, mark=False)} pp"
    if kind == RELATIVE:
        return f"{figure(value, 'share', signed=True, mark=False)} %"
    return figure(in_unit(value, kind, claim.indicator), unit, signed=True)


def _values(results: "Results", arm: str, row: Row, first: str, last: str) -> Values:
    """An indicator of an arm over a period, by replication; of the one alliance where only alliances have it."""
    monthly = results.monthly
    inside = (monthly["arm"] == arm) & (monthly["indicator"] == row.indicator)
    for kind in ("tier", "plan", "part"):
        inside &= monthly[kind] == getattr(row, kind)
    rows = monthly[inside]
    alliances = set(rows["alliance"])
    name = next(iter(alliances)) if len(alliances) == 1 else row.alliance
    found = over_period(rows[rows["alliance"] == name], first, last)
    return dict(zip(found["replication"].tolist(), found["value"].tolist(), strict=True))


def _years(text: str | None) -> tuple[int | None, int | None]:
    """First and last year of a claim.

    >>> _years("2017-2023"), _years("2023"), _years(None)
    ((2017, 2023), (2023, 2023), (None, None))
    """
    if not text:
        return None, None
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _reported(months: set[str], year: int) -> bool:
    return all(f"{year}-{month:02d}" in months for month in range(1, 13))
