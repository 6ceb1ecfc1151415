"""What is counted by the people it happened to: their plan and alliance, their income, their home."""

import numpy as np

from simulator.core.jit import compiled
from simulator.count.events import hospital, needs_bed, primary, referred, serious
from simulator.declare.counts import Count, Counts
from simulator.declare.expressions import Called, Given
from simulator.declare.rows import bill, billed_family, billed_home, episode, family, new, person, seen
from simulator.illness.disease import diagnosed

AGE_BANDS = (0, 15, 45, 60, 70, 80)
"""Lower ends of the bands of age by which patients are counted."""


@compiled
def age_band(age):
    """Band of an age."""
    band = 0
    for low in AGE_BANDS[1:]:
        band += np.int64(age >= low)
    return band


BILLED = bill.plan * Given("holders") + bill.holder
PATIENT = person.plan * Given("holders") + family.holder
INCOME = billed_family.income_bin
HOME = (billed_home, bill.plan)
AGE = Called(age_band, person.age)

visit = bill.care == "outpatient"
lay = episode.admitted >= 0
fit = lay & (episode.stage >= "fit")
ill = serious & new & (episode.kind != "prescription")
# who was cured without a visit, where the illness began, went without nothing
unseen = (episode.seen < 0) & new & (episode.ends == "forgone") & (episode.cured == 0)

PLANS = Counts(
    "plans",
    "plan and home alliance of the patient",
    Count("sought", "episodes that sought care and were seen", PATIENT, when=seen & new),
    Count("sought_primary", "of those, first at primary", PATIENT, when=seen & new & primary),
    Count("serious_seen", "severe or moderate episodes that were seen", PATIENT, when=seen & ill),
    Count("serious_forgone", "severe or moderate episodes that ended unseen", PATIENT, when=unseen & ill),
    Count(
        "appropriate_up", "episodes seen at primary whose chance of cure is much better at a hospital", PATIENT,
        episode.appropriate, seen & new & primary,
    ),
    Count(
        "needless_up", "referred up and seen whose chance of cure is not much better at a hospital", PATIENT,
        when=seen & referred & (episode.appropriate == 0),
    ),
    Count("bed_needed", "admissions needed", PATIENT, when=needs_bed),
    Count(
        "bed_forgone", "needed admissions that did not happen", PATIENT,
        when=needs_bed & (episode.admitted < 0) & (episode.ends != "waits_for_bed"),
    ),
    Count(
        "chronic_admissions", "admissions of people with a diagnosed chronic disease", PATIENT,
        when=needs_bed & lay & Called(diagnosed, person),
    ),
    Count("visits", "outpatient visits", BILLED, when=visit),
    Count("area_visits", "of those, in the county or city of the home", BILLED, bill.local, visit),
    Count("admitted", "admissions as billed", BILLED, when=hospital),
    Count("area_admitted", "of those, in the county or city of the home", BILLED, bill.local, hospital),
    Count("fund", "the fund's part of bills as the benefit table has it", BILLED, bill.fund, unit="fen"),
    Count("area_fund", "of that, in the county or city of the home", BILLED, bill.fund, bill.local == 1, "fen"),
    Count("rated", "visits rated by the family", PATIENT, when=seen),
    Count("rating", "sum of ratings", PATIENT, episode.rating, seen, "thousandths"),
    Count("satisfied", "visits rated satisfactory or better", PATIENT, episode.satisfied, seen),
    Count("own_up", "referred up and seen", PATIENT, when=seen & referred),
    Count("own_fit", "inpatients fit to be stepped down", PATIENT, when=fit),
    Count("own_moved", "stepped down", BILLED, when=bill.care == "continued"),
    Count("own_false", "on record as stepped down, and not moved", PATIENT, episode.false_down, fit),
)  # fmt: skip
"""Events by plan and home alliance."""

INCOMES = Counts(
    "incomes",
    "bin of family income",
    Count("visits", "outpatient visits", INCOME, when=visit),
    Count("paid", "paid by families", INCOME, bill.cash, unit="fen"),
)
"""Sums by bin of family income."""

AGES = Counts(
    "ages",
    "age of the patient",
    Count("seen", "episodes that were seen", AGE, when=seen & new),
    Count("seen_primary", "of those, first at primary", AGE, when=seen & new & primary),
    Count("admitted", "admissions, whatever they were billed as", AGE, when=lay),
    Count("deaths", "people of the age who died"),
)
"""Sums by band of age."""

HOMES = Counts(
    "homes",
    "home centre and plan",
    Count("all", "the fund's part of bills as the benefit table has it", HOME, bill.fund, unit="fen"),
    Count("elsewhere", "of that, not at the home centre and its stations", HOME, bill.fund, bill.elsewhere == 1, "fen"),
)
"""Sums by home."""

EXTRAS = Counts(
    "extras",
    "facility, plan and setting",
    Count("others", "paid in the families' place, by payer", (bill.facility, bill.plan, bill.care), bill.others,
          unit="fen"),
)  # fmt: skip
"""What supplementary payers paid; one count that has a value for each of them."""
