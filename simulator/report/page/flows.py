"""Flows of the last twelve months: real referrals between tiers, and money between accounts."""

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.report.display import word
from simulator.report.page.sankey import Link, Node, sankey
from simulator.study.summary import last_months

if TYPE_CHECKING:
    import pandas as pd

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


def flows(results: "Results") -> Flows:
    """Columns arm, from, to, stage, patients; and arm, from, to, million_yuan."""
    first, last = last_months(results.monthly)
    facilities = results.facilities
    tier = dict(facilities[["facility", "tier"]].drop_duplicates().itertuples(index=False, name=None))
    runs = {arm: len(numbers) for arm, numbers in results.manifest["finished"].items()}
    return Flows(_referrals(results, tier, runs, first, last), _money(results, tier, runs, first, last))


def _referrals(results: "Results", tier: dict, runs: dict, first: str, last: str) -> "pd.DataFrame":
    table = results.referrals
    year = table[(table["month"] >= first) & (table["month"] <= last) & table["stage"].isin(STAGES)]
    by_tier = year.assign(**{"from": year["from"].map(tier), "to": year["to"].map(tier)})
    found = by_tier.groupby(["arm", "from", "to", "stage"], sort=False)["count"].sum().reset_index(name="patients")
    found["patients"] /= found["arm"].map(runs).astype(float)
    return found


def _money(results: "Results", tier: dict, runs: dict, first: str, last: str) -> "pd.DataFrame":
    table = results.ledger
    year = table[(table["month"] >= first) & (table["month"] <= last)]
    sums = year.groupby(["arm", "from", "to"], sort=False)["fen"].sum().reset_index()
    names = {name: account(name, tier) for name in {*sums["from"], *sums["to"]}}
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


def referral_figure(table: "pd.DataFrame", arm: str, name: str) -> Markup:
    """Patients from tier (left) to tier (right) in a year."""
    here = table[table["arm"] == arm]
    nodes = [
        Node(f"{side}:{t}", say(f"page.tier_{t}"), column) for column, side in enumerate(("from", "to")) for t in TIERS
    ]
    links = []
    for _, a, b, stage, n in sorted(here.itertuples(index=False, name=None), key=lambda row: STAGES.index(row[3])):
        tooltip = f"{say(f'page.stage_{stage}')}, {word('tier', a)} → {word('tier', b)}: {n:,.0f}"
        links.append(Link(f"from:{a}", f"to:{b}", n, stage, tooltip))
    return sankey(nodes, links, name, width=360, height=216)


def money_figure(table: "pd.DataFrame", arm: str, name: str) -> Markup:
    """Million yuan between accounts in a year, what went back and forth set off."""
    net = netted(table[table["arm"] == arm])
    total = sum(net.values())
    names = list(dict.fromkeys(end for pair in net for end in pair))
    nodes = [
        Node(each, account_word(each), MONEY.get(each.partition(":")[0], 4)) for each in sorted(names, key=_position)
    ]
    links = [
        Link(a, b, value, _kind(a), f"{account_word(a)} → {account_word(b)}: {value:,.1f}")
        for (a, b), value in net.items()
        if value > SMALL * total
    ]
    return sankey(nodes, links, name, height=320)


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
