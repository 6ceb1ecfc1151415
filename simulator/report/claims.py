"""What a programme says of itself beside what came out of the run."""

import math
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.messages import say
from simulator.report.display import figure, leaves_out_zero, unit_of, word
from simulator.report.results_table import BASELINE, SHAPE, Row, in_unit
from simulator.study.intervals import Ends
from simulator.study.summary import MONTHS, over_period, plain

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from simulator.study.results import Results

POINTS, RELATIVE = "points", "share"
"""Units of a change: percentage points; per cent of the level before. Any other is that of the indicator."""

type Values = dict[int, float]
"""A figure by replication."""


class Found(NamedTuple):
    """A number of the table: mean with the ends of its interval (NaN where there is none), its unit, whether it is a
    change, and the mark behind it."""

    mean: float
    low: float = math.nan
    high: float = math.nan
    unit: str = "number"
    signed: bool = False
    mark: str = ""

    @property
    def there(self) -> bool:
        """Whether there is a number."""
        return not math.isnan(self.mean)

    def text(self) -> str:
        """Mean with half the width of its interval, marked where that leaves out zero."""
        if math.isnan(self.mean):
            return "–"
        text = figure(self.mean, self.unit, signed=self.signed, mark=False)
        if not math.isnan(self.low):
            text += f" ± {figure((self.high - self.low) / 2, self.unit, like=self.mean, mark=False)}"
        clear = self.signed and leaves_out_zero(self.low, self.high)
        return f"{text}{self.mark} *" if clear else f"{text}{self.mark}  "


NONE = Found(math.nan)


class ReportedClaim(NamedTuple):
    """A line of the table: what the claim is about, its ends (one or two), result and effect, and its series unless it
    is about single case groups."""

    indicator: str
    of: str
    arm: str
    years: str
    claim: tuple[Found, ...]
    result: Found
    effect: Found
    row: Row | None


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
    for each in reported_claims(results, claims):
        claim = " … ".join(f"{figure(f.mean, f.unit, signed=f.signed, mark=False)}{f.mark}" for f in each.claim)
        figures = (f.text() for f in (each.result, each.effect))
        yield word("indicator", each.indicator), each.of, word("arm", each.arm), each.years, claim, *figures


def reported_claims(results: "Results", claims: Iterable[Any]) -> Iterator[ReportedClaim]:
    """The lines as numbers."""
    claims = list(claims)
    coded = results.coded_months
    monthly = plain(coded[coded["indicator"].isin({claim.indicator for claim in claims})])
    read = cache(lambda arm, row, first, last: _values(monthly, arm, row, first, last))
    for claim in claims:
        if claim.arm not in results.arms:
            continue
        where: dict[str, Any] = {kind: getattr(claim, kind, None) or "" for kind in SHAPE}
        row = Row(claim.indicator, **where)
        of = " ".join([row.where, *map(str, claim.groups or ())]).strip()
        found = (NONE, NONE) if claim.groups else _outcome(results, claim, row, read)
        yield ReportedClaim(
            row.indicator,
            of,
            claim.arm,
            claim.years or "",
            tuple(claimed_of(claim)),
            *found,
            None if claim.groups else row,
        )


def _outcome(results: "Results", claim: Any, row: Row, read: Any) -> tuple[Found, Found]:
    """Result and effect."""
    start, end = _years(claim.years)
    months = set(results.months)
    whole = [(f"{year}-01", f"{year}-12") if year and _reported(months, year) else None for year in (start, end)]
    final = whole[1] or (results.months[-MONTHS:][0], results.months[-1])
    after = read(claim.arm, row, *final)
    if claim.change is None:
        there = whole[1] or end is None
        result = _found(results.ends, list(after.values()), unit_of(row.indicator)) if there else NONE
    else:
        before = read(claim.arm, row, *whole[0]) if whole[0] and whole[1] and start != end else {}
        result = _changed(results.ends, claim, row, before, after)
    baseline = read(BASELINE, row, *final) if claim.arm != BASELINE else {}
    return result, _changed(results.ends, claim, row, baseline, after)


def _changed(ends: Ends, claim: Any, row: Row, before: Values, after: Values) -> Found:
    """The change from one figure to another, replication by replication, in the form of the claim."""
    relative = claim.change is not None and claim.change[1] == RELATIVE
    pairs = [(before[number], after[number]) for number in after if number in before]
    values = [new / old - 1 for old, new in pairs if old] if relative else [new - old for old, new in pairs]
    return _found(ends, values, "share" if relative else unit_of(row.indicator), signed=True, points=not relative)


def _found(ends: Ends, values: list[float], unit: str, signed: bool = False, points: bool = False) -> Found:
    """Mean and ends over replications."""
    if not values:
        return NONE
    mark = (" pp" if points else " %") if unit == "share" else ""
    return Found(*ends(values), unit, signed, mark)


def claimed_of(claim: Any) -> Iterator[Found]:
    """The claim itself, in the unit of the indicator or of the change."""
    unit = unit_of(claim.indicator)
    if claim.change is None:
        for end in (claim.level, claim.level_to):
            if end is not None:
                yield Found(in_unit(*end, claim.indicator), unit=unit, mark=" %" if unit == "share" else "")
        return
    value, kind = claim.change
    if kind in (POINTS, RELATIVE):
        yield Found(value, unit="share", signed=True, mark=" pp" if kind == POINTS else " %")
    else:
        mark = " %" if unit == "share" else ""
        yield Found(in_unit(value, kind, claim.indicator), unit=unit, signed=True, mark=mark)


def _values(monthly: "pd.DataFrame", arm: str, row: Row, first: str, last: str) -> Values:
    """An indicator of an arm over a period, by replication; of the one alliance where only alliances have it."""
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
