"""Shared records (信息互联互通、电子病历共享): one coding standard (医保信息业务编码标准), one card (电子健康卡), and
records that other places can read, at a level of interoperability d from 0 to 1.

    chance that tests of a transferred patient are repeated · (1 − d)
    cases whose data nobody looks at · (1 − d), for whoever supervises bills
    logit of cure of who was sent, at the hospital + `records_cure` · d
    clinic slots · (1 + `records_time` · d): less time at registration and with the history

with the lower d of both places where two have a part. Where nothing is repeated, nobody false or nobody sent, it does
nothing but save time.
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.core.units import PerYear, Scale
from simulator.declare.counts import Count
from simulator.declare.expressions import At
from simulator.declare.rows import episode, seen
from simulator.declare.use import Use
from simulator.services.paying import Bearer, running_cost
from simulator.services.service import Service
from simulator.services.where import Placed


class SharedRecords(Placed):
    """Terms of shared records at the facilities named."""

    level: Scale
    """Level of interoperability: 0 islands of data (数据孤岛), 1 every record can be read where the patient is."""
    cost: PerYear = 0
    """Cost of running it for each doctor of a place, fen a year."""
    paid_by: Bearer = "facility"
    """Who bears it: the place or the government."""


SERVICE = Service(
    source="Evidence S19 (NHSA 2019, coding standards of 15 categories), E12 (electronic card); sizes by judgement",
    terms=SharedRecords,
    example="""
baseline:
  services:
    shared_records: {level: 0.8, cost: 1500 yuan/year}
""",
    facilities=(
        Column("shares_records", "i8", "0 or 1", "its records can be read elsewhere"),
        Column("records", "f8", "0 to 1", "level of interoperability of its records"),
    ),
    where="shares_records",
    when={
        "repeats": "facility.records > 0.0 and sender.records > 0.0",
        "handed_over": "facility.records > 0.0 and sender.records > 0.0",
    },
    activity={"records": "records"},
    events=(
        Count(
            "records_read",
            "referred patients seen here whose records could be read",
            episode.referred,
            when=seen
            & (At("facilities", episode.seen, "records") > 0.0)
            & (At("facilities", episode.referred, "records") > 0.0),
        ),
        Count(
            "records_read_after",
            "patients stepped down to here whose records could be read",
            episode.moved_to,
            when=(episode.stage >= "moved")
            & (At("facilities", episode.admitted, "records") > 0.0)
            & (At("facilities", episode.moved_to, "records") > 0.0),
        ),
    ),
    use=(
        Use(
            unused=Text("nobody was sent on whose records could be read", "没有转诊患者的病历可供调阅"),
            events=("records_read", "records_read_after"),
        ),
    ),
)


def enforce(facilities, terms, offers):
    """The same level at all places that take part."""
    facilities["records"] = facilities["shares_records"] * (terms.level if terms else 0.0)


@compiled
def repeats(facility, sender, episode):
    """What can be read need not be done again."""
    return 1.0 - min(facility.records, sender.records)


@compiled
def handed_over(facility, sender, par):
    """Fewer errors where the history is known."""
    return par.records_cure * min(facility.records, sender.records)


def slots(facilities, par):
    """Time saved is time for patients."""
    return (facilities["slots"] * (par["records_time"] * facilities["records"])).astype(np.int64)


def opens(facilities):
    """The mean level, by beds, since what supervision finds is in the bills of stays."""
    beds = facilities["bed_days"].astype(float)
    return float((facilities["records"] * beds).sum() / max(beds.sum(), 1.0))


def settle(terms, billed):
    """Cost by doctor of the places that take part."""
    doctors = billed.market.doctors * (billed.market.activity["records"] > 0)
    yield from running_cost(billed, terms.cost * doctors, "records_cost", terms.paid_by)
