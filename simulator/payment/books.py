"""The books: what the month's pass counts, one row per cell, one column per thing counted.

A cell is (facility, setting of care, case group, plan and home alliance of the patient). Only cells in use have a row:
a station has no beds, only a centre continues somebody else's stay. Counts are int64; money is whole fen.
"""

import numpy as np

from simulator.core.table import Column, Columns

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

COUNTED = (
    "cases",  # visits, admissions or continued stays
    "days",  # bed-days
    "drugs",  # charge, fen
    "tests",  # charge, fen
    "labour",  # charge, fen
    "covered",  # part of the charge inside the catalogue, fen
    "self",  # patient's part of covered charges, before catastrophic cover, fen
    "outside",  # charge outside the catalogue, all the patient's, fen
    "catastrophic",  # paid back to the patient by catastrophic cover, fen
    "weight",  # sum of true relative weights, thousandths
    "coded",  # sum of relative weights as coded, thousandths
    "upcoded",  # cases coded too high
    "moved",  # sum of true weights of patients stepped down from here (or, continued: to here), thousandths
    "above",  # charge above the upper outlier threshold of stays, fen
    "above_cases",  # stays above it
    "low_cases",  # stays below the lower outlier threshold
    "low_covered",  # their charge inside the catalogue, fen
    "low_weight",  # their weight as coded, thousandths
    "uninsured",  # cases of people whom no fund pays for: all outside the catalogue, none coded
    "uninsured_days",  # their bed-days
    "split",  # of the cases, second halves of stays billed as two
    "split_weight",  # weight as coded of those halves, thousandths; no true weight stands behind it
    "idle",  # of the days, those in which nobody lay in the bed
)
"""Columns of the books, in order. charge = drugs + tests + labour = covered + outside."""

(
    CASES, DAYS, CH_DRUGS, CH_TESTS, CH_LABOUR, COVERED, SELF, OUTSIDE, CATASTROPHIC, WEIGHT, CODED, UPCODED, MOVED,
    ABOVE, ABOVE_CASES, LOW_CASES, LOW_COVERED, LOW_WEIGHT, UNINSURED, UNINSURED_DAYS,
    SPLIT, SPLIT_WEIGHT, IDLE,
) = range(len(COUNTED))  # fmt: skip


def cells(
    tiers: np.ndarray, groups: int, plans: int, beds: np.ndarray, holders: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Every cell in use, and the first cell of each facility.

    The cells of facility ``f`` start at ``first[f]``; within it the order is care, group, plan, holder: the cell is
    ``first[f] + ((care * groups + group) * plans + plan) * holders + holder``.

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
