"""Places differ in how much their doctors care, for good; who cares less does more of what pays and serves nobody."""

import numpy as np
import pytest

from simulator.core import behaviour
from simulator.core.names import CENTRE, SECONDARY, TIERS
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.weigh import cares
from simulator.scenario.compile.supply import altruism
from tests.practice.test_limits import settled
from tests.small import COUNTY, SHORT, Spec, model, world

SPREAD = float(behaviour.row()["altruism_spread"][0])
PLACE = Spec((SHORT, COUNTY), families=60, months=3)
BY_CASE = {"outpatient": 0.9, "inpatient": 0.09, "weight": 8700.0, "day": 100.0}


def many(replication: int = 0, places: int = 4000) -> np.ndarray:
    table = FACILITIES.rows(places)
    table["tier"], table["doctors"] = np.arange(places) % 2, 1.0
    return altruism(world(PLACE._replace(replication=replication)).clock[0], table, SPREAD)


def test_lognormal_with_mean_one():
    drawn = many()
    for tier in range(2):
        assert drawn[tier::2].mean() == pytest.approx(1.0, abs=1e-6)
    assert np.log(drawn).std() == pytest.approx(SPREAD, rel=0.05)
    assert np.median(drawn) == pytest.approx(np.exp(-(SPREAD**2) / 2), rel=0.02)
    assert drawn.min() > 0


def test_by_facility_and_replication():
    assert (many() == many()).all()
    assert np.corrcoef(many(), many(1))[0, 1] == pytest.approx(0, abs=0.05)


def test_a_tier_cares_as_much_as_before():
    place = world(Spec((SHORT, "network={form: prefecture, counties: 2, townships: 3}"), families=100)).facilities
    for tier in range(len(TIERS)):
        mine = place["tier"] == tier
        if place["doctors"][mine].sum():
            assert np.average(place["altruism"][mine], weights=place["doctors"][mine]) == pytest.approx(1.0, abs=1e-5)
    assert len(set(place["altruism"][place["tier"] == CENTRE].tolist())) > 1


def test_it_is_kept_for_good_and_shared_by_arms():
    system = model(PLACE)
    begun = system.world.facilities["altruism"].copy()
    assert (system.run().world.facilities["altruism"] == begun).all()


def test_who_cares_less_does_more_of_what_pays():
    less, usual, more = (settled(BY_CASE, altruism=care) for care in (0.6, 1.0, 1.6))
    for column in ("upcode", "split"):
        assert less[column] > usual[column] > more[column], column
    for column in ("intensity_out", "intensity_in"):
        far = [np.abs(place[column] - 1.0) for place in (less, usual, more)]
        assert (far[0] >= far[1]).all()
        assert (far[1] >= far[2]).all()
    managed = [settled(BY_CASE, altruism=care, tier=CENTRE)["manage"] for care in (0.6, 1.0, 1.6)]
    assert managed == sorted(set(managed))


def test_it_is_the_weight_of_the_set_times_the_places_own():
    par, place = behaviour.row()[0], FACILITIES.rows(1)[0]
    place.tier, place.altruism = SECONDARY, 1.5
    assert cares(place, par) == pytest.approx(1.5 * par.altruism)
    for name in ("manage", "upcode", "stay"):
        alone = behaviour.row()
        alone["altruism"] *= 1.5
        assert settled(BY_CASE, altruism=1.5)[name] == pytest.approx(settled(BY_CASE, alone)[name], rel=1e-12)
