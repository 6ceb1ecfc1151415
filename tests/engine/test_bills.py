"""The order of a person's bills: by day, then by number, on running deductibles; worked by hand."""

import numpy as np
import pytest

from simulator.core.names import CENTRE, OUTPATIENT, SECONDARY
from simulator.engine.passes.receive import pay
from simulator.engine.state.bills import room_for_bills
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World
from simulator.payment.books import CASES, COVERED, OUTSIDE, SELF
from tests.small import COUNTY, SHORT, Spec, world

DEDUCTIBLE, AT_CENTRE, AT_HOSPITAL = 10_000, 12_000, 8_000
"""Fen. The fund pays half above the deductible at the centre and nothing at the hospital."""


@pytest.fixture
def place() -> World:
    """A county where a visit costs 120 yuan at the centre and 80 at the hospital, always."""
    found = world(
        Spec(
            (
                SHORT,
                COUNTY,
                "baseline.benefit.resident.outpatient.centre={deductible: 100 yuan, fund_pays: 50%}",
                "baseline.benefit.resident.outpatient.secondary={deductible: 100 yuan, fund_pays: 0%}",
                "baseline.benefit.resident.outpatient.ceiling=9000 yuan/year",
                "baseline.benefit.resident.catastrophic=remove",
            )
        )
    )
    found.behaviour["bill_spread"] = 1e-7
    found.behaviour["follow_up"] = 0.0
    found.facilities["outside"] = 0.0
    found.facilities["outpatient_level"] = 1.0
    found.facilities["outpatient_level"][found.facilities["tier"] == SECONDARY] = AT_HOSPITAL / AT_CENTRE
    found.groups["bill"] = AT_CENTRE
    return found


def outcome(place: World, visits: list[tuple[int, int, int]]) -> tuple[np.record, np.ndarray, World]:
    """Bills of the first resident after visits, in the order of rows: (day, number, tier); the person, the books."""
    person = int(np.flatnonzero(place.persons["plan"] == 0)[0])
    family = int(place.persons["family"][person])
    rows = EPISODES.rows(len(visits))
    for row, (day, number, tier) in zip(rows, visits, strict=True):
        for column, value in (("family", family), ("person", person), ("day", day), ("number", number)):
            row[column] = value
        row["severity"] = place.groups["severity"][0]
        row["seen"] = place.families["place"][family][tier]
        row["option"] = tier
    sums, room = Sums(place), room_for_bills(place.families)
    pay(place.families, place.persons, in_force(place), rows, family, family + 1, room, sums.arrays)
    return place.persons[person], sums.counts, place


def own_by_tier(place: World, books: np.ndarray) -> dict[int, int]:
    outpatient = place.cells["care"] == OUTPATIENT
    return {tier: int(books[outpatient & (place.cells["tier"] == tier), SELF].sum()) for tier in (CENTRE, SECONDARY)}


CENTRE_FIRST = {CENTRE: 10_000 + 1_000, SECONDARY: 8_000}
"""The centre's bill meets the deductible and half of the 20 yuan above it."""
HOSPITAL_FIRST = {CENTRE: 2_000 + 5_000, SECONDARY: 8_000}
"""The hospital's bill uses 80 yuan of the deductible; the centre's the last 20, and half of the 100 above."""


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([(5, 3, CENTRE), (20, 2, SECONDARY)], CENTRE_FIRST),
        ([(20, 2, SECONDARY), (5, 3, CENTRE)], CENTRE_FIRST),  # rows in reverse
        ([(20, 2, CENTRE), (5, 3, SECONDARY)], HOSPITAL_FIRST),
        ([(9, 4, SECONDARY), (9, 3, CENTRE)], CENTRE_FIRST),  # the same day: by number
        ([(9, 3, SECONDARY), (9, 4, CENTRE)], HOSPITAL_FIRST),
    ],
)
def test_bills_by_day_and_number(place: World, visits, expected):
    person, books, _ = outcome(place, visits)
    assert own_by_tier(place, books) == expected
    assert person["own_year"] == sum(expected.values())
    assert person["outpatient_year"] == AT_CENTRE + AT_HOSPITAL
    assert person["outpatient_fund"] == AT_CENTRE + AT_HOSPITAL - sum(expected.values())
    assert books[:, CASES].sum() == 2
    assert books[:, COVERED].sum() == AT_CENTRE + AT_HOSPITAL
    assert books[:, OUTSIDE].sum() == 0


def test_a_deductible_met_this_year_is_met(place: World):
    place.persons["outpatient_year"] = DEDUCTIBLE
    _, books, _ = outcome(place, [(3, 2, CENTRE)])
    assert own_by_tier(place, books) == {CENTRE: AT_CENTRE // 2, SECONDARY: 0}


def test_a_ceiling_reached_in_between(place: World):
    """Of two visits of 120 yuan the fund would pay 10 and 60; 30 yuan are left under the ceiling."""
    place.cover.rows["ceiling"] = 3_000
    person, books, _ = outcome(place, [(2, 3, CENTRE), (1, 2, CENTRE)])
    assert person["outpatient_fund"] == 3_000
    assert books[:, SELF].sum() == 2 * AT_CENTRE - 3_000


def test_family_pays_what_its_members_pay(place: World):
    person, _, after = outcome(place, [(20, 2, SECONDARY), (5, 3, CENTRE)])
    assert after.families["paid_year"].sum() == person["own_year"] == sum(CENTRE_FIRST.values())
