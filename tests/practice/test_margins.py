"""Margins of actions, worked by hand, and the bundles that must agree with each other."""

import numpy as np
import pytest

from simulator.core import behaviour
from simulator.core.names import CENTRE, SECONDARY
from simulator.engine.state.facilities import FACILITIES
from simulator.practice import margins, partners
from simulator.practice.actions import accept, idle, select, send, shift, split, stay, upcode
from simulator.practice.beliefs import BELIEFS

PAR = behaviour.row().copy()
for _name, _value in {
    "stay_part": 0.3, "day_cost": 30, "tail_days": 0.35, "tail_bill": 0.15, "tail_price": 0.5, "code_step": 0.4,
    "bed_scarce_at": 0.9, "bed_scarce_scale": 0.04,
}.items():  # fmt: skip
    PAR[_name] = _value
PAR = PAR[0]


@pytest.fixture
def place() -> np.record:
    rows = FACILITIES.rows(1)
    rows["tier"], rows["bed_days"], rows["bed_use"] = SECONDARY, 300, 0.9
    rows["outpatient_parts"] = rows["inpatient_parts"] = [0.5, 0.3, 0.2]
    rows["marginal_cost"] = [0.9, 0.6, 0.7]
    return rows[0]


@pytest.fixture
def belief() -> np.record:
    rows = BELIEFS.rows(1)
    rows["outpatient"], rows["inpatient"], rows["continued"] = 1.0, 1.0, 0.5
    rows["case"], rows["weight"], rows["day"] = 100, 2000, 50
    rows["case_bill"], rows["case_weight"], rows["case_days"] = 6000, 1.5, 10
    rows["sender_bill"], rows["sender_weight"], rows["sender_days"] = 10_000, 2.0, 12
    rows["moved_out"], rows["moved_in"], rows["continued_day"], rows["fine"] = -300, 250, 20, 600
    return rows[0]


MARGIN = 0.5 * 0.1 + 0.3 * 0.4 + 0.2 * 0.3
"""Yuan earned on a yuan of a usual bill: 0.23."""


def test_visit(place, belief):
    assert margins.of_visit(place, belief) == pytest.approx(MARGIN)


def test_admission(place, belief):
    """A case of weight 0.6 and four days: 2,400 yuan of services, 100 for the case, 2,000 a unit, 20 net a day."""
    expected = MARGIN * 2400 + 100 + 2000 * 0.6 + (50 - 30) * 4
    assert margins.of_admission(place, belief, 0.6, 4.0, PAR) == pytest.approx(expected)


def test_bed_day_price(place, belief):
    """At a use of 90 % half the beds are filled again, by the usual case of 6,000 yuan, weight 1.5 and ten days."""
    case = MARGIN * 6000 + 100 + 3000 + 20 * 10
    assert margins.bed_day_price(place, belief, PAR) == pytest.approx(0.5 * case / 10)
    belief["weight"] = -9000
    assert margins.bed_day_price(place, belief, PAR) == 0.0


def test_bed_day(place, belief):
    day = 0.3 * 6000 / 10 * MARGIN + 50 - 30
    assert stay.margin(place, belief, PAR) == pytest.approx(day - margins.bed_day_price(place, belief, PAR))


def test_sending_down(place, belief):
    """3.5 days and 900 yuan are not earned any more, the bed is free for them, 300 a unit moves along."""
    rest = MARGIN * 900 + 20 * 3.5
    expected = margins.bed_day_price(place, belief, PAR) * 3.5 - rest - 300 * 1.5
    assert send.margin(place, belief, PAR) == pytest.approx(expected)


def test_taking_over(place, belief):
    """4.2 days of the hospital's case and 750 yuan at the centre's prices, half of each yuan earned."""
    place["tier"] = CENTRE
    services = (0.5 * -0.4 + 0.3 * -0.1 + 0.2 * -0.2) * 750
    expected = services + (20 - 30) * 4.2 + 250 * 2.0
    assert accept.margin(place, belief, PAR) == pytest.approx(expected)


def test_coding_up(place, belief):
    assert upcode.margin(place, belief, PAR) == pytest.approx(0.4 * 1.5 * (2000 - 600))


def test_two_bundles_of_the_same_changes_are_worth_the_same(place, belief):
    """A longer stay by the days of a shorter one, and the shorter one, add up to the longer."""
    whole = margins.of_admission(place, belief, 1.0, 10.0, PAR)
    half = margins.of_admission(place, belief, 0.5, 5.0, PAR)
    assert whole + belief["case"] == pytest.approx(2 * half)


def test_false_entries(place, belief):
    """A stay of weight 1.5 billed twice brings a case and its weight again, an empty day its price; a third is lost to
    fines. A step down on record adds to one that happens."""
    belief["penalty"] = 1 / 3
    assert split.margin(place, belief, PAR) == pytest.approx((100 + 2000 * 1.5) * 2 / 3)
    assert idle.margin(place, belief, PAR) == pytest.approx(50 * 2 / 3)
    before = send.margin(place, belief, PAR)
    belief["recorded"] = 600
    assert send.margin(place, belief, PAR) == pytest.approx(before + 600)


def test_dear_case(place, belief):
    """55 % more services than usual for the same price, in a bed that the usual case would fill half the time."""
    case = MARGIN * 6000 + 100 + 3000 + 20 * 10
    more = (PAR.dear_bill - 1) * 6000 * MARGIN
    assert select.margin(place, belief, PAR) == pytest.approx(case / 2 + more)


def test_covered_yuan():
    """Of 70 fen believed of a yuan, 10 come from the tenth outside the catalogue: a covered yuan earns two thirds."""
    parts = np.array([0.5, 0.3, 0.2])
    assert shift.covered(np.full(3, 0.7), parts, 0.1) == pytest.approx(0.6 / 0.9)
    assert shift.covered(np.array([1.0, 0.5, 0.0]), parts, 0.0) == pytest.approx(0.65)
    assert shift.covered(np.ones(3), parts, 1.0) == 0.0


def test_what_a_step_down_brings_the_pool(place, belief):
    """The pool bears 13 fen of a yuan of the rest of the stay, and gains or loses by days and by the weight moved.
    Sent: 0.15 · 6,000 = 900 yuan and 0.35 · 10 = 3.5 days, not billed; taken: 750 yuan and 4.2 days, billed."""
    pool = BELIEFS.rows(1)[0]
    pool.inpatient[:] = pool.continued[:] = [0.2, 0.1, 0.0]
    pool.day, pool.moved_out, pool.continued_day, pool.moved_in = 40, 100, 10, -50
    assert send.pool_margin(place, pool, belief, PAR) == pytest.approx(100 * 1.5 - 0.13 * 900 - 40 * 3.5)
    assert accept.pool_margin(place, pool, belief, PAR) == pytest.approx(0.13 * 750 + 10 * 4.2 - 50 * 2.0)


def test_what_a_step_down_and_a_kept_case_bring_members(place, belief):
    """A hospital in the first row and a centre in the last; parameters are those of the first row. The hospital frees
    3.5 days at 234 yuan, does not earn 277, loses 450 by the weight moved; the centre loses 0.27 of 750 yuan and 10 on
    each of 4.2 days, and gains 500."""
    facilities, beliefs, pool, pars = FACILITIES.rows(3), BELIEFS.rows(3), BELIEFS.rows(3), behaviour.row().repeat(2)
    facilities[[0, 2]], beliefs[[0, 2]] = place, belief
    pars[0], pool["moved_out"], pool["moved_in"] = PAR, 100, -50
    sends, takes = np.zeros((2, 1)), np.zeros((2, 1))
    partners.value_down(facilities, beliefs, pool, pars, np.array([0]), np.array([2]), sends, takes)
    assert sends[:, 0] == pytest.approx([234 * 3.5 - 277 - 450, 100 * 1.5])
    assert takes[:, 0] == pytest.approx([-0.27 * 750 - 10 * 4.2 + 500, -50 * 2.0])
    assert partners.value_kept(facilities, beliefs, 2, pars) == pytest.approx(4_680 - 234 * 10)
