"""From counts to money: what is allowed, who pays which part of it, and what the books tell of usual bills.

A charge is paid in three parts: the fund's, the patient's part of covered charges ("self") and what lies outside the
catalogue. What they do not add up to is the provider's difference, which is no posting: under a case price it keeps
what it did not spend and bears what it spent too much. Catastrophic cover moves money from the fund to the family and
is nothing to the provider.
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.money import rounded
from simulator.payment.books import (
    ABOVE,
    CASES,
    CH_DRUGS,
    CH_LABOUR,
    CH_TESTS,
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
    """What the tariff grants for the counts of a month, whole fen, int64 (C,); nothing for the uninsured."""
    granted = np.zeros(len(counts))
    columns = (np.ascontiguousarray(getattr(tariff, name), float) for name in tariff.__dataclass_fields__)
    _allow(*columns, counts, granted)
    return rounded(granted)


@compiled
def _allow(per_case, share, per_day, per_weight, above, low, counts, granted):
    """Write what a tariff, by column (C,), grants for ``counts`` (C, len(COUNTED)), fen, into ``granted`` (C,)."""
    for c in range(len(counts)):
        weight = counts[c, CODED] - low[c] * counts[c, LOW_WEIGHT]
        granted[c] = (
            per_case[c] * (counts[c, CASES] - counts[c, UNINSURED])
            + share[c] * counts[c, COVERED]
            + per_day[c] * (counts[c, DAYS] - counts[c, UNINSURED_DAYS])
            + per_weight[c] * weight / THOUSANDTHS
            + above[c] * counts[c, ABOVE]
            + low[c] * counts[c, LOW_COVERED]
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
    return counts[:, CH_DRUGS] + counts[:, CH_TESTS] + counts[:, CH_LABOUR]


def difference(fund: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Charge less what all payers paid: borne by the provider, or, negative, kept by it; int64 fen (C,)."""
    return charge(counts) - provider_income(fund, counts)


def by_row(values: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """Exact sums of int64 ``values`` (C,) over the cells of each row, such as each facility: (count,)."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, rows, values)
    return sums


def observed_ratio(top: np.ndarray, bottom: np.ndarray, cells: np.ndarray, mine: np.ndarray) -> np.ndarray:
    """Ratio of two sums of the books by cell (C,).

    Where a cell has seen nothing, that of its facility, setting and plan; else of its setting and plan among all cells
    of the rule, then of the plan; zero where nobody has seen anything.
    """
    plans, settings, places = (int(cells[name].max(initial=0)) + 1 for name in ("plan", "care", "facility"))
    sums = (np.zeros((2, n), np.int64) for n in (plans, settings * plans, places * settings * plans))
    ratio = np.zeros(len(cells))
    _fill_ratio(np.ascontiguousarray(top), np.ascontiguousarray(bottom), cells, mine, *sums, ratio)
    return ratio


@compiled
def _fill_ratio(top, bottom, cells, mine, of_plan, of_setting, of_place, ratio):
    """Fill ``ratio`` (C,); the sums are of ``top`` and ``bottom`` by plan, by setting too, by facility too."""
    plans = of_plan.shape[1]
    settings = of_setting.shape[1] // plans
    for c in range(len(cells)):
        if mine[c]:
            setting = cells[c].care * plans + cells[c].plan
            place = cells[c].facility * settings * plans + setting
            of_plan[0, cells[c].plan] += top[c]
            of_plan[1, cells[c].plan] += bottom[c]
            of_setting[0, setting] += top[c]
            of_setting[1, setting] += bottom[c]
            of_place[0, place] += top[c]
            of_place[1, place] += bottom[c]
    for c in range(len(cells)):
        setting = cells[c].care * plans + cells[c].plan
        place = cells[c].facility * settings * plans + setting
        if mine[c] and bottom[c] > 0:
            ratio[c] = top[c] / bottom[c]
        elif of_place[1, place] > 0:
            ratio[c] = of_place[0, place] / of_place[1, place]
        elif of_setting[1, setting] > 0:
            ratio[c] = of_setting[0, setting] / of_setting[1, setting]
        elif of_plan[1, cells[c].plan] > 0:
            ratio[c] = of_plan[0, cells[c].plan] / of_plan[1, cells[c].plan]
