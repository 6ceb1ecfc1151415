"""Referral paid when it is completed: what happened is what is paid, and doctors act on what they expect of it."""

from functools import cache

import numpy as np
import pytest

from simulator.core.names import CENTRE, SECONDARY
from simulator.count.events import EVENTS
from simulator.model import HealthSystem
from tests.small import AMPLE, COUNTY, SHORT, Spec, model

PLACE = Spec((SHORT, COUNTY, *AMPLE, "facilities.centre.capability=0.75"), families=1200, months=5, seed=4)
FEN = {"up": 500_000, "down": 300_000, "both_ways": 200_000}
"""Fees so high that every way happens in a small place."""


def fees(*ways: str) -> str:
    """A fee for these ways, three tenths of it for the sender."""
    fee = ", ".join(f"{way}: {FEN[way] // 100} yuan" for way in ways)
    rule = f"{{for: all, rule: coordination_fee, fee: {{{fee}}}, sources: {{insurance: 100%}}, sender_share: 30%}}"
    return f"baseline.settlements.coordination={rule}"


@cache
def run(*ways: str) -> HealthSystem:
    """The place with fees for these ways."""
    changes = (*PLACE.changes, fees(*ways)) if ways else PLACE.changes
    return model(PLACE._replace(changes=changes)).run()


def mean(system: HealthSystem, column: str, *tiers: int) -> float:
    facilities = system.world.facilities
    return float(facilities[column][np.isin(facilities["tier"], tiers)].mean())


def test_what_is_paid_is_what_was_completed():
    system = run("up", "down", "both_ways")
    names = {"went_up": "up", "moved": "down", "back_home": "both_ways"}
    whole = {name: 0 for name in names}
    for month in system.observer.months:
        for name in names:
            whole[name] += round(month["facilities"][name].sum() / system.weight)
    assert min(whole.values()) > 0
    kind = system.world.ledger.kinds.index("coordination_fee")
    postings = np.concatenate([month["postings"] for month in system.observer.months])
    paid = postings["fen"][postings["kind"] == kind]
    assert paid.sum() == sum(whole[name] * FEN[way] for name, way in names.items())


def test_both_ways_are_those_sent_up_and_back_at_their_own_centre():
    """Episode by episode, of every month; who waited for the bed since last month had been sent up all the same."""
    system, found = model(PLACE._replace(changes=(*PLACE.changes, fees("up", "down")))), 0
    while system.running:
        system.step()
        rows = np.concatenate(system.engine.each(lambda block: block.rows[: block.end].copy()))
        home = system.world.families["place"][rows["family"], CENTRE]
        mine = rows[(rows["referral"] == 1) & (rows["moved_to"] >= 0) & (rows["moved_to"] == home)]
        size = len(system.world.facilities)
        for event, column in (("sent_home", "admitted"), ("back_home", "moved_to")):
            counted = EVENTS.of(system.world.tally.events, event)
            assert (counted == np.bincount(mine[column], minlength=size)).all()
        found += len(mine)
    assert found > 0


@pytest.mark.parametrize(
    ("more", "less", "column", "tiers"),
    [
        (("up",), (), "refer", (0, CENTRE)),
        (("up", "down"), ("up",), "send", (SECONDARY,)),
        (("up", "down"), ("up",), "accept", (CENTRE,)),
        (("up", "down", "both_ways"), ("up", "down"), "send", (SECONDARY,)),
        (("up", "down", "both_ways"), ("up", "down"), "accept", (CENTRE,)),
        (("up", "down", "both_ways"), ("up", "down"), "refer", (CENTRE,)),
    ],
)
def test_doctors_do_more_of_what_is_paid(
    more: tuple[str, ...], less: tuple[str, ...], column: str, tiers: tuple[int, ...]
):
    assert mean(run(*more), column, *tiers) > mean(run(*less), column, *tiers)


def test_a_fee_for_the_way_up_makes_the_way_down_worth_nothing():
    up, down = run("up").world.beliefs, run("up", "down").world.beliefs
    assert (up["referred_up"] > 0).any()
    assert not up["moved_in"].any()
    assert not up["moved_out"].any()
    assert (down["moved_in"] > 0).any()
    assert (down["moved_out"] > 0).any()
