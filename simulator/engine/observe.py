"""What a run leaves behind: indicators, facilities, real flows, ledger and accounts of every reported month."""

from collections.abc import Callable
from typing import Any

import numpy as np

from simulator.core.names import KINDS, OUTPATIENT, TIERS
from simulator.count.events import EVENTS
from simulator.count.indicators.catalogue import Row, indicators
from simulator.engine.passes.flows import STAGES
from simulator.engine.state.world import World
from simulator.fund.ledger import INDEXED, OUTSIDE, POSTING
from simulator.payment.books import CASES
from simulator.practice import acts

STATE = ("wait", "clinic_use", "bed_use", "income_worth", "capability", "outpatient_level", "inpatient_level")
"""Columns of the table of facilities that are reported as they are, besides what acts make of it."""
MONEY = acts.money_columns()
"""Columns of what providers do and see that are in yuan."""
LAST = -1
"""Number of the kind `INDEXED`: it stands behind those of the ledger."""


def figures(world: World) -> list[Row]:
    """Every indicator of the month that is about to end; no row where the denominator is zero."""
    return [row for row in indicators(world) if row[6] != 0]


class Observer:
    """Collects the reported months of one run."""

    def __init__(self) -> None:
        self.months: list[dict[str, Any]] = []
        self.latest: dict[tuple[str, str, str, str], float] = {}
        self._balance: np.ndarray | None = None
        self._index = 1.0  # of the money that `_balance` is in

    def carry_on(self, before: "Observer") -> None:
        """Go on from what another has recorded so far."""
        self.months, self.latest = [*before.months], before.latest
        self._balance, self._index = before._balance, before._index

    def watch(self, world: World) -> None:
        """Record the month that is about to end, if it is reported."""
        if not world.reported:
            return
        rows = figures(world)
        self.latest = {row[:4]: row[5] / row[6] for row in rows if not row[4]}
        tally, label = world.tally, world.label()
        postings, *balance = self._scaled(world)
        self.months.append(
            {
                "month": label,
                "indicators": rows,
                "facilities": self._facilities(world),
                "flows": tally.flows,
                "postings": postings,
                "balance": tuple(balance),
            }
        )

    def _facilities(self, world: World) -> dict[str, np.ndarray]:
        tally, fac, scale = world.tally, world.facilities, world.weight
        columns = dict(zip(EVENTS.names, (tally.events * scale).T.copy(), strict=True))
        visits = np.zeros(len(fac), np.int64)
        used = tally.used[world.cells["care"][tally.used] == OUTPATIENT]
        np.add.at(visits, world.cells["facility"][used], tally.counts[used, CASES])
        columns["visits"] = visits * scale
        for name in ("income", "margin", "fund", "patient", "supplies", "salary", "bonus"):
            columns[f"{name}_yuan"] = getattr(tally.settled, name) * (scale * world.money_index / 100)
        for name in STATE:
            columns[name] = fac[name].copy()
        columns |= acts.conduct(fac, scale) | acts.margins_seen(fac, world.beliefs, world.behaviour)
        for name in MONEY:
            columns[name] = columns[name] * world.money_index
        return columns

    def _scaled(self, world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The month's postings, and these and balances in fen of the whole place and of the year: (postings, fen,
        opening, closing).

        Each posting is scaled and rounded once; balances follow from them, so that the laws of the ledger hold to the
        fen in what users see too. Where all money has grown, what is held is posted to have grown with it.
        """
        month = world.tally.ledger
        if self._balance is None:
            # Whatever a burn-in leaves is rounded account by account; `opening` holds the rest.
            balance = np.rint(month.opening * world.weight).astype(np.int64)
            balance[world.accounts.opening] -= balance.sum()
            self._balance = balance
        fen = np.rint(month.postings["fen"] * (world.weight * world.money_index)).astype(np.int64)
        kept = self._indexed(world)
        postings, fen = np.concatenate([month.postings, kept]), np.concatenate([fen, kept["fen"]])
        opening, closing = self._balance, self._balance.copy()
        np.subtract.at(closing, postings["payer"], fen)
        np.add.at(closing, postings["payee"], fen)
        self._balance = closing
        return postings, fen, opening, closing

    def _indexed(self, world: World) -> np.ndarray:
        """POSTING rows between `opening` and funds, pools, insurers and accounts that hold or owe something, where the
        worth of a yuan has changed. What facilities and doctors have is the sum of what they got, each in its year."""
        step, self._index = world.money_index / self._index, world.money_index
        if step == 1.0 or self._balance is None:
            return np.zeros(0, POSTING)
        more = np.rint(self._balance * (step - 1.0)).astype(np.int64)
        for accounts in (slice(len(OUTSIDE)), world.accounts.facility, world.accounts.doctors):
            more[accounts] = 0
        held = np.flatnonzero(more)
        rows = np.zeros(len(held), POSTING)
        rows["payer"] = np.where(more[held] > 0, world.accounts.opening, held)
        rows["payee"] = np.where(more[held] > 0, held, world.accounts.opening)
        rows["fen"], rows["kind"] = np.abs(more[held]), LAST
        return rows

    def reporters(self) -> dict[str, Callable[[Any], float | None]]:
        """Model reporters for a Mesa data collector: the headline indicators of the latest month."""

        def reporter(name: str, tier: str = "", plan: str = "") -> Callable[[Any], float | None]:
            return lambda model: model.observer.latest.get((name, tier, plan, ""))

        return {
            "primary_share_of_visits": reporter("primary_share_of_visits"),
            "visits_per_person": reporter("visits_per_person"),
            "admissions_per_person": reporter("admissions_per_person"),
            "charge_per_visit": reporter("charge_per_visit"),
            "charge_per_admission": reporter("charge_per_admission"),
            "down_referral_rate": reporter("down_referral_rate"),
            "out_of_pocket_share": reporter("out_of_pocket_share"),
            "resident_fund_surplus_rate": reporter("fund_surplus_rate", "", "resident"),
        }

    def bytes(self) -> bytes:
        """Everything recorded, for comparing runs bit by bit."""
        parts = []
        for month in self.months:
            parts.append(repr(month["indicators"]).encode())
            parts += [np.ascontiguousarray(column).tobytes() for _, column in sorted(month["facilities"].items())]
            parts += [np.ascontiguousarray(month["flows"]).tobytes(), month["postings"].tobytes()]
            parts += [array.tobytes() for array in month["balance"]]
        return b"".join(parts)

    def frames(self, world: World) -> dict[str, Any]:
        """Pandas frames: monthly, facilities, referrals, ledger, accounts; in units of the place."""
        import pandas as pd

        words, months = world.words, self.months
        labels = np.array([m["month"] for m in months], object)

        def table(counts: list[int], columns: dict[str, Any]) -> Any:
            """So many rows of each month, with columns over all of them."""
            return pd.DataFrame({"month": np.repeat(labels, np.array(counts, np.int64))} | columns)

        def joined(parts: list[np.ndarray], empty: np.ndarray) -> np.ndarray:
            return np.concatenate([empty, *parts])

        rows = [row for m in months for row in m["indicators"]]
        columns = [np.array(column, object) for column in zip(*rows, strict=True)] or [np.zeros(0, object)] * 7
        *told, top, bottom = columns
        top, bottom = top.astype(float), bottom.astype(float)
        monthly = table(
            [len(m["indicators"]) for m in months],
            dict(zip(("indicator", "tier", "plan", "part", "alliance"), told, strict=True))
            | {"value": top / bottom, "numerator": top * world.weight, "denominator": bottom * world.weight},
        )
        flows = joined([m["flows"] for m in months], np.zeros((0, 4), np.int64))
        places = np.array(words.facilities, object)
        referrals = table(
            [len(m["flows"]) for m in months],
            {
                "from": places[flows[:, 0]],
                "to": places[flows[:, 1]],
                "stage": np.array(STAGES, object)[flows[:, 2]],
                "count": flows[:, 3] * world.weight,
            },
        )
        postings = joined([m["postings"] for m in months], np.zeros(0, POSTING))
        accounts, kinds = np.array(world.ledger.accounts, object), np.array([*world.ledger.kinds, INDEXED], object)
        none = np.zeros(0, np.int64)
        ledger = table(
            [len(m["postings"]) for m in months],
            {
                "from": accounts[postings["payer"]],
                "to": accounts[postings["payee"]],
                "kind": kinds[postings["kind"]],
                "fen": joined([m["balance"][0] for m in months], none),
            },
        )
        balances = table(
            [len(accounts)] * len(months),
            {
                "account": np.tile(accounts, len(months)),
                "opening": joined([m["balance"][1] for m in months], none),
                "closing": joined([m["balance"][2] for m in months], none),
            },
        )
        fac = world.facilities
        who = {
            "facility": places,
            "tier": np.array(TIERS, object)[fac["tier"]],
            "kind": np.array(KINDS, object)[fac["kind"]],
            "area": np.array(words.areas, object)[fac["area"]],
        }
        every = {name: np.tile(column, len(months)) for name, column in who.items()}
        every |= {name: np.concatenate([m["facilities"][name] for m in months]) for name in self._columns()}
        facilities = table([len(fac)] * len(months), every)
        facilities.attrs["columns"] = acts.described()
        return {
            "monthly": monthly,
            "facilities": facilities,
            "referrals": referrals,
            "ledger": ledger,
            "accounts": balances,
        }

    def _columns(self) -> list[str]:
        """Further columns of the table of facilities."""
        return list(self.months[0]["facilities"]) if self.months else []
