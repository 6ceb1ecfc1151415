"""Between payers: which shares of a fee fund, government and family pay, and which of the funds."""

from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator

from simulator.core.messages import say
from simulator.core.money import share_out
from simulator.core.units import Share
from simulator.payment.closed import Books
from simulator.payment.market import Market

TOLERANCE = 1e-6


def _whole(sources: dict[str, float]) -> dict[str, float]:
    if abs(sum(sources.values()) - 1) > TOLERANCE:
        raise ValueError(say("check_parts_sum", total=f"{100 * sum(sources.values()):g}%"))
    return sources


Sources = Annotated[dict[Literal["insurance", "public_health", "self_pay"], Share], AfterValidator(_whole)]
"""Shares of a fee by who pays it, together one: the fund, the government, the family."""


def scope(market: Market, mine: np.ndarray) -> np.ndarray:
    """Plans in scope at each facility, bool (F, P), from the cells ``mine`` (C,)."""
    return market.by_plan(mine.astype(np.int64)) > 0


def paid_by(market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
    """What each fund paid each facility for the cells ``mine`` in the last twelve months, int64 fen (F, P)."""
    return market.by_plan(np.where(mine, books.paid(-12), 0))


def divided_over_plans(fen: np.ndarray, key: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Divide whole fen (F,) between the plans by ``key`` (F, P), exactly; where the key of a row is empty, evenly
    between the plans that ``allowed`` (F, P) has there. Raises ValueError where there is fen and no plan at all."""
    parts = np.zeros(key.shape, np.int64)
    for row in np.flatnonzero(fen):
        parts[row] = share_out(int(fen[row]), key[row] if key[row].any() else allowed[row].astype(np.int64))
    return parts
