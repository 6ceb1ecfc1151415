"""The books: what bills come to, one row per cell, one column per thing counted (`declare/books.py`).

A cell is (facility, setting of care, case group, plan and home alliance of the patient). Only cells in use have a row:
a station has no beds, only a centre continues somebody else's stay. Counts are int64; money is whole fen.
"""

import numpy as np

from simulator.core.table import Column, Columns
from simulator.declare.books import BOOKS

CELLS = Columns(
    "cells",
    Column("facility", "i8", "row", "who treats"),
    Column("tier", "i8", "code", "tier of the facility"),
    Column(
        "care", "i8", "code", "0 outpatient, 1 inpatient, 2 continued (rest of a stay, at the place stepped down to)"
    ),
    Column("group", "i8", "code", "case group, in the order of the scenario"),
    Column("plan", "i8", "code", "plan of the patient, in the order of the scenario"),
    Column("holder", "i8", "code", "alliance whose people the patient belongs to: 0 none, then in order"),
)

COUNTED = BOOKS.names
"""Columns of the books, in order. charge = drugs + tests + labour = covered + outside."""

CASES = BOOKS["cases"]
DAYS = BOOKS["days"]
CH_DRUGS = BOOKS["drugs"]
CH_TESTS = BOOKS["tests"]
CH_LABOUR = BOOKS["labour"]
COVERED = BOOKS["covered"]
SELF = BOOKS["self"]
OUTSIDE = BOOKS["outside"]
CATASTROPHIC = BOOKS["catastrophic"]
WEIGHT = BOOKS["weight"]
CODED = BOOKS["coded"]
UPCODED = BOOKS["upcoded"]
MOVED = BOOKS["moved"]
ABOVE = BOOKS["above"]
ABOVE_CASES = BOOKS["above_cases"]
LOW_CASES = BOOKS["low_cases"]
LOW_COVERED = BOOKS["low_covered"]
LOW_WEIGHT = BOOKS["low_weight"]
UNINSURED = BOOKS["uninsured"]
UNINSURED_DAYS = BOOKS["uninsured_days"]
SPLIT = BOOKS["split"]
SPLIT_WEIGHT = BOOKS["split_weight"]
IDLE = BOOKS["idle"]


def cells(
    tiers: np.ndarray, groups: int, plans: int, beds: np.ndarray, holders: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Every cell in use, and the first cell of each facility.

    The cells of facility ``f`` start at ``first[f]``; within it the order is care, group, plan, holder, as
    `count.books.cell_of` finds them.

    ``tiers`` (facility,) are codes; ``beds`` (facility,) says who admits. Only a facility with beds has the rows for
    inpatient and continued care.
    """
    settings = np.where(beds > 0, 3, 1)
    sizes = settings * groups * plans * holders
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    rows = CELLS.rows(int(first[-1]))
    rows["facility"] = np.repeat(np.arange(len(tiers)), sizes)
    rows["tier"] = np.asarray(tiers)[rows["facility"]]
    inside = np.arange(len(rows)) - first[rows["facility"]]
    rows["care"] = inside // (groups * plans * holders)
    rows["group"] = inside // (plans * holders) % groups
    rows["plan"] = inside // holders % plans
    rows["holder"] = inside % holders
    return rows, first
