"""What posted specialists bring a centre and take from the hospital's clinic, by hand."""

import numpy as np
import pytest

from simulator.core.names import CENTRE, SECONDARY
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.specialists import lift, move_slots, seen, slots_of

PAR = {"outreach_gap": 0.6, "outreach_seen": 0.8, "outreach_half": 4.0, "outreach_month": 160.0}


@pytest.mark.parametrize(
    ("hours", "share"),
    [(0.0, 0.0), (4.0, 1 / 2), (12.0, 3 / 4)],
    ids=["nobody", "the hours that do half of it", "three times as many"],
)
def test_what_hours_bring(hours: float, share: float):
    """A centre whose skill lies 0.2 below the hospital's."""
    assert seen(hours, PAR) == pytest.approx(0.8 * share)
    assert lift(np.array(0.2), hours, PAR) == pytest.approx(0.6 * 0.2 * share)


def test_what_hours_take_from_the_clinic():
    """Ten doctors of 160 hours a month give 1,000 slots: 64 hours give 40 of them, and nobody gives more than there
    are. Centres of one and of three doctors share the forty by their doctors."""
    rows = FACILITIES.rows(4)
    rows["tier"], rows["doctors"], rows["slots"] = (
        [SECONDARY, CENTRE, CENTRE, CENTRE],
        [10, 1, 3, 5],
        [1_000, 90, 90, 90],
    )
    hospital, centres = rows[0], np.array([1, 2])
    assert [slots_of(hospital, hours, PAR) for hours in (0.0, 64.0, 1_600.0, 5_000.0)] == [0, 40, 1_000, 1_000]
    assert move_slots(rows, 0, centres, 64.0, PAR).tolist() == [-40, 10, 30, 0]
    assert move_slots(rows, 0, centres, 0.0, PAR).tolist() == [0, 0, 0, 0]
    rows["doctors"][0] = 0.0
    assert slots_of(rows[0], 64.0, PAR) == 0
