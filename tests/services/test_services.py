"""What services bring is found by everything else, and one that is off is not called."""

import re
from collections.abc import Mapping

import numpy as np
import pytest

from simulator.core.draws import NAMED, purpose
from simulator.count.events import EVENTS
from simulator.count.indicators.catalogue import INDICATORS
from simulator.count.people import AGE_BANDS, AGES
from simulator.engine.passes.life import live
from simulator.engine.runners.ranges import around
from simulator.engine.state.world import World
from simulator.scenario import load
from simulator.scenario.schema import reference
from simulator.scenario.schema.json_schema import schema
from simulator.services.places import PLACES, dispatch, text_of
from simulator.services.service import Found
from simulator.services.services import SERVICES, columns, fills, terms_in_force
from tests.small import COUNTY, SHORT, Spec, model, world


def called(place: str, services: Mapping[str, Found] = SERVICES) -> list[str]:
    """Services that are called at a place, by the text that is compiled."""
    return [name for name in services if re.search(rf"\b{name}\(", text_of(PLACES[place], services, EVENTS))]


@pytest.mark.parametrize("place", PLACES)
def test_only_who_acts_at_a_place_is_called_there(place: str):
    assert called(place) == [name for name, found in SERVICES.items() if place in found.does]
    assert text_of(PLACES[place], {}, EVENTS).count("\n") == 2, "without services there is nothing but what comes back"


@pytest.mark.parametrize("name", SERVICES)
def test_one_that_is_off_costs_one_look_at_a_column(name: str):
    """Each compiled function stands below a condition, which a table of defaults does not meet."""
    found = SERVICES[name]
    acts = [place for place in found.does if place in PLACES and place != "newborn"]
    assert set(found.service.when) >= set(acts) - {"usual_source"}
    for place in acts:
        text = text_of(PLACES[place], {name: found}, EVENTS)
        if condition := found.service.when.get(place):
            assert f"    if {condition}:\n        " in text


def test_what_a_pass_hands_over_comes_back_where_nobody_acts():
    reach = dispatch(PLACES["reach"], {}, EVENTS, globals())
    assert reach(0.25, None, None, None, 0.0, None) == 0.25
    sent = dispatch(PLACES["before_referral"], {}, EVENTS, globals())
    assert sent(True, None, None, None, None, None)


def test_a_scenario_with_all_services_off_runs_none():
    """Nobody is signed, no points are earned, nothing is consulted, and no terms are in force."""
    place = world(Spec((SHORT, COUNTY, "baseline.services.supervision=remove"), families=60, months=2))
    assert place.system.services == {}
    for column in columns("facilities"):
        assert (place.facilities[column.name] == column.default).all()
    done = model(Spec((SHORT, COUNTY, "baseline.services.supervision=remove"), families=60, months=2)).run().world
    for table, rows in (("families", [done.families]), ("persons", [done.persons, done.rare])):
        for column in columns(table):
            (values,) = (each[column.name] for each in rows if column.name in each.dtype.names)
            assert (values == column.default).all(), column.name
    assert not EVENTS.of(done.tally.events, "consulted").any()
    assert not {"audit", "fine"} & {kind.partition(":")[0] for kind in done.ledger.kinds}
    assert fills({}) == []


def months_of_life(place: World, months: int) -> np.ndarray:
    """Persons after so many months of life alone."""
    immortal = around(place, np.full(len(place.facilities), 0.68))._replace(deaths=place.deaths * 0)
    ages = AGES.sized(len(AGE_BANDS))
    for month in range(months):
        place.clock["month"], place.clock["calendar"] = month, month % 12 + 1
        events = EVENTS.sized(len(place.facilities))
        live(place.families, place.persons, place.facilities, immortal, place.behaviour, place.clock, events, ages,
             0, len(place.families) - 1)  # fmt: skip
    return place.persons


def test_columns_that_are_off_change_no_bit_of_a_life():
    """Columns that only services in force read are noise to everybody else."""
    plain, noisy = (world(Spec((SHORT, COUNTY), families=60, months=2)) for _ in range(2))
    noisy.facilities["sign_fee"], noisy.rare["contract_worth"], noisy.families["points"] = 99.0, 99.0, 99
    lived, again = months_of_life(plain, 12), months_of_life(noisy, 12)
    for column in ("hypertension", "diabetes", "managed", "signed", "served"):
        assert (lived[column] == again[column]).all()


def test_terms_are_keys_of_the_language():
    """Each in the JSON Schema and in the reference; a mistake is told as everywhere."""
    keys = {name for name, found in SERVICES.items() if found.service.terms is not None}
    assert {"supervision", "mutual_recognition", "health_points"} <= keys
    assert set(schema()["$defs"]["Services"]["properties"]) - {"source", "year", "note"} == keys
    page = reference.scenario_page()
    for name in keys:
        assert f"| `{name}` |" in page
    with pytest.raises(Exception, match="health_points"):
        load("base", changes=["baseline.services.health_point={per_contact: 10 yuan, redeem: 50%}"])


def test_everything_that_a_service_brings_is_on_the_pages():
    tables, listed = reference.tables_page(), reference.indicators_page()
    for name, found in SERVICES.items():
        assert f"### service: {name}\n" in tables
        service = found.service
        for each in (*service.facilities, *service.families, *service.persons, *service.episodes, *service.events):
            assert f"| `{each.name}` |" in tables
        for indicator in service.indicators:
            assert f"| `{indicator.name}` |" in listed
            assert INDICATORS[indicator.name] is indicator


def test_a_switch_of_its_name_takes_a_service_out():
    said = load("base").baseline.services
    switches = load("base", changes=["analysis.supervision=off"]).analysis
    assert set(terms_in_force(said, None)) - set(terms_in_force(said, switches)) == {"supervision"}


def test_purposes_of_draws_differ():
    numbers = [purpose(name) for name in SERVICES]
    assert len(set(numbers)) == len(numbers)
    assert all(NAMED <= number < 2**32 for number in numbers)
