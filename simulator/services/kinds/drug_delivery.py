"""Delivery of drugs (云药房): what the shelf of primary care lacks is brought home by a pharmacy of many places.

Of prescriptions at primary care `lacks` are for a drug that is not there, and the patient has to go on to the nearest
hospital. Delivered after some days and for a fee, it spares that way; who needs a prescription and knows of it
(`delivery_known`) values primary care higher by

    lacks · (travel · way to the hospital / 30 minutes − wait · `delay_day` · days − price · f(fee of the family))₊

so nobody loses: who finds it dear or slow goes on as before. Each drug delivered costs its fee; the drug is billed as
before. That people are kept away by what is lacking is already in how they choose (docs/model.md 7.2).
"""

from collections.abc import Iterator

import numpy as np

from simulator.choice.place import price_felt
from simulator.core.fields import Block, one_of
from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.money import FEN, Transfer, rounded
from simulator.core.names import CENTRE, SECONDARY, TERTIARY
from simulator.core.table import Column
from simulator.core.units import Days, Money, Share
from simulator.declare.counts import Count
from simulator.declare.expressions import At
from simulator.declare.indicator import Figure, Indicator
from simulator.declare.rows import episode
from simulator.declare.use import Use
from simulator.services.service import Service

DELIVERS = At("facilities", episode.seen, "drugs_lacking") > 0.0


def per_visit(month) -> Iterator[Figure]:
    """Prescriptions renewed where drugs are delivered, per visit at primary."""
    if (month.world.facilities["drugs_lacking"] > 0.0).any():
        visits = float(month.visits.sum(1)[: CENTRE + 1].sum())
        yield Figure(float(month.events("with_delivery").sum()), visits)


class DrugDelivery(Block):
    """Terms of the delivery of drugs."""

    lacks: Share
    """Share of prescriptions at primary care for a drug that is not there."""
    fee: Money
    """What bringing one costs."""
    days: Days = 1.0
    """Days until it is there."""
    paid_by: one_of("families", "government") = "families"
    """Who bears the fee."""


SERVICE = Service(
    source="Cloud pharmacy of the digital health community of Tianjin (evidence H01); no figure of it is stated",
    terms=DrugDelivery,
    example="""
baseline:
  services:
    drug_delivery: {lacks: 20%, fee: 8 yuan, days: 1 day}
""",
    facilities=(
        Column("drugs_lacking", "f8", "share", "prescriptions at primary care for a drug that has to be brought"),
        Column("brought_fee", "f8", "yuan", "what bringing one costs the family"),
        Column("brought_days", "f8", "days", "until it is there"),
    ),
    when={"advice": "refill > 0.0 and home.drugs_lacking > 0.0"},
    events=(
        Count(
            "with_delivery", "prescriptions renewed here, where what is lacking is delivered", episode.seen,
            when=(episode.seen >= 0) & (episode.kind == "prescription") & DELIVERS,
        ),
    ),
    indicators=(
        Indicator(
            "delivered_renewals_per_visit", "share", "–; only where drugs are delivered",
            "prescriptions renewed at primary care where what is lacking is delivered", "visits at primary",
            Text("prescriptions renewed with delivery, per visit at primary care", "基层每诊次可配送续方数"), per_visit,
            events=True,
        ),
    ),
    use=(
        Use(
            unused=Text("no prescription was renewed where drugs are delivered", "没有处方在可配送药品的机构续开"),
            events=("with_delivery",),
        ),
    ),
)  # fmt: skip


def enforce(facilities, terms, offers):
    """The same at every place of primary care."""
    primary = facilities["tier"] <= CENTRE
    facilities["drugs_lacking"] = np.where(primary, terms.lacks, 0.0) if terms else 0.0
    facilities["brought_fee"] = terms.fee / FEN if terms and terms.paid_by == "families" else 0.0
    facilities["brought_days"] = terms.days if terms else 0.0


@compiled
def spared(family, home, minutes, par):
    """Utility of a drug that is brought over going on to a hospital so many ``minutes`` away; nothing if that is
    better."""
    way = par.travel * family.taste_travel * minutes / 30.0
    later = par.wait * par.delay_day * home.brought_days
    return max(way - later - par.price * family.taste_price * price_felt(home.brought_fee, par), 0.0)


@compiled
def advice(person, family, home, felt, refill, par, clock):
    """What having it brought is expected to spare who needs a prescription."""
    hospital = SECONDARY if family.place[SECONDARY] >= 0 else TERTIARY
    return par.delivery_known * home.drugs_lacking * spared(family, home, float(family.minutes[hospital]), par)


def settle(terms, billed):
    """The fee of what is brought to the patients of each place of primary care."""
    brought = rounded(terms.lacks * billed.market.activity["with_delivery"])
    yield Transfer(terms.paid_by, "administration", "drug_delivery", terms.fee * brought)
