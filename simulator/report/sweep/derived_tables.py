"""The tables that the report of a study derives from ``results`` and ``summary``."""

import math
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

from simulator.report.sweep.varied import FEW, Varied
from simulator.study.intervals import interval
from simulator.study.sweep.language import number_of

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.sweep.study_results import Sweep

BINS = 8
"""Groups of equal size that many values of a number are put in."""
MANY = 40
"""Samples from which on quantiles stand for the range."""
PAIRS = 3
"""Most pairs of variables that are shown as maps."""
ENDS = (0.025, 0.975)
FIGURES = ("mean", "difference", "effect")
SHORT = {"mean": "", "difference": "diff_", "effect": "effect_"}
"""What stands before ``low`` and ``high`` in the columns of a figure."""


def policies(sweep: "Sweep") -> "pd.DataFrame":
    """Each combination of levers and arm: columns policy, arm, outcome, samples, runs, mean, low, high, difference,
    diff_low, diff_high, effect, effect_low, effect_high.

    With one sample of the uncertainties a row is that of the summary, with intervals over replications. With several
    it has their mean, and as ends the lowest and the highest of the samples, from forty samples on the quantiles 2.5 %
    and 97.5 %.
    """
    import pandas as pd

    columns = ["policy", "arm", "outcome", "samples", "runs", *(c for f in FIGURES for c in columns_of(f))]
    made = []
    groups: Any = sweep.summary.groupby(["policy", "arm", "outcome"], sort=False)
    for (policy, arm, outcome), rows in groups:
        row: dict[str, Any] = {"policy": policy, "arm": arm, "outcome": outcome}
        row |= {"samples": len(rows), "runs": int(rows["replications"].sum())}
        for name in FIGURES:
            mean, low, high = columns_of(name)
            values = rows[name].dropna()
            if len(rows) == 1 or not len(values):
                row |= {column: rows[column].iloc[0] for column in (mean, low, high)}
            else:
                ends = ENDS if len(values) >= MANY else (0.0, 1.0)
                row |= {mean: values.mean(), low: values.quantile(ends[0]), high: values.quantile(ends[1])}
        made.append(row)
    return pd.DataFrame(made, columns=columns)


def columns_of(figure: str) -> tuple[str, str, str]:
    """Names of the columns of a figure and of its ends."""
    return figure, f"{SHORT[figure]}low", f"{SHORT[figure]}high"


def along(sweep: "Sweep", varied: Varied) -> "pd.DataFrame":
    """Each outcome along each variable, all else as it comes: columns variable, value (text; for a group of many
    numbers its middle), at (number, else place in order), arm, outcome, points, mean, low, high, least, most.

    The mean is that of all runs with the value; the interval is over replications, each the mean of its runs, so that
    what the points share is in it once. Least and most are those of the points' means.
    """
    import pandas as pd

    results, outcomes = sweep.results, list(sweep.study.specification.outcomes)
    made = []
    for name in varied.moving:
        groups = _groups(varied, name)
        place = results["point"].map(groups)
        known = results[place.notna()].assign(group=place[place.notna()])
        for (group, arm), rows in known.groupby(["group", "arm"], sort=False):
            at, text = group
            for outcome in outcomes:
                runs = rows[["point", "replication", outcome]].dropna()
                if not len(runs):
                    continue
                figures = interval(runs.groupby("replication")[outcome].mean().tolist())
                means = runs.groupby("point")[outcome].mean()
                ends = (means.min(), means.max()) if len(means) > 1 else (math.nan, math.nan)
                made.append((name, text, at, arm, outcome, len(means), *figures, *ends))
    columns = ["variable", "value", "at", "arm", "outcome", "points", "mean", "low", "high", "least", "most"]
    return pd.DataFrame(made, columns=columns).sort_values(["variable", "at"], kind="stable", ignore_index=True)


def spans(sweep: "Sweep", varied: Varied, along: "pd.DataFrame") -> "pd.DataFrame":
    """How far the mean of each outcome moves along each variable: columns variable, arm, outcome, high_value,
    low_value, span, span_low, span_high.

    The span lies between the values with the highest and the lowest mean in ``along``. Its interval is over
    replications, in each the difference between its own runs with the one value and with the other; none with a single
    replication.
    """
    import pandas as pd

    results = sweep.results
    made = []
    for name in varied.moving:
        place = results["point"].map({point: text for point, (_, text) in _groups(varied, name).items()})
        mine = along[along["variable"] == name]
        for (arm, outcome), rows in mine.groupby(["arm", "outcome"], sort=False):
            if len(rows) < 2:
                continue
            high, low = (str(rows.loc[getattr(rows["mean"], pick)(), "value"]) for pick in ("idxmax", "idxmin"))
            known = results[(results["arm"] == arm) & results[outcome].notna()]
            by_end = known.assign(end=place[known.index]).groupby(["end", "replication"])[outcome].mean()
            ends = [by_end.loc[end] if end in by_end.index else pd.Series(dtype=float) for end in (high, low)]
            span = (ends[0] - ends[1]).dropna()
            if len(span):
                made.append((name, arm, outcome, high, low, *interval(span.tolist())))
    columns = ["variable", "arm", "outcome", "high_value", "low_value", "span", "span_low", "span_high"]
    return pd.DataFrame(made, columns=columns)


def _groups(varied: Varied, name: str) -> dict[int, tuple[float, str]]:
    """By point, the number and the text of the group of values that it belongs to."""
    values, texts = varied.values(name), varied.texts[name]
    numeric = varied.numeric(name)
    if len(values) <= FEW:
        at = {text: number_of(text) if numeric else float(n) for n, text in enumerate(values)}
        return {point: (at[text], text) for point, text in enumerate(texts) if text is not None}
    if not numeric:
        return {}
    order = sorted((number_of(text), point) for point, text in enumerate(texts) if text is not None)
    made = {}
    for group in range(BINS):
        inside = order[group * len(order) // BINS : (group + 1) * len(order) // BINS]
        middle = sum(value for value, _ in inside) / len(inside)
        made |= {point: (middle, f"{middle:.4g}") for _, point in inside}
    return made


def pairs(sweep: "Sweep", varied: Varied) -> "pd.DataFrame":
    """Each outcome over two variables with few values: columns first, second, first_value, second_value, arm, outcome,
    points, mean. Only pairs of which all values meet, levers before the others."""
    import pandas as pd

    few = [name for name in varied.moving if 2 <= len(varied.values(name)) <= FEW]
    results, made = sweep.results, []
    shown = 0
    for first, second in combinations(few, 2):
        at = defaultdict(list)
        for point, key in enumerate(zip(varied.texts[first], varied.texts[second], strict=True)):
            if None not in key:
                at[key].append(point)
        if len(at) < len(varied.values(first)) * len(varied.values(second)) or shown == PAIRS:
            continue
        shown += 1
        for (one, other), points in at.items():
            here = results[results["point"].isin(points)]
            for arm, rows in here.groupby("arm", sort=False):
                for outcome in sweep.study.specification.outcomes:
                    values = rows[outcome].dropna()
                    if len(values):
                        count = rows.loc[values.index, "point"].nunique()
                        made.append((first, second, one, other, arm, outcome, count, values.mean()))
    columns = ["first", "second", "first_value", "second_value", "arm", "outcome", "points", "mean"]
    return pd.DataFrame(made, columns=columns)
