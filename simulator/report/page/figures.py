"""Figures on the page, as SVG, and the table behind those over time; what they show is in ``report/figures``."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.count.indicators.catalogue import INDICATORS
from simulator.report.display import unit_of, word
from simulator.report.figures.declared import declared
from simulator.report.page.numbers import Summary, summary_row, tied
from simulator.report.page.svg import Dot, Line, dots, lines
from simulator.report.results_table import SHAPE, Row
from simulator.study.summary import BASELINE, over_period

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

SHORT = 30
"""Months up to which a figure shows every month; longer runs are shown by quarters."""
QUARTER = 3
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FAN = (("q10", "q90"), ("q25", "q75"))
"""Columns of the bands of a fan, the wider first."""
LINES, RESERVES = "over_months", "reserves"
"""Names of the figures over time."""


class Panel(NamedTuple):
    """One picture with what stands above it and below it."""

    title: str
    picture: Markup
    note: Markup | str = ""


def periods(months: Sequence[str]) -> list[tuple[str, str]]:
    """First and last month of each point in time: months, or whole quarters counted from the first month."""
    step = 1 if len(months) <= SHORT else QUARTER
    return [(months[i], months[i + step - 1]) for i in range(0, len(months) - step + 1, step)]


def _reserve() -> str:
    """The indicator of reserves."""
    (panel,) = declared("page")[RESERVES].panels
    return panel.indicator


def over_time(results: "Results") -> "pd.DataFrame":
    """Every figure over time: columns period, arm, indicator, tier, plan, part, alliance, mean, low, high, q10, q25,
    q50, q75, q90; quantiles over replications for the reserve alone."""
    import numpy as np
    import pandas as pd

    monthly = results.monthly
    wanted = {row.series for row in declared("page")[LINES].rows}
    keys = pd.MultiIndex.from_frame(monthly[["indicator", *SHAPE]])
    reserve = _reserve()
    mine = monthly[keys.isin(wanted) | (monthly["indicator"] == reserve)]
    made = []
    months = sorted(monthly["month"].unique())
    inside = [(month, first) for first, last in periods(months) for month in months if first <= month <= last]
    # One pass: a point in time and an arm together stand for an arm.
    point = mine["month"].map(dict(inside))
    known = mine[point.notna()]
    found = over_period(known.assign(arm=point[point.notna()] + " " + known["arm"]), months[0], months[-1])
    gathered: dict[tuple[str, ...], list[float]] = {}
    for key, _, *series, value, _, _ in found.itertuples(index=False, name=None):
        gathered.setdefault((key, *series), []).append(value)
    for (key, *series), values in gathered.items():
        fan = np.quantile(values, QUANTILES).tolist() if series[0] == reserve else [math.nan] * len(QUANTILES)
        period, _, arm = key.partition(" ")
        made.append((period, arm, *series, *results.ends(values), *fan))
    columns = ["period", "arm", "indicator", *SHAPE, "mean", "low", "high", "q10", "q25", "q50", "q75", "q90"]
    return pd.DataFrame(made, columns=columns)


class Pictures:
    """All figures of one run.

    Args:
        results: of the run.
        arms: name in words of every arm, in order.
        table: of ``over_time``.
        changed: the first month from which an arm's rules differ, None where none do.
    """

    def __init__(self, results: "Results", arms: dict[str, str], table: "pd.DataFrame", changed: str | None):
        self.results, self.arms, self.table = results, arms, table
        self.summary = Summary(results.summary)
        self.periods = sorted(set(table["period"]))
        self.since = next((i for i, p in enumerate(self.periods) if changed and p >= changed and i), None)
        known = table.set_index(["period", "arm", "indicator", *SHAPE]).sort_index()
        keys = dict.fromkeys(key[1:] for key in known.index)
        self.series: dict[tuple[str, ...], pd.DataFrame] = {
            key: known.loc[(slice(None), *key), :].droplevel([1, 2, 3, 4, 5, 6]).reindex(self.periods) for key in keys
        }

    def over_time(self) -> Iterator[Panel]:
        """Lines with bands, an arm each."""
        for row in declared("page")[LINES].rows:
            series = [
                self._line(n, name, here if arm == BASELINE else self._since(here))
                for n, (arm, name) in enumerate(self.arms.items())
                if (here := self.series.get((arm, *row.series))) is not None
            ]
            title = named(row)
            picture = lines(self.periods, series, unit_of(row.indicator), title, self.since)
            if picture:
                yield Panel(title, picture)

    @staticmethod
    def _line(number: int, name: str, here: "pd.DataFrame") -> Line:
        return Line(number, name, here["mean"].tolist(), [(here["low"].tolist(), here["high"].tolist())])

    def _since(self, here: "pd.DataFrame") -> "pd.DataFrame":
        """A reform's figures from the last point before the rules change; until then it is the baseline."""
        return (
            here if self.since is None else here.loc[here.index >= self.periods[self.since - 1]].reindex(self.periods)
        )

    def reserve(self, ruin: dict[tuple[str, str], float]) -> Iterator[Panel]:
        """Fans over replications of each fund's reserve by arm, with the chance that it runs dry."""
        plans = dict.fromkeys(key[3] for key in self.series if key[1] == _reserve())
        for plan in plans:
            fans = {
                arm: self._fan(n, name, here)
                for n, (arm, name) in enumerate(self.arms.items())
                if (here := self.series.get((arm, _reserve(), "", plan, "", ""))) is not None
            }
            for arm, name in self.arms.items():
                if arm not in fans:
                    continue
                title = say("page.fund_arm", fund=say("page.fund_of", plan=word("plan", plan)), arm=name)
                others = list(fans.values())
                picture = lines(self.periods, [fans[arm]], "months", title, self.since, others)
                chance = ruin.get((arm, plan), math.nan)
                shown = tied(f"{100 * chance:.0f} %", chance, "report/ruin", "probability", arm=arm, plan=plan)
                yield Panel(title, picture, Markup(say("page.ruin", share="{}")).format(shown))

    @staticmethod
    def _fan(number: int, name: str, here: "pd.DataFrame") -> Line:
        bands = [(here[low].tolist(), here[high].tolist()) for low, high in FAN]
        return Line(number, name, here["q50"].tolist(), bands)

    def of(self, name: str) -> Iterator[Panel]:
        """Dots with intervals: those of one declaration, a panel for each indicator or for all together."""
        figure = declared("page")[name]
        if figure.along:
            for panel in figure.panels:
                yield from self._dots(panel.rows, label_of, word("indicator", panel.indicator))
        else:
            yield from self._dots(figure.rows, short, say(f"page.dots_{name}"))

    def _dots(self, rows: Sequence[Row], label: Callable[[Row], str], title: str) -> Iterator[Panel]:
        """A panel of rows, if there are any in the run."""
        groups = []
        for row in rows:
            found = [
                Dot(n, words, *(self.summary.value(arm, row.series, c) for c in ("mean", "low", "high")))
                for n, (arm, words) in enumerate(self.arms.items())
                if self.summary.has(arm, row.series)
            ]
            if found:
                groups.append((label(row), found))
        picture = dots(groups, unit_of(rows[0].indicator), title) if groups else Markup()
        if picture:
            yield Panel(title, picture)


def named(row: Row) -> str:
    """An indicator and whom it is about."""
    name = word("indicator", row.indicator)
    return say("page.named", name=name, where=row.where) if row.where else name


def label_of(row: Row) -> str:
    """Whom a row is about, in few letters."""
    return say(f"page.tier_{row.tier}") if row.tier else row.where


def short(row: Row) -> str:
    """Its short name, where a figure has little room."""
    said = INDICATORS[row.indicator]
    return (said.short or said.text).localized


def ruin(results: "Results") -> "pd.DataFrame":
    """Share of replications in which a fund runs dry in any reported month: columns arm, plan, probability."""
    monthly = results.monthly
    mine = monthly[monthly["indicator"] == "ruin_probability"]
    worst = mine.groupby(["arm", "plan", "replication"], sort=False)["value"].max()
    return worst.groupby(["arm", "plan"], sort=False).mean().reset_index(name="probability")


__all__ = ["Panel", "Pictures", "named", "over_time", "periods", "ruin", "summary_row"]
