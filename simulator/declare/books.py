"""What the books count of every bill, by cell: (facility, setting of care, case group, plan, home alliance).

charge = drugs + tests + labour = covered + outside. Counts are int64; money is whole fen.
"""

from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.declare.counts import Count, Counts
from simulator.declare.expressions import At, Called, Given
from simulator.declare.rows import bill


@compiled
def cell_of(first, care, group, plan, holder, cells):
    """Cell of a bill: that of its setting, case group, plan and alliance among those of its facility, which begin at
    ``first``; ``cells`` says how many there are of each."""
    return first + ((care * cells.groups + group) * cells.plans + plan) * cells.holders + holder


@compiled
def above_threshold(charge, threshold, weight):
    """What a charge lies above the upper threshold of its weight (thousandths), fen."""
    return whole(charge - threshold * weight / 1000.0)


CELL = Called(
    cell_of, Given("first_cell")[bill.facility], bill.care, bill.group, bill.plan, bill.holder, Given("cells")
)
HIGH, LOW = (At("facilities", bill.facility, name) for name in ("outlier_high", "outlier_low"))

alone = bill.insured == 0
hospital = bill.care == "inpatient"
lies = bill.care != "outpatient"
first_part = lies & (bill.purpose != "second_half")
second_half = hospital & (bill.purpose == "second_half")
coded = hospital & (bill.insured == 1)
high = coded & (bill.charge > HIGH * bill.weight / 1000.0)
low = coded & (bill.charge < LOW * bill.weight / 1000.0)
covered = bill.charge - bill.outside
excess = Called(above_threshold, bill.charge, HIGH, bill.weight)


def of_cell(name: str, meaning: str, adds=1, when=None, unit: str = "number") -> Count:
    """Something counted by cell."""
    return Count(name, meaning, CELL, adds, when, unit)


BOOKS = Counts(
    "counts",
    "cell",
    of_cell("cases", "visits, admissions or continued stays"),
    of_cell("days", "bed-days", bill.days, lies, "days"),
    of_cell("drugs", "charge for drugs", bill.drugs, unit="fen"),
    of_cell("tests", "charge for tests", bill.tests, unit="fen"),
    of_cell("labour", "charge for labour", bill.charge - bill.drugs - bill.tests, unit="fen"),
    of_cell("covered", "part of the charge inside the catalogue", covered, unit="fen"),
    of_cell("self", "patient's part of covered charges, before catastrophic cover", bill.own, unit="fen"),
    of_cell("outside", "charge outside the catalogue, all the patient's", bill.outside, unit="fen"),
    of_cell("catastrophic", "paid back to the patient by catastrophic cover", bill.back, unit="fen"),
    of_cell("weight", "true relative weights", bill.weight, first_part, "thousandths"),
    of_cell("coded", "relative weights as coded", bill.coded, coded, "thousandths"),
    of_cell("upcoded", "cases coded too high", bill.upcoded, hospital),
    of_cell(
        "moved", "true weights of patients stepped down from here (or, continued: to here)", bill.weight,
        lies & (bill.moved == 1), "thousandths",
    ),
    of_cell("above", "charge above the upper outlier threshold of stays", excess, high, "fen"),
    of_cell("above_cases", "stays above it", 1, high),
    of_cell("low_cases", "stays below the lower outlier threshold", 1, low),
    of_cell("low_covered", "their charge inside the catalogue", covered, low, "fen"),
    of_cell("low_weight", "their weight as coded", bill.coded, low, "thousandths"),
    of_cell("uninsured", "cases of people whom no fund pays for: all outside the catalogue, none coded", 1, alone),
    of_cell("uninsured_days", "their bed-days", bill.days, alone, "days"),
    of_cell("split", "of the cases, second halves of stays billed as two", 1, second_half),
    of_cell(
        "split_weight", "weight as coded of those halves; no true weight stands behind it", bill.coded, second_half,
        "thousandths",
    ),
    of_cell("idle", "of the days, those in which nobody lay in the bed", bill.idle, lies, "days"),
)  # fmt: skip
"""Columns of the books."""
