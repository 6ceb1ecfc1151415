"""Signs of contracts, outreach and remote consultation. Beliefs are numbers written by hand; no rule is named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.core.names import CENTRE, SECONDARY, TERTIARY
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.acts import decide_all
from simulator.practice.beliefs import BELIEFS

PAR = behaviour.row()
USUAL = {
    "case_bill": 6000, "case_weight": 1, "case_days": 9, "sender_bill": 9000, "sender_weight": 1, "sender_days": 10,
    "centre_capability": 0.515,
}  # fmt: skip
HOSPITAL = {"tier": SECONDARY, "bed_days": 300, "doctors": 40.0, "below": 30.0}


def settled(belief: dict, months: int = 200, altruism: float = 1.0, **facility) -> np.record:
    """A centre that offers contracts, or what ``facility`` says, once its conduct no longer moves."""
    place, believed, par = FACILITIES.rows(1), BELIEFS.rows(1), PAR.copy()
    par["altruism"] = altruism
    for column, value in ({"tier": CENTRE, "contract": 1, "doctors": 4.0} | facility).items():
        place[column] = value
    for column, value in (USUAL | belief).items():
        believed[column] = value
    for _ in range(months):
        decide_all(place, believed, par, 0, 1)
    return place[0]


def test_signed_and_not_served():
    """A higher fee for a signature signs more and serves no better."""
    fees = [settled({"signed": fee}) for fee in (0, 60, 120)]
    assert [place.recruit for place in fees] == sorted({place.recruit for place in fees})
    assert len({place.serve for place in fees}) == 1
    assert fees[-1].serve < 0.3 < 0.9 < fees[-1].recruit


def test_a_withheld_share_of_the_fee_serves():
    """Of 120 yuan, 60 % paid only for those who are really served: many more are served, a few fewer signed."""
    plain, withheld = settled({"signed": 120}), settled({"signed": 48, "served": 72})
    assert withheld.serve > 2 * plain.serve
    assert 0.8 * plain.recruit < withheld.recruit < plain.recruit


def test_a_full_clinic_serves_fewer():
    shares = [settled({"signed": 60, "served": 40}, clinic_use=use) for use in (0.3, 0.8, 1.1)]
    for column in ("serve", "recruit"):
        found = [place[column] for place in shares]
        assert found == sorted(set(found), reverse=True)


def test_care_for_patients_serves_without_money():
    assert settled({}, altruism=1.5).serve > settled({}).serve > settled({}, altruism=0.5).serve


def test_no_contract_no_conduct():
    place = settled({"signed": 120, "served": 72})
    assert place.recruit > 0 < place.serve
    place = settled({"signed": 120, "served": 72}, contract=0, recruit=0.5, serve=0.5)
    assert place.recruit == place.serve == 0


@pytest.mark.parametrize("tier", [SECONDARY, TERTIARY])
def test_outreach_follows_its_pay(tier: int):
    hours = [settled({"outreach": yuan}, **HOSPITAL | {"tier": tier}).outreach for yuan in (0, 100, 200, 300, 600)]
    assert hours == sorted(hours)
    assert hours[0] == 0
    assert 0 < hours[3] < hours[4] <= PAR["outreach_most"][0] * HOSPITAL["doctors"]


def test_a_tertiary_specialist_costs_more():
    hours = [settled({"outreach": 250}, **HOSPITAL | {"tier": tier}).outreach for tier in (SECONDARY, TERTIARY)]
    assert hours[0] > hours[1]


def test_outreach_that_is_no_longer_paid_ends():
    before = HOSPITAL | {"outreach": 100.0}
    hours = [settled({}, months, **before).outreach for months in (0, 1, 6, 120)]
    assert hours == sorted(set(hours), reverse=True)
    assert hours[-1] < 1e-6


def test_nobody_below_no_outreach():
    assert settled({"outreach": 600}, **HOSPITAL | {"below": 0.0}).outreach == 0


@pytest.mark.parametrize(("column", "place"), [("consult", {}), ("read", HOSPITAL)])
def test_remote_consultation_follows_its_pay(column: str, place: dict):
    shares = [settled({column: yuan}, **place)[column] for yuan in (0, 60, 100, 200)]
    assert shares[0] == 0
    assert shares == sorted(set(shares))
    assert shares[-1] <= 1
    other = "read" if column == "consult" else "consult"
    assert settled({column: 200, other: 200}, **place)[other] == 0


def test_what_does_not_reach_the_doctors_moves_nothing():
    """Pay that stays with the facility is no reason for its doctors."""
    paid = {"signed": 120, "served": 72, "outreach": 600, "consult": 100, "read": 100}
    for place in ({}, HOSPITAL):
        assert settled(paid, pass_through=0.0, **place) == settled({}, pass_through=0.0, **place)


@given(st.fixed_dictionaries(dict.fromkeys(("signed", "served", "outreach", "consult", "read"), st.floats(-1e4, 1e4))))
def test_bounds(belief: dict):
    centre, hospital = settled(belief, 30), settled(belief, 30, **HOSPITAL)
    for share in (centre.recruit, centre.serve, centre.consult, hospital.read):
        assert 0 <= share <= 1
    assert 0 <= hospital.outreach <= PAR["outreach_most"][0] * HOSPITAL["doctors"]
    assert centre.outreach == 0
