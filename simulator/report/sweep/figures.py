"""The figures of a study: outcomes along what varies, changes from the comparison, maps over two variables."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.page.figures import Panel
from simulator.report.page.plots import Along, along, heat, titled_dots
from simulator.report.page.rules import in_units
from simulator.report.page.svg import Dot
from simulator.report.sweep.answer import Figures
from simulator.report.sweep.derived_tables import columns_of
from simulator.report.sweep.varied import FEW, outcome_name
from simulator.scenario.language.values import unit_of as written_unit
from simulator.study.sweep.language import number_of

if TYPE_CHECKING:
    import pandas as pd

CLOUD = 300
"""Most single points of a picture."""
GROUPS = 16
"""Most policies of a picture of changes."""
WIDEST = 7
"""Columns up to which a map has its values side by side; the variable with more goes down."""


class Pictures:
    """All figures of one study.

    Args:
        figures: the table of policies.
        table: of ``tables.along``.
        pairs: of ``tables.pairs``.
        summary: of the study.
        numbers: by arm, the number of its colour.
    """

    def __init__(
        self, figures: Figures, table: "pd.DataFrame", pairs: "pd.DataFrame", summary: "pd.DataFrame",
        numbers: dict[str, int],
    ):  # fmt: skip
        self.figures, self.varied, self.table, self.pairs = figures, figures.varied, table, pairs
        self.summary, self.numbers = summary, numbers

    def along(self) -> Iterator[Panel]:
        """Every outcome along every variable."""
        for variable in self.varied.moving:
            mine = self.table[self.table["variable"] == variable]
            for outcome, declared in self.figures.outcomes.items():
                rows = mine[mine["outcome"] == outcome]
                if not len(rows):
                    continue
                unit = self.figures.unit(outcome)
                title = say("page.sweep_by", outcome=outcome_name(declared), variable=self.varied.title(variable))
                if self.varied.numeric(variable):
                    picture = self._numeric(variable, outcome, rows, unit, title)
                    yield Panel(f"{title}{self._written(variable)}", picture)
                else:
                    yield Panel(title, titled_dots(list(self._named(variable, rows)), unit, title))

    def _written(self, variable: str) -> str:
        """The unit of a variable, in brackets."""
        text = self.varied.values(variable)[0]
        unit = in_units(written_unit(text) or "")
        return f" ({unit})" if unit and (unit != "%" or len(self.varied.values(variable)) > FEW) else ""

    def _numeric(self, variable: str, outcome: str, rows: "pd.DataFrame", unit: str, title: str):
        values = self.varied.values(variable)
        few = len(values) <= FEW
        texts = self.varied.texts[variable]
        series = []
        for arm, name in self.figures.arms.items():
            here = rows[rows["arm"] == arm].sort_values("at")
            marks = list(
                here[["at", "mean", "low", "high", "least", "most"]].astype(float).itertuples(index=False, name=None)
            )
            cloud = []
            if not few:
                points = self.summary[(self.summary["outcome"] == outcome) & (self.summary["arm"] == arm)]
                points = points.iloc[:: max(1, math.ceil(len(points) / CLOUD))]
                pairs = zip(points["point"], points["mean"], strict=True)
                cloud = [(number_of(texts[p]), float(v)) for p, v in pairs if texts[p] is not None]
                marks = [(*mark[:4], math.nan, math.nan) for mark in marks]
            series.append(Along(self.numbers[arm], name, marks, cloud))
        percent = all(written_unit(text) == "%" for text in values)
        written = {number_of(text): text if percent else f"{number_of(text):g}" for text in values} if few else None
        return along(series, unit, title, written, self.varied.variables[variable].scale == "log")

    def _named(self, variable: str, rows: "pd.DataFrame") -> Iterator[tuple[str, list[Dot]]]:
        for value in self.varied.values(variable):
            here = rows[rows["value"] == value]
            by_arm = here.set_index("arm")[["mean", "low", "high"]].astype(float)
            dots = [
                Dot(self.numbers[arm], name, *by_arm.loc[arm])
                for arm, name in self.figures.arms.items()
                if arm in by_arm.index
            ]
            yield self.varied.text(variable, value), dots

    def changes(self, kind: str) -> Iterator[Panel]:
        """Every outcome's change, from the comparison (``difference``) or the baseline (``effect``), by policy."""
        names = columns_of(kind)
        for outcome, declared in self.figures.outcomes.items():
            known = [k for k in self.figures.rows if k[2] == outcome and not math.isnan(self.figures.value(k, kind))]
            policies = list(dict.fromkeys(key[0] for key in known))
            if len(policies) > GROUPS:
                order = sorted(policies, key=lambda p: max(self.figures.value(k, kind) for k in known if k[0] == p))
                policies = [*order[: GROUPS // 2], *order[-GROUPS // 2 :]]
            groups = []
            for policy in policies:
                dots = [
                    Dot(self.numbers[k[1]], self.figures.arms[k[1]], *(self.figures.value(k, name) for name in names))
                    for k in known
                    if k[0] == policy
                ]
                groups.append((self.varied.policy_words(policy), dots))
            if picture := titled_dots(groups, self.figures.unit(outcome), outcome_name(declared), True):
                yield Panel(outcome_name(declared), picture)

    def maps(self) -> Iterator[Panel]:
        """Every outcome over two variables, an arm each."""
        groups: Any = self.pairs.groupby(["first", "second", "outcome", "arm"], sort=False)
        for (first, second, outcome, arm), rows in groups:
            down, across = (first, second) if len(self.varied.values(first)) > WIDEST else (second, first)
            columns = {"down": "first_value", "across": "second_value"}
            if down != first:
                columns = {"down": "second_value", "across": "first_value"}
            at = {name: {text: n for n, text in enumerate(self.varied.values(name))} for name in (down, across)}
            values = {
                (at[down][row[columns["down"]]], at[across][row[columns["across"]]]): float(row["mean"])
                for row in rows.to_dict("records")
            }
            name = outcome_name(self.figures.outcomes[outcome])
            title = name if len(self.figures.arms) == 1 else say("page.fund_arm", fund=name, arm=self.figures.arms[arm])
            words = {
                side: [self.varied.text(variable, text) for text in self.varied.values(variable)]
                for side, variable in (("rows", down), ("columns", across))
            }
            picture = heat(
                words["columns"], words["rows"], values, self.figures.unit(outcome), title,
                self.varied.title(across), self.varied.title(down),
            )  # fmt: skip
            yield Panel(title, picture)
