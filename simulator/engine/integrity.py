"""Indicators of what is false in the books, who is refused, what is done twice or moved to the patient."""

from collections.abc import Iterator

import numpy as np

from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT
from simulator.count.events import EVENTS
from simulator.count.people import PLANS
from simulator.engine.indicators import Row, by_plan, by_tier, by_tier_plan, scoped
from simulator.engine.state.world import World
from simulator.payment.books import CASES, DAYS, IDLE, OUTSIDE, SPLIT
from simulator.payment.price import charge


def integrity(world: World) -> Iterator[Row]:
    """All of them; those of records that nobody keeps and of tests that nobody repeats are zero, not left out."""
    counts, events, tier = world.tally.counts, world.tally.events, world.facilities["tier"]

    def stays(values: np.ndarray) -> np.ndarray:
        return by_tier_plan(world, INPATIENT, values).sum(1)

    yield from scoped("split_share", stays(counts[:, SPLIT]), stays(counts[:, CASES]))
    yield from scoped("idle_days_share", stays(counts[:, IDLE]), stays(counts[:, DAYS]))
    yield from scoped(
        "dumped_share", by_tier(world, events[:, EVENTS["turned_away"]]), by_tier(world, events[:, EVENTS["dear"]])
    )
    transferred = events[:, EVENTS["received_up"]] + events[:, EVENTS["taken_over"]]
    yield from scoped("repeat_test_share", by_tier(world, events[:, EVENTS["repeated"]]), by_tier(world, transferred))
    for part, care in (("outpatient", OUTPATIENT), ("inpatient", INPATIENT)):
        outside, charged = (by_tier_plan(world, care, values).sum(1) for values in (counts[:, OUTSIDE], charge(counts)))
        yield from scoped("off_catalogue_share", outside, charged, part=part)
    false, moved = events[:, EVENTS["false_down"]].sum(), events[:, EVENTS["moved"]].sum()
    yield "false_referral_share", "", "", "", float(false), float(moved + false)
    up = events[tier <= CENTRE, EVENTS["went_up"]].sum()
    appropriate = by_plan(world)[:, PLANS["appropriate_up"]].sum() + events[:, EVENTS["fit"]].sum()
    yield "recorded_two_way_referral_rate", "", "", "", float(up + moved + false), float(appropriate)
    yield "true_two_way_referral_rate", "", "", "", float(up + moved), float(appropriate)
