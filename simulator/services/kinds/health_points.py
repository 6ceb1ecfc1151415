"""Health points (健康积分): follow-up of a managed patient earns the family points, which pay for primary visits.

They draw patients to follow-up whom their doctor does not ask, by what they bring, literacy, symptoms and the way
(`choice/uptake.py`). How they pay for a visit is a step of the bill (`benefit/rules/health_points.py`).
"""

import numpy as np

from simulator.choice.uptake import share_drawn
from simulator.core.fields import Block
from simulator.core.jit import compiled
from simulator.core.money import FEN
from simulator.core.names import CARE, CENTRE, OUTPATIENT, TIERS
from simulator.core.table import Column
from simulator.core.units import Money, Share
from simulator.services.service import Service

PRIMARY = TIERS[: CENTRE + 1]


class HealthPoints(Block):
    """Terms of health points."""

    per_contact: Money
    """What a standard contact of a managed patient earns its family, in fen."""
    redeem: Share
    """Share of what is left to the family of a primary visit that points may pay."""


SERVICE = Service(
    source="Health cloud points of Shanghai (健康云健康积分; evidence S13); yuan for a point are the user's",
    terms=HealthPoints,
    example="""
baseline:
  services:
    health_points: {per_contact: 10 yuan, redeem: 50%}
""",
    facilities=(Column("points", "i8", "fen", "health points that a contact of a managed patient earns the family"),),
    families=(Column("points", "i8", "fen", "health points that it has not used"),),
    when={"reach": "home.points > 0", "contact": "home.points > 0"},
)


def enforce(facilities, terms, offers):
    """The same points for a contact everywhere."""
    facilities["points"] = terms.per_contact if terms else 0


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
