"""Signs of conduct. Beliefs are written by hand, as numbers: no rule is named, so the signs come from money alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.core.names import CENTRE, DRUGS, LABOUR, SECONDARY, TESTS
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.acts import decide_all
from simulator.practice.beliefs import BELIEFS
from simulator.practice.conduct import appointment_delay, expected_wait, levels

PAR = behaviour.row()
FACILITY = {
    "tier": SECONDARY, "bed_days": 300, "capability": 0.7, "outpatient_parts": [0.4, 0.38, 0.22],
    "inpatient_parts": [0.26, 0.42, 0.32], "marginal_cost": [0.9, 0.6, 0.7], "pass_through": 0.3, "bed_use": 0.75,
}  # fmt: skip
USUAL = {
    "case_bill": 6000, "case_weight": 1, "case_days": 9, "sender_bill": 9000, "sender_weight": 1, "sender_days": 10,
    "centre_capability": 0.515,
}  # fmt: skip
BY_SERVICE = {"outpatient": 1.0, "inpatient": 1.0, "continued": 1.0}
"""Every yuan billed is a yuan earned."""
BY_CASE = {"outpatient": 0.09, "inpatient": 0.09, "continued": 0.0, "weight": 8700.0}
"""A price for the case; of what is billed only what lies outside the catalogue is earned."""
MONEY = ("visit", "outpatient", "inpatient", "continued", "case", "weight", "day", "continued_day", "moved_out",
         "moved_in", "referred_up", "managed", "fine", "recorded")  # fmt: skip
"""Columns of beliefs that are money; the others are facts about usual cases."""
CONDUCT = {
    "intensity_out": ("intensity_low", "intensity_high"), "intensity_in": ("intensity_low", "intensity_high"),
    "stay": ("stay_low", "stay_high"), "follow": ("intensity_low", "intensity_high"), "admit": (-0.05, 0.05),
    "upcode": (0.0, 1.0), "send": (0.0, 1.0), "accept": (0.0, 1.0), "manage": (0.0, 1.0), "keep": (-2.0, 2.0),
    "refer": (-1e4, 1e4), "income_worth": ("income_low", "income_high"), "split": (0.0, "split_most"),
    "idle": (0.0, "idle_most"), "select": (0.0, "select_most"), "false_down": (0.0, "false_most"),
    "retest": (0.0, "retest_most"), "shifted": (0.0, "shift_most"),
}  # fmt: skip


def table(columns, values: dict) -> np.ndarray:
    rows = columns.rows(1)
    for name, value in values.items():
        rows[name][0] = value
    return rows


def settled(belief: dict, months: int = 200, **facility) -> np.record:
    """The facility once its conduct no longer moves."""
    place, believed = table(FACILITIES, FACILITY | facility), table(BELIEFS, USUAL | belief)
    for _ in range(months):
        decide_all(place, believed, PAR, 0, 1)
    return place[0]


def bound(name: str, side: int) -> float:
    value = CONDUCT[name][side]
    return float(PAR[value][0]) if isinstance(value, str) else value


@pytest.mark.parametrize("column", ["intensity_out", "intensity_in"])
def test_services_pay_by_service_and_cost_by_case(column: str):
    """Above the patient's optimum where each service pays more than it costs, below it where it earns nothing."""
    assert (settled(BY_SERVICE)[column] > 1.0).all()
    assert (settled(BY_CASE)[column] < 1.0).all()


@pytest.mark.parametrize("part", [DRUGS, TESTS, LABOUR])
@pytest.mark.parametrize("care", ["out", "in"])
def test_each_part_by_its_own_margin(part: int, care: str):
    """What pays is done more, and nothing else is."""
    paid = [0.9, 0.6, 0.7]
    paid[part] += 0.3
    intensity = settled({"outpatient": paid, "inpatient": paid})[f"intensity_{care}"]
    assert intensity[part] > 1.05
    assert [intensity[p] for p in range(3) if p != part] == pytest.approx([1.0, 1.0], abs=1e-9)


def test_no_margin_is_the_patients_optimum():
    """Paid what it costs, a place does what is best for the patient."""
    place = settled({"outpatient": [0.9, 0.6, 0.7], "inpatient": [0.9, 0.6, 0.7], "day": PAR["day_cost"][0]})
    for name in ("intensity_out", "intensity_in", "stay", "follow"):
        assert place[name] == pytest.approx(1.0, abs=1e-9), name
    assert place["admit"] == pytest.approx(0.0, abs=1e-9)
    assert place["keep"] == pytest.approx(0.0, abs=1e-9)


def test_a_day_that_pays_is_a_longer_stay():
    """And one that only costs a shorter."""
    cases = [settled(BY_CASE | {"day": day})["stay"] for day in (0, 200, 500, 1000)]
    assert cases == sorted(cases)
    assert cases[0] < 1.0 < cases[-1]


def test_full_beds_shorten_a_stay():
    """A day in a bed that the next patient waits for costs the next case."""
    stays = [settled(BY_SERVICE | {"weight": 2000}, bed_use=use)["stay"] for use in (0.5, 0.85, 0.95, 1.0)]
    assert stays == sorted(stays, reverse=True)
    assert stays[0] > stays[-1]


def test_upcoding_follows_its_price_and_its_fine():
    by_price = [settled(BY_CASE | {"weight": weight})["upcode"] for weight in (0, 4000, 8700, 20_000)]
    by_fine = [settled(BY_CASE | {"fine": fine})["upcode"] for fine in (0, 2000, 8700, 20_000)]
    assert by_price == sorted(by_price)
    assert by_fine == sorted(by_fine, reverse=True)
    assert by_price[-1] > 2 * by_price[0]
    assert by_fine[-1] < by_fine[0] / 2
    assert by_price[-1] <= PAR["code_most"][0]


def test_coding_pays_nothing_by_service():
    """Where the weight earns nothing, only carelessness is left."""
    assert settled(BY_SERVICE)["upcode"] < settled(BY_CASE)["upcode"]


def test_admissions_follow_the_margin_of_a_mild_case():
    shifts = [settled(BY_CASE | {"weight": weight}, bed_use=0.5)["admit"] for weight in (0, 4000, 9000, 20_000)]
    assert shifts == sorted(shifts)
    assert shifts[0] < 0 < shifts[-1]


def test_accepting_follows_what_moves_along():
    centre: dict[str, Any] = {"tier": CENTRE, "capability": 0.515, "bed_use": 0.45}
    shares = [settled(BY_CASE | {"moved_in": yuan}, **centre)["accept"] for yuan in (0, 500, 1000, 3000)]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0] + 0.2


def test_a_full_or_weak_centre_refuses():
    paid = BY_CASE | {"moved_in": 800}
    full = [settled(paid, tier=CENTRE, capability=0.515, bed_use=use)["accept"] for use in (0.5, 0.85, 1.0)]
    weak = [settled(paid, tier=CENTRE, capability=skill, bed_use=0.45)["accept"] for skill in (0.7, 0.5, 0.3)]
    assert full[0] > full[1] > full[2]
    assert weak[0] > weak[1] > weak[2]


def test_sending_down_follows_the_shortage_of_beds():
    shares = [settled(BY_CASE, bed_use=use)["send"] for use in (0.5, 0.85, 0.92, 1.0)]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0] + 0.1


def test_sending_down_follows_money():
    """The rest of a stay that pays is kept, one that only costs is sent; a price that moves along is kept."""
    assert settled(BY_CASE)["send"] > settled(BY_SERVICE | {"day": 500})["send"]
    kept = [settled(BY_CASE | {"moved_out": -yuan})["send"] for yuan in (0, 500, 3000)]
    assert kept[0] > kept[1] > kept[2]


def test_sending_down_follows_skill_below():
    """For the patient's sake, whatever is paid."""
    shares = [settled(BY_CASE | {"centre_capability": skill})["send"] for skill in (0.3, 0.5, 0.7, 0.88, 0.95)]
    assert shares == sorted(shares)
    assert shares[-2] == shares[-1]


def test_only_hospitals_send_and_only_centres_accept():
    start = FACILITIES.rows(1)[0]
    assert settled(BY_CASE)["accept"] == start["accept"]
    assert settled(BY_CASE, tier=CENTRE)["send"] == start["send"]


def test_managing_follows_pay_and_load():
    by_pay = [settled(BY_SERVICE | {"managed": yuan})["manage"] for yuan in (0, 10, 20, 60)]
    by_load = [settled(BY_SERVICE, clinic_use=use)["manage"] for use in (0.2, 0.8, 1.1)]
    assert by_pay == sorted(by_pay)
    assert by_load == sorted(by_load, reverse=True)
    assert by_pay[-1] > by_pay[0] + 0.3


def test_follow_ups_and_keeping_patients():
    """A doctor who earns on a visit asks for more of them and loses by sending up; one who is paid to refer gains."""
    by_service, by_head = settled(BY_SERVICE), settled({"outpatient": 0.0})
    assert by_head["follow"] < 1.0 < by_service["follow"]
    assert by_head["keep"] < 0.0 < by_service["keep"]
    assert settled(BY_SERVICE | {"referred_up": 80.0})["refer"] > by_service["refer"] == 0.0


def test_a_station_has_no_inpatients():
    place = settled(BY_SERVICE | {"day": 1000.0, "weight": 1e5}, tier=0, bed_days=0)
    start = FACILITIES.rows(1)[0]
    for name in ("stay", "admit", "upcode", "send", "accept"):
        assert place[name] == start[name]
    assert (place["intensity_in"] == start["intensity_in"]).all()
    assert (place["intensity_out"] > 1).all()


def test_a_lost_income_is_made_up_for():
    """The margin falls below what the place is used to: its yuan weigh more, so it does more of what pays."""
    used_to: dict[str, Any] = {"income_before": 1e6}
    same, poorer = settled(BY_SERVICE, income=1e6, **used_to), settled(BY_SERVICE, income=6e5, **used_to)
    richer = settled(BY_SERVICE, income=2e6, **used_to)
    assert same["income_worth"] == pytest.approx(1.0, abs=1e-6)
    assert poorer["income_worth"] > 1.2 > 1.0 > richer["income_worth"]
    for name in ("intensity_out", "intensity_in"):
        assert (poorer[name] > same[name]).all()
        assert (same[name] > richer[name]).all()


def test_marginal_utility_of_income_is_bounded():
    for income in (-1e12, 0.0, 1e12):
        worth = settled(BY_SERVICE, income=income, income_before=1e6)["income_worth"]
        assert PAR["income_low"][0] <= worth <= PAR["income_high"][0]
    assert settled(BY_SERVICE, income=-5e5, income_before=-1e6)["income_worth"] == 1.0


def test_what_reaches_the_doctors_weighs():
    """More of the margin passed through, more of the conduct that it pays."""
    strength = [settled(BY_SERVICE, pass_through=share)["intensity_in"][TESTS] for share in (0.0, 0.1, 0.3, 0.6)]
    assert strength == sorted(strength)
    assert strength[0] == pytest.approx(1.0, abs=1e-9)


YUAN = st.floats(-3000, 20_000)


@given(believed=st.fixed_dictionaries(dict.fromkeys(MONEY, YUAN)), tier=st.sampled_from([0, CENTRE, SECONDARY]))
def test_without_pass_through_money_moves_nothing(believed: dict, tier: int):
    """Salaried doctors: whatever is believed, conduct is that of a place that earns nothing by it."""
    mine, blank = (settled(b, 5, tier=tier, pass_through=0.0) for b in (believed, {}))
    for name in CONDUCT:
        assert (mine[name] == blank[name]).all(), name


@given(
    believed=st.fixed_dictionaries(dict.fromkeys(MONEY, YUAN)),
    tier=st.sampled_from([0, CENTRE, SECONDARY]),
    at=st.floats(0, 1),
    use=st.floats(0, 3),
    through=st.floats(0, 1),
    income=st.floats(-1e9, 1e9),
)
def test_bounded_and_gradual(believed, tier, at, use, through, income):
    """From anywhere within bounds, for any belief: one month moves conduct at most `adjust` of its range."""
    start = {name: bound(name, 0) + at * (bound(name, 1) - bound(name, 0)) for name in CONDUCT}
    facts = {"tier": tier, "bed_use": use, "clinic_use": use, "pass_through": through, "income": income}
    facts |= {"income_before": 1e6, "bed_days": 0 if tier == 0 else 300}
    place = settled(believed, 1, **start, **facts)
    for name in CONDUCT:
        low, high = bound(name, 0), bound(name, 1)
        values = np.atleast_1d(place[name])
        assert ((values >= low) & (values <= high)).all(), name
        assert (np.abs(values - start[name]) <= PAR["adjust"][0] * (high - low) * (1 + 1e-12)).all(), name


@given(believed=st.fixed_dictionaries(dict.fromkeys(MONEY, YUAN)), tier=st.sampled_from([CENTRE, SECONDARY]))
def test_nothing_rings(believed: dict, tier: int):
    """Under steady beliefs every conduct moves in one direction and comes to rest."""
    place, rows = table(FACILITIES, FACILITY | {"tier": tier}), table(BELIEFS, USUAL | believed)
    path = {name: [place[name][0].copy()] for name in CONDUCT}
    for _ in range(120):
        decide_all(place, rows, PAR, 0, 1)
        for name in CONDUCT:
            path[name].append(place[name][0].copy())
    for name, values in path.items():
        steps = np.diff(np.array(values), axis=0)
        size = bound(name, 1) - bound(name, 0)
        assert ((steps >= -1e-12 * size).all(axis=0) | (steps <= 1e-12 * size).all(axis=0)).all(), name
        assert (np.abs(steps[-1]) < 1e-6 * size).all(), name


def test_rows_do_not_touch_each_other():
    """Each facility decides on its own row and belief."""
    places, beliefs = FACILITIES.rows(3), BELIEFS.rows(3)
    for row, belief in zip(range(3), (BY_CASE, BY_SERVICE, BY_CASE), strict=True):
        places[row], beliefs[row] = table(FACILITIES, FACILITY)[0], table(BELIEFS, USUAL | belief)[0]
    decide_all(places, beliefs, PAR, 0, 3)
    assert places[0] == places[2] != places[1]
    assert places[0].tobytes() == settled(BY_CASE, 1).tobytes()


def test_wait_grows_with_use_up_to_a_cap():
    """On the day, where nobody has to come back for an appointment."""
    use = np.array([0.0, 0.5, 0.9, 1.0, 1.25, 5.0])
    wait = expected_wait(np.ones(6), use, np.zeros(6), PAR[0])
    assert wait[0] == 1.0
    assert wait[3] == pytest.approx(1 + PAR["wait_slope"][0])
    assert (np.diff(wait[:5]) > 0).all()
    assert wait[4] == wait[5]


def test_delay_is_that_of_one_server():
    """ρ/(1 − ρ) of the most that can be done, 1.15 times the usual: 1 at half of it, 3 at three quarters, no more than
    at 95 per cent; half a day for each hour of the empty clinic. A day is felt as 0.4 hours."""
    delay = appointment_delay(np.array([1.0, 1.0, 2.0, 1.0]), np.array([0.575, 0.8625, 0.575, 9.0]), PAR[0])
    assert delay == pytest.approx([0.5, 1.5, 1.0, 9.5])
    felt = expected_wait(np.ones(4), np.zeros(4), delay, PAR[0])
    assert felt == pytest.approx([1.2, 1.6, 1.4, 4.8])


def test_levels():
    """At usual conduct a bill is the list price; a tenth more of a part of 40 % is 4 % more."""
    place = table(FACILITIES, FACILITY | {"outpatient_price": 2.0, "inpatient_price": 500_000})
    levels(place, 0.3)
    assert place["outpatient_level"][0] == pytest.approx(2.0)
    assert place["inpatient_level"][0] == pytest.approx(500_000)
    place["intensity_out"][0] = [1.1, 1, 1]
    place["intensity_in"][0] = [1, 1.5, 1]
    place["stay"][0] = 1.2
    levels(place, 0.3)
    assert place["outpatient_level"][0] == pytest.approx(2.0 * 1.04)
    assert place["inpatient_level"][0] == pytest.approx(500_000 * (0.7 * 1.21 + 0.3 * 1.2))
