"""What the page is shown of a month under the rules of one side: people, flows, money, indicators."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from simulator.classroom.controls import written
from simulator.core.names import CENTRE, SECONDARY, STATION, TERTIARY
from simulator.engine.observe import figures
from simulator.engine.passes.flows import STAGES
from simulator.engine.runners.fast import Fast
from simulator.engine.state.world import World

PAYEES = ("families", "stations", "centres", "county", "city", "insurance", "public", "suppliers")
"""Whose money the page shows: every account of the ledger belongs to one, so that what they gain sums to zero."""
FIFTHS = tuple(f"fifth_{k}" for k in range(1, 6))
UP, DOWN = STAGES.index("up"), STAGES.index("down")
FULLEST = 1.6
"""Load above which a facility looks no fuller."""
WIDEST = 0.5
"""Margin, as a share of income, above which a ring grows no thicker."""


def frame(world: World, engine: Fast) -> dict[str, Any]:
    """A closed month, in people and yuan of the whole county. Loads and margins are whole per cent, by facility."""
    facilities, settled = world.facilities, world.tally.settled
    hospital = np.isin(facilities["tier"], (SECONDARY, TERTIARY))
    clinic, beds = facilities["clinic_use"], facilities["bed_use"]
    load = np.clip(np.where(hospital, np.maximum(clinic, beds), clinic), 0, FULLEST)
    margin = np.mean(world.margins[-12:], axis=0) / np.maximum(np.abs(settled.income), 1.0)
    told = {row[:5]: (row[5], row[6]) for row in figures(world)}
    yuan = world.weight * world.money_index / 100
    return {
        "load": np.rint(100 * load).astype(int).tolist(),
        "ring": np.rint(100 * np.clip(margin, -WIDEST, WIDEST)).astype(int).tolist(),
        "flows": flows(world, engine),
        "values": values(told),
        "money": dict(zip(PAYEES, money(world), strict=True)),
        "fifths": [round(told.get(("paid_by_income", "", "", part, ""), (0, 1))[0] * yuan) for part in FIFTHS],
        "team": max((alliance.tightness for alliance in world.alliances), default=None),
    }  # fmt: skip


def values(told: Mapping[tuple[str, str, str, str, str], tuple[float, float]]) -> dict[str, float]:
    """The indicators of ``data/series.yaml`` that this month has."""
    found = {}
    for name, series in written("series").items():
        tier, plan, part, alliance = (series.get(by, "") for by in ("tier", "plan", "part", "alliance"))
        key = (series["indicator"], tier, plan, part, alliance)
        if key in told:
            top, bottom = told[key]
            found[name] = float(f"{top / bottom:.6g}")
    return found


def flows(world: World, engine: Fast) -> dict[str, list[tuple[int, int, int]]]:
    """(from, to, people): straight to a hospital from around a township centre, sent up, sent down. A village clinic
    counts as its centre."""
    facilities, found = world.facilities, {}
    home, tier = facilities["centre"], facilities["tier"]
    parts = []
    for block in engine.blocks:
        rows = block.rows[: block.end]
        seen = rows["seen"]
        direct = rows[(seen >= 0) & (tier[np.maximum(seen, 0)] > CENTRE)]
        parts.append(np.stack([home[world.families["community"][direct["family"]]], direct["seen"]]))
    found["walk"] = counted(np.concatenate(parts, axis=1), np.ones(sum(part.shape[1] for part in parts)), world.weight)
    moved = world.tally.flows
    for name, stage in (("up", UP), ("down", DOWN)):
        mine = moved[moved[:, 2] == stage]
        ends = np.where(tier[mine[:, :2]] == STATION, home[mine[:, :2]], mine[:, :2]).T
        found[name] = counted(ends, mine[:, 3], world.weight)
    return found


def counted(ends: np.ndarray, people: np.ndarray, weight: float) -> list[tuple[int, int, int]]:
    """Sums of sampled people by both ends (2, n), in people of the county; whoever stays where he is moves nowhere."""
    pairs, where = np.unique(ends, axis=1, return_inverse=True)
    sums = np.bincount(where.ravel(), people, pairs.shape[1]) * weight
    return [(int(a), int(b), round(n)) for (a, b), n in zip(pairs.T, sums, strict=True) if a != b]


def payee_of(world: World) -> np.ndarray:
    """To which of ``PAYEES`` each account of the ledger belongs."""
    accounts, tier = world.accounts, world.facilities["tier"]
    found = np.full(len(world.ledger.accounts), PAYEES.index("suppliers"))
    found[accounts.families] = PAYEES.index("families")
    found[[accounts.employers, accounts.government]] = PAYEES.index("public")
    for rows in (accounts.facility, accounts.doctors):
        found[rows] = 1 + np.minimum(tier, TERTIARY)
    for at, name in enumerate(world.ledger.accounts):
        if name.startswith(("fund:", "pool:", "mutual:")):
            found[at] = PAYEES.index("insurance")
    return found


def money(world: World) -> list[int]:
    """What each of ``PAYEES`` received less what it paid this month, yuan; they sum to zero but for rounding."""
    postings, whose = world.tally.ledger.postings, payee_of(world)
    got = np.zeros(len(PAYEES))
    np.add.at(got, whose[postings["payee"]], postings["fen"])
    np.subtract.at(got, whose[postings["payer"]], postings["fen"])
    return [round(float(fen) * world.weight * world.money_index / 100) for fen in got]
