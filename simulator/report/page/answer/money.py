"""Who has more and who has less: what the ledger of the last twelve months left to every payer, facility and doctor.

Every posting goes from one actor to another, so that what all of them have more or less adds up to nothing, in every
arm and replication. What a facility buys from its part of a surplus or of its margin counts as left to it: it
chose to buy.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from simulator.core.money import FEN
from simulator.core.names import TIERS
from simulator.fund.ledger import INDEXED
from simulator.fund.settlement import INVESTMENT
from simulator.study.summary import BASELINE, MONTHS, plain

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

BOUGHT = ("surplus_equipment", "surplus_training", *INVESTMENT)
"""Kinds of posting by which a facility spends a surplus or its margin on itself."""
OVERSPENT = ("overspend", "overspend_covered")
"""Kinds of posting that settle an overspent budget."""
PUBLIC = ("employers", "government")
INTO_FUNDS = ("families", *PUBLIC, "opening", "owners", "donors")
"""Those whose payments to a fund are its income."""
GROUPS = ("payers", "facilities", "doctors", "others")
type ByReplication = dict[int, float]


class Actor(NamedTuple):
    """Somebody with money: the group in which it is shown, kind, and which one of it (a tier, a plan)."""

    group: str
    kind: str
    which: str = ""

    @property
    def name(self) -> str:
        """In tables."""
        return f"{self.kind}:{self.which}" if self.which else self.kind


def actor(account: str, tiers: Mapping[str, str]) -> Actor:
    """Whose an account of the ledger is.

    >>> actor("facility:a", {"a": "centre"}), actor("fund:resident@area_1", {}).name, actor("government", {}).name
    (Actor(group='facilities', kind='facility', which='centre'), 'fund:resident', 'public')
    """
    kind, _, which = account.partition(":")
    if kind in ("facility", "doctors"):
        return Actor("facilities" if kind == "facility" else "doctors", kind, tiers[which])
    if kind == "fund":
        return Actor("payers", "fund", which.partition("@")[0])
    if kind in PUBLIC:
        return Actor("payers", "public")
    if kind == "families":
        return Actor("payers", "families")
    if kind in ("suppliers", "pool"):
        return Actor("others", kind)
    return Actor("others", "rest" if kind in ("opening", "administration", "donors", "owners") else "insurers")


class Money:
    """The ledger of a run's last twelve months, in yuan per person and year.

    Args:
        results: of the run.
    """

    def __init__(self, results: "Results"):
        self.results = results
        self.first, self.last = results.months[-MONTHS:][0], results.months[-1]
        places = results.coded("facilities", columns=["facility", "tier"]).drop_duplicates()
        self.tiers: dict[str, str] = dict(places.itertuples(index=False, name=None))
        wanted = [[("month", ">=", self.first)], [("kind", "in", list(OVERSPENT))]]
        self._rows = results.coded("ledger", wanted)
        year = self._rows["month"].isin(results.months[-MONTHS:]) & (self._rows["kind"] != INDEXED)
        self.year = self._rows[year]

    @cached_property
    def overspent(self) -> set[str]:
        """Arms in which a budget was overspent in any reported month."""
        return set(self._rows.loc[self._rows["kind"].isin(OVERSPENT) & (self._rows["fen"] > 0), "arm"])

    @cached_property
    def flows(self) -> "pd.DataFrame":
        """Columns arm, replication, from, to (actors' names), kind, fen: sums of the year."""
        sums = self.year.groupby(["arm", "replication", "from", "to", "kind"], sort=False, observed=True)["fen"].sum()
        found = plain(sums.reset_index())
        self.actors = {name: actor(name, self.tiers) for name in {*found["from"], *found["to"]}}
        found["from"] = found["from"].map({name: each.name for name, each in self.actors.items()})
        found["to"] = found["to"].map({name: each.name for name, each in self.actors.items()})
        return found.groupby(["arm", "replication", "from", "to", "kind"], sort=False)["fen"].sum().reset_index()

    @cached_property
    def persons(self) -> dict[tuple[str, int], float]:
        """Person-years of the months, by arm and replication."""
        monthly = self.results.coded_months
        rows = monthly[(monthly["indicator"] == "subsidy_need") & monthly["month"].isin(self.results.months[-MONTHS:])]
        rows = plain(rows)
        for kind in ("tier", "plan", "part", "alliance"):
            rows = rows[rows[kind] == ""]
        return rows.groupby(["arm", "replication"])["denominator"].sum().to_dict()

    @cached_property
    def fen(self) -> "pd.DataFrame":
        """What every actor had more at the end of the year, fen, int64: rows arm and replication, a column an actor."""
        flows = self.flows
        keys = ["arm", "replication"]
        got = flows.groupby([*keys, "to"])["fen"].sum().unstack("to", fill_value=0)
        gave = flows.groupby([*keys, "from"])["fen"].sum().unstack("from", fill_value=0)
        every = sorted({*got.columns, *gave.columns})
        net = got.reindex(columns=every, fill_value=0) - gave.reindex(columns=every, fill_value=0)
        bought = flows[flows["kind"].isin(BOUGHT) & flows["from"].str.startswith("facility:")]
        for (arm, replication, buyer, seller), fen in bought.groupby([*keys, "from", "to"])["fen"].sum().items():
            net.loc[(arm, replication), buyer] += fen
            net.loc[(arm, replication), seller] -= fen
        return net

    @cached_property
    def _yuan(self) -> dict[tuple[str, str], ByReplication]:
        made: dict[tuple[str, str], ByReplication] = {}
        for name in self.fen.columns:
            for (arm, number), fen in self.fen[name].items():
                made.setdefault((arm, name), {})[number] = fen / FEN / self.persons[arm, number]
        return made

    def by_replication(self, arm: str, name: str) -> ByReplication:
        """What an actor had more, yuan per person and year."""
        return self._yuan[arm, name]

    @cached_property
    def shown(self) -> list[Actor]:
        """Actors in the order in which they are shown; those of whom nothing changes hands are left out."""
        columns = self.fen.columns  # reads the flows, and with them the actors
        every = {name: each for each in self.actors.values() if (name := each.name) in columns}
        there = [each for each in every.values() if self.fen[each.name].any()]
        kinds = ("families", "fund", "public", "facility", "doctors", "suppliers", "pool", "insurers", "rest")
        order = {tier: n for n, tier in enumerate(TIERS)}
        return sorted(
            there, key=lambda a: (GROUPS.index(a.group), kinds.index(a.kind), order.get(a.which, -1), a.which)
        )

    @cached_property
    def outcomes(self) -> dict[str, dict[str, ByReplication]]:
        """What people pay themselves and what funds pay, by arm and replication."""
        flows = self.flows
        own = flows[(flows["from"] == "families") & (flows["kind"] == "patient")]
        is_fund = flows["from"].str.startswith("fund:"), flows["to"].str.startswith("fund:")
        outside = {actor(name, {}).name for name in INTO_FUNDS}
        paid = flows[is_fund[0] & ~is_fund[1] & ~flows["to"].isin(["rest"])]
        back = flows[is_fund[1] & ~is_fund[0] & ~flows["from"].isin(outside)]
        keys = ["arm", "replication"]
        sums = [each.groupby(keys)["fen"].sum().to_dict() for each in (own, paid, back)]
        made: dict[str, dict[str, ByReplication]] = {"own_payments": {}, "fund_payments": {}}
        for (arm, number), persons in self.persons.items():
            mine = [each.get((arm, number), 0) / FEN / persons for each in sums]
            made["own_payments"].setdefault(arm, {})[number] = mine[0]
            made["fund_payments"].setdefault(arm, {})[number] = mine[1] - mine[2]
        return made

    def table(self) -> "pd.DataFrame":
        """Columns arm, actor, group, mean, low, high, difference, diff_low, diff_high: yuan per person and year."""
        import pandas as pd

        rows = []
        for each in self.shown:
            base = self.by_replication(BASELINE, each.name) if BASELINE in self.results.arms else {}
            for arm in self.results.arms:
                mine = self.by_replication(arm, each.name)
                paired = [value - base[n] for n, value in mine.items() if n in base] if arm != BASELINE else []
                ends = self.results.ends(paired) if paired else (float("nan"),) * 3
                rows.append((arm, each.name, each.group, *self.results.ends(list(mine.values())), *ends))
        numbers = ["mean", "low", "high", "difference", "diff_low", "diff_high"]
        return pd.DataFrame(rows, columns=["arm", "actor", "group", *numbers])
