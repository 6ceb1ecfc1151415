"""Places where a tier is missing, people who are new, and patients with more than one thing to wait for."""

import numpy as np
import pytest

from simulator.core.names import CENTRE, SECONDARY, TERTIARY
from simulator.count.events import EVENTS
from simulator.engine.passes.life import newborn
from simulator.engine.passes.receive import one_waits
from simulator.engine.state.episodes import EPISODES, FORGONE, SETTLED, WAITS_BED, WAITS_VISIT
from tests.small import AMPLE, COUNTY, SCARCE, SHORT, Spec, model, world

SENT = [EVENTS["sent_up"], EVENTS["asked_up"]]


def events(network: str, families: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """Events of four months by facility, and the facilities' tiers."""
    system = model(Spec((SHORT, f"network={network}", *AMPLE), families=families, months=4, seed=2))
    total = 0
    while system.running:
        system.step()
        total = total + system.world.tally.events
    return total, system.world.facilities["tier"]


def test_a_community_without_a_station_goes_to_its_centre_and_hospitals():
    found, tier = events("{form: list, facilities: {c: {tier: centre}, h: {tier: secondary}, t: {tier: tertiary}}}")
    for kind in (CENTRE, SECONDARY, TERTIARY):
        assert found[tier == kind, EVENTS["first_contacts"]].sum() > 20
    assert found[:, EVENTS["admissions"]].sum() > 0


def test_a_city_without_secondary_hospitals_uses_and_refers_to_its_tertiary_one():
    found, tier = events("{form: city, centres: 2, stations: 2, secondary: 0, tertiary: 1}", 600)
    assert found[tier == TERTIARY, EVENTS["first_contacts"]].sum() > 100
    assert found[tier == TERTIARY, EVENTS["received_up"]].sum() == found[:, SENT].sum() > 0
    assert found[tier == TERTIARY, EVENTS["admissions"]].sum() > 10


def test_a_county_without_tertiary_hospitals():
    found, tier = events("{form: county, townships: 2, villages: 1, tertiary_outside: 0}")
    assert found[tier == SECONDARY, EVENTS["first_contacts"]].sum() > 20
    assert found[tier == SECONDARY, EVENTS["received_up"]].sum() == found[:, SENT].sum()


def test_who_takes_the_place_of_the_dead_owes_nothing():
    """Deductibles, ceilings, waits and returns were the other person's."""
    here = world(Spec())
    person = here.persons[4]
    old = int(person["id"])
    year = ("outpatient_year", "inpatient_year", "outpatient_fund", "inpatient_fund", "own_year")
    for column in (*year, "waiting", "return_in", "visited", "managed", "dying"):
        person[column] = 3
    age, sex, plan = person["age"], person["sex"], person["plan"]
    newborn(person, here.rare[4], here.people, -1, 0.5, here.prevalence)
    assert person["id"] == old + here.people
    assert [int(person[column]) for column in (*year, "waiting", "return_in", "visited", "managed", "dying")] == [
        0
    ] * 10
    assert (person["age"], person["sex"], person["plan"]) == (age, sex, plan)
    newborn(person, here.rare[4], here.people, 0, 0.5, here.prevalence)
    assert person["age"] == 0


@pytest.mark.parametrize(
    ("ends", "severity", "expected"),
    [
        ([WAITS_VISIT, WAITS_BED], [0.4, 0.8], [FORGONE, WAITS_BED]),
        ([WAITS_BED, WAITS_VISIT], [0.8, 0.4], [WAITS_BED, FORGONE]),
        ([WAITS_BED, SETTLED, WAITS_BED], [0.5, 0.9, 0.5], [WAITS_BED, SETTLED, FORGONE]),
        ([WAITS_VISIT, WAITS_BED, WAITS_BED], [0.3, 0.4, 0.5], [FORGONE, FORGONE, WAITS_BED]),
        ([FORGONE, SETTLED], [0.9, 0.9], [FORGONE, SETTLED]),
        ([], [], []),
    ],
)
def test_one_thing_to_wait_for(ends: list[int], severity: list[float], expected: list[int]):
    rows = EPISODES.rows(len(ends))
    rows["ends"], rows["severity"] = ends, severity
    one_waits(rows, 0, len(rows))
    assert rows["ends"].tolist() == expected


def test_who_waits_comes_back_next_month():
    """Everybody who waits has an episode of that kind the month after, unless dead."""
    system = model(Spec((SHORT, COUNTY, *SCARCE), families=300, months=6, seed=2))
    waited = 0
    system.step()
    while system.running:
        persons = system.world.persons
        waiting = {(int(p["id"]), int(p["waiting"])) for p in persons[persons["waiting"] > 0]}
        system.step()
        rows = np.concatenate([block.rows[: block.end] for block in system.engine.blocks])
        again = rows[rows["number"] == 1]
        back = {(int(persons["id"][e["person"]]), 1 if e["kind"] == 3 else 2) for e in again}
        alive = set(persons["id"].tolist())
        assert back == {(who, what) for who, what in waiting if who in alive}
        waited += len(back)
    assert waited > 30
