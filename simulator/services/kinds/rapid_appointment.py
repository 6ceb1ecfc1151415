"""Rapid appointments by an internet referral system (互联网转诊、快速预约) for whom a doctor of primary care sends up
with a severe or urgent illness, or who has a contract with the family doctor (签约居民优先转诊).

Of the wait until it, and of those of the same urgency who come before in the queue, the share `passes` is spared; so it
is for the bed that may follow. What is spared is part of what the way by primary care is worth. No slot and no bed is
added: who comes straight to the hospital moves back.
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.core.units import PerYear, Share
from simulator.declare.counts import Count
from simulator.declare.expressions import At, Called
from simulator.declare.rows import episode, person, seen
from simulator.declare.use import Use
from simulator.illness.severity import urgency_of
from simulator.services.paying import Bearer, running_cost
from simulator.services.service import Service
from simulator.services.where import Placed

NOBODY = 4
"""An urgency that no illness has."""
URGENT = 2
"""Urgency from which an illness is severe or urgent: severity one half."""


class RapidAppointment(Placed):
    """Terms of rapid appointments, between the facilities named."""

    passes: Share
    """Share of the wait, and of the queue, that is spared."""
    urgent: bool = True
    """Whether the severely and urgently ill are given them."""
    signed: bool = False
    """Whether everybody under contract with a family doctor is given them."""
    platform: PerYear = 0
    """Cost of the system for a place that takes part, fen a year."""
    paid_by: Bearer = "government"
    """Who bears it: the place or the government."""


@compiled
def is_given(severity, signed, from_urgency, to_signed):
    """Whether a patient is given one where both places take part."""
    return urgency_of(severity) >= from_urgency or (to_signed == 1 and signed == 1)


SENDER, RECEIVER = (At("facilities", place, "rapid") for place in (episode.seen, episode.referred))
LEFT = At("facilities", episode.referred, "rapid_left")
GIVEN = Called(
    is_given,
    episode.severity,
    person.signed,
    At("facilities", episode.referred, "rapid_urgency"),
    At("facilities", episode.referred, "rapid_signed"),
)
SERVICE = Service(
    source="Evidence W01 (referral system of the West China alliance), S10 (priority of the signed, Guangzhou)",
    terms=RapidAppointment,
    example="""
baseline:
  services:
    rapid_appointment: {passes: 80%, urgent: true, signed: true, platform: 20000 yuan/year}
""",
    facilities=(
        Column("rapid", "i8", "0 or 1", "it takes part in rapid appointments"),
        Column("rapid_urgency", "i8", "0 to 4", "urgency from which patients are given one; 4: nobody", NOBODY),
        Column("rapid_signed", "i8", "0 or 1", "everybody under contract is given one"),
        Column("rapid_left", "f8", "share", "of wait and queue that is left to them", 1),
    ),
    where="rapid",
    when={"sooner": "sender.rapid == 1 and hospital.rapid == 1"},
    activity={"rapid": "rapid"},
    events=(
        Count(
            "by_rapid_appointment",
            "referred patients seen here who were given a rapid appointment",
            episode.referred,
            when=seen & (SENDER == 1) & (RECEIVER == 1) & (LEFT < 1.0) & GIVEN,
        ),
    ),
    use=(
        Use(
            unused=Text("nobody was referred by rapid appointment", "没有患者经快速预约转诊"),
            events=("by_rapid_appointment",),
        ),
    ),
)


def enforce(facilities, terms, offers):
    """Who is given one, and what it spares, at all places that take part."""
    facilities["rapid_urgency"] = URGENT if terms and terms.urgent else NOBODY
    facilities["rapid_signed"] = bool(terms and terms.signed)
    facilities["rapid_left"] = 1.0 - terms.passes if terms else 1.0


@compiled
def sooner(person, severity, sender, hospital):
    """What is left to who is given one; to others all."""
    given = is_given(severity, person.signed, hospital.rapid_urgency, hospital.rapid_signed)
    return hospital.rapid_left if given else 1.0


def settle(terms, billed):
    """The system, in the money of the sample."""
    market = billed.market
    per_year = (market.activity["rapid"] == 1) * terms.platform * market.scale
    yield from running_cost(billed, per_year, "referral_platform", terms.paid_by)
