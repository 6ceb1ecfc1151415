"""The figures themselves: each draws its data and nothing else."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.display import SCALE, unit_of, word
from simulator.report.figures import data
from simulator.report.figures.style import COLOURS, axes_of, legend
from simulator.report.results_table import Row

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TIER_COLOURS = ("#b8d8ba", "#66a182", "#f2b872", "#d1495b")
NARROW = 10
"""Per cent up to which differences are drawn to scale, by logarithm beyond: one rare event must not hide the rest."""


def figures() -> dict[str, tuple[Callable[[Any], "pd.DataFrame"], Callable[["pd.DataFrame"], "Figure"]]]:
    """Every figure by the name of its files: what makes its data, what draws it."""
    return {
        "over_months": (data.over_months, over_months),
        "by_tier": (data.by_tier, by_tier),
        "differences": (data.differences, differences),
        "reserves": (data.reserves, reserves),
        "margins": (data.margins, margins),
        "gaming": (data.gaming, gaming),
    }


def _scale(indicator: str) -> float:
    return SCALE.get(unit_of(indicator), 1.0)


def _title(indicator: str, tier: str = "", plan: str = "", part: str = "") -> str:
    where = Row(indicator, tier, plan, part).where
    mark = say("figures.percent") if unit_of(indicator) == "share" else ""
    return word("indicator", indicator) + (say("figures.where", where=where) if where else "") + mark


def _colours(table: "pd.DataFrame") -> dict[str, str]:
    return {arm: COLOURS[n % len(COLOURS)] for n, arm in enumerate(dict.fromkeys(table["arm"]))}


def over_months(table: "pd.DataFrame") -> "Figure":
    """Small multiples: an indicator each, a line with its band for every arm."""
    series = list(dict.fromkeys(table[["indicator", "tier", "plan", "part"]].itertuples(index=False, name=None)))
    figure, axes = axes_of(len(series))
    for axis, key in zip(axes, series, strict=True):
        mine = table[(table[["indicator", "tier", "plan", "part"]] == list(key)).all(axis=1)]
        _bands(axis, mine, _colours(table), _scale(key[0]))
        axis.set_title(_title(*key), fontsize=10, loc="left")
    legend(figure, axes[0])
    return figure


def reserves(table: "pd.DataFrame") -> "Figure":
    """Reserve of every fund in months of its spending, with bands; the legend says how often it ends below zero."""
    plans = list(dict.fromkeys(table["plan"]))
    figure, axes = axes_of(max(len(plans), 1))
    for axis, plan in zip(axes, plans, strict=False):
        mine = table[table["plan"] == plan]
        _bands(axis, mine, _colours(table), 1.0)
        axis.axhline(0, color="#444", linewidth=0.8)
        last = mine[mine["month"] == mine["month"].max()]
        ruin = {word("arm", arm): value for arm, value in zip(last["arm"], last["ruin"], strict=True) if value > 0}
        axis.set_title(_title("reserve_months", "", plan), fontsize=10, loc="left")
        if ruin:
            told = "\n".join(say("figures.ruin", arm=arm, share=f"{100 * value:.0f}") for arm, value in ruin.items())
            axis.annotate(told, (0.02, 0.04), xycoords="axes fraction", fontsize=8, color="#444")
    legend(figure, axes[0])
    return figure


def _bands(axis: "Axes", table: "pd.DataFrame", colours: dict[str, str], scale: float) -> None:
    months = sorted(set(table["month"]))
    for arm, colour in colours.items():
        mine = table[table["arm"] == arm]
        x = [months.index(month) for month in mine["month"]]
        axis.plot(x, mine["mean"] * scale, color=colour, linewidth=1.4, label=word("arm", arm))
        if mine["low"].notna().all():
            axis.fill_between(x, mine["low"] * scale, mine["high"] * scale, color=colour, alpha=0.18, linewidth=0)
    step = max(1, -(-len(months) // 5))
    axis.set_xticks(range(0, len(months), step), [months[n] for n in range(0, len(months), step)], fontsize=8)
    axis.tick_params(axis="y", labelsize=8)


def by_tier(table: "pd.DataFrame") -> "Figure":
    """A bar for every arm, divided by tier; one picture for visits, one for admissions."""
    names = list(dict.fromkeys(table["indicator"]))
    arms = list(dict.fromkeys(table["arm"]))
    figure, axes = axes_of(max(len(names), 1), high=0.42 * len(arms) + 1.2)
    for axis, name in zip(axes, names, strict=False):
        left = [0.0] * len(arms)
        for tier, colour in zip(data.TIERS, TIER_COLOURS, strict=True):
            mine = table[(table["indicator"] == name) & (table["tier"] == tier)].set_index("arm")["mean"]
            widths = [100 * float(mine.get(arm, 0.0)) for arm in arms]
            axis.barh(range(len(arms)), widths, left=left, color=colour, label=word("tier", tier), height=0.7)
            for n, width in enumerate(widths):
                if width >= 6:
                    axis.text(left[n] + width / 2, n, f"{width:.0f}", ha="center", va="center", fontsize=8)
            left = [a + b for a, b in zip(left, widths, strict=True)]
        axis.set_yticks(range(len(arms)), [word("arm", arm) for arm in arms], fontsize=9)
        axis.invert_yaxis()
        axis.set_xlim(0, 100)
        axis.grid(visible=False)
        axis.set_title(_title(name), fontsize=10, loc="left")
    legend(figure, axes[0])
    return figure


def margins(table: "pd.DataFrame") -> "Figure":
    """Margins by tier, a bar with its interval for every arm."""
    return _bars(table, list(data.TIERS), "tier", lambda tier: word("tier", tier), _title("provider_margin"))


def gaming(table: "pd.DataFrame") -> "Figure":
    """What is false in the books, a bar with its interval for every arm."""
    names = [name for name in data.GAMING if name in set(table["indicator"])]
    heading = say("figures.gaming") + say("figures.percent")
    return _bars(table, names, "indicator", lambda name: word("indicator", name), heading, flat=True)


def _bars(
    table: "pd.DataFrame", groups: list[str], column: str, named: Callable[[str], str], title: str, flat: bool = False
) -> "Figure":
    colours = _colours(table)
    deep = 0.8 / max(len(colours), 1)
    if flat:  # long names read better beside bars than below
        figure, (axis,) = axes_of(1, wide=7.5, high=0.25 * len(groups) * (len(colours) + 1) + 0.8)
    else:
        figure, (axis,) = axes_of(1, wide=7.0, high=3.2)
    for n, (arm, colour) in enumerate(colours.items()):
        mine = table[table["arm"] == arm].set_index(column)
        at = [k - 0.4 + deep * (n + 0.5) for k in range(len(groups))]
        means, errors = [], []
        for group in groups:
            row = mine.loc[group] if group in mine.index else None
            mean = 100 * float(row["mean"]) if row is not None else 0.0
            half = 100 * (float(row["high"]) - float(row["low"])) / 2 if row is not None else 0.0
            means.append(mean)
            errors.append(0.0 if math.isnan(half) else half)
        thin: dict[str, Any] = {"ecolor": "#333", "error_kw": {"elinewidth": 0.9}}
        if flat:
            axis.barh(at, means, deep, xerr=errors, color=colour, label=word("arm", arm), **thin)
        else:
            axis.bar(at, means, deep, yerr=errors, color=colour, label=word("arm", arm), **thin)
    names = [named(group) if flat else named(group).replace("/", "/\n") for group in groups]
    if flat:
        axis.set_yticks(range(len(groups)), names, fontsize=9)
        axis.invert_yaxis()
        axis.grid(visible=False)
        axis.grid(axis="x", color="#ddd", linewidth=0.6)
    else:
        axis.set_xticks(range(len(groups)), names, fontsize=9)
        axis.axhline(0, color="#444", linewidth=0.8)
    axis.set_title(title, fontsize=10, loc="left")
    legend(figure, axis)
    return figure


def differences(table: "pd.DataFrame") -> "Figure":
    """Differences from the baseline in per cent of its level, with their intervals, an indicator a line."""
    names = list(dict.fromkeys(table["indicator"]))
    colours = _colours(table)
    figure, (axis,) = axes_of(1, wide=7.5, high=0.16 * max(len(names), 1) * (len(colours) + 1) + 0.9)
    for n, (arm, colour) in enumerate(colours.items()):
        mine = table[table["arm"] == arm]
        at = [names.index(name) - 0.3 + 0.6 * (n + 0.5) / len(colours) for name in mine["indicator"]]
        half = ((mine["diff_high_percent"] - mine["diff_low_percent"]) / 2).fillna(0.0)
        axis.errorbar(mine["difference_percent"], at, xerr=half, fmt="o", color=colour, markersize=4, linewidth=1.2,
                      label=word("arm", arm))  # fmt: skip
    axis.set_yticks(range(len(names)), [word("indicator", name) for name in names], fontsize=9)
    axis.invert_yaxis()
    axis.axvline(0, color="#444", linewidth=0.8)
    axis.set_xscale("symlog", linthresh=NARROW)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:+g}" if value else "0")
    axis.set_title(say("figures.differences"), fontsize=10, loc="left")
    if colours:
        legend(figure, axis)
    return figure
