"""A joint conference of levels (省市县三级联席会议): insurance bureau, health commission, finance and personnel of all
levels meet, so that what one decides need not wait for the others.

Reforms that are dated after it has begun come into force so many months sooner, though none before the conference
itself, none before the one dated before it and none in the first month. The government pays for the meetings.

It moves no money between levels and no patient. A loss by a transfer comes of rules of payment that do not fit together
(`follows_patient` is one that mends it); what the conference does is that such a rule, once dated, holds sooner. In the
model no rule is applied wrongly or late by some, so there is no other friction between levels for it to remove.
"""

import numpy as np

from simulator.core.fields import Block
from simulator.core.money import Transfer, instalment, rounded
from simulator.core.units import Count, Money, WholeMonths
from simulator.services.service import Service


class JointConference(Block):
    """Terms of a joint conference."""

    sooner: WholeMonths
    """Months by which later reforms come into force sooner than they are dated."""
    meetings: Count = 4
    """Meetings in a year."""
    meeting: Money = 0
    """Cost of a meeting, fen."""


SERVICE = Service(
    source="Evidence S15 (Zhejiang); months by judgement of the user, zero among them",
    terms=JointConference,
    example="""
baseline:
  services:
    joint_conference: {sooner: 6 months, meetings: 4, meeting: 50000 yuan}
""",
    beforehand=("conference_of_nothing",),
)


def hastens(terms):
    """As many months."""
    return terms.sooner


def settle(terms, billed):
    """Meetings, in the money of the sample."""
    market = billed.market
    fen = instalment(rounded(np.array([terms.meetings * terms.meeting * market.scale])), market.calendar)
    yield Transfer("government", "administration", "conference", fen)
