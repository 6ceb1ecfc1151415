"""The answer of a study in five sentences, and the table of outcomes that it sums up."""

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.display import figure, moved, unit_of
from simulator.report.page.numbers import tied
from simulator.report.sweep.derived_tables import columns_of
from simulator.report.sweep.varied import Varied, outcome_name
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

SENTENCES = 5
ACROSS = 5
"""Outcomes beside each other in one table."""
MOST = 40
"""Lines of the table that a page shows."""


class Cell(NamedTuple):
    """An outcome of a policy and arm: level, its interval or the change with the interval of that."""

    outcome: str
    level: Markup
    change: Markup
    ends: Markup
    clear: bool


class Line(NamedTuple):
    """A line of the table: what makes the policy, the arm, and a cell for each outcome."""

    policy: list[tuple[str, str]]
    arm: str
    arm_number: int
    cells: list[Cell]


class Figures:
    """The rows of the table ``report/policies``, shown.

    Args:
        table: of ``tables.policies``.
        varied: what varies.
        arms: name in words of every arm.
    """

    def __init__(self, table: "pd.DataFrame", varied: Varied, arms: Mapping[str, str]):
        self.table, self.varied, self.arms = table, varied, arms
        self.outcomes = varied.tasks.study.specification.outcomes
        keys = table[["policy", "arm", "outcome"]].itertuples(index=False, name=None)
        self.rows: dict[tuple[int, str, str], dict[str, Any]] = dict(zip(keys, table.to_dict("records"), strict=True))

    def unit(self, outcome: str) -> str:
        """Unit of an outcome."""
        return unit_of(self.outcomes[outcome].indicator)

    def value(self, key: tuple[int, str, str], column: str) -> float:
        """A number of the table, NaN where there is none."""
        return float(self.rows.get(key, {}).get(column, math.nan))

    def tied(
        self, key: tuple[int, str, str], column: str, signed: bool = False, mark: bool = True, of: str = ""
    ) -> Markup:
        """A number of the table, shown; ``of`` is the change of which a signed one is an end."""
        value, unit = self.value(key, column), self.unit(key[2])
        like = self.value(key, "mean")
        by = self.value(key, of or column)
        text = moved(value, by, like, unit) if signed else figure(value, unit, like=like, mark=mark)
        if signed and column in ("difference", "effect") and unit == "share":
            text += " pp"
        row = dict(zip(("policy", "arm", "outcome"), (int(key[0]), *key[1:]), strict=True))
        return tied(text, value, "report/policies", column, **row)

    def ends(self, key: tuple[int, str, str], of: str) -> Markup:
        """The ends of a figure, nothing where it has none."""
        _, low, high = columns_of(of)
        if math.isnan(self.value(key, low)):
            return Markup()
        signed = of != "mean"
        return Markup("{}\u00a0…\u00a0{}").format(
            *(self.tied(key, end, signed=signed, mark=False, of=of) for end in (low, high))
        )

    def clear(self, key: tuple[int, str, str], of: str) -> bool:
        """Whether both ends lie on one side of zero."""
        _, low, high = columns_of(of)
        return self.value(key, low) > 0 or self.value(key, high) < 0

    def change_of(self, key: tuple[int, str, str]) -> str:
        """Which change a cell shows: that from the comparison, else that from the baseline, else none."""
        known = (name for name in ("difference", "effect") if not math.isnan(self.value(key, name)))
        return next(known, "")

    def called(self, key: tuple[int, str, str]) -> str:
        """A policy and arm in words."""
        policy = self.varied.policy_words(key[0])
        return policy if len(self.arms) == 1 else say("page.sweep_under", policy=policy, arm=self.arms[key[1]])


def outcome_lines(figures: Figures) -> list[Line]:
    """The table, policy by policy and arm by arm."""
    made = []
    for policy, arm in dict.fromkeys(key[:2] for key in figures.rows):
        cells = []
        for outcome in figures.outcomes:
            key = (policy, arm, outcome)
            change = figures.change_of(key)
            cells.append(
                Cell(
                    outcome,
                    figures.tied(key, "mean"),
                    figures.tied(key, change, signed=True) if change else Markup(),
                    figures.ends(key, change or "mean"),
                    bool(change) and figures.clear(key, change),
                )
            )
        made.append(Line(figures.varied.policy(policy), figures.arms[arm], list(figures.arms).index(arm), cells))
    return made


def counted(figures: Figures, results: "pd.DataFrame", failed: int) -> dict[str, float]:
    """What the last sentence counts."""
    changes = [(key, change) for key in figures.rows if (change := figures.change_of(key))]
    return {
        "runs": len(results),
        "points": results["point"].nunique(),
        "replications": results["replication"].nunique(),
        "differences": len(changes),
        "clear": sum(figures.clear(*each) for each in changes),
        "failed": failed,
    }


def sentences(
    figures: Figures, along: "pd.DataFrame", spans: "pd.DataFrame", facts: Mapping[str, float]
) -> list[Markup]:
    """The answer: where each outcome is highest, the largest change, what moves it, how sure that is."""
    last = _sure(facts)
    first = [made for outcome in figures.outcomes if (made := _range(figures, outcome))]
    largest = [made for outcome in figures.outcomes if (made := _largest(figures, outcome))]
    moved = [made for outcome in figures.outcomes if (made := _moved(figures, along, spans, outcome))]
    made = [*first[:2], *largest[:1], *moved[:1]]
    spare = [*moved[1:2], *largest[1:2], *first[2:], *moved[2:]]
    return [*[*made, *spare][: SENTENCES - 1], last]


def _range(figures: Figures, outcome: str) -> Markup | None:
    """Where an outcome is highest and lowest, or its level where there is one policy and arm only."""
    keys = [key for key in figures.rows if key[2] == outcome and not math.isnan(figures.value(key, "mean"))]
    if not keys:
        return None
    name = outcome_name(figures.outcomes[outcome])
    if len(keys) == 1:
        ends = figures.ends(keys[0], "mean")
        text = say("page.sweep_level" if ends else "page.sweep_level_alone", outcome="{o}", level="{l}", ends="{e}")
        return Markup(text).format(o=name, l=figures.tied(keys[0], "mean"), e=ends)
    high, low = (pick(keys, key=lambda key: figures.value(key, "mean")) for pick in (max, min))
    words = {"o": name, "h": figures.tied(high, "mean"), "l": figures.tied(low, "mean")}
    if words["h"].striptags() == words["l"].striptags():
        return Markup(say("page.sweep_alike", outcome="{o}", level="{h}")).format(**words)
    words |= {"p": figures.called(high), "q": figures.called(low)}
    text = say("page.sweep_range", outcome="{o}", high="{h}", low="{l}", policy="{p}", other="{q}")
    return Markup(text).format(**words)


def _largest(figures: Figures, outcome: str) -> Markup | None:
    """The largest change of an outcome from what it is compared with; none where it is nought as it is written."""
    keys = [key for key in figures.rows if key[2] == outcome]
    kinds = [kind for kind in ("difference", "effect") if any(not math.isnan(figures.value(k, kind)) for k in keys)]
    if not kinds:
        return None
    kind = kinds[0]
    keys = [key for key in keys if not math.isnan(figures.value(key, kind))]
    top = max(keys, key=lambda key: abs(figures.value(key, kind)))
    if not re.search("[1-9]", figures.tied(top, kind, signed=True).striptags()):
        return None
    ends = figures.ends(top, kind)
    text = say(f"page.sweep_largest_{kind}", outcome="{o}", change="{c}", policy="{p}", base="{b}")
    words = {"o": outcome_name(figures.outcomes[outcome]), "c": figures.tied(top, kind, signed=True)}
    made = Markup(text).format(**words, p=figures.called(top), b=base_words(figures))
    if not ends:
        return made + Markup(say("page.stop"))
    several = figures.value(top, "samples") > 1
    key = "page.sweep_span" if several else "page.answer_interval"
    clear = say("page.answer_clear" if figures.clear(top, kind) else "page.answer_unclear")
    tail = Markup(say(key, ends="{ends}", clear="{clear}")).format(ends=ends, clear=clear)
    return made + tail + Markup(say("page.stop"))


def base_words(figures: Figures) -> str:
    """What the points are compared with."""
    compared = figures.varied.tasks.study.specification.design.compare_with
    varied = figures.varied
    words = [f"{varied.title(name)} {varied.text(name, str(value))}" for name, value in compared.items()]
    return say("page.sweep_and").join(words) or figures.arms.get(BASELINE, BASELINE)


def _moved(figures: Figures, along: "pd.DataFrame", spans: "pd.DataFrame", outcome: str) -> Markup | None:
    """The variable along which the mean of an outcome moves most, in the first arm; none whose span is not certain. It
    is said to move the outcome more than others where its interval lies above theirs."""
    arm = next(iter(figures.arms))
    mine = spans[(spans["outcome"] == outcome) & (spans["arm"] == arm) & (spans["span_low"] > 0)]
    if not len(mine):
        return None
    first = mine.loc[mine["span"].idxmax()]
    variable = str(first["variable"])
    rows = along[(along["outcome"] == outcome) & (along["arm"] == arm) & (along["variable"] == variable)]
    unit = figures.unit(outcome)
    words = {"o": outcome_name(figures.outcomes[outcome]), "v": figures.varied.title(variable)}
    for key, value in (("h", first["high_value"]), ("l", first["low_value"])):
        row = rows[rows["value"] == value].iloc[0]
        where = {column: str(row[column]) for column in ("variable", "value", "arm", "outcome")}
        words[key] = tied(figure(float(row["mean"]), unit), float(row["mean"]), "report/along", "mean", **where)
        words[f"{key}v"] = figures.varied.text(variable, value)
    where = {column: str(first[column]) for column in ("variable", "arm", "outcome")}
    ends = [
        tied(moved(float(first[end]), float(first["span"]), float(row["mean"]), unit), float(first[end]),
             "report/spans", end, **where)
        for end in ("span_low", "span_high")
    ]  # fmt: skip
    words["e"] = Markup("{}\u00a0…\u00a0{}").format(*ends) + (" pp" if unit == "share" else "")
    others = spans[(spans["outcome"] == outcome) & (spans["arm"] == arm) & (spans["variable"] != variable)]
    most = len(others) > 0 and bool((others["span_high"].fillna(math.inf) < first["span_low"]).all())
    keys = {"high": "{h}", "low": "{l}", "high_at": "{hv}", "low_at": "{lv}", "ends": "{e}"}
    sentence = "page.sweep_moved" if most else "page.sweep_moved_alone"
    return Markup(say(sentence, outcome="{o}", variable="{v}", **keys)).format(**words)


def _sure(facts: Mapping[str, float]) -> Markup:
    """On what it rests."""
    number = {key: tied(f"{value:,.0f}", value, "report/facts", "value", fact=key) for key, value in facts.items()}
    braces = {key: f"{{{key}}}" for key in facts}
    made = Markup(say("page.sweep_sure", **braces)).format(**number)
    if facts["differences"]:
        made += Markup(say("page.sweep_sure_clear", **braces)).format(**number)
    if facts["failed"]:
        made += Markup(say("page.sweep_sure_failed", **braces)).format(**number)
    return made
