"""Internet hospitals: what families see in them, who is handed over where, what is billed and by which terms."""

import numpy as np
import pytest

from simulator.benefit.cover import cover_row
from simulator.benefit.status import CHRONIC
from simulator.choice.online import acceptance, chance_examined
from simulator.choice.place import NOWHERE, cure
from simulator.core.names import CENTRE, ONLINE, OUTPATIENT
from simulator.engine.passes.care.online import way_to_medicines
from simulator.engine.state.bills import FIRST, REFERRED
from simulator.engine.state.episodes import HANDED_OVER, ILLNESS, REFILL
from simulator.engine.state.in_force import in_force
from simulator.study.trace.onlooker import Onlooker
from tests.engine.test_way_up import quiet_world, weighed
from tests.small import COUNTY, SHORT, Spec, answer, model

WEB = "network.facilities.web={tier: online, area: county_1, delivery: {fee: 8 yuan, days: 2 days}}"
NO_DELIVERY = "network.facilities.web={tier: online, area: county_1}"
PLENTY = "facilities.online.doctors=2 per 1000"
PLANS = ("resident", "employee")
PARITY = tuple(f"baseline.benefit.{plan}.online={{as_at: centre, first_visits: paid}}" for plan in PLANS)
RETURN = tuple(f"baseline.benefit.{plan}.online={{as_at: centre}}" for plan in PLANS)
REFUSED = tuple(f"baseline.benefit.{plan}.online={{as_at: centre, first_visits: refused}}" for plan in PLANS)
KEEN = ("behaviour.parameters.online_accept=3", "behaviour.parameters.online_age=0")
"""People who like nothing better."""


def place(*more: str, families: int = 60, months: int = 6) -> Spec:
    return Spec((SHORT, COUNTY, WEB, PLENTY, *more), families, months)


class Rows(Onlooker):
    """The fast engine, with a copy of every month's bills and episodes."""

    def __init__(self, engine):
        super().__init__(engine)
        self.bills, self.episodes = [], []

    def look(self, world, bills, episodes):
        self.bills.append(bills.copy())
        self.episodes.append(episodes.copy())


def watched(spec: Spec) -> tuple[list[tuple[np.ndarray, np.ndarray]], object]:
    """Bills and episodes by month of what the engine paid at once, and the model."""
    running = model(spec)
    running.engine = looks = Rows(running.engine)
    running.run()
    return list(zip(looks.bills, looks.episodes, strict=True)), running


def events(running, name: str) -> np.ndarray:
    """What every facility counted in all reported months."""
    return sum(month["facilities"][name] for month in running.observer.months)


def test_the_value_of_a_visit_online_by_hand():
    """Without doubt about the severity: with the chance of being examined the best place follows, else what the doctor
    can do online counts; and whether the family takes to it."""
    town = quiet_world(WEB, *PARITY, signal_noise=0.0)
    lanes, par, severity = weighed(town, np.array([0.3])), in_force(town).par, 0.3
    family, person = town.families[0], town.persons[0]
    best = max(range(ONLINE), key=lambda k: lanes.value[k, 0] if lanes.place[k, 0] >= 0 else NOWHERE)
    sent = chance_examined(severity, par)
    felt = 2 * par.price_curve / 100 * (np.sqrt(1 + lanes.yuan[ONLINE, 0] / par.price_curve) - 1)
    at_once = (
        par.quality * family.taste_quality * (1 - sent) * cure(lanes.able[ONLINE, 0], severity, par)
        - par.price * family.taste_price * felt
        - par.wait * lanes.wait[ONLINE, 0]
        + lanes.welcome[ONLINE, 0]
    )
    takes_to = acceptance(person.age, family.literacy, 0.0, 0.0, par)
    assert lanes.minutes[ONLINE, 0] == 0
    assert lanes.value[ONLINE, 0] == pytest.approx(at_once + sent * lanes.value[best, 0] + takes_to)


def test_cover_lost_is_against_the_best_covered_place_nearby():
    """Residents get half back at primary care: −5.45 / 2 where nothing is paid online."""
    paid, unpaid = (quiet_world(WEB, *cover, signal_noise=0.0) for cover in (PARITY, ()))
    plan = int(paid.persons["plan"][0])
    share = float(in_force(paid).cover.rows[cover_row(plan, OUTPATIENT, CENTRE)].fund_pays)
    assert share > 0
    for town in (paid, unpaid):
        town.behaviour["price"] = 0.0
    gap = weighed(paid, np.array([0.2])).value[ONLINE, 0] - weighed(unpaid, np.array([0.2])).value[ONLINE, 0]
    assert gap == pytest.approx(share * 5.45)


def test_medicines_are_brought_for_a_fee_and_a_delay_or_fetched_nearby():
    brought, fetched = (quiet_world(web, *PARITY) for web in (WEB, NO_DELIVERY))
    one = weighed(brought, np.array([0.1]), REFILL).copy()
    other = weighed(fetched, np.array([0.1]), REFILL)
    assert one.minutes[ONLINE, 0] == 0
    assert other.minutes[ONLINE, 0] == way_to_medicines(fetched.families[0]) > 0
    assert one.yuan[ONLINE, 0] - other.yuan[ONLINE, 0] == pytest.approx(8)
    assert one.wait[ONLINE, 0] - other.wait[ONLINE, 0] == pytest.approx(2 * brought.behaviour["delay_day"][0])


def test_terms_of_visits_online():
    """At parity the terms of a centre; for first visits nothing, or no visit."""
    for plan in (0, 1):
        for changes, first, refused in ((PARITY, True, 0), (RETURN, False, 0), (REFUSED, False, 1)):
            rows = in_force(quiet_world(WEB, *changes)).cover.rows
            for status in (0, CHRONIC):
                here = rows[cover_row(plan, OUTPATIENT, ONLINE, status)]
                there = rows[cover_row(plan, OUTPATIENT, CENTRE, status)]
                paid = first or status == CHRONIC
                assert here.fund_pays == (there.fund_pays if paid else 0)
                assert here.deductible == (there.deductible if paid else 0)
                assert here.refused == (0 if paid else refused)


def test_whom_an_internet_hospital_may_not_see_does_not_go():
    town = quiet_world(WEB, *REFUSED)
    town.persons["hypertension"], town.persons["diabetes"] = 0, 0
    assert weighed(town, np.array([0.2])).value[ONLINE, 0] == NOWHERE


def test_who_has_to_be_examined_pays_for_advice_and_goes_on_to_a_place():
    months, running = watched(place(*PARITY, *KEEN))
    web = running.world.words.facilities.index("web")
    labour = running.world.facilities[web].outpatient_parts[2]
    seen = handed = taken = brought = 0
    for bills, episodes in months:
        online = episodes["seen"] == web
        over = episodes["sent"] == HANDED_OVER
        assert (episodes["seen"][over] == web).all()
        assert (episodes["cured"][over] == 0).all()
        assert (episodes["referral"][over & (episodes["kind"] == ILLNESS)] == 0).all()
        assert not (episodes["needs_bed"][online & (episodes["referred"] < 0)] == 1).any()
        seen, handed = seen + online.sum(), handed + over.sum()
        taken += (over & (episodes["referred"] >= 0)).sum()
        mine = bills[(bills["facility"] == web) & (bills["purpose"] == FIRST)]
        advice = over[mine["episode"]]
        assert (mine["drugs"][advice] + mine["tests"][advice] == 0).all()
        assert (mine["drugs"][~advice] > 0).all()
        refill = ~advice & (episodes["kind"][mine["episode"]] == REFILL)
        fee, insured = np.where(refill, 800, 0), mine["insured"] == 1
        share = mine["outside"][insured & ~refill].sum() / mine["charge"][insured & ~refill].sum()
        assert np.allclose((mine["outside"] - fee)[insured], (mine["charge"] - fee)[insured] * share, atol=2)
        brought += refill.sum()
        second = bills[(bills["purpose"] == REFERRED) & over[bills["episode"]]]
        assert len(second) == (over & (episodes["referred"] >= 0)).sum()
        assert (second["repeated"] == 0).all()
    assert seen > handed > taken > 0
    assert brought > 0
    assert 0 < labour < 1
    assert events(running, "handed_over")[web] == events(running, "handed_over").sum() > 0
    assert events(running, "taken_on").sum() <= events(running, "handed_over").sum()
    assert events(running, "received_up")[web] == 0


def visits_online(*changes: str, families: int = 300) -> float:
    running = model(place(*changes, families=families)).run()
    web = running.world.words.facilities.index("web")
    return float(events(running, "first_contacts")[web])


def test_parity_fills_it_and_without_cover_it_stays_empty():
    unpaid, returning, all_visits = visits_online(), visits_online(*RETURN), visits_online(*PARITY)
    assert unpaid <= returning < all_visits
    assert all_visits > 5 * max(unpaid, 1)


def test_nobody_is_seen_where_there_is_no_doctor():
    assert visits_online(*PARITY, *KEEN, families=60) > 0
    assert visits_online(*PARITY, *KEEN, "facilities.online.doctors=0 per 1000", families=60) == 0


def test_whoever_went_is_readier_to_go_again():
    running = model(place(*PARITY, *KEEN)).run()
    experience = running.world.families["online"][:-1]
    assert ((experience >= 0) & (experience < 1)).all()
    assert experience.max() > 0
    assert np.allclose(running.world.families["habit"][:-1].sum(axis=1), 1)


def test_only_the_areas_that_it_serves_turn_to_it():
    network = (
        "network={form: prefecture, counties: 2, townships: 1, villages: 1, centres: 1, stations: 1, secondary: 1, "
        "tertiary: 1}"
    )
    web = "network.facilities.web={tier: online, serves: county_2}"
    town = model(Spec((SHORT, network, web), 40)).world
    row, serves = town.words.facilities.index("web"), town.words.areas.index("county_2")
    turns = town.families["place"][:-1, ONLINE] == row
    assert (turns == (town.families["area"][:-1] == serves)).all()
    assert town.facilities["people"][row] == np.diff(town.families["first"])[turns].sum()


@pytest.mark.parametrize("way", [{"engine": "agents"}, {"blocks": 3}, {"blocks": 2, "threads": 2}])
def test_every_engine_gives_the_same(way: dict):
    spec = place(*PARITY, *KEEN, months=4)
    assert answer(spec, **way) == answer(spec)
