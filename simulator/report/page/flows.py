"""Flows of the last twelve months: real referrals between tiers, and money between accounts."""

from typing import TYPE_CHECKING, NamedTuple

from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.report.display import word
from simulator.report.page.figures import Panel
from simulator.report.page.sankey import Link, Node, places, sankey
from simulator.study.summary import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from simulator.report.page.answer.charts.marks import Arm
    from simulator.report.page.answer.money import Money
    from simulator.study.results import Results

STAGES = ("up", "admitted", "down", "returned")
MONEY = {
    "families": 0, "employers": 0, "government": 0, "charity": 0, "fund": 1, "insurer": 1, "pool": 2,
    **dict.fromkeys(TIERS, 3), "doctors": 4, "suppliers": 4, "administration": 4,
}  # fmt: skip
"""Column of an account in the picture; one that is not named stands with those that are paid last."""
SMALL = 0.002
"""Share of all money below which a flow is not drawn; the table has it."""
YUAN, MILLION = 100.0, 1e6


class Flows(NamedTuple):
    """Both tables of a run: patients or million yuan a year, means over replications."""

    referrals: "pd.DataFrame"
    money: "pd.DataFrame"


def flows(results: "Results", money: "Money") -> Flows:
    """Columns arm, from, to, stage, patients; and arm, from, to, million_yuan."""
    tier = money.tiers
    runs = {arm: len(numbers) for arm, numbers in results.manifest["finished"].items()}
    return Flows(_referrals(results, tier, runs, money.first), _money(money, runs))


def _referrals(results: "Results", tier: dict, runs: dict, first: str) -> "pd.DataFrame":
    table = results.coded("referrals", [("month", ">=", first)])
    year = plain(table[table["stage"].isin(STAGES)])
    by_tier = year.assign(**{"from": year["from"].map(tier), "to": year["to"].map(tier)})
    found = by_tier.groupby(["arm", "from", "to", "stage"], sort=False)["count"].sum().reset_index(name="patients")
    found["patients"] /= found["arm"].map(runs).astype(float)
    return found


def _money(money: "Money", runs: dict) -> "pd.DataFrame":
    sums = plain(money.year.groupby(["arm", "from", "to"], sort=False, observed=True)["fen"].sum().reset_index())
    names = {name: account(name, money.tiers) for name in {*sums["from"], *sums["to"]}}
    sums = sums.assign(**{"from": sums["from"].map(names), "to": sums["to"].map(names)})
    found = sums.groupby(["arm", "from", "to"], sort=False)["fen"].sum().reset_index()
    found["million_yuan"] = found["fen"] / found["arm"].map(runs).astype(float) / YUAN / MILLION
    return found.drop(columns="fen")


def account(name: str, tier: dict[str, str]) -> str:
    """What an account is called in the picture: a facility by its tier, funds by plan, the rest by their kind.

    >>> account("facility:a", {"a": "centre"}), account("fund:resident@area_1", {}), account("doctors:a", {})
    ('centre', 'fund:resident', 'doctors')
    """
    kind, _, which = name.partition(":")
    if kind == "facility":
        return tier.get(which, kind)
    return f"{kind}:{which.partition('@')[0]}" if kind in ("fund", "insurer") else kind


def money_figures(table: "pd.DataFrame", arms: "Mapping[str, Arm]") -> list[Panel]:
    """Million yuan between accounts in a year by arm, what went back and forth set off; an account stands at the same
    place in every arm."""
    nets = {name: netted(table[table["arm"] == name]) for name in arms}
    total = max((sum(net.values()) for net in nets.values()), default=0.0)
    names = list(dict.fromkeys(end for net in nets.values() for pair in net for end in pair))
    nodes = [
        Node(each, account_word(each), MONEY.get(each.partition(":")[0], 4)) for each in sorted(names, key=_position)
    ]
    links = {
        name: [
            Link(a, b, value, _kind(a), f"{account_word(a)} → {account_word(b)}: {value:,.1f}")
            for (a, b), value in net.items()
            if value > SMALL * total
        ]
        for name, net in nets.items()
    }
    room = places(nodes, list(links.values()))
    return [
        Panel(arms[name].title, sankey(nodes, mine, arms[name].title, room, height=320))
        for name, mine in links.items()
        if mine
    ]


def netted(table: "pd.DataFrame") -> dict[tuple[str, str], float]:
    """Flows with those in the opposite direction taken off."""
    gross = {(a, b): value for _, a, b, value in table.itertuples(index=False, name=None) if a != b}
    net = {(a, b): value - gross.get((b, a), 0.0) for (a, b), value in gross.items()}
    return {pair: value for pair, value in net.items() if value > 0}


def account_word(name: str) -> str:
    """An account in words."""
    kind, _, which = name.partition(":")
    if kind in TIERS:
        return say(f"page.tier_{kind}")
    return say("page.fund_of", plan=word("plan", which)) if kind == "fund" else word("account", kind)


def _kind(source: str) -> str:
    kind = source.partition(":")[0]
    return {"families": "own", "fund": "insured", "pool": "insured", "insurer": "insured"}.get(kind, "other")


def _position(name: str) -> tuple[int, int, str]:
    kind = name.partition(":")[0]
    return MONEY.get(kind, 4), list(MONEY).index(kind) if kind in MONEY else 99, name
