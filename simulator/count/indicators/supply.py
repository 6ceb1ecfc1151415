"""Doctors, beds, what is invested, who moves, and what places are known for."""

from collections.abc import Callable, Iterator

import numpy as np

from simulator.core.clock import DAYS_A_MONTH
from simulator.core.messages import Text
from simulator.count.indicators.month import Month
from simulator.count.indicators.providers import column, count
from simulator.declare.indicator import Figure, Figures, Indicator, Subject, by_tier, of_scopes

THOUSAND = 1000.0


def per_thousand(sums: Callable[[Month], np.ndarray]) -> Figures:
    """So many for a thousand people of the place, from sums (tier,)."""

    def figures(month: Month) -> Iterator[Figure]:
        for tier, total in of_scopes(sums(month)).items():
            yield Figure(total * THOUSAND, float(month.world.people), tier)

    return figures


def invested(month: Month) -> tuple[np.ndarray, np.ndarray]:
    """What was invested of margins, and incomes, fen, (tier,)."""
    settled = month.world.tally.settled
    return month.of_facilities(settled.invested), month.of_facilities(settled.income)


def moved(month: Month) -> tuple[np.ndarray, np.ndarray]:
    """Doctors who came from other places less those who left, and doctors at the beginning, (tier,)."""
    fac = month.world.facilities
    staff = fac["doctors"] - fac["hired"]
    stayed = (staff - fac["came"]) / (1.0 - fac["leaving"])
    return month.of_facilities(staff - stayed), column(month, "own_doctors")


doctors = Indicator(
    "doctors",
    "number",
    "tier",
    "doctors × 1,000, those whom programmes pay included",
    "people",
    Text("doctors per 1,000 people", "每千人医生数"),
    per_thousand(lambda m: column(m, "doctors")),
    period="last",
)
beds = Indicator(
    "beds",
    "number",
    "tier",
    "approved beds × 1,000",
    "people",
    Text("beds per 1,000 people", "每千人床位数"),
    per_thousand(lambda m: column(m, "bed_days") / DAYS_A_MONTH),
    period="last",
)
reputation = Indicator(
    "reputation",
    "number",
    "tier",
    "sum over facilities of the capability that people think they have, fame included",
    "facilities",
    Text("capability as people know it", "群众认知的服务能力"),
    by_tier(lambda m: (column(m, "known") + column(m, "fame"), count(m))),
)
investment = Indicator(
    "investment",
    "share",
    "tier",
    "spent of margins on equipment and beds",
    "income from patients, funds, caps and audits",
    Text("investment from margins", "结余用于设备与床位投入占收入比例"),
    by_tier(invested),
    unbounded=True,  # an income may be nothing in a month in which something is spent
)
doctors_moved = Indicator(
    "doctors_moved",
    "share",
    "tier",
    "doctors who came from other places less those who left for them, since the burn-in",
    "doctors at the beginning",
    Text("doctors gained or lost to other places", "医生净流入（占期初医生）"),
    by_tier(moved),
    period="last",
    unbounded=True,  # a place may lose
)
SUPPLY = Subject("Supply", doctors, beds, reputation, investment, doctors_moved)
