"""Channels of alliances at work: who is sent where and how soon, what the way by a member is worth, and that a name
alone moves nobody."""

import numpy as np
import pytest

from simulator.alliance.channels import CHANNELS
from simulator.core.names import CENTRE, OPTIONS, SECONDARY, STATION, TERTIARY
from simulator.engine.passes.care.lanes import room
from simulator.engine.passes.referral import refer
from simulator.engine.state.episodes import BY_DOCTOR, BY_PATIENT, EPISODES, ILLNESS
from simulator.engine.state.in_force import in_force
from simulator.engine.state.world import World
from simulator.scenario.compile.in_force import as_at_start
from tests.engine.test_way_up import quiet_world, weighed
from tests.small import AMPLE, COUNTY, SHORT, Spec, model, scenario, world

GROUP = "baseline.alliances.group={form: county_community, lead: county_1, members: {below: county_1}, tightness: 0}"
STAFF = "baseline.alliances.group.unified=[staff, drugs]"
NONE = {name: 0.0 for each in CHANNELS.values() for name in each.channel.parameters}
OFF = tuple(f"behaviour.parameters.{name}=0" for name in NONE)


def sent(place: World) -> np.ndarray:
    """What becomes of a thousand episodes at the first centre with both hospitals above, whose doctors gain something
    by sending."""
    fac = place.facilities
    fac["refer"] = 150.0
    centre = int(np.flatnonzero((fac["tier"] == CENTRE) & (fac["up_secondary"] >= 0) & (fac["up_tertiary"] >= 0))[0])
    rows = EPISODES.rows(1000)
    rows["kind"], rows["got"], rows["option"] = ILLNESS, centre, 1
    rows["person"] = np.arange(len(rows)) % len(place.persons)
    rows["family"] = place.persons["family"][rows["person"]]
    rows["number"] = 2 + np.arange(len(rows)) // len(place.persons)
    rows["severity"] = np.linspace(0.1, 0.95, len(rows))
    refer(place.families, place.persons, in_force(place), rows, 0, len(rows), room())
    return rows


def test_doctors_name_the_hospital_of_their_alliance_as_far_as_they_gain():
    place = world(Spec((SHORT, COUNTY, GROUP)))
    tiers = []
    for preference in (0.0, 2.0):
        place.facilities["refer_within"] = preference
        rows = sent(place)
        by_doctor = rows[rows["sent"] == BY_DOCTOR]
        tiers.append(place.facilities["tier"][by_doctor["ask_place"]])
    assert len(tiers[0]) == len(tiers[1]) > 50, "who is sent up does not depend on it"
    assert (tiers[1] == TERTIARY).mean() < (tiers[0] == TERTIARY).mean() - 0.1


def test_a_preference_between_two_members_is_none():
    both = GROUP.replace("{below: county_1}", "{below: county_1, tiers: [tertiary]}")
    place = world(Spec((SHORT, COUNTY, both)))
    asked = []
    for preference in (0.0, 2.0):
        place.facilities["refer_within"] = preference
        asked.append(sent(place)["ask_place"].copy())
    assert (asked[0] == asked[1]).all()


def test_who_is_sent_within_comes_sooner_and_more_ask():
    place = world(Spec((SHORT, COUNTY, GROUP)))
    place.behaviour["green_wait"] = place.behaviour["green_effort"] = 0.0
    plain = sent(place)
    place.behaviour["green_wait"], place.behaviour["green_effort"] = 0.5, 2.0
    eased = sent(place)
    both = (plain["sent"] > 0) & (plain["ask_place"] == eased["ask_place"])
    inside = both & (place.facilities["alliance"][plain["ask_place"]] == 0)
    assert inside.sum() > 50
    assert (eased["key"] <= plain["key"])[inside].all()
    assert (eased["key"] < plain["key"])[inside].mean() > 0.8
    assert (eased["key"] == plain["key"])[both & ~inside].all()
    assert ((plain["sent"] == BY_PATIENT) <= (eased["sent"] == BY_PATIENT)).all()
    assert (eased["sent"] == BY_PATIENT).sum() > (plain["sent"] == BY_PATIENT).sum()


def test_the_way_by_a_member_to_a_member_is_eased_and_no_other():
    severities = np.array([0.4, 0.6])
    weak = weighed(quiet_world(GROUP, signal_noise=0.0, **NONE), severities)
    before = weak.value[:OPTIONS, :2].copy()
    inside = weak.inside[:OPTIONS, 0].copy()
    assert inside[STATION] == inside[CENTRE] == inside[SECONDARY] == 1
    assert inside[TERTIARY] == 0
    strong = weighed(quiet_world(GROUP, signal_noise=0.0, **NONE | {"green_effort": 2.0}), severities)
    assert strong.value[CENTRE, 0] > before[CENTRE, 0]
    assert strong.up_eased[1] == 0, "the worse case would be sent to the tertiary hospital, outside"
    assert strong.value[CENTRE, 1] == pytest.approx(before[CENTRE, 1])
    assert strong.value[SECONDARY : TERTIARY + 1, :2] == pytest.approx(before[SECONDARY : TERTIARY + 1])
    alone = weighed(quiet_world(signal_noise=0.0, **NONE | {"green_effort": 2.0}), severities)
    assert alone.value[:OPTIONS, :2] == pytest.approx(before)


def test_a_name_alone_moves_nobody():
    """No budget, no common purse, every channel at zero: the same visits, stays and waits, to the bit."""
    spec = Spec((SHORT, COUNTY, *AMPLE, *OFF), families=60, months=4)
    apart, named = (model(spec._replace(changes=(*spec.changes, *more))).run() for more in ((), (GROUP, STAFF)))
    assert (named.world.facilities["alliance"] >= 0).any()
    for column in ("wait", "capability", "informed", "bed_use", "clinic_use"):
        assert (apart.world.facilities[column] == named.world.facilities[column]).all(), column
    assert (apart.world.tally.events == named.world.tally.events).all()


def test_channels_at_their_priors_move_something():
    spec = Spec((SHORT, COUNTY, *AMPLE), families=60, months=4)
    apart, named = (model(spec._replace(changes=(*spec.changes, *more))).run() for more in ((), (GROUP, STAFF)))
    member = named.world.facilities["alliance"] >= 0
    primary = named.world.facilities["tier"] <= CENTRE
    assert (named.world.facilities["informed"][member & primary] > 0).all()
    assert (named.world.facilities["informed"][~member | ~primary] == 0).all()
    assert (apart.world.tally.events != named.world.tally.events).any()


def test_an_analysis_takes_channels_out():
    place = world(Spec((SHORT, COUNTY, GROUP, "analysis.no_channels=[waits, information]")))
    par = place.behaviour[0]
    assert par["green_wait"] == par["alliance_known"] == 0
    assert par["green_effort"] > 0


def test_without_the_channel_of_prices_all_pay_as_every_arm_starts():
    arm = (
        "reforms.cheap={title: {en: Cheap, zh: 便宜}, timeline: {2023-02: {"
        "benefit: {resident: {outpatient: {primary: {fund_pays: 90%}}}}, "
        "adjustments: {more: {for: {tiers: primary}, fund_pays: +5 pp}}}}}"
    )
    plain, held = (scenario(Spec((SHORT, COUNTY, arm, *more))) for more in ((), ("analysis.no_channels=prices",)))
    start, reform = held.states("baseline")[0].rules, held.states("cheap")[-1].rules
    assert reform.benefit != start.benefit
    assert as_at_start(held, reform).benefit == start.benefit
    assert as_at_start(held, reform).adjustments == start.adjustments
    assert as_at_start(plain, reform) == reform
