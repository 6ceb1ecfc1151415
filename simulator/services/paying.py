"""Who bears what a service costs: parts of it by plan, and sums that fall due every month."""

from collections.abc import Iterator

import numpy as np

from simulator.core.fields import one_of
from simulator.core.money import Transfer, instalment, rounded, share_out
from simulator.declare.books import BOOKS
from simulator.services.service import Billed

Bearer = one_of("facility", "government")
"""Who may bear what a service costs: the places that have it, or the government for them."""
CASES = BOOKS["cases"]


def over_plans(billed: Billed, fen: np.ndarray) -> np.ndarray:
    """Sums that funds pay to or take from places, int64 fen (F,), divided over plans by the place's cases of the month,
    by those of all places where it had none: (F, P), to the fen."""
    cases = billed.market.by_plan(billed.counts[:, CASES])
    everywhere = cases.sum(axis=0)
    parts = np.zeros_like(cases)
    for f in np.flatnonzero(fen):
        key = cases[f] if cases[f].any() else everywhere
        parts[f] = share_out(int(fen[f]), key if key.any() else np.ones_like(key))
    return parts


def running_cost(billed: Billed, per_year: np.ndarray, kind: str, paid_by: str) -> Iterator[Transfer]:
    """What a service costs its places in a month, ``per_year`` fen (F,): people and machines, on the account of
    administration. Where the government bears it nothing touches the places."""
    yield Transfer(paid_by, "administration", kind, instalment(rounded(per_year), billed.market.calendar))
