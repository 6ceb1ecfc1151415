"""From counts to money: what is allowed, who pays which part of it, and what the books tell of usual bills.

A charge is paid in three parts: the fund's, the patient's part of covered charges ("self") and what lies outside the
catalogue. What they do not add up to is the provider's difference, which is no posting: under a case price it keeps
what it did not spend and bears what it spent too much. Catastrophic cover moves money from the fund to the family and
is nothing to the provider.
"""

import numpy as np

from simulator.core.money import rounded
from simulator.payment.books import (
    ABOVE,
    CASES,
    CH_DRUGS,
    CH_LABOUR,
    CODED,
    COVERED,
    DAYS,
    LOW_COVERED,
    LOW_WEIGHT,
    OUTSIDE,
    SELF,
    UNINSURED,
    UNINSURED_DAYS,
)
from simulator.payment.market import Tariff

THOUSANDTHS = 1000
"""Weights are counted in thousandths."""


def allowed(tariff: Tariff, counts: np.ndarray) -> np.ndarray:
    """What the tariff grants for the counts of a month, whole fen, int64 (C,); nothing for who is not insured."""
    weight = counts[:, CODED] - tariff.low * counts[:, LOW_WEIGHT]
    return rounded(
        tariff.per_case * (counts[:, CASES] - counts[:, UNINSURED])
        + tariff.share * counts[:, COVERED]
        + tariff.per_day * (counts[:, DAYS] - counts[:, UNINSURED_DAYS])
        + tariff.per_weight * weight / THOUSANDTHS
        + tariff.above * counts[:, ABOVE]
        + tariff.low * counts[:, LOW_COVERED]
    )


def fund_part(granted: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The fund's part before catastrophic cover: what is allowed less the patient's part of covered charges, never
    below zero, int64 fen (C,)."""
    return np.maximum(0, granted - counts[:, SELF])


def provider_income(fund: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """What the provider receives from fund and families together, int64 fen (C,)."""
    return fund + counts[:, SELF] + counts[:, OUTSIDE]


def charge(counts: np.ndarray) -> np.ndarray:
    """What was billed at list prices, int64 fen (C,)."""
    return counts[:, CH_DRUGS : CH_LABOUR + 1].sum(axis=1)


def difference(fund: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Charge less what all payers paid: borne by the provider, or, negative, kept by it; int64 fen (C,)."""
    return charge(counts) - provider_income(fund, counts)


def by_row(values: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """Exact sums of int64 ``values`` (C,) over the cells of each row, such as each facility: (count,)."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, rows, values)
    return sums


def seen(top: np.ndarray, bottom: np.ndarray, cells: np.ndarray, mine: np.ndarray) -> np.ndarray:
    """Ratio of two sums of the books by cell (C,).

    Where a cell has seen nothing, that of its facility, setting and plan; else of its setting and plan among all cells
    of the rule, then of the plan; zero where nobody has seen anything.
    """
    plans, settings = int(cells["plan"].max(initial=0)) + 1, int(cells["care"].max(initial=0)) + 1
    setting = cells["care"] * plans + cells["plan"]
    ratio = np.zeros(len(cells))
    for rows in (cells["plan"], setting, cells["facility"] * plans * settings + setting, np.arange(len(cells))):
        count = int(rows.max(initial=0)) + 1
        above, below = (by_row(np.where(mine, x, 0), rows, count)[rows] for x in (top, bottom))
        ratio = np.where(below > 0, above / np.maximum(1, below), ratio)
    return ratio
