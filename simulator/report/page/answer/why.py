"""Why it moved: what one more would bring and what places then do, without and with the first reform; beneath each what
it is in the arm that checks the mechanism."""

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.report.page.actors import SHOWN
from simulator.report.page.answer.outcomes import Names
from simulator.report.page.answer.values import Reading
from simulator.report.page.answer.words import number
from simulator.report.page.numbers import tied
from simulator.study.summary import BASELINE, MONTHS

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

MOST = 6
"""So many lines stand in a step."""
LEAST = {"money": 5.0, "share": 0.01, "number": 0.02}
"""Changes below which nothing is said to have changed, by kind of figure."""


class Step(NamedTuple):
    """One line: where, what, without, with, in the arm that checks, and whether the change is certain."""

    where: str
    what: str
    before: Markup
    after: Markup
    check: Markup
    clear: bool


class Why:
    """Margins and conduct of a run's last twelve months, means of places, by tier.

    Args:
        results: of the run.
        names: titles.
    """

    def __init__(self, results: "Results", names: Names):
        self.results, self.names = results, names
        table = results.tiers
        year = table[table["month"].isin(results.months[-MONTHS:])]
        columns = list(dict.fromkeys(name for lines in SHOWN.values() for name, *_ in lines if name in table))
        self.columns = set(columns)
        means = year.groupby(["arm", "tier", "replication"])[columns].mean()
        self.means: dict[tuple[str, str, str], dict[int, float]] = {}
        for (arm, tier, replication), row in zip(means.index, means.to_dict("records"), strict=True):
            for column, value in row.items():
                self.means.setdefault((arm, tier, column), {})[replication] = value

    def reading(self, arm: str, tier: str, column: str) -> Reading:
        """Mean over replications."""
        found = self._values(arm, tier, column)
        return Reading(*self.results.ends(list(found.values()))) if found else Reading()

    def change(self, arm: str, tier: str, column: str) -> Reading:
        """Difference from the baseline, replication by replication."""
        mine, base = self._values(arm, tier, column), self._values(BASELINE, tier, column)
        paired = [value - base[n] for n, value in mine.items() if n in base]
        return Reading(*self.results.ends(paired)) if paired else Reading()

    def _values(self, arm: str, tier: str, column: str) -> dict[int, float]:
        return {n: value for n, value in self.means.get((arm, tier, column), {}).items() if value == value}

    def steps(self, arm: str, check: str | None) -> tuple[list[Step], list[Step]]:
        """Margins, then conduct, that moved most under an arm."""
        found: dict[bool, list[tuple[float, Step]]] = {True: [], False: []}
        for tier, lines in SHOWN.items():
            for column, unit, words, is_margin in lines:
                change = self.change(arm, tier, column) if column in self.columns else Reading()
                least = LEAST.get(unit, LEAST["number"])
                if change.there and abs(change.mean) >= least:
                    step = self._step(arm, check, tier, column, unit, words.localized)
                    found[is_margin].append((abs(change.mean) / least * (4 if change.clear else 1), step))
        ranked = [[step for _, step in sorted(found[k], key=lambda e: -e[0])[:MOST]] for k in (True, False)]
        return ranked[0], ranked[1]

    def _step(self, arm: str, check: str | None, tier: str, column: str, unit: str, words: str) -> Step:
        kind = "yuan" if unit == "money" else unit

        def shown(which: str) -> Markup:
            value = self.reading(which, tier, column).mean
            text = number(value, kind, value) + say(f"answer.level_{kind}")
            return tied(text, value, "report/mechanism", "mean", arm=which, tier=tier, column=column)

        where = self.names.text("tier", tier).localized
        checked = shown(check) if check and check != arm else Markup()
        clear = self.change(arm, tier, column).clear
        return Step(where, words, shown(BASELINE), shown(arm), checked, clear)

    def table(self) -> "pd.DataFrame":
        """Columns arm, tier, column, mean, low, high, difference, diff_low, diff_high."""
        import pandas as pd

        rows = [
            (arm, tier, column, *self.reading(arm, tier, column), *self.change(arm, tier, column))
            for arm in self.results.arms
            for tier in TIERS
            for column, *_ in SHOWN[tier]
            if column in self.columns and self.reading(arm, tier, column).there
        ]
        numbers = ["mean", "low", "high", "difference", "diff_low", "diff_high"]
        return pd.DataFrame(rows, columns=["arm", "tier", "column", *numbers])
