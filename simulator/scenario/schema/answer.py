"""What a report answers: the outcomes that matter, short titles of arms, the arm that checks the mechanism."""

from pydantic import Field

from simulator.core.fields import Block, Both, one_of
from simulator.core.names import TIER_GROUPS, TIERS
from simulator.count.indicators.catalogue import INDICATORS

OF_MONEY = ("own_payments", "fund_payments", "charge_at_old_mix")
"""Outcomes that a report works out itself, off the ledger and off charges by tier."""
MOST = 10
"""So many outcomes stand in the first picture of a report."""


class Wanted(Block):
    """An outcome that matters."""

    indicator: one_of(*INDICATORS, *OF_MONEY)
    """Indicator of the results; or `own_payments`, what people pay themselves a year, `fund_payments`, what all funds
    pay a head and year, `charge_at_old_mix`, the bill of a stay at the baseline's mix of tiers."""
    tier: one_of(*TIERS, *TIER_GROUPS) | None = None
    """Tier it is about."""
    plan: str | None = None
    """Plan it is about."""
    part: str | None = None
    """Part of the indicator, such as a disease."""
    better: one_of("more", "less") | None = None
    """Which way is better, where that is not what the indicator says."""
    title: Both | None = None
    """Name in the report."""


class Answer(Block):
    """What a report answers first; what is left out follows from claims, scores, services and rules."""

    outcomes: tuple[Wanted, ...] = Field((), max_length=MOST)
    """The outcomes of the first picture, in the order in which they matter; ten at most."""
    short: dict[str, Both] = {}
    """Short titles of arms, for charts: at most 16 letters, or 6 Chinese ones."""
    check: str | None = None
    """The arm in which the mechanism is switched off."""
