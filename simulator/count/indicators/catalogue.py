"""All indicators, by name, and their figures of a month."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.count.indicators.ages import AGE
from simulator.count.indicators.bills import BILLS
from simulator.count.indicators.disease import DISEASE
from simulator.count.indicators.families import FAMILIES
from simulator.count.indicators.funds import BUDGETS, FUNDS
from simulator.count.indicators.health import HEALTH
from simulator.count.indicators.insurance import INSURANCE
from simulator.count.indicators.integrity import INTEGRITY
from simulator.count.indicators.month import Month
from simulator.count.indicators.online import ONLINE_CARE
from simulator.count.indicators.providers import PROVIDERS
from simulator.count.indicators.referral import REFERRAL
from simulator.count.indicators.sample import SAMPLE
from simulator.count.indicators.supply import SUPPLY
from simulator.count.indicators.utilisation import UTILISATION
from simulator.declare.indicator import Indicator, Subject
from simulator.services import services

if TYPE_CHECKING:
    from simulator.engine.state.world import World

Row = tuple[str, str, str, str, str, float, float]
"""Indicator, tier, plan, part, alliance, numerator, denominator; numbers are of the sample."""

SERVICES = Subject("Services", *services.indicators())
OF_PEOPLE = (UTILISATION, REFERRAL, BILLS, FAMILIES)
SUBJECTS = (
    *OF_PEOPLE,
    FUNDS,
    DISEASE,
    HEALTH,
    AGE,
    PROVIDERS,
    SUPPLY,
    ONLINE_CARE,
    SERVICES,
    INSURANCE,
    INTEGRITY,
    SAMPLE,
    BUDGETS,
)
"""Subjects in the order of their rows in the results."""


def named(*subjects: Subject) -> dict[str, Indicator]:
    """Every indicator of the subjects by its name.

    Raises:
        ValueError: two have one name.
    """
    every = [indicator for subject in subjects for indicator in subject.indicators]
    found = {indicator.name: indicator for indicator in every}
    if len(found) < len(every):
        raise ValueError(f"two indicators have one name: {sorted(each.name for each in every)}")
    return found


INDICATORS = named(*SUBJECTS)


def indicators(world: "World", subjects: tuple[Subject, ...] = SUBJECTS) -> Iterator[Row]:
    """The rows of the month that is about to end, those without a denominator among them; yuan are those of its
    year."""
    month, index = Month(world), world.money_index
    for subject in subjects:
        for indicator, (numerator, denominator, tier, plan, part, alliance) in subject.figures(month):
            yuan = index if indicator.unit == "yuan" else 1.0
            yield indicator.name, tier, plan, part, alliance, numerator * yuan, denominator


def page() -> str:
    """Every subject as a section of the documentation."""
    return "\n\n".join(subject.markdown() for subject in SUBJECTS)
