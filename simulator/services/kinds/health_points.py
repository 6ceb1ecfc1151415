"""Health points (健康积分): follow-up and preventive visits earn the family points, which pay for visits to primary
care (drugs, Chinese medicine, advice) and for preventive visits.

They draw patients to follow-up whom their doctor does not ask, by what they bring, literacy, symptoms and the way
(`choice/uptake.py`). How they pay for a visit is a step of the bill (`benefit/rules/health_points.py`). What they do
for check-ups and vaccination, where these are offered, is in `services/kinds/preventive_visits.py`: a lower net price.
"""

import numpy as np

from simulator.choice.uptake import share_drawn
from simulator.core.fields import Block
from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.money import FEN
from simulator.core.names import CARE, CENTRE, OUTPATIENT, TIERS
from simulator.core.table import Column
from simulator.core.units import Money, Share
from simulator.declare.use import Use
from simulator.services.service import Service

PRIMARY = TIERS[: CENTRE + 1]


class HealthPoints(Block):
    """Terms of health points."""

    per_contact: Money
    """What a standard contact of a managed patient earns its family, in fen."""
    redeem: Share
    """Share of what is left to the family of a primary visit that points may pay."""
    per_prevention: Money = 0
    """What a preventive visit (check-up, vaccination) earns the family, in fen."""
    redeem_prevention: Share = 0.0
    """Share of the price of a preventive visit that points may pay."""


SERVICE = Service(
    source="Health cloud points of Shanghai (健康云健康积分; evidence S13); yuan for a point are the user's",
    terms=HealthPoints,
    example="""
baseline:
  services:
    health_points: {per_contact: 10 yuan, redeem: 50%}
""",
    facilities=(
        Column("points", "i8", "fen", "health points that a contact of a managed patient earns the family"),
        Column("points_prevention", "i8", "fen", "health points that a preventive visit earns the family"),
        Column("redeem_prevention", "f8", "share", "of the price of a preventive visit that points may pay"),
    ),
    families=(Column("points", "i8", "fen", "health points that it has not used"),),
    when={"reach": "home.points > 0", "contact": "home.points > 0"},
    use=(
        Use(
            unused=Text("nobody earned a health point", "没有家庭获得健康积分"),
            events=("contacts", "preventive_visits"),
        ),
        Use(
            unused=Text("no health point was spent", "健康积分从未使用"),
            events=("prevention_points",),
            postings=("points",),
        ),
    ),
)


def enforce(facilities, terms, offers):
    """The same points everywhere."""
    facilities["points"] = terms.per_contact if terms else 0
    facilities["points_prevention"] = terms.per_prevention if terms else 0
    facilities["redeem_prevention"] = terms.redeem_prevention if terms else 0.0


def cover(rows, terms, care, tier):
    """Points pay for visits at primary."""
    if care == CARE[OUTPATIENT] and tier in PRIMARY:
        rows["redeem"] = terms.redeem


@compiled
def reach(person, family, home, felt, par):
    """Those whom points draw to follow-up."""
    return share_drawn(home.points / FEN, family.literacy, felt, np.float64(family.minutes[CENTRE]), par)


@compiled
def contact(person, family, home):
    """A contact earns the family points."""
    family.points += home.points
