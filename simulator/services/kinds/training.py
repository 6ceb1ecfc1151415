"""Training and certification of community doctors (社区医生培训认证) by a quality committee (质量管理委员会) of the
hospital above, the health authority and the profession, which trains doctors, certifies them and reviews their cases.

With c the share of doctors certified, n the cases reviewed a month for each of them, gap to the hospital first thought
of in a referral,

    capability goal + c · (`certified_gap` · gap + `review_gain` · n / (n + `review_half`))
    what families underrate the place by · (1 − `certified_known` · c)
    what it lacks for children · (1 − c), where doctors are certified for children

Doctors who study see no patients meanwhile, and each certificate has a cost a year.
"""

import numpy as np

from simulator.core.names import CENTRE
from simulator.core.table import Column
from simulator.core.units import Days, PerYear, Positive, Share
from simulator.services.paying import Bearer, running_cost
from simulator.services.service import Service
from simulator.services.where import Placed

HOURS_A_DAY, MONTHS = 8.0, 12.0


class Training(Placed):
    """Terms of certification, for places of primary care among the facilities named."""

    certified: Share
    """Share of doctors who are certified."""
    cost: PerYear
    """Cost of training, certification and committee for each certified doctor, fen a year."""
    paid_by: Bearer = "government"
    """Who bears it: the place or the government."""
    days: Days = 10.0
    """Days a year that a certified doctor is away from the clinic to study."""
    reviews: Positive = 1.0
    """Cases of each certified doctor that the committee reviews in a month."""
    for_children: bool = False
    """Whether the certificate is for the care of children."""


SERVICE = Service(
    source="Evidence W01: 82 certified doctors in 107 institutions (华西妇儿联盟); sizes by judgement",
    terms=Training,
    example="""
baseline:
  services:
    training: {for: {tiers: primary}, certified: 30%, cost: 6000 yuan/year, reviews: 2, for_children: true}
""",
    facilities=(
        Column("trains", "i8", "0 or 1", "its doctors are trained and certified"),
        Column("certified", "f8", "share", "of doctors here, those who are certified"),
        Column("certified_children", "f8", "share", "of doctors here, those who are certified for children"),
        Column("study_days", "f8", "days/year", "that a certified doctor is away from the clinic"),
        Column("reviews", "f8", "cases/month", "of each certified doctor that are reviewed"),
    ),
    where="trains",
    activity={"certified": "certified"},
    beforehand=("training_of_nobody",),
)


def enforce(facilities, terms, offers):
    """The same share of doctors at every place of primary care that takes part."""
    mine = (facilities["trains"] == 1) & (facilities["tier"] <= CENTRE)
    facilities["certified"] = mine * (terms.certified if terms else 0.0)
    facilities["certified_children"] = facilities["certified"] * (terms.for_children if terms else False)
    facilities["study_days"] = mine * (terms.days if terms else 0.0)
    facilities["reviews"] = mine * (terms.reviews if terms else 0.0)


def lift(facilities, par):
    """The tertiary standard of who is certified, and what case reviews teach."""
    first, other = facilities["up_secondary"], facilities["up_tertiary"]
    above = np.where(first >= 0, first, other)
    there = np.where(above >= 0, facilities["capability"][np.maximum(above, 0)], 0.0)
    gap = np.maximum(there - facilities["capability_goal"], 0.0)
    reviewed = par["review_gain"] * facilities["reviews"] / (facilities["reviews"] + par["review_half"])
    return facilities["certified"] * (par["certified_gap"] * gap + reviewed)


def informs(facilities, par):
    """Families see the certificate."""
    return par["certified_known"] * facilities["certified"]


def slots(facilities, par):
    """Negative where doctors study; stations of one centre share its slots."""
    hours = facilities["study_days"] * HOURS_A_DAY / MONTHS
    away = facilities["doctors"] * facilities["certified"] * hours / par["outreach_month"]
    pool = facilities["slot_pool"]
    doctors, gone = (np.bincount(pool, each, len(facilities)) for each in (facilities["doctors"], away))
    return -(facilities["slots"] * np.minimum(gone / np.maximum(doctors, 1e-9), 1.0)).astype(np.int64)


def settle(terms, billed):
    """Cost by certified doctor."""
    doctors = billed.market.doctors * billed.market.activity["certified"]
    yield from running_cost(billed, terms.cost * doctors, "certification", terms.paid_by)
