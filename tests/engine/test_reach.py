"""Contracts, outreach and remote consultation at work in a small place."""

from collections.abc import Iterator

import numpy as np
import pytest

from simulator.core.names import CENTRE, DIAGNOSED, SECONDARY, TERTIARY
from simulator.count.events import EVENTS
from simulator.count.people import AGE_BANDS, AGES, PLANS
from simulator.engine.passes.care.lanes import room
from simulator.engine.passes.life import live, newborn
from simulator.engine.passes.referral import refer
from simulator.engine.phases.learning import learning
from simulator.engine.runners.ranges import around
from simulator.engine.state.episodes import EPISODES, ILLNESS
from simulator.engine.state.in_force import in_force
from simulator.engine.state.world import World
from simulator.engine.terms.panel import levels_by_facility, panel
from simulator.model import HealthSystem
from simulator.scenario.compile.supply import doctors_below
from simulator.services.kinds.outreach import lift as taught
from simulator.services.kinds.outreach import presence
from simulator.services.kinds.outreach import slots as moved_slots
from tests.reach import PAID, believing, offer
from tests.small import AMPLE, COUNTY, NO_SIPHONING, SHORT, Spec, model, world

PLACE = Spec((SHORT, COUNTY, *AMPLE, *NO_SIPHONING), families=100, months=6, seed=4)


@pytest.fixture
def contracts(monkeypatch: pytest.MonkeyPatch) -> HealthSystem:
    """A year with contracts, paid for; nobody answers or goes out."""
    believing(monkeypatch, **PAID | {"outreach": 0.0, "consult": 0.0, "read": 0.0})
    long = PLACE._replace(months=12)
    return model(long, offer(world(long))).run()


def referred(place: World, consult: float, read: float) -> np.ndarray:
    """What becomes of five hundred episodes of every severity at the first centre."""
    fac = place.facilities
    centre = int(np.flatnonzero((fac["tier"] == CENTRE) & (fac["up_secondary"] >= 0))[0])
    fac["consult"], fac["read"], fac["refer"] = 0.0, 0.0, 150.0
    fac["consult"][centre], fac["read"][fac["up_secondary"][centre]] = consult, read
    rows = EPISODES.rows(500)
    rows["kind"], rows["got"], rows["option"] = ILLNESS, centre, 1
    rows["person"] = np.arange(len(rows)) % len(place.persons)
    rows["family"] = place.persons["family"][rows["person"]]
    rows["number"] = 2 + np.arange(len(rows)) // len(place.persons)
    rows["severity"] = np.linspace(0.1, 0.95, len(rows))
    refer(place.families, place.persons, in_force(place), rows, 0, len(rows), room())
    return rows


def test_an_answered_consultation_cures_more_and_sends_fewer():
    place = world(PLACE)
    alone, asked, answered = referred(place, 0, 1), referred(place, 1, 0), referred(place, 1, 1)
    assert (alone["consulted"] == -1).all()
    would = alone["sent"] == 1
    assert 5 < would.sum() < len(would)
    assert ((asked["consulted"] >= 0) == would).all()
    assert ((answered["consulted"] >= 0) == would).all()
    for column in ("sent", "cured"):
        assert (asked[column] == alone[column]).all(), "a request that nobody answers changes nothing"
    assert (answered["cured"] >= alone["cured"]).all()
    assert ((answered["sent"] == 1) <= (alone["sent"] == 1)).all()
    assert answered["cured"].sum() > alone["cured"].sum()
    assert (answered["sent"] == 1).sum() < (alone["sent"] == 1).sum()
    assert asked["read"].sum() == 0
    assert answered["read"].sum() == would.sum()


def test_a_share_is_asked_and_a_share_answered():
    place = world(PLACE)
    half, more = referred(place, 0.5, 0.5), referred(place, 0.8, 0.5)
    would = (referred(place, 1, 1)["consulted"] >= 0).sum()
    assert 0 < half["read"].sum() < (half["consulted"] >= 0).sum() < would
    assert ((half["consulted"] >= 0) <= (more["consulted"] >= 0)).all()


def test_consultations_are_counted_on_both_sides(monkeypatch: pytest.MonkeyPatch):
    believing(monkeypatch, consult=500.0, read=500.0)
    several = PLACE._replace(families=800)
    system = model(several, world(several))
    total = 0
    while system.running:
        system.step()
        total = total + system.world.tally.events
    tier = system.world.facilities["tier"]
    assert total[tier <= CENTRE, EVENTS["consulted"]].sum() >= total[tier > CENTRE, EVENTS["read"]].sum() > 0
    assert total[tier > CENTRE, EVENTS["consulted"]].sum() == total[tier <= CENTRE, EVENTS["read"]].sum() == 0
    latest = system.observer.latest
    assert latest["consultations_per_visit", "", "", "asked"] >= latest["consultations_per_visit", "", "", ""]


def months_of(place: World, months: int) -> Iterator[np.ndarray]:
    """Persons after each month of life alone."""
    fac = place.facilities
    clock, near = place.clock[0], np.full(len(fac), 0.68)
    for month in range(months):
        clock["month"], clock["calendar"] = month, month % 12 + 1
        counted = np.zeros((len(fac), len(EVENTS)), np.int64)
        immortal, ages = around(place, near)._replace(deaths=place.deaths * 0), AGES.sized(len(AGE_BANDS))
        families, par, clocks = place.families, place.behaviour, place.clock
        live(families, place.persons, fac, immortal, par, clocks, counted, ages, 0, len(families) - 1)
        yield place.persons.copy()


def share_signed(recruit: float = 0.6, serve: float = 0.3, fee: float = 0.0) -> tuple[float, float]:
    """Signed of all, served of the signed, after four years."""
    place = offer(world(PLACE._replace(families=200)), fee)
    place.facilities["recruit"], place.facilities["serve"] = recruit, serve
    *_, persons = months_of(place, 48)
    return persons["signed"].mean(), persons["served"].sum() / persons["signed"].sum()


def test_who_is_signed_and_who_is_served():
    usual, served = share_signed()
    assert 0.6 < usual < 0.8
    assert served == pytest.approx(0.3, abs=0.06)
    assert share_signed(recruit=0.1)[0] < usual - 0.1 < usual + 0.05 < share_signed(recruit=1.0)[0]
    assert share_signed(fee=200.0)[0] < usual
    assert share_signed(serve=0.0)[1] == 0
    assert share_signed(serve=1.0)[1] == 1


def test_a_contract_lasts_a_year():
    place = offer(world(PLACE))
    place.facilities["recruit"] = 0.8
    history = np.array([persons["signed"] for persons in months_of(place, 36)])
    month, person = np.nonzero(np.diff(history, axis=0))
    own = place.persons["id"][person] % 12
    assert ((month + 1) % 12 == own).all()
    assert len(month) > 50


def test_contracts_that_are_withdrawn_end():
    place = offer(world(PLACE))
    place.facilities["recruit"], place.facilities["serve"] = 1.0, 1.0
    *_, persons = months_of(place, 12)
    assert persons["signed"].sum() > 50 < persons["served"].sum()
    place.facilities["contract"] = 0
    (persons,) = months_of(place, 1)
    assert persons["signed"].sum() == persons["served"].sum() == 0


def test_nobody_inherits_a_contract():
    place = world(PLACE)
    person = place.persons[0]
    person["signed"], person["served"], person["floating"] = 1, 1, 1
    newborn(person, place.rare[0], place.people, -1, 0.5, place.prevalence)
    assert (person["signed"], person["served"], person["floating"]) == (0, 0, 1)


def test_serving_manages_more_of_the_chronic():
    found = []
    for serve in (0.0, 1.0):
        place = offer(world(PLACE._replace(families=300)))
        place.facilities["recruit"], place.facilities["serve"], place.facilities["manage"] = 1.0, serve, 0.3
        *_, persons = months_of(place, 13)
        known = (persons["hypertension"] >= DIAGNOSED) | (persons["diabetes"] >= DIAGNOSED)
        trust = place.families["trust"][:-1].mean()
        found.append((persons["managed"][known].mean(), trust))
    (managed, trust), (managed_served, trust_served) = found
    assert managed_served > managed + 0.1
    assert trust < trust_served < trust + 0.1


def test_outreach_teaches_those_below_and_is_forgotten():
    place = world(PLACE)
    fac, par = place.facilities, place.behaviour[0]
    assert (taught(fac, par) == 0).all()
    hospital = int(np.flatnonzero((fac["tier"] == SECONDARY) & (fac["below"] > 0))[0])
    lifts = []
    for hours in (1.0, 4.0, 1000.0):
        fac["outreach"][hospital] = hours * fac["below"][hospital]
        lifts.append(taught(fac, par))
    below = (fac["tier"] == CENTRE) & (fac["up_secondary"] == hospital)
    assert (lifts[0][below] < lifts[1][below]).all()
    assert (lifts[1][below] < lifts[2][below]).all()
    gap = fac["capability"][hospital] - fac["capability_goal"][below]
    assert (lifts[2][below] < par["outreach_gap"] * gap).all()
    assert lifts[1][below] == pytest.approx(par["outreach_gap"] * gap / 2)
    assert (lifts[2][~below] == 0).all()


def test_outreach_brings_clinic_hours_and_is_seen():
    place = world(PLACE)
    fac, par = place.facilities, place.behaviour[0]
    assert (moved_slots(fac, par) == 0).all()
    assert (presence(fac, par) == 0).all()
    hospital = int(np.flatnonzero((fac["tier"] == SECONDARY) & (fac["below"] > 0))[0])
    fac["slots"][hospital], fac["doctors"][hospital] = 10_000, 10.0
    fac["outreach"][hospital] = 0.05 * 10.0 * par["outreach_month"]  # a twentieth of all hours
    below = (fac["tier"] == CENTRE) & (fac["up_secondary"] == hospital)
    moved, seen = moved_slots(fac, par), presence(fac, par)
    assert moved[hospital] == -500
    assert moved[below].sum() == 500
    assert moved.sum() == 0
    hours = fac["outreach"][hospital] / fac["below"][hospital]
    assert seen[below] == pytest.approx(par["outreach_seen"] * hours / (hours + par["outreach_half"]))
    assert (seen[~below] == 0).all()


def test_paid_outreach_raises_capability(monkeypatch: pytest.MonkeyPatch):
    def capability(**beliefs: float) -> tuple[np.ndarray, World]:
        with monkeypatch.context() as patch:
            believing(patch, **beliefs)
            done = model(PLACE, world(PLACE)).run().world
        return done.facilities["capability"], done

    (unpaid, before), (paid, after) = capability(outreach=0.0), capability(outreach=600.0)
    centres = before.facilities["tier"] == CENTRE
    assert before.facilities["outreach"].sum() == 0
    assert (paid[centres] > unpaid[centres]).all()
    assert (paid[~centres] == unpaid[~centres]).all()
    hospitals = np.isin(after.facilities["tier"], (SECONDARY, TERTIARY))
    assert (after.facilities["outreach"][~hospitals] == 0).all()
    assert after.facilities["outreach"].max() > 0
    stopped = after.copy()
    stopped.facilities["outreach"] = 0.0
    for _ in range(12):
        learning(stopped, None)
        learning(after, None)
    later, goal = stopped.facilities["capability"][centres], stopped.facilities["capability_goal"][centres]
    assert ((goal < later) & (later < paid[centres])).all()
    assert (after.facilities["capability"][centres] > later).all()


def test_doctors_below_are_those_of_centres_that_refer_up():
    place = world(PLACE)
    fac = place.facilities
    centres = fac["tier"] == CENTRE
    for up, tier in (("up_secondary", SECONDARY), ("up_tertiary", TERTIARY)):
        for hospital in np.flatnonzero(fac["tier"] == tier):
            mine = centres & (fac[up] == hospital)
            assert doctors_below(fac)[hospital] == pytest.approx(fac["doctors"][mine].sum())
    assert (fac["below"][fac["tier"] <= CENTRE] == 0).all()
    assert fac["below"].sum() > 0


def test_the_panel_of_a_place(contracts: HealthSystem):
    place = contracts.world
    people = panel(place)
    fac = place.facilities
    assert people.heads.sum() == people.registered.sum() == len(place.persons)
    assert (people.heads[fac["tier"] > CENTRE] == 0).all()
    assert people.signed.sum() == place.persons["signed"].sum() > people.served.sum() == place.persons["served"].sum()
    assert (people.managed <= people.diagnosed).all()
    assert (people.controlled <= people.diagnosed).all()
    latest = contracts.observer.latest
    assert latest["contract_share", "", "", ""] == people.signed.sum() / people.heads.sum()
    assert latest["served_share", "", "", ""] == people.served.sum() / people.signed.sum()
    resident = place.words.plans.index("resident")
    signed, heads = people.signed[:, resident].sum(), people.heads[:, resident].sum()
    assert latest["contract_share", "", "resident", ""] == signed / heads


def test_levels_by_facility(contracts: HealthSystem):
    place = contracts.world
    people, levels = panel(place), levels_by_facility(place)
    size = len(place.facilities)
    assert all(level.shape == (size,) and (level >= 0).all() for level in levels.values())
    heads, signed = people.heads.sum(axis=(1, 2)), people.signed.sum(axis=(1, 2))
    assert (levels["contract_share"] * heads).sum() == pytest.approx(signed.sum())
    assert (levels["served_share"] * signed).sum() == pytest.approx(people.served.sum())
    diagnosed = people.diagnosed.sum(axis=1)
    for name, counts in (("managed_share", people.managed), ("control_share", people.controlled)):
        assert (levels[name] * diagnosed).sum() == pytest.approx(counts.sum())
        assert counts.sum() > 0
    year, plans = place.year_sums["events"], place.year_sums["plans"].sum(axis=0)
    assert year[:, EVENTS["home_sought"]].sum() == plans[PLANS["sought"]]
    assert year[:, EVENTS["home_primary"]].sum() == plans[PLANS["sought_primary"]]
    assert year[:, EVENTS["rated"]].sum() == plans[PLANS["rated"]] == year[:, EVENTS["first_contacts"]].sum()
    assert year[:, EVENTS["rating"]].sum() == plans[PLANS["rating"]]
    assert year[:, EVENTS["appropriate"]].sum() == plans[PLANS["appropriate_up"]]
    sought = year[:, EVENTS["home_sought"]]
    assert (levels["first_contact_rate_primary"] * sought).sum() == pytest.approx(plans[PLANS["sought_primary"]])
    assert ((levels["satisfaction"] > 0) == (year[:, EVENTS["rated"]] > 0)).all()
    assert levels["satisfaction"].max() <= 1


def test_nothing_offered_nothing_reported():
    system = model(PLACE._replace(months=1)).run()
    names = {row[0] for month in system.observer.months for row in month["indicators"]}
    gone = {"contract_share", "served_share", "outreach_hours", "consultations_per_visit", "registered_share"}
    assert not names & gone
    assert system.world.persons["signed"].sum() == 0


def test_people_registered_elsewhere():
    floating = Spec((SHORT, COUNTY, "population.floating=30%"), families=300, months=2)
    place = world(floating)
    assert place.persons["floating"].mean() == pytest.approx(0.3, abs=0.05)
    more = world(floating._replace(changes=(SHORT, COUNTY, "population.floating=60%")))
    assert (place.persons["floating"] <= more.persons["floating"]).all()
    people = panel(place)
    assert people.registered.sum() == (place.persons["floating"] == 0).sum()
    system = model(floating, place).run()
    share = system.observer.latest["registered_share", "", "", ""]
    assert share == pytest.approx(0.7, abs=0.1)

    plain = world(floating._replace(changes=(SHORT, COUNTY)))
    assert all((place.persons[name] == plain.persons[name]).all() for name in ("age", "plan", "frailty"))
