"""Levels and paired differences of outcomes, worked out by replication, for any two arms."""

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from simulator.report.page.answer.money import Money
from simulator.report.page.answer.outcomes import Outcome, Series
from simulator.study.intervals import Counted
from simulator.study.summary import (
    BASELINE,
    MONTHS,
    Known,
    difference_of,
    level_of,
    of_events,
    over_period,
    plain,
)

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

type ByReplication = dict[int, float]
MANY = Counted(math.inf, math.inf)
"""Events behind a figure that counts none: never few."""
MIX = ("centre", "secondary", "tertiary")
"""Tiers with beds."""
POOLED = ("control_share",)
"""Indicators that have figures of parts alone, of which the sum is the whole."""


class Reading(NamedTuple):
    """A mean with the ends of its 95 % interval, NaN where there is none."""

    mean: float = math.nan
    low: float = math.nan
    high: float = math.nan

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    @property
    def there(self) -> bool:
        """Whether there is a figure at all."""
        return not math.isnan(self.mean)


class Values:
    """Outcomes of a run over its last twelve months.

    Args:
        results: of the run.
        money: what its ledger says of the same months.
    """

    def __init__(self, results: "Results", money: Money):
        self.results, self.money = results, money
        self.arms = sorted(results.arms, key=lambda arm: arm != BASELINE)
        self.first, self.last = money.first, money.last
        self._found: dict[Series, dict[str, ByReplication]] = {}
        self._counted: dict[tuple[Series, str], dict[int, Known]] = {}
        """Figures that count events, with how many there are."""
        monthly = results.coded_months
        self.year = plain(monthly[monthly["month"].isin(results.months[-MONTHS:])])
        figures = over_period(self.year, self.first, self.last, sums=True)
        for arm, replication, *series, value, up, down in figures.itertuples(index=False, name=None):
            self._found.setdefault(tuple(series), {}).setdefault(arm, {})[replication] = value
            if series[0] in of_events():
                self._counted.setdefault((tuple(series), arm), {})[replication] = Known.of(value, up, down)
        for indicator in POOLED:
            self._pool(indicator)
        self._found |= {(name, "", "", "", ""): found for name, found in money.outcomes.items()}
        if found := self._at_old_mix():
            self._found["charge_at_old_mix", "", "", "", ""] = found

    @cached_property
    def known(self) -> list[Series]:
        """Every series that the run has figures for."""
        return list(self._found)

    @property
    def compared(self) -> list[str]:
        """Arms that are set against the baseline."""
        return [arm for arm in self.arms if arm != BASELINE] if BASELINE in self.arms else []

    def by_replication(self, arm: str, outcome: Outcome | Series) -> ByReplication:
        """Figures by replication."""
        series = outcome.series if isinstance(outcome, Outcome) else outcome
        return self._found.get(series, {}).get(arm, {})

    def level(self, arm: str, outcome: Outcome | Series) -> Reading:
        """The mean of an arm."""
        found = self._with_counts(arm, outcome)
        ends, _ = level_of(list(found.values()), self.results.ends, counts=True) if found else (Reading(), 0)
        return Reading(*ends)

    def change(self, arm: str, outcome: Outcome | Series, base: str = BASELINE) -> Reading:
        """The mean difference of one arm from another, replication by replication."""
        mine, theirs = self._with_counts(arm, outcome), self._with_counts(base, outcome)
        paired = [(known, theirs[number]) for number, known in mine.items() if number in theirs]
        return Reading(*difference_of(paired, self.results.ends, counts=True)) if paired and arm != base else Reading()

    def _with_counts(self, arm: str, outcome: Outcome | Series) -> dict[int, Known]:
        """Figures by replication, and the events behind them where they are of events."""
        series = outcome.series if isinstance(outcome, Outcome) else outcome
        counted = self._counted.get((series, arm), {})
        return {
            number: counted.get(number, Known(value, MANY))
            for number, value in self.by_replication(arm, outcome).items()
        }

    def moves(self, outcome: Outcome | Series) -> bool:
        """Whether any arm differs from another in any replication; a run of one arm always does."""
        series = outcome.series if isinstance(outcome, Outcome) else outcome
        found = self._found.get(series, {})
        if len(self.arms) == 1:
            return any(any(values.values()) for values in found.values())
        by_number: dict[int, set[float]] = {}
        for values in found.values():
            for number, value in values.items():
                by_number.setdefault(number, set()).add(value)
        alone = len(found) == 1  # only a reform has it, such as the balance of its budget
        return alone or any(len(values) > 1 for values in by_number.values())

    def table(self, outcomes: Iterable[Outcome]) -> "pd.DataFrame":
        """Columns arm, outcome (a key), those of a series, unit, mean, low, high, difference, diff_low, diff_high."""
        import pandas as pd

        rows = [
            (arm, each.key, *each.series, each.unit, *self.level(arm, each), *self.change(arm, each))
            for each in outcomes
            for arm in self.arms
            if self.level(arm, each).there
        ]
        numbers = ["mean", "low", "high", "difference", "diff_low", "diff_high"]
        return pd.DataFrame(
            rows, columns=["arm", "outcome", "indicator", "tier", "plan", "part", "alliance", "unit", *numbers]
        )

    def between(self, outcomes: Iterable[Outcome]) -> "pd.DataFrame":
        """Differences between two reforms: columns arm, against, outcome, those of a series, difference, low, high."""
        import pandas as pd

        rows = [
            (arm, base, each.key, *each.series, *found)
            for each in outcomes
            for base in self.compared
            for arm in self.compared
            if arm != base and (found := self.change(arm, each, base)).there
        ]
        where = ["arm", "against", "outcome", "indicator", "tier", "plan", "part", "alliance"]
        return pd.DataFrame(rows, columns=[*where, "difference", "low", "high"])

    def _pool(self, indicator: str) -> None:
        whole = (indicator, "", "", "", "")
        mine = self.year[(self.year["indicator"] == indicator) & (self.year["part"] != "")]
        if whole in self._found or not len(mine):
            return
        for kind in ("tier", "plan", "alliance"):
            mine = mine[mine[kind] == ""]
        sums = mine.groupby(["arm", "replication"])[["numerator", "denominator"]].sum()
        for (arm, number), top, bottom in sums.itertuples(name=None):
            if bottom:
                self._found.setdefault(whole, {}).setdefault(arm, {})[number] = top / bottom

    def _at_old_mix(self) -> dict[str, ByReplication]:
        """The bill of a stay in each arm if its patients lay at the tiers at which those of the baseline do."""

        def of(indicator: str, tier: str) -> Mapping[str, ByReplication]:
            return self._found.get((indicator, tier, "", "", ""), {})

        made: dict[str, ByReplication] = {}
        for arm in self.arms:
            for number in self.by_replication(arm, ("charge_per_admission", "", "", "", "")):
                parts = [
                    (share, of("charge_per_admission", tier).get(arm, {}).get(number))
                    for tier in MIX
                    if (share := of("admission_share", tier).get(BASELINE, {}).get(number))
                ]
                if parts and all(charge is not None for _, charge in parts):
                    whole = math.fsum(share for share, _ in parts)
                    bill = math.fsum(share * charge for share, charge in parts if charge is not None)
                    made.setdefault(arm, {})[number] = bill / whole
        return made
