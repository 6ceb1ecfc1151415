"""What others claimed and measured, beside the run: numbers tied to tables of their own."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from simulator.report.claims import Found, ReportedClaim
from simulator.report.display import figure, leaves_out_zero, unit_of, word
from simulator.report.page.figures import named
from simulator.report.page.numbers import Summary, tied
from simulator.report.results_table import SHAPE, Row
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

ENDS = ("", "_low", "_high")


class Claimed(NamedTuple):
    """A line of the table of claims."""

    indicator: str
    of: str
    arm: str
    years: str
    claim: Markup
    result: Markup
    effect: Markup


class Measured(NamedTuple):
    """A level that others measured, and the baseline's."""

    name: str
    target: Markup
    result: Markup


def claims_table(claims: Sequence[ReportedClaim]) -> "pd.DataFrame":
    """Columns number, indicator, of, arm, years, claim, claim_to, result, result_low, result_high, effect, effect_low,
    effect_high; shares as 0 to 1, changes in per cent too."""
    import pandas as pd

    rows = []
    for number, each in enumerate(claims, 1):
        ends = [f.mean for f in each.claim] + [math.nan]
        about = (number, each.indicator, each.of, each.arm, each.years, *ends[:2])
        rows.append((*about, *each.result[:3], *each.effect[:3]))
    numbers = [f"{name}{end}" for name in ("result", "effect") for end in ENDS]
    return pd.DataFrame(rows, columns=["number", "indicator", "of", "arm", "years", "claim", "claim_to", *numbers])


def claimed(claims: Sequence[ReportedClaim], arms: Mapping[str, str]) -> list[Claimed]:
    """The table of claims as it is shown."""
    made = []
    for number, each in enumerate(claims, 1):
        said = [_one(f, number, column) for f, column in zip(each.claim, ("claim", "claim_to"), strict=False)]
        indicator, arm = word("indicator", each.indicator), arms.get(each.arm, each.arm)
        found = (_whole(f, number, name) for name, f in (("result", each.result), ("effect", each.effect)))
        made.append(Claimed(indicator, each.of, arm, each.years, Markup(" … ").join(said), *found))
    return made


def _one(found: Found, number: int, column: str) -> Markup:
    text = figure(found.mean, found.unit, signed=found.signed, mark=False) + found.mark
    return tied(text, found.mean, "report/claims", column, number=number)


def _whole(found: Found, number: int, name: str) -> Markup:
    """A number with the ends of its interval below it, in bold where a change is clear."""
    mean = _one(found, number, name)
    if math.isnan(found.low):
        return mean
    ends = [
        tied(
            figure(end, found.unit, like=found.mean, signed=found.signed, mark=False),
            end,
            "report/claims",
            f"{name}{which}",
            number=number,
        )
        for which, end in (("_low", found.low), ("_high", found.high))
    ]
    clear = found.signed and leaves_out_zero(found.low, found.high)
    level = Markup("<b>{}</b>").format(mean) if clear else mean
    return Markup('{} <span class="ends">{} … {}</span>').format(level, *ends)


def targets_table(rows: Sequence[Row]) -> "pd.DataFrame":
    """Columns indicator, tier, plan, part, alliance, target, in the unit of the indicator."""
    import pandas as pd

    return pd.DataFrame([(*row.series, row.target) for row in rows], columns=["indicator", *SHAPE, "target"])


def measured(rows: Sequence[Row], summary: Summary) -> list[Measured]:
    """Levels that others measured, beside the baseline of the run."""
    made = []
    for row in rows:
        if not summary.has(BASELINE, row.series):
            continue
        made.append(Measured(named(row), target(row), summary.level(BASELINE, row.series, unit_of(row.indicator))))
    return made


def target(row: Row) -> Markup:
    """A level that others measured, nothing where there is none."""
    if math.isnan(row.target):
        return Markup()
    where: dict[str, Any] = dict(zip(("indicator", *SHAPE), row.series, strict=True))
    return tied(figure(row.target, unit_of(row.indicator)), row.target, "report/targets", "target", **where)
