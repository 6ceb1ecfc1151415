"""Columns of a family, but for those that services add (`engine/state/people.py`). A family decides for its members;
its attributes are one row of this table."""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.names import CENTRE, OPTIONS
from simulator.core.table import Column, Columns

FAMILY = Columns(
    "families",
    Column("first", "i4", "row", "first row of its members in the table of persons; the next family's first ends it"),
    Column("community", "i4", "row", "station of the home community, a row of the table of facilities"),
    Column("area", "i2", "code", "county or city it lives in"),
    Column("holder", "i2", "code", "alliance whose people it belongs to: 0 none, then in order"),
    Column("urban", "i1", "0 or 1", "lives in the city or a county town"),
    Column("income_bin", "i1", "0 to 99", "rank of income per head in the population, in hundredths"),
    Column("poor", "i1", "0 or 1", "entitled to medical aid"),
    Column("income", "i8", "fen/year", "disposable income of the whole family"),
    Column("place", "i4", "row", "facility behind each option of choice, -1 where there is none", -1, OPTIONS),
    Column("minutes", "f8", "minutes", "travel to each option, one way", 0, OPTIONS),
    Column("taste_quality", "f8", "factor", "permanent weight on the chance of cure, mean 1", 1),
    Column("taste_price", "f8", "factor", "permanent weight on price, falling in income", 1),
    Column("taste_travel", "f8", "factor", "permanent weight on travel, mean 1", 1),
    Column("taste_primary", "f8", "share", "permanent part of trust in primary care, mean 0"),
    Column("trust", "f8", "0 to 1", "trust in primary care learned from experience and neighbours", 0.68),
    Column(
        "habit", "f8", "share", "recent visits by tier (station, centre, secondary, tertiary); sums to one", 0.25, 4
    ),
    Column("account", "i8", "fen", "personal accounts of its insured, all together"),
)
"""What every month reads of a family; services add theirs next to it."""
SELDOM = Columns(
    "families",
    Column("paid_year", "i8", "fen", "paid for care since January, all members"),
    Column("catastrophic_at", "i8", "fen/year", "payments of a year that are catastrophic for it"),
    Column("online", "f8", "share", "recent visits that were online: experience of internet hospitals"),
    Column("literacy", "f8", "standard deviations", "health literacy against the mean family's"),
)
"""The rest."""


@compiled
def home_of(family):
    """Facility that a family's home belongs to: its centre, or its station where it has no centre."""
    return family.place[CENTRE] if family.place[CENTRE] >= 0 else family.community


def homes_of(families: np.ndarray) -> np.ndarray:
    """`home_of` of every family (family,)."""
    centre = families["place"][:, CENTRE]
    return np.where(centre >= 0, centre, families["community"])


@compiled
def relative_income(families, i, clock):
    """Income per head of family ``i`` against the mean."""
    size = families[i + 1].first - families[i].first
    return families[i].income / size / clock.income
