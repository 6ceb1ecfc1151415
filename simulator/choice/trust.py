"""Trust in primary care: learned from what happened there, more from disappointments, and from neighbours (B3)."""

from simulator.core.jit import compiled
from simulator.core.maths import clip


@compiled
def trust_of(family, par):
    """Trust in primary care: what was learned plus what a family never loses."""
    return clip(family.trust + family.taste_primary, 0.05, 1.0)


@compiled
def after_visit(trust, cured, par):
    """Trust after a visit at primary care."""
    seen = par.outcome_weight * (1.0 if cured else 0.0) + (1.0 - par.outcome_weight) * par.communication
    gap = seen - trust
    weight = par.loss_aversion if gap < 0.0 else 1.0
    return clip(trust + par.trust_visit * weight * gap, 0.05, 1.0)


@compiled
def after_service(trust, par):
    """Trust after a month in which the family doctor really served a signed member of the family."""
    return clip(trust + par.trust_served * (1.0 - trust), 0.05, 1.0)


@compiled
def after_neighbours(trust, neighbours, par):
    """Trust after a month among neighbours whose mean trust is ``neighbours``."""
    return clip(trust + par.neighbours * (neighbours - trust), 0.05, 1.0)
