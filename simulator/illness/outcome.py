"""What becomes of an illness: what was done enters the chance of cure, concave in how much was done; who is not cured
gets well by himself, comes back worse, or dies.

A benefit that is concave in services and best at one: Ellis and McGuire, J Health Econ 1986;5:129.
"""

from simulator.core.jit import compiled
from simulator.core.maths import clip, logistic

DEADLIEST = 0.9
"""Highest chance of dying of an illness in a month."""
MOST_BACK = 0.5
"""Highest chance of being back in hospital within 30 days."""


@compiled
def strength(done, par):
    """Shift of the logit of cure where a part ``done`` of what is best for the patient, one, was done: zero there, and
    below zero and concave on both sides."""
    short = max(1.0 - done, 0.0)
    more = max(done - 1.0, 0.0)
    return -(par.cure_short * short * short + par.cure_more * more * more)


@compiled
def hurry(use, par):
    """Shift of the logit of cure by visits that are cut short, where the ``use`` of usual slots is above one: at most
    what a clinic can be stretched to."""
    return -par.cure_hurry * max(min(use, 1.0 + par.stretch_slots) - 1.0, 0.0)


@compiled
def chance_cured(capability, severity, shift, par):
    """Chance that care at a place of this ``capability`` cures, whose logit what was done there shifts."""
    return logistic(par.cure_slope * (capability - severity) + shift)


@compiled
def chance_remission(severity, par):
    """Chance that an illness goes away by itself within the month."""
    rest = 1.0 - severity
    return par.remission * rest * rest


@compiled
def worse(severity, par):
    """Severity of an illness a month later, uncured."""
    return clip(severity + par.worsen * severity * (1.0 - severity), 0.0, 1.0)


@compiled
def deadly(severity, par):
    """What the chance of dying of an uncured illness goes with."""
    above = max(severity - par.death_at, 0.0)
    return above * above


@compiled
def chance_fatal(severity, lethality, par):
    """Chance of dying of an uncured illness in a month; ``lethality`` is that of the person's age."""
    return min(lethality * deadly(severity, par), DEADLIEST)


@compiled
def chance_readmitted(stay, par):
    """Chance of being back in hospital within 30 days of going home after a ``stay`` of so much of the usual one."""
    return min(par.readmit * (1.0 + par.readmit_early * max(1.0 - stay, 0.0)), MOST_BACK)


@compiled
def disability(severity, par):
    """Share of a month's health that being unwell takes."""
    if severity < 0.3:
        return par.unwell_mild
    if severity < 0.5:
        return par.unwell_moderate
    if severity < 0.75:
        return par.unwell_severe
    return par.unwell_emergency
