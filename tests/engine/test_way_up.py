"""Being sent up: who counts as sent, what the way by primary care is worth, and what asking brings."""

import numpy as np
import pytest

from simulator.choice.place import cure
from simulator.core.names import CENTRE, SECONDARY, STATION, TERTIARY
from simulator.engine.passes.care.lanes import lanes_of_thread
from simulator.engine.passes.care.options import weigh
from simulator.engine.passes.price import as_referred
from simulator.engine.state.episodes import EPISODES, ILLNESS, REFILL
from simulator.engine.state.in_force import in_force
from simulator.engine.state.world import World
from simulator.referral.up import chance_asking, chance_granted, chance_referred
from tests.small import COUNTY, SHORT, Spec, world

GATE = "baseline.adjustments.straight={for: {tiers: hospital}, when: direct, fund_pays: -30 pp}"


def weighed(place: World, severities: np.ndarray, kind: int = ILLNESS) -> np.record:
    """Lanes after so many episodes of the first person have been weighed."""
    rows = EPISODES.rows(len(severities))
    rows["family"], rows["person"], rows["kind"], rows["number"] = 0, 0, kind, 2 + np.arange(len(rows))
    rows["severity"] = severities
    lanes = lanes_of_thread()[0]
    lanes.row[: len(rows)] = np.arange(len(rows))
    lanes.plan[: len(rows)] = place.persons["plan"][0]
    weigh(place.families, place.persons, in_force(place), rows, len(rows), lanes)
    return lanes


def quiet_world(*changes: str, **parameters: float) -> World:
    place = world(Spec((SHORT, COUNTY, *changes), families=30))
    for name, value in parameters.items():
        place.behaviour[name] = value
    return place


def test_emergencies_count_as_sent():
    rows = EPISODES.rows(3)
    rows["referral"], rows["severity"] = [0, 1, 0], [0.74, 0.1, 0.75]
    par = in_force(world(Spec())).par
    assert [int(as_referred(row, par)) for row in rows] == [0, 1, 1]


def test_the_way_by_a_centre_by_hand():
    """Without doubt about the severity: the doctor sends, or else the patient asks and is granted; then the hospital's
    chance counts, and its price, way and wait with the hassle."""
    place = quiet_world(signal_noise=0.0)
    lanes, par, e = weighed(place, np.array([0.6])), in_force(place).par, 0
    best = max((SECONDARY, TERTIARY), key=lambda k: lanes.value[k, e] if lanes.place[k, e] >= 0 else -np.inf)
    here, there = (cure(lanes.able[k, e], 0.6, par) for k in (CENTRE, best))
    sends = chance_referred(here, there, lanes.doctor_gain[CENTRE, e], lanes.doctor_cares[CENTRE, e], par)
    gain = lanes.up_cost[e] + par.quality * lanes.taste_quality[e] * (there - here)
    kept = (1 - sends) * (1 - chance_asking(gain, par) * chance_granted(lanes.doctor_gain[CENTRE, e], par))
    assert lanes.up_option[e] == best
    assert lanes.chance[CENTRE, e] == pytest.approx(here + (1 - kept) * (there - here))
    assert lanes.way_up[CENTRE, e] == pytest.approx((1 - kept) * (lanes.up_cost[e] - par.ask_hassle))
    assert (lanes.way_up[SECONDARY : TERTIARY + 1, e] == 0).all()


def test_who_needs_a_prescription_knows_and_is_not_sent_on():
    lanes = weighed(quiet_world(), np.array([0.2]), REFILL)
    assert lanes.felt[0] == lanes.worried[0] == 0.2
    assert lanes.doubt[0] == 0
    assert (lanes.way_up[STATION : CENTRE + 1, 0] == 0).all()


def test_a_stay_is_dearer_for_who_comes_straight_only_where_a_rule_says_so():
    """And not for an emergency, which counts as sent."""
    severities = np.array([0.3, 0.6, 0.9])
    plain = weighed(quiet_world(signal_noise=0.0), severities)
    assert (plain.stay_dearer[:, :3] == 0).all()
    assert (plain.sent_yuan[:4, :3] == plain.yuan[:4, :3]).all()
    gated = weighed(quiet_world(GATE, signal_noise=0.0), severities)
    dearer = gated.stay_dearer[SECONDARY, :3]
    assert 0 < dearer[0] < dearer[1]
    assert dearer[2] == 0
    assert gated.sent_yuan[SECONDARY, 0] <= gated.yuan[SECONDARY, 0]
    assert gated.sent_yuan[SECONDARY, 2] == gated.yuan[SECONDARY, 2]
