"""Figures on paper of what the report derives: money between payers, and patients between tiers."""

from typing import TYPE_CHECKING

from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.report.display import leaves_out_zero, word
from simulator.report.figures.style import COLOURS, axes_of, legend
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from simulator.study.results import Results

REFERRED, ADMITTED = ("up", "down"), "admitted"
LEAST = 0.01
"""Part of the longest bar below which a line of bars is not drawn; the data have it."""


def payers(results: "Results") -> "pd.DataFrame":
    """What every payer, tier of facility, its doctors and suppliers have more than without the reform: columns arm,
    what, mean, low, high, yuan per person and year; empty where nothing is compared."""
    from simulator.report.page.answer.money import Money

    table = Money(results).table()
    table = table[(table["arm"] != BASELINE) & table["difference"].notna()]
    ends = {"mean": table["difference"], "low": table["diff_low"], "high": table["diff_high"]}
    found = table[["arm"]].assign(what=table["actor"], **ends)
    moved = found.groupby("what")["mean"].transform(lambda each: each.abs().max() >= 0.5)
    return _in_order(found[moved], results)


def moves(results: "Results") -> "pd.DataFrame":
    """Thousand patients a year between tiers: columns arm, what, mean; ``what`` is FROM>TO/HOW, how being `referred` by
    a doctor or `admitted` elsewhere than first seen."""
    from simulator.report.page.answer.money import Money
    from simulator.report.page.flows import flows

    table = flows(results, Money(results)).referrals
    table = table[table["from"].isin(TIERS) & table["to"].isin(TIERS) & (table["from"] != table["to"])]
    table = table[table["stage"].isin([*REFERRED, ADMITTED])]
    how = table["stage"].where(table["stage"] == ADMITTED, "referred")
    what = table["from"] + ">" + table["to"] + "/" + how
    found = table[["arm"]].assign(what=what, mean=table["patients"] / 1000)
    return _in_order(found.groupby(["arm", "what"], sort=False)["mean"].sum().reset_index(), results)


def _in_order(table: "pd.DataFrame", results: "Results") -> "pd.DataFrame":
    """Arm by arm as in the run."""
    order = {arm: n for n, arm in enumerate(sorted(results.arms, key=lambda arm: arm != BASELINE))}
    return table.sort_values("arm", key=lambda arm: arm.map(order), kind="stable", ignore_index=True)


def bars(table: "pd.DataFrame", name: str) -> "Figure":
    """A lying bar with its interval, where it has one, for every arm beside each thing."""
    sizes = table.assign(size=table["mean"].abs()).groupby("what", sort=False)["size"].max()
    things, arms = sizes.index[sizes >= LEAST * sizes.max()].tolist(), list(dict.fromkeys(table["arm"]))
    drawn, (axis,) = axes_of(1, wide=7.5, high=0.13 * max(len(things), 1) * (len(arms) + 1) + 0.9)
    deep = 0.8 / max(len(arms), 1)
    for n, arm in enumerate(arms):
        mine = table[table["arm"] == arm].set_index("what").reindex(things)
        at = [k - 0.4 + deep * (n + 0.5) for k in range(len(things))]
        half = ((mine["high"] - mine["low"]) / 2).fillna(0.0) if "low" in mine else None
        colour = COLOURS[(n + (BASELINE not in arms)) % len(COLOURS)]
        axis.barh(at, mine["mean"].fillna(0.0), deep, xerr=half, color=colour, label=word("arm", arm), ecolor="#333",
                  error_kw={"elinewidth": 0.9})  # fmt: skip
    axis.set_yticks(range(len(things)), [spelled(each) for each in things], fontsize=9)
    axis.invert_yaxis()
    axis.grid(visible=False)
    axis.grid(axis="x", color="#ddd", linewidth=0.6)
    axis.axvline(0, color="#444", linewidth=0.8)
    axis.set_title(say(f"figures.{name}"), fontsize=10, loc="left")
    legend(drawn, axis)
    return drawn


def spelled(what: str) -> str:
    """An actor or a way between tiers in words."""
    way, slash, how = what.partition("/")
    if slash:
        a, _, b = way.partition(">")
        return say(f"figures.way_{how}", a=word("tier", a), b=word("tier", b))
    kind, _, which = what.partition(":")
    if kind in ("facility", "doctors"):
        tier = word("tier", which)
        return tier if kind == "facility" else say("figures.doctors_of", tier=tier)
    return say("answer.actor_fund", plan=word("plan", which)) if kind == "fund" else say(f"answer.actor_{kind}")


def payers_said(table: "pd.DataFrame") -> list[str]:
    """Who has most more and most less under every arm, where that is certain."""
    made = []
    for arm, mine in table.groupby("arm", sort=False):
        sure = mine[[leaves_out_zero(low, high) for low, high in zip(mine["low"], mine["high"], strict=True)]]
        if sure.empty:
            made.append(say("figures.nobody", arm=word("arm", str(arm))))
            continue
        for row in (sure.loc[sure["mean"].idxmax()], sure.loc[sure["mean"].idxmin()]):
            words = {"arm": word("arm", str(arm)), "what": spelled(row["what"])}
            ends = {key: f"{row[key]:+,.0f}" for key in ("mean", "low", "high")}
            made.append(say("figures.has_more" if row["mean"] > 0 else "figures.has_less", **words, **ends))
    return list(dict.fromkeys(made))


def moves_said(table: "pd.DataFrame") -> list[str]:
    """How many patients went up and down under every arm."""
    made, order = [], {tier: n for n, tier in enumerate(TIERS)}
    for arm, mine in table.groupby("arm", sort=False):
        ways = mine["what"].str.partition("/")[0].str.split(">")
        rises = [order[b] > order[a] for a, b in ways]
        up, all_ = float(mine["mean"][rises].sum()), float(mine["mean"].sum())
        made.append(say("figures.went", arm=word("arm", str(arm)), up=f"{up:,.1f}", down=f"{all_ - up:,.1f}"))
    return made
