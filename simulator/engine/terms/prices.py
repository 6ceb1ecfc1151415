"""Prices in force: the price list of each place as rules change it."""

from collections.abc import Mapping

import numpy as np

from simulator.engine.state.world import World
from simulator.payment.market import places
from simulator.payment.rule import SettlementRule
from simulator.practice.conduct import levels

CARE = ("outpatient", "inpatient")


def put_prices(world: World, settlements: Mapping[str, tuple[SettlementRule, np.ndarray]]) -> np.ndarray:
    """Let the prices that the rules make hold from now on; resource cost per fen of list price (F, 3).

    A part whose list price changes changes its weight in a bill, and the price of a usual bill follows.
    """
    fac, base = world.facilities, world.price_list
    listed, bought = np.ones((2, len(fac), 3))
    for rule, mine in settlements.values():
        changed = rule.prices(fac["tier"], places(world.cells, mine, len(fac)))
        if changed is not None:
            listed, bought = listed * changed.listed, bought * changed.bought
    factor = bought / listed
    for name in ("cost", "marginal_cost"):
        fac[name] = getattr(base, name) * factor
    moved = (listed != 1.0).any(axis=1)
    for care in CARE:
        parts, price = getattr(base, f"{care}_parts"), getattr(base, f"{care}_price")
        bill = (parts * listed).sum(axis=1)
        some = moved & (bill > 0)
        fac[f"{care}_parts"] = np.where(some[:, None], parts * listed / np.where(some, bill, 1.0)[:, None], parts)
        fac[f"{care}_price"] = np.where(some, price * bill, price)
    levels(fac, float(world.behaviour[0]["stay_part"]))
    return fac["cost"].copy()
