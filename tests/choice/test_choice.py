"""Choice: whether, where, and what is learned. Signs that a health economist would expect, and sums by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.choice import habit, trust
from simulator.choice.admission import bed_utility, chance_accepting
from simulator.choice.going import chance_going, chance_nearer, follow_ups
from simulator.choice.place import NOWHERE, cure, perceived, price_felt, utility
from simulator.core import behaviour
from simulator.core.names import CENTRE, OPTIONS, SECONDARY, STATION, TERTIARY
from simulator.engine.state.people import FAMILIES
from tests.picks import picked

PAR = behaviour.row()[0]
SHARE = st.floats(0, 1)
YUAN = st.floats(0, 50_000)
DRAW = st.floats(1e-9, 1 - 1e-9)


@pytest.fixture(scope="module")
def family() -> np.record:
    row = FAMILIES.rows(1)
    row["minutes"] = 30.0
    return row[0]


@given(SHARE, YUAN, YUAN, st.floats(0.05, 20), st.booleans())
def test_a_higher_price_keeps_more_at_home(severity, low, high, income, refill):
    low, high = sorted((low, high))
    assert chance_going(severity, low, income, refill, PAR) >= chance_going(severity, high, income, refill, PAR)
    if high > 1.01 * low + 1 and 0.01 < chance_going(severity, high, income, refill, PAR) < 0.99:
        assert chance_going(severity, low, income, refill, PAR) > chance_going(severity, high, income, refill, PAR)


@given(SHARE, SHARE, YUAN, st.floats(0.05, 20), st.floats(0.05, 20))
def test_going_rises_with_severity_and_income(a, b, yuan, poor, rich):
    a, b = sorted((a, b))
    poor, rich = sorted((poor, rich))
    assert chance_going(a, yuan, 1.0, False, PAR) <= chance_going(b, yuan, 1.0, False, PAR)
    assert chance_going(a, yuan, poor, False, PAR) <= chance_going(a, yuan, rich, False, PAR)
    assert chance_going(a, yuan, poor, True, PAR) >= chance_going(a, yuan, poor, False, PAR)


def test_going_by_hand():
    """At the reference price and severity zero the logit is the constant; twice the price lowers it by 1.38·ln 2."""
    at = PAR["go_price_at"] - PAR["go_price_floor"]
    assert chance_going(0.0, at, 1.0, False, PAR) == pytest.approx(1 / (1 + math.exp(-PAR["go"])))
    twice = chance_going(0.0, 2 * PAR["go_price_at"] - PAR["go_price_floor"], 1.0, False, PAR)
    assert math.log(twice / (1 - twice)) == pytest.approx(PAR["go"] - PAR["go_price"] * math.log(2))


def test_severe_cases_go_almost_regardless():
    assert chance_going(0.75, 2000.0, 0.3, False, PAR) > 0.95
    assert chance_going(0.1, 2000.0, 0.3, False, PAR) < 0.1


@given(SHARE, SHARE)
def test_only_an_adequate_place_will_do(a, b):
    a, b = sorted((a, b))
    assert chance_nearer(a, PAR) <= chance_nearer(b, PAR) <= PAR["step_nearer"]
    assert chance_nearer(PAR["adequate_at"], PAR) == pytest.approx(PAR["step_nearer"] / 2)


@given(DRAW, SHARE, YUAN, YUAN, st.floats(0.4, 2.2), st.floats(0.4, 2.2))
def test_follow_ups_rise_with_what_the_doctor_asks_and_fall_in_price(u, severity, low, high, less, more):
    low, high = sorted((low, high))
    less, more = sorted((less, more))
    assert follow_ups(u, severity, low, less, PAR) <= follow_ups(u, severity, low, more, PAR)
    assert follow_ups(u, severity, low, less, PAR) >= follow_ups(u, severity, high, less, PAR)
    assert 0 <= follow_ups(u, severity, low, less, PAR) <= 5


def test_follow_ups_have_their_mean():
    """0.377 usual visits at severity 0.2 and 110 yuan: the mean over uniform draws is the formula's."""
    back = 1 / (1 + math.exp(-PAR["follow_up_go"]))
    mean = PAR["follow_up"] * (0.7 + 1.5 * 0.2) * back / PAR["follow_up_usual"]
    drawn = [follow_ups((k + 0.5) / 10_000, 0.2, PAR["go_price_at"] - 5.0, 1.0, PAR) for k in range(10_000)]
    assert np.mean(drawn) == pytest.approx(mean, abs=2e-4)


@given(SHARE, SHARE, SHARE)
def test_cure_rises_with_skill_and_falls_with_severity(severity, a, b):
    a, b = sorted((a, b))
    assert cure(a, severity, PAR) <= cure(b, severity, PAR)
    assert cure(severity, b, PAR) <= cure(severity, a, PAR)
    assert cure(a, a, PAR) == 0.5


@given(SHARE, st.sampled_from([STATION, CENTRE]), st.floats(0.05, 1), st.floats(0.05, 1), SHARE)
def test_primary_care_is_seen_through_trust(capability, tier, a, b, seen):
    a, b = sorted((a, b))
    assert perceived(capability, tier, a, seen, PAR) <= perceived(capability, tier, b, seen, PAR)
    assert 0.02 <= perceived(capability, tier, a, seen, PAR) <= 1.2
    for hospital in (SECONDARY, TERTIARY):
        assert perceived(capability, hospital, a, seen, PAR) == capability


def test_primary_care_is_seen_lower_than_it_is():
    trust = PAR["trust_neutral"]
    assert perceived(0.515, CENTRE, trust, 0.0, PAR) == pytest.approx(0.515 - PAR["misperception"])
    assert perceived(0.515, CENTRE, trust, 0.4, PAR) == pytest.approx(0.515 - 0.6 * PAR["misperception"])


@given(YUAN, YUAN)
def test_price_is_felt_ever_less(a, b):
    """Rising and concave."""
    assert price_felt(a, PAR) + price_felt(b, PAR) <= 2 * price_felt((a + b) / 2, PAR) + 1e-9
    assert price_felt(min(a, b), PAR) <= price_felt(max(a, b), PAR)


def test_price_by_hand():
    """At the bend of 200 yuan: 2·2·(√2 − 1) units; near zero a hundred yuan is one unit; what is paid back counts 0."""
    assert price_felt(200.0, PAR) == pytest.approx(4 * (math.sqrt(2) - 1))
    assert price_felt(0.01, PAR) == pytest.approx(1e-4, rel=1e-4)
    assert price_felt(-50.0, PAR) == 0.0


def test_utility_by_hand(family):
    """A centre 30 minutes away that cures half, costs nothing and has no queue, for a family of neutral trust."""
    value = utility(family, CENTRE, 0.5, 0.0, 30.0, 0.0, 0.25, PAR["trust_neutral"], PAR)
    assert value == pytest.approx(PAR["quality"] / 2 - PAR["travel"] + PAR["habit"] * 0.25)


@pytest.mark.parametrize("tier", range(4))
def test_signs_of_utility(family, tier):
    def value(chance=0.5, yuan=100.0, wait=1.0, trusted=0.68):
        return utility(family, tier, chance, yuan, 30.0, wait, 0.25, trusted, PAR)

    assert value(chance=0.6) > value() > value(chance=0.4)
    assert value(yuan=50.0) > value() > value(yuan=200.0)
    assert value(wait=0.5) > value() > value(wait=3.0)
    assert (value(trusted=0.9) > value()) == (tier <= CENTRE)


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=OPTIONS), st.integers(-1, 7))
def test_picks_follow_the_logit(values, without):
    """Over a fine grid of draws each option is met as often as its softmax share says."""
    table = np.full(OPTIONS, NOWHERE)
    table[: len(values)] = values
    drawn = [
        picked((k + 0.5) / 500, table[: len(values)], without if without < len(values) else -1) for k in range(500)
    ]
    kept = [k for k in range(len(values)) if k != without]
    if not kept:
        assert set(drawn) == {-1}
        return
    weight = np.exp(np.array(values)[kept] - max(np.array(values)[kept]))
    shares = np.bincount(drawn, minlength=OPTIONS)[kept] / 500
    assert shares == pytest.approx(weight / weight.sum(), abs=2 / 500)
    assert without not in drawn or without < 0


@given(st.lists(st.booleans(), min_size=1, max_size=OPTIONS), DRAW)
def test_nobody_picks_what_is_not_there(there, u):
    """Wherever the gaps are: a place without a station, a city without a secondary hospital."""
    table = np.full(OPTIONS, NOWHERE)
    table[: len(there)] = np.where(there, 1.0, NOWHERE)
    chosen = picked(u, table[: len(there)])
    assert (chosen == -1) == (not any(there))
    assert chosen < 0 or there[chosen]


@given(st.floats(0.05, 1), st.booleans(), st.lists(st.booleans(), max_size=50))
def test_trust_stays_within_bounds(start, first, visits):
    now = start
    for cured in (first, *visits):
        after = trust.after_visit(now, cured, PAR)
        assert 0.05 <= after <= 1.0
        now = after
    assert trust.after_visit(start, True, PAR) >= trust.after_visit(start, False, PAR)


def test_disappointment_weighs_more():
    """A failure at full trust costs more than twice what a success at the mirrored level gains."""
    lost = 0.6 - trust.after_visit(0.6, False, PAR)
    seen = PAR["outcome_weight"] + (1 - PAR["outcome_weight"]) * PAR["communication"]
    failed = (1 - PAR["outcome_weight"]) * PAR["communication"]
    assert lost == pytest.approx(PAR["trust_visit"] * PAR["loss_aversion"] * (0.6 - failed))
    assert trust.after_visit(0.6, True, PAR) - 0.6 == pytest.approx(PAR["trust_visit"] * (seen - 0.6))


@given(st.floats(0.05, 1), st.floats(0.05, 1))
def test_neighbours_pull(own, near):
    after = trust.after_neighbours(own, near, PAR)
    assert min(own, near) - 1e-12 <= after <= max(own, near) + 1e-12
    assert abs(after - own) == pytest.approx(PAR["neighbours"] * abs(near - own), abs=1e-12)


@given(st.lists(st.integers(0, 3), max_size=60))
def test_habit_is_a_share(visits):
    shares = [0.25] * 4
    for tier in visits:
        shares = [habit.after_visit(share, t == tier, PAR) for t, share in enumerate(shares)]
    assert sum(shares) == pytest.approx(1.0)
    assert all(0 <= share <= 1 for share in shares)
    assert not visits or shares[visits[-1]] >= PAR["habit_visit"]


@given(st.floats(-1, 1), YUAN, YUAN, st.floats(0.05, 20), st.floats(0.05, 20))
def test_admissions_are_accepted_by_price_severity_and_income(excess, low, high, poor, rich):
    low, high = sorted((low, high))
    poor, rich = sorted((poor, rich))
    assert chance_accepting(excess, low, poor, PAR) >= chance_accepting(excess, high, poor, PAR)
    assert chance_accepting(excess, low, poor, PAR) <= chance_accepting(excess, low, rich, PAR)
    assert chance_accepting(excess, low, poor, PAR) <= chance_accepting(excess + 0.1, low, poor, PAR)


def test_accepting_by_hand():
    at = PAR["bed_accept_price_at"] - PAR["go_price_floor"]
    assert chance_accepting(0.0, at, 1.0, PAR) == pytest.approx(1 / (1 + math.exp(-PAR["bed_accept"])))


def test_beds(family):
    """One stays where one was seen; a very severe case has no place at a centre."""

    def value(tier=SECONDARY, here=False, severity=0.5, minutes=30.0, yuan=2000.0, chance=0.6):
        return bed_utility(family, minutes, tier, here, severity, chance, yuan, PAR)

    assert value(here=True) - value() == pytest.approx(PAR["bed_stay"])
    assert value(minutes=10.0) > value()
    assert value(yuan=1000.0) > value()
    assert value(chance=0.8) > value()
    assert value(CENTRE, severity=0.9) - value(CENTRE) == pytest.approx(PAR["bed_centre_severe"])
    assert value(SECONDARY, severity=0.9) == value(SECONDARY)


def test_trust_stays_between_a_twentieth_and_one():
    """However fast it moves: parameters are whoever's who wrote the scenario."""
    fast = PAR.copy()
    for name in ("neighbours", "trust_served"):
        fast[name] = 3.0
    assert trust.after_neighbours(0.5, 0.9, fast) == 1.0
    assert trust.after_neighbours(0.5, 0.1, fast) == 0.05
    assert trust.after_neighbours(0.5, 0.6, fast) == pytest.approx(0.8)
    assert trust.after_service(0.5, fast) == 1.0
    assert trust.after_service(0.5, PAR) == pytest.approx(0.5 + 0.5 * PAR["trust_served"])
