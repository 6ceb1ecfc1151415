"""Patients by hand: who counts as referred without need, as refused a visit, as refused a bed, and at which place."""

import numpy as np
import pytest

from simulator.core.names import CENTRE, SECONDARY, STATION
from simulator.count.events import EVENTS
from simulator.count.people import PLANS
from simulator.engine.passes.counting import count_episodes
from simulator.engine.state.episodes import BY_DOCTOR, BY_PATIENT, EPISODES, HANDED_OVER, RETURNING
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from tests.small import COUNTY, SHORT, Spec, world

WORLD = world(Spec((SHORT, COUNTY), families=5))
HOSPITAL = int(np.flatnonzero(WORLD.facilities["tier"] == SECONDARY)[0])
PLACES = {"station": int(WORLD.families["place"][0, STATION]), "centre": int(WORLD.families["place"][0, CENTRE])}
AWAY = PLACES | {"hospital": HOSPITAL}
UP = {"seen": PLACES["centre"], "referred": HOSPITAL, "sent": BY_DOCTOR}
ASKS = {"takes_bed": 1, "needs_bed": 1}


def counted(**patient: int) -> tuple[dict[str, str], set[str]]:
    """Where one patient of the first family counts, by name of the facility; and what counts by plan."""
    rows = EPISODES.rows(1)
    for name, value in patient.items():
        rows[name] = value
    sums = Sums(WORLD)
    count_episodes(rows, 0, 1, WORLD.families, WORLD.persons, in_force(WORLD), sums.arrays)
    by_place = {name: [k for k, row in AWAY.items() if sums.events[row, EVENTS[name]]] for name in EVENTS.names}
    return (
        {name: places[0] for name, places in by_place.items() if places},
        {name for name in PLANS.names if PLANS.of(sums.plans, name).any()},
    )


@pytest.mark.parametrize(
    ("patient", "referred", "needless"),
    [
        (UP, True, True),
        (UP | {"sent": BY_PATIENT}, True, True),
        (UP | {"appropriate": 1}, True, False),
        (UP | {"sent": HANDED_OVER}, False, False),
        (UP | {"referred": -1}, False, False),
    ],
    ids=["by the doctor", "by the patient's wish", "much better at a hospital", "handed over online", "not seen there"],
)
def test_a_referral_is_needless_where_a_hospital_cures_hardly_better(
    patient: dict[str, int], referred: bool, needless: bool
):
    events, plans = counted(**patient)
    assert [events.get("went_up"), "own_up" in plans] == ["centre" if referred else None, referred]
    assert [events.get("needless_up"), "needless_up" in plans] == ["centre" if needless else None, needless]


@pytest.mark.parametrize(
    ("patient", "visit", "bed"),
    [
        ({"option": STATION}, "station", None),
        ({"option": CENTRE}, "centre", None),
        ({"option": -1}, None, None),
        ({"option": STATION, "seen": PLACES["station"]}, None, None),
        ({"option": STATION, "kind": RETURNING, **ASKS}, None, "centre"),
        ({"seen": HOSPITAL, **ASKS}, None, "hospital"),
        ({"seen": PLACES["station"], **ASKS}, None, "station"),
        ({"seen": HOSPITAL, "admitted": HOSPITAL, **ASKS}, None, None),
        ({"seen": HOSPITAL, "needs_bed": 1}, None, None),
    ],
    ids=["wants the nearest", "wants the centre", "stays home", "seen", "back for a bed", "in hospital", "at a station",
         "admitted", "declines"],
)  # fmt: skip
def test_who_is_refused_counts_at_the_place_that_was_asked(patient: dict[str, int], visit: str | None, bed: str | None):
    events, _ = counted(**patient)
    assert (events.get("slots_refused"), events.get("bed_refused")) == (visit, bed)
