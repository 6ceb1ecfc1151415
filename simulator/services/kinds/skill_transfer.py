"""Skill passed on in a specialty alliance (专科联盟技术帮扶): specialists of the lead teach members' doctors.

With d days of teaching a year for each doctor of a member, s the share of its cases that are of the specialty,

    capability goal + s · `transfer_gap` · d / (d + `transfer_half`) · (capability of the lead − own)₊

to which capability moves `capability_adjust` a month. No money is shared. The days take clinic slots from the lead, as
many as an hour of its doctors usually gives; a fee, where there is one, is paid by members or the government. The model
has one capability for all illness, so a specialty counts by its share of cases.
"""

import numpy as np

from simulator.core.money import Transfer, instalment, rounded
from simulator.core.names import CENTRE
from simulator.core.table import Column
from simulator.core.units import Days, Money, Share
from simulator.practice import specialists
from simulator.services.paying import Bearer
from simulator.services.service import Service
from simulator.services.where import Placed

HOURS_A_DAY, MONTHS = 8.0, 12.0


class SkillTransfer(Placed):
    """Terms of teaching by the lead of an alliance, for its members among the facilities named."""

    days: Days
    """Days a year that specialists of the lead teach for each doctor of a member."""
    share: Share = 1.0
    """Share of members' cases that are of the specialty."""
    fee: Money = 0
    """Fee for a day of teaching, fen; the lead gets it."""
    paid_by: Bearer = "facility"
    """Who pays the fee: the member or the government."""


SERVICE = Service(
    source="Evidence ORG3; NHC 2017, specialty alliances (专科联盟); gap and half by judgement",
    terms=SkillTransfer,
    example="""
baseline:
  alliances:
    heart: {form: specialty, lead: tertiary_1, members: {tiers: secondary}, tightness: 0}
  services:
    skill_transfer: {for: {alliances: heart}, days: 10 days, share: 20%, fee: 500 yuan, paid_by: government}
""",
    facilities=(
        Column("learns", "i8", "0 or 1", "its doctors are taught by the lead of its alliance"),
        Column("taught_by", "i8", "row", "hospital that teaches its doctors, -1 for none", -1),
        Column("taught_days", "f8", "days/year", "taught for each doctor here"),
        Column("taught_share", "f8", "share", "of cases here that are of what is taught"),
    ),
    where="learns",
    activity={"taught_by": "taught_by", "taught_days": "taught_days"},
    beforehand=("teaching_without_lead",),
)


def enforce(facilities, terms, offers):
    """Members learn whose alliance a hospital leads, and which are not the lead."""
    lead = facilities["lead"]
    rows = np.arange(len(facilities))
    mine = (facilities["learns"] == 1) & (lead >= 0) & (lead != rows) & (facilities["tier"][lead] > CENTRE)
    facilities["taught_by"] = np.where(mine, lead, -1)
    facilities["taught_days"] = mine * (terms.days if terms else 0.0)
    facilities["taught_share"] = mine * (terms.share if terms else 0.0)


def lift(facilities, par):
    """Of the gap in capability to the lead, what teaching closes."""
    pupils, lift = np.flatnonzero(facilities["taught_by"] >= 0), np.zeros(len(facilities))
    lead, days = facilities["taught_by"][pupils], facilities["taught_days"][pupils]
    gap = np.maximum(facilities["capability"][lead] - facilities["capability_goal"][pupils], 0.0)
    part = par["transfer_gap"] * days / (days + par["transfer_half"])
    lift[pupils] = facilities["taught_share"][pupils] * part * gap
    return lift


def slots(facilities, par):
    """Negative at the lead, whose specialists teach."""
    taken = np.zeros(len(facilities), np.int64)
    pupils = np.flatnonzero(facilities["taught_by"] >= 0)
    lead = facilities["taught_by"][pupils]
    for hospital in np.unique(lead):
        mine = pupils[lead == hospital]
        days = float((facilities["taught_days"][mine] * facilities["doctors"][mine]).sum())
        taken[hospital] -= specialists.slots_of(facilities[hospital], days * HOURS_A_DAY / MONTHS, par)
    return taken


def settle(terms, billed):
    """The fee goes through the account of administration from who pays it to the lead."""
    market = billed.market
    lead, days = (market.activity[name] for name in ("taught_by", "taught_days"))
    fen = instalment(rounded(terms.fee * days * market.doctors), market.calendar)
    earned = np.zeros_like(fen)
    np.add.at(earned, lead[lead >= 0], fen[lead >= 0])
    yield Transfer(terms.paid_by, "administration", "teaching_fee", fen)
    yield Transfer("administration", "facility", "teaching_paid", earned)
