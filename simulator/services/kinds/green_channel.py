"""A green channel between named facilities (绿色通道): who is sent from one to another of them is treated as within an
alliance, whether or not they form one.

It switches on what there is. Sent up: the waits and the errands that an alliance spares (`green_wait`, `green_effort`);
stepped down: an arranged transfer and one list of drugs (`green_consent`, `share_drugs`). Tests of the sender are
recognised, and a stay that goes on has one deductible (起付线连续计算). No slot is added: who is sent by others moves
back. The fund bears the second deductible, hospitals the office that runs it.
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.names import CENTRE
from simulator.core.table import Column
from simulator.core.units import PerYear
from simulator.declare.counts import Count
from simulator.declare.expressions import At
from simulator.declare.rows import episode, seen
from simulator.declare.use import Use
from simulator.services.paying import Bearer, running_cost
from simulator.services.service import Service
from simulator.services.where import Placed


class GreenChannel(Placed):
    """Terms of a green channel between the facilities named."""

    office: PerYear = 0
    """Cost of the office for transfers (转诊办公室) of a hospital, fen a year."""
    paid_by: Bearer = "facility"
    """Who bears it: the hospital or the government."""


SERVICE = Service(
    source="Evidence S05; State Council Office 2015 no. 70",
    terms=GreenChannel,
    example="""
baseline:
  services:
    green_channel: {for: all, office: 100000 yuan/year}
""",
    facilities=(Column("green", "i8", "0 or 1", "it takes part in a green channel"),),
    where="green",
    when={
        "linked": "sender.green == 1 and receiver.green == 1",
        "repeats": "facility.green == 1 and sender.green == 1",
        "continuous": "facility.green == 1",
    },
    activity={"green": "green"},
    events=(
        Count(
            "by_green_channel",
            "patients whom a doctor sent up through a green channel, seen here",
            episode.referred,
            when=seen
            & (At("facilities", episode.seen, "green") == 1)
            & (At("facilities", episode.referred, "green") == 1),
        ),
        Count(
            "down_green_channel",
            "patients stepped down to here through a green channel",
            episode.moved_to,
            when=(episode.stage >= "moved")
            & (At("facilities", episode.admitted, "green") == 1)
            & (At("facilities", episode.moved_to, "green") == 1),
        ),
    ),
    use=(
        Use(
            unused=Text("nobody was sent through the green channel", "没有患者经绿色通道转诊"),
            events=("by_green_channel", "down_green_channel"),
        ),
    ),
)


def enforce(facilities, terms, offers):
    """Those who take part have one list of drugs; alliances have said before who else has one."""
    facilities["shared_drugs"] = np.maximum(facilities["shared_drugs"], facilities["green"])


@compiled
def linked(sender, receiver):
    """Both take part."""
    return True


@compiled
def repeats(facility, sender, episode):
    """All tests of who takes part are recognised."""
    return 0.0


@compiled
def continuous(facility):
    """What was paid under a deductible where the stay began counts."""
    return True


def settle(terms, billed):
    """Offices at the hospitals, in the money of the sample."""
    market = billed.market
    hospital = (market.tier > CENTRE) & (market.activity["green"] == 1)
    yield from running_cost(billed, hospital * terms.office * market.scale, "transfer_office", terms.paid_by)
