"""Outcomes in whole worlds: cure drawn again, a bed not got, who comes back, who dies and leaves every register."""

from typing import Any

import numpy as np
import pytest

from simulator.core.names import CENTRE, SECONDARY
from simulator.count.events import EVENTS
from simulator.count.people import AGE_BANDS, AGES
from simulator.engine.passes.life import MOVES_IN, live
from simulator.engine.passes.receive import pay
from simulator.engine.runners.ranges import YEARS_LEFT, around, intend
from simulator.engine.state.bills import room_for_bills
from simulator.engine.state.episodes import EPISODES, FATAL, READMITTED, UNWELL, WAITS_BED, WELL
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World
from simulator.illness.outcome import DEADLIEST
from simulator.population.ageing import death_table, frailty_by_age
from simulator.population.families import relative_income
from simulator.population.shapes import OLDEST, age_shares, frailty_of_income
from tests.small import COUNTY, SHORT, Spec, model, scenario, world

PLACE = Spec((SHORT, COUNTY), families=30)
CERTAIN = 50.0
"""Logit of what always happens."""


def place(**par: float) -> World:
    """A county where nothing happens by itself but what ``par`` says."""
    found = world(PLACE)
    for name in ("remission", "revisit", "readmit", "worsen"):
        found.behaviour[name] = 0.0
    for name, value in par.items():
        found.behaviour[name] = value
    found.lethality[:] = 0.0
    return found


def received(w: World, person: int, **columns: Any) -> np.record:
    """An episode of a person once it has been received."""
    family = int(w.persons["family"][person])
    rows = EPISODES.rows(1)
    rows[0]["family"], rows[0]["person"], rows[0]["severity"] = family, person, 0.6
    for column, value in columns.items():
        rows[0][column] = value
    pay(w.families, w.persons, in_force(w), rows, family, family + 1, room_for_bills(w.families), Sums(w).arrays)
    return rows[0]


def at(w: World, tier: int, person: int = 0) -> int:
    """Facility of a tier that a person goes to."""
    return int(w.families["place"][w.persons["family"][person], tier])


def work(w: World, shift: float) -> World:
    """All that is done in visits and stays shifts the chance of cure so."""
    w.facilities["visit_logit"] = w.facilities["stay_logit"] = shift
    return w


def test_who_is_sent_on_has_another_chance():
    for shift, outcome in ((CERTAIN, WELL), (-CERTAIN, UNWELL)):
        w = work(place(), shift)
        seen = {"seen": at(w, CENTRE), "option": CENTRE, "cured": 0}
        assert received(w, 0, **seen)["outcome"] == UNWELL
        assert received(w, 0, **seen, referred=at(w, SECONDARY), referral=1)["outcome"] == outcome
        assert received(w, 0, **seen | {"cured": 1}, referred=at(w, SECONDARY))["outcome"] == WELL


def test_a_needed_bed_that_was_not_got_leaves_the_patient_unwell():
    w = work(place(), CERTAIN)
    seen = {"seen": at(w, CENTRE), "option": CENTRE, "cured": 1, "needs_bed": 1, "takes_bed": 1}
    assert received(w, 0, **seen)["outcome"] == UNWELL
    assert received(w, 0, **seen, admitted=at(w, SECONDARY), days=8)["outcome"] == WELL


def test_forgone_care_costs_health():
    w = place()
    assert received(w, 0)["outcome"] == UNWELL
    w.behaviour["remission"] = 1.0
    assert received(w, 0, severity=0.0)["outcome"] == WELL
    assert received(w, 0, severity=1.0)["outcome"] == UNWELL


def test_who_is_unwell_looks_for_care_again_and_is_worse():
    w = place(revisit=1.0, worsen=0.4)
    received(w, 0, group=3)
    person = w.persons[0]
    assert (person["waiting"], person["waiting_group"]) == (1, 3)
    assert person["waiting_severity"] == pytest.approx(0.6 + 0.4 * 0.6 * 0.4)
    # who waits for a bed goes on waiting for that, and nothing goes away by itself meanwhile
    w.behaviour["remission"] = 1.0
    found = received(w, 0, needs_bed=1, takes_bed=1, ends=WAITS_BED, severity=0.0)
    assert (found["outcome"], w.persons[0]["waiting"]) == (UNWELL, 2)


def test_who_goes_home_early_is_back_where_he_was():
    w = place(worsen=0.0)
    hospital = at(w, SECONDARY)
    stay = {"needs_bed": 1, "takes_bed": 1, "admitted": hospital, "days": 5, "day": 3}
    w.facilities["readmits"] = 0.0
    found = received(w, 0, **stay)
    assert (found["comes_back"], found["back"], w.persons[0]["return_in"]) == (0, 0, 0)
    w.facilities["readmits"] = 1.0
    found = received(w, 0, **stay)
    person = w.persons[0]
    assert (found["comes_back"], found["back"], person["return_home"], person["return_place"]) == (
        1,
        10**6,
        1,
        hospital,
    )
    assert 1 <= person["return_in"] <= 2
    assert 9 <= person["return_day"] - int(w.clock[0]["first_day"]) <= 8 + 30


@pytest.mark.parametrize(("due", "day"), [(-10, 0), (4, 4), (40, 30)])
def test_who_is_back_comes_on_a_day_of_the_month(due: int, day: int):
    w = place()
    w.clock["first_day"], w.clock["days"] = 100, 31
    person = w.persons[0]
    person["return_in"] = person["return_home"] = 1
    person["return_day"], person["return_group"], person["return_place"] = 100 + due, 0, at(w, SECONDARY)
    rows = EPISODES.rows(10 * len(w.persons))
    rows = rows[: intend(w, rows, 0, len(w.families) - 1)]
    assert rows["day"][rows["kind"] == READMITTED].tolist() == [day]


def test_severe_illness_kills_who_is_not_cured_and_once():
    w = place()
    w.lethality[:] = 1e9
    everybody = range(len(w.persons))
    assert {int(received(w, j, severity=0.4)["outcome"]) for j in everybody} == {UNWELL}
    fatal = [int(received(w, j, severity=0.9)["outcome"]) == FATAL for j in everybody]
    assert np.mean(fatal) == pytest.approx(DEADLIEST, abs=0.12)
    assert (w.persons["dying"] == fatal).all()
    dying = int(np.flatnonzero(fatal)[0])
    assert received(w, dying, severity=0.9)["outcome"] == UNWELL


def a_month(w: World, calendar: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Events of a month of life in which nobody dies but of illness, and what is counted by age."""
    fac = w.facilities
    events, ages = EVENTS.sized(len(fac)), AGES.sized(len(AGE_BANDS))
    immortal = around(w, np.full(len(fac), 0.5))._replace(deaths=w.deaths * 0)
    w.clock["calendar"] = calendar
    live(w.families, w.persons, fac, immortal, w.behaviour, w.clock, events, ages, 0, len(w.families) - 1)
    return events, ages


@pytest.mark.parametrize("ageing", [0, 1])
def test_a_death_leaves_every_register(ageing: int):
    w = place()
    w.clock["ageing"] = ageing
    size = np.diff(w.families["first"])
    family = int(np.flatnonzero(size > 1)[0])
    person = int(w.families["first"][family])
    w.persons["age"][person], w.persons["age"][person + 1] = 70, 40
    dead = w.persons[person].copy()
    w.persons["dying"][person] = 1
    w.persons["signed"][person] = w.persons["policies"][person] = w.persons["managed"][person] = 1
    w.persons["waiting"][person] = w.persons["return_in"][person] = 1
    account, people = int(w.families["account"][family]), len(w.persons)
    events, ages = a_month(w)
    new = w.persons[person]
    assert new["id"] == dead["id"] + w.people
    assert new["age"] == (0 if ageing else 70)
    for column in ("dying", "signed", "policies", "managed", "waiting", "return_in", "visited"):
        assert new[column] == 0, column
    assert len(w.persons) == people
    assert w.families["account"][family] == account
    counted = {name: EVENTS.of(events, name).sum() for name in ("deaths", "deaths_of_illness", "years_lost")}
    assert counted == {"deaths": 1, "deaths_of_illness": 1, "years_lost": YEARS_LEFT[70]}
    assert AGES.of(ages, "deaths").tolist() == [0, 0, 0, 0, 1, 0]  # at 70 to 79
    assert EVENTS.of(a_month(w)[0], "deaths").sum() == 0


def test_frailty_goes_along_its_line_over_age():
    """Where ages are live; a newcomer's is drawn anew around what is usual there."""
    w = place()
    w.clock["ageing"] = 1
    before = w.persons.copy()
    for calendar in range(1, 13):
        a_month(w, calendar)
    assert (w.persons["age"] == before["age"] + 1).all()
    line = w.usual_frailty
    ratio = line[np.minimum(before["age"] + 1, OLDEST)] / line[np.minimum(before["age"], OLDEST)]
    assert w.persons["frailty"] == pytest.approx(before["frailty"] * ratio)
    big = world(Spec((SHORT, COUNTY), families=1000))
    big.clock["ageing"] = big.persons["dying"] = 1
    a_month(big)
    new = big.persons["age"] == 0
    rich = [relative_income(big.families, i, big.clock[0]) for i in big.persons["family"][new]]
    frailty = big.persons["frailty"][new] / frailty_of_income(np.array(rich))
    assert frailty.mean() == pytest.approx(big.usual_frailty[0], rel=0.06)
    assert np.log(frailty).std() == pytest.approx(0.45, rel=0.06)


@pytest.mark.parametrize("ageing", [0, 1])
def test_where_nobody_is_left_another_family_moves_in(ageing: int):
    w = place()
    w.clock["ageing"] = ageing
    family = int(np.flatnonzero(np.diff(w.families["first"]) == 1)[0])
    person = int(w.families["first"][family])
    w.persons["dying"][person], w.persons["age"][person] = 1, 80
    w.families["account"][family], w.families["trust"][family] = 12_300, 0.9
    w.families["habit"][family] = (1, 0, 0, 0)
    a_month(w)
    assert w.persons["age"][person] == (MOVES_IN if ageing else 80)
    assert w.families["account"][family] == 12_300
    assert w.families["trust"][family] == 0.5
    assert (w.families["habit"][family] == 0.25).all()


def test_illness_and_all_else_together_kill_as_the_life_table_has_it():
    """Expected of everybody, at usual care; and a tenth to a half of it is of illness, but for children."""
    spec = Spec((COUNTY,), families=2000)
    here, said = world(spec), scenario(spec).population
    frailty = frailty_by_age(here.persons)
    table = death_table(age_shares(said.ages), said.deaths, frailty)
    of_illness = 1 - here.deaths / table
    assert (of_illness >= 0).all()
    assert (of_illness <= float(here.behaviour[0]["death"]) + 1e-9).all()
    assert of_illness[20:80].min() > 0.1
    assert (np.diff(here.lethality[40:81:10]) > 0).all()  # the same illness kills the old sooner


@pytest.mark.long
def test_deaths_of_a_run_are_those_of_the_life_table():
    spec = Spec((SHORT, COUNTY), families=4000, months=24, seed=3)
    system = model(spec)
    said = scenario(spec).population
    table = death_table(age_shares(said.ages), said.deaths, frailty_by_age(system.world.persons))
    due, died = np.zeros((2, len(AGE_BANDS)))
    while system.running:
        persons = system.world.persons.copy()
        system.step()
        expected = table[np.minimum(persons["age"], OLDEST)] * persons["frailty"]
        due += np.bincount(np.searchsorted(AGE_BANDS[1:], persons["age"], side="right"), expected, len(AGE_BANDS))
        died += AGES.of(system.world.tally.ages, "deaths")
    assert (np.abs(died - due) <= 3 * np.sqrt(due) + 0.1 * due).all()
    assert died.sum() == pytest.approx(due.sum(), abs=3 * np.sqrt(due.sum()) + 0.05 * due.sum())


def test_no_outcome_moves_where_its_parameters_are_off():
    """Without remission, revisits, deaths of illness and readmission nobody is back or dies of an illness."""
    off = place()
    system = model(PLACE, start=off)
    total = np.zeros(len(EVENTS), np.int64)
    while system.running:
        system.step()
        total += system.world.tally.events.sum(axis=0)
        assert (system.world.persons["return_home"] == 0).all()
    assert total[EVENTS["ill"]] > 0
    assert total[EVENTS["fatal"]] == total[EVENTS["deaths_of_illness"]] == total[EVENTS["sent_home_chance"]] == 0
