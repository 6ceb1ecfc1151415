"""Money is whole fen (int64), so sums do not depend on their order and nothing is lost between two payers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

FEN = 100.0
"""Fen in a yuan."""


def rounded(fen: np.ndarray) -> np.ndarray:
    """Nearest whole fen, int64, halves up.

    >>> rounded(np.array([0.4, 0.5, 2.5, -0.5, -0.6]))
    array([ 0,  1,  3,  0, -1])
    """
    below = np.floor(fen)
    return (below + (fen - below >= 0.5)).astype(np.int64)


def share_out(pot: int, key: np.ndarray) -> np.ndarray:
    """Split ``pot`` fen in proportion to ``key``, int64; the parts sum to ``pot`` exactly (largest remainder).

    The arithmetic is exact for any size of pot and key; of equal remainders the first is served first. Raises
    ValueError for a negative pot or key, and where there is a pot and nobody to share it.

    >>> share_out(100, np.array([1, 1, 1]))
    array([34, 33, 33])
    """
    parts = _whole_numbers(np.asarray(key).tolist())
    total = sum(parts)
    if pot < 0 or min(parts, default=0) < 0 or (pot > 0 and total == 0):
        raise ValueError(f"cannot share out {pot} fen by keys that sum to {np.sum(key)}")
    if total == 0:
        return np.zeros(len(parts), np.int64)
    shares = [divmod(int(pot) * part, total) for part in parts]
    whole = np.array([share for share, _ in shares], np.int64)
    first = sorted(range(len(parts)), key=lambda i: -shares[i][1])
    whole[first[: int(pot) - int(whole.sum())]] += 1
    return whole


def _whole_numbers(key: list[float]) -> list[int]:
    """Whole numbers in exactly the proportions of ``key``: every float is a whole number over a power of two."""
    ratios = [k.as_integer_ratio() for k in key]
    common = max((below for _, below in ratios), default=1)
    return [above * (common // below) for above, below in ratios]


def instalment(per_year: np.ndarray, month: int) -> np.ndarray:
    """What falls due in the calendar month ``month`` (1 to 12) of a yearly sum, int64; twelve of them make the year.

    >>> [int(instalment(np.array(100), m)) for m in range(1, 13)]
    [8, 8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9]
    """
    per_year = np.asarray(per_year, np.int64)
    return per_year * month // 12 - per_year * (month - 1) // 12


def total(months: Sequence[np.ndarray], size: int) -> np.ndarray:
    """Exact sum of int64 arrays of shape (size,), zeros for none; np.sum would first copy them into one array.

    >>> total([np.array([1, 2]), np.array([3, 4])], 2).tolist()
    [4, 6]
    """
    sums = np.zeros(size, np.int64)
    for month in months:
        sums += month
    return sums


class Transfer(NamedTuple):
    """Money moved between two accounts, by a settlement or a service.

    The accounts are words: ``facility``, ``doctors`` (of each facility), ``fund`` (of each plan), or the name of a
    single account such as ``government``, ``families``, ``suppliers:drugs``.
    """

    payer: str
    payee: str
    kind: str  # word for the ledger; of doctors' pay: salary, or bonus for what varies with the margin
    fen: np.ndarray  # int64, zero or more: by facility (F,), or, if a fund takes part, by facility and plan (F, P)
