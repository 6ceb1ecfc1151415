"""What doctors get follows everything that their place earns, in whatever order the rules are listed."""

import numpy as np

from simulator.engine.month import run_month
from simulator.engine.runners.fast import Fast
from tests.small import COUNTY, SHORT, Spec, world

AFTER = "baseline.settlements.more={for: {tiers: primary}, rule: public_health, per_head: 100 yuan/year}"
BY_HEAD = (
    "baseline.payment.by_head={for: {tiers: primary, care: outpatient}, takes_from: [outpatients], rule: capitation, "
    "per_head: 260 yuan/year, heads: residence}"
)


def months(*changes: str, number: int = 3) -> list:
    """What was settled in each of some months."""
    place, found = world(Spec(changes=(SHORT, COUNTY, *changes), families=120)), []
    engine = Fast(place)
    for _ in range(number):
        run_month(place, engine, lambda w: found.append(w.tally.settled))
    return found


def test_a_bonus_is_the_share_of_all_that_the_place_has_left():
    """Of the whole margin of the month, thirty per cent, to the fen; nothing of a loss. The first two rules are listed
    behind the salary."""
    for changes in ((AFTER,), (BY_HEAD,), ()):
        for settled in months(*changes):
            assert (abs(settled.bonus - 0.3 * np.maximum(0, settled.margin)) <= 1).all()


def test_money_that_is_listed_after_the_salary_reaches_the_doctors():
    """In the first month, when conduct is still the same: three tenths of it, where the place has a margin anyhow."""
    before, after = months(number=1)[0], months(AFTER, number=1)[0]
    brought = -after.paid["public_health"]
    both = (before.margin > 0) & (brought > 0)
    assert both.any()
    assert (abs(after.bonus - before.bonus - 0.3 * brought)[both] <= 1).all()
