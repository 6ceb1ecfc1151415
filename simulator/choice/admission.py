"""The family's second choice: at which tier to be admitted, and whether to accept at that price."""

from simulator.choice.place import price_felt
from simulator.core.jit import compiled
from simulator.core.maths import log, logistic
from simulator.core.names import CENTRE, SECONDARY, TERTIARY


@compiled
def bed_utility(family, minutes, tier, here, severity, chance, yuan, par):
    """Utility of being admitted at a tier; ``here`` says that it is where the patient was seen."""
    value = (
        par.quality * family.taste_quality * chance
        - par.price * family.taste_price * price_felt(yuan, par)
        - par.travel * family.taste_travel * minutes / 30.0
    )
    if here:
        value += par.bed_stay
    if tier == TERTIARY:
        value += par.bed_tertiary
    if tier <= CENTRE:
        value += par.bed_centre
    if tier <= CENTRE and severity > par.bed_centre_severity:
        value += par.bed_centre_severe
    return value


@compiled
def too_complex(weight, tier, par):
    """Disutility of a bed at a tier for a case of this relative ``weight``: what a place is not made for it sends on,
    and families are told so. Tertiary hospitals take everything."""
    if tier >= TERTIARY:
        return 0.0
    return par.triage * max(0.0, weight - (par.triage_secondary if tier == SECONDARY else par.triage_centre))


@compiled
def can_raise(yuan, income, par):
    """Whether a family of this income, fen a year, can raise so much for a stay, with all it has and can borrow."""
    return yuan * 100.0 <= par.raise_most * income


@compiled
def chance_accepting(excess, yuan, income, par):
    """Chance that an admission is accepted at this price. ``excess`` is severity above that at which half of the group
    need an admission, ``income`` is per head against the mean."""
    return logistic(
        par.bed_accept
        + par.bed_accept_severity * excess
        - par.bed_accept_price * log((yuan + par.go_price_floor) / par.bed_accept_price_at)
        + par.bed_accept_income * log(income)
    )
