"""Services between doctors at work, in pairs of small runs: each moves what it says, the way it says, and at no
strength it leaves every bit."""

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.alliance.channels import CHANNELS
from simulator.core.names import CENTRE, SECONDARY, STATION
from simulator.count.events import EVENTS
from simulator.engine.passes import billing
from simulator.engine.passes.stays import stay
from simulator.engine.passes.step_down import offer
from simulator.engine.state.bills import BILLS, PER_EPISODE
from simulator.engine.state.episodes import BY_DOCTOR, EPISODES, ILLNESS
from simulator.engine.state.in_force import in_force
from simulator.engine.state.world import World
from simulator.model import HealthSystem
from simulator.referral.down import CONSENTED
from simulator.scenario.compile.build import build
from simulator.scenario.compile.in_force import schedule
from simulator.scenario.load import load
from simulator.scenario.schema.scenario import Scenario
from simulator.services import services
from simulator.services.kinds.supervision import Supervision
from simulator.services.paying import over_plans
from tests.engine.test_alliance_channels import sent
from tests.small import AMPLE, COUNTY, NO_SIPHONING, SCARCE, SHORT, Spec, answer, fingerprint, model, world
from tests.study.test_shards import Here, sharded

HEART = "baseline.alliances.heart={form: specialty, lead: county_1, members: {tiers: centre}, tightness: 0}"
QUIET = tuple(f"behaviour.parameters.{name}=0" for each in CHANNELS.values() for name in each.channel.parameters)
PLACE = Spec((SHORT, COUNTY, *AMPLE, *NO_SIPHONING), families=150, months=4)
FOLLOW = "baseline.settlements.follow={for: all, rule: follows_patient, share: 60%}"
MANY_DOWN = (FOLLOW, *(f"behaviour.parameters.{name}" for name in ("fit=0.9", "send_free=5", "capable_at=0")))
"""Most who lie in hospital are offered a step down."""
SERVICE = "baseline.services.{}={}"


@lru_cache
def ran(*more: str) -> HealthSystem:
    """The place with these changes, after its months."""
    return model(changed(*more)).run()


def changed(*more: str) -> Spec:
    """The place with these changes."""
    return PLACE._replace(changes=(*PLACE.changes, *more))


def with_service(name: str, terms: str, *more: str) -> HealthSystem:
    return ran(*more, SERVICE.format(name, terms))


def counted(system: HealthSystem, *events: str) -> list[int]:
    """Events of all months, in the whole place."""
    months = [month["facilities"] for month in system.observer.months]
    return [round(sum(month[name].sum() for month in months) / system.weight) for name in events]


def posted(system: HealthSystem, kind: str) -> int:
    """Fen moved under a word of the ledger."""
    ledger = system.world.ledger
    if kind not in ledger.kinds:
        return 0
    code = ledger.kinds.index(kind)
    return sum(int(row["fen"]) for month in system.observer.months for row in month["postings"] if row["kind"] == code)


NO_STRENGTH = {
    "skill_transfer": "{days: 0 days}",
    "training": "{certified: 0%, cost: 0 yuan/year}",
    "rapid_appointment": "{passes: 0%}",
    "shared_records": "{level: 0}",
    "joint_conference": "{sooner: 0 months}",
}


@pytest.mark.parametrize(("name", "terms"), NO_STRENGTH.items())
def test_at_no_strength_a_service_leaves_every_bit(name: str, terms: str):
    plain, there = ran(HEART), with_service(name, terms, HEART)
    assert (plain.world.tally.events == there.world.tally.events).all()
    assert (plain.world.ledger.balance == there.world.ledger.balance).all()
    for column in ("capability", "wait", "informed", "clinic_use", "accept", "select"):
        assert (plain.world.facilities[column] == there.world.facilities[column]).all(), column


def test_skill_goes_from_the_lead_to_members_and_takes_its_clinic():
    terms = "{for: {alliances: heart}, days: 20 days, fee: 500 yuan}"
    plain, taught = (
        system.world for system in (ran(HEART, *QUIET), with_service("skill_transfer", terms, HEART, *QUIET))
    )
    fac, tier = taught.facilities, taught.facilities["tier"]
    assert (fac["capability"] > plain.facilities["capability"])[tier == CENTRE].all()
    assert (fac["capability"] == plain.facilities["capability"])[tier == STATION].all()
    lead = fac["tier"] == SECONDARY
    moved = services.slots(fac, taught.behaviour[0])
    assert (moved[lead] < 0).all()
    assert (moved[~lead] == 0).all()
    system = with_service("skill_transfer", terms, HEART, *QUIET)
    assert posted(system, "teaching_fee") == posted(system, "teaching_paid") > 0


def test_certified_doctors_can_do_more_are_trusted_and_are_away_to_study():
    terms = "{for: {tiers: centre}, certified: 60%, cost: 6000 yuan/year, days: 24 days, for_children: true}"
    plain, trained = (system.world for system in (ran(), with_service("training", terms)))
    fac, centre = trained.facilities, trained.facilities["tier"] == CENTRE
    assert (fac["capability"] > plain.facilities["capability"])[centre].all()
    assert (fac["informed"] > plain.facilities["informed"])[centre].all()
    assert (trained.tally.slots < plain.tally.slots)[centre].all()
    assert (fac["informed"] == plain.facilities["informed"])[~centre].all()
    assert posted(with_service("training", terms), "certification") > 0


READING = "{for: {tiers: primary}, price: 60 yuan, fund_pays: 70%}"


def test_who_is_tested_here_and_read_there_is_cured_more_often_and_sent_up_less():
    plain, reading = (world(changed(*more)) for more in ((), (SERVICE.format("remote_reading", READING),)))
    before, after = sent(plain), sent(reading)
    tested = after["tested"] == 1
    assert 100 < tested.sum() < len(after)
    assert (after["cured"] >= before["cured"])[tested].all()
    assert after["cured"].sum() > before["cured"].sum()
    assert (after["sent"] == BY_DOCTOR)[tested].sum() < (before["sent"] == BY_DOCTOR)[tested].sum()
    assert (after["cured"] == before["cured"])[~tested].all()
    assert (after["sent"] == before["sent"])[~tested].all()
    system = with_service("remote_reading", READING)
    tests, readings = counted(system, "remote_tests", "remote_readings")
    assert tests == readings > 0
    price = posted(system, "remote_reading") + posted(system, "remote_reading_own")
    months = sum(month["facilities"]["remote_tests"].sum() for month in system.observer.months) / system.weight
    assert price == pytest.approx(6000 * months, rel=0.01)


def repeated(place: World, **columns: int) -> np.ndarray:
    """Fen of tests that the county hospital repeats of four hundred patients whom the first centre has sent."""
    fac = place.facilities
    hospital, centre = (int(np.flatnonzero(fac["tier"] == tier)[0]) for tier in (SECONDARY, CENTRE))
    fac["retest"] = 0.9
    rows = EPISODES.rows(400)
    rows["kind"], rows["seen"], rows["referred"] = ILLNESS, centre, hospital
    for name, value in columns.items():
        rows[name] = value
    rows["person"], force, there = np.arange(400) % len(place.persons), in_force(place), fac[hospital]
    parts = there["outpatient_parts"]
    return np.array(
        [billing.tests_again(10_000, there, fac[centre], parts, place.persons[e["person"]], e, force) for e in rows]
    )


@pytest.mark.parametrize(
    ("name", "terms", "left"),
    [("green_channel", "{for: all}", 0.0), ("green_channel", "{for: {tiers: hospital}}", 1.0),
     ("shared_records", "{level: 0.5}", 0.5), ("mutual_recognition", "50%", 0.5)],
)  # fmt: skip
def test_tests_are_repeated_less(name: str, terms: str, left: float):
    plain = repeated(world(PLACE))
    now = repeated(world(changed(SERVICE.format(name, terms))))
    assert (now <= plain).all()
    assert (now > 0).sum() == pytest.approx(left * (plain > 0).sum(), abs=40)


def test_a_hospital_repeats_nothing_that_it_has_read():
    place = world(changed(SERVICE.format("remote_reading", READING)))
    assert (repeated(place, tested=1) == 0).all()
    assert (repeated(place) > 0).any()


def test_in_a_green_channel_who_is_sent_comes_sooner_as_within_an_alliance():
    plain = world(PLACE)
    green = world(changed(SERVICE.format("green_channel", "{for: {facilities: [centre_1, county_1]}}")))
    before, after = sent(plain), sent(green)
    both = (before["sent"] > 0) & (before["ask_place"] == after["ask_place"])
    inside = both & (green.facilities["green"][before["ask_place"]] == 1)
    assert inside.sum() > 50
    assert (after["key"] < before["key"])[inside].mean() > 0.8
    assert (after["key"] == before["key"])[both & ~inside].all()
    assert (after["sent"] > 0).sum() > (before["sent"] > 0).sum(), "more ask, as it is less trouble"


def stepped_down(place: World) -> np.ndarray:
    """What becomes of six hundred stays at the county hospital, all of them offered a step down that centres accept."""
    fac = place.facilities
    fac["send"], fac["accept"] = 1.0, 1.0
    rows = EPISODES.rows(600)
    rows["kind"], rows["admitted"], rows["days"], rows["severity"] = ILLNESS, 1, 20, 0.2
    rows["person"] = np.arange(600) % len(place.persons)
    rows["family"], rows["number"] = place.persons["family"][rows["person"]], 2 + np.arange(600) // len(place.persons)
    offer(place.families, place.persons, fac, place.behaviour, place.clock, rows, 0, len(rows))
    return rows


def test_in_a_green_channel_more_agree_to_move_down_and_no_fewer():
    plain, green = world(PLACE), world(changed(SERVICE.format("green_channel", "{for: all}")))
    before, after = stepped_down(plain)["stage"], stepped_down(green)["stage"]
    assert (after >= before).all()
    assert (after >= CONSENTED).sum() > (before >= CONSENTED).sum() > 20


def paid_for_the_rest(place: World) -> np.ndarray:
    """Own part of the covered charges, fen, of stays that go on at the first centre, person by person."""
    force, found, bills = in_force(place), [], BILLS.rows(PER_EPISODE)
    for person in place.persons[:40]:
        e = EPISODES.rows(1)[0]
        e["kind"], e["admitted"], e["moved_to"], e["days"], e["tail"], e["severity"] = ILLNESS, 1, 2, 8, 4, 0.5
        n = stay(bills, 0, 0, e, place.families[person["family"]], person, force)
        found.append(bills[n - 1]["own"])
    return np.array(found)


def test_in_a_green_channel_a_stay_that_goes_on_has_one_deductible():
    plain, green = world(PLACE), world(changed(SERVICE.format("green_channel", "{for: all}")))
    apart = world(changed(SERVICE.format("green_channel", "{for: {tiers: hospital}}")))
    before, after = paid_for_the_rest(plain), paid_for_the_rest(green)
    assert (after < before).mean() > 0.8
    assert (after <= before).all()
    assert (paid_for_the_rest(apart) == before).all()
    one = "baseline.adjustments.one_stay={for: {care: inpatient}, deductible: once_per_episode}"
    assert (paid_for_the_rest(world(changed(one))) == after).all(), "as the adjustment has it"


def test_offices_for_transfers_cost_hospitals():
    assert posted(with_service("green_channel", "{for: all, office: 100000 yuan/year}"), "transfer_office") > 0


def test_rapid_appointments_are_for_the_urgent_and_the_signed():
    plain = world(PLACE)
    rapid = world(changed(SERVICE.format("rapid_appointment", "{passes: 80%, signed: true}")))
    signed = np.arange(len(plain.persons)) % 3 == 0
    plain.persons["signed"], rapid.persons["signed"] = signed, signed
    before, after = sent(plain), sent(rapid)
    both = (before["sent"] > 0) & (before["ask_place"] == after["ask_place"])
    given = (before["severity"] >= 0.5) | signed[before["person"]]
    assert (both & given).sum() > 50
    assert (both & ~given).sum() > 10
    assert (after["key"] < before["key"])[both & given].mean() > 0.8
    assert (after["key"] == before["key"])[both & ~given].all()
    assert ((after["sent"] > 0) >= (before["sent"] > 0)).all(), "who waits less asks rather more"


def test_shared_records_save_time_and_show_the_platform_what_it_did_not_see():
    terms = "{level: 1, cost: 1500 yuan/year}"
    plain, shared = ran(), with_service("shared_records", terms)
    slots = plain.world.facilities["slots"] > 0
    assert (shared.world.tally.slots > plain.world.tally.slots)[slots].all()
    assert (shared.world.beliefs["penalty"] > plain.world.beliefs["penalty"]).all()
    stays = shared.world.system.services["supervision"]
    assert stays.found == pytest.approx(stays.detects), "every case is seen, and what is seen is found as before"
    hospital = plain.world.facilities["tier"] > CENTRE
    assert (shared.world.facilities["upcode"] < plain.world.facilities["upcode"])[hospital].all()
    assert posted(shared, "records_cost") > 0


REFORM = """
reforms:
  later:
    title: {en: Later, zh: 后}
    timeline:
      2023-05: {services.mutual_recognition: 20%}
      2023-06: {services.mutual_recognition: 50%}
      2024-01: {services.mutual_recognition: 80%}
"""


def test_a_joint_conference_brings_reforms_sooner_and_none_before_another(tmp_path: Path):
    """Three months sooner than May, June and January; a conference of six months that begins in May brings June's to
    its own month, and January's to July. A branch goes on from where the arms really part."""
    head = "format: 1\nextends: base.yaml\ntitle: {en: T, zh: 测}\ndescription: {en: T., zh: 测。}\n"
    file = tmp_path / "reform.yaml"
    file.write_text(head + REFORM, encoding="utf-8")
    changes = (SHORT, COUNTY, "time.end=2024-06")

    def told(*more: str) -> Scenario:
        return load(str(file), changes=(*changes, *more), families=30)

    def months(*more: str) -> list[str]:
        return [state.month for state in told(*more).states("later")]

    always = SERVICE.format("joint_conference", "{sooner: 3 months, meeting: 50000 yuan}")
    long = SERVICE.format("joint_conference", "{sooner: 12 months}")
    assert months() == ["2023-01", "2023-05", "2023-06", "2024-01"]
    assert months(always) == ["2023-01", "2023-02", "2023-03", "2023-10"]
    assert months(long) == ["2023-01", "2023-02"], "the start stays what it was; the last of one month holds"
    from_may = "reforms.later.timeline.2023-05.services.joint_conference={sooner: 6 months}"
    assert months(from_may) == ["2023-01", "2023-05", "2023-07"]
    place = told(always)
    world = build(place, 1, 0)
    assert [when for when, _ in schedule(place, world, "later")] == [3, 4, 11]
    whole, trunk = HealthSystem(place, "later"), HealthSystem(place, "baseline")
    trunk.run_for(3)
    assert trunk.branch("later").run().digest() == whole.run().digest()


SUPERVISED = "{audited: 50%, detects: 80%, fine: 5 times"


def test_who_is_watched_turns_fewer_away_and_pays_for_those():
    plain = with_service("supervision", SUPERVISED + "}", *MANY_DOWN)
    watched = with_service("supervision", SUPERVISED + ", refusal: 3000 yuan}", *MANY_DOWN)
    fac, before = watched.world.facilities, plain.world.facilities
    centre = (fac["tier"] == CENTRE) & (fac["bed_days"] > 0)
    assert (fac["accept"] > before["accept"])[centre].all()
    assert (fac["select"] <= before["select"]).all()
    assert (fac["select"] < before["select"])[fac["tier"] > CENTRE].any()
    assert counted(plain, "not_taken") == [0]
    assert counted(watched, "not_taken")[0] > 0
    assert posted(watched, "deducted:refusals") > 0


def test_an_alert_leaves_fewer_records_without_patients():
    bonus = "{for: {tiers: hospital}, rule: referral_bonus, per_referral: 600 yuan, paid_by: fund}"
    bonus = f"baseline.settlements.target={bonus}"
    plain = with_service("supervision", "{audited: 5%, detects: 50%, fine: 5 times}", bonus)
    alert = with_service("supervision", "{audited: 5%, detects: 50%, fine: 5 times, alerts: 90%}", bonus)
    hospital = plain.world.facilities["tier"] > CENTRE
    assert (alert.world.facilities["false_down"] < plain.world.facilities["false_down"])[hospital].all()
    assert (alert.world.beliefs["penalty"] == plain.world.beliefs["penalty"]).all()


def test_events_of_services_that_are_off_are_none():
    assert not EVENTS.of(ran().world.tally.events, "remote_tests", "remote_readings", "not_taken")[0].any()


EVERYTHING = (
    FOLLOW, HEART, "baseline.alliances.heart.unified=[staff, drugs]",
    SERVICE.format("skill_transfer", "{days: 10 days, share: 30%, fee: 500 yuan}"),
    SERVICE.format("training", "{certified: 50%, cost: 6000 yuan/year, for_children: true, paid_by: facility}"),
    SERVICE.format("remote_reading", READING), SERVICE.format("green_channel", "{office: 100000 yuan/year}"),
    SERVICE.format("rapid_appointment", "{passes: 60%, signed: true, platform: 20000 yuan/year}"),
    SERVICE.format("shared_records", "{level: 0.6, cost: 1500 yuan/year}"),
    SERVICE.format("joint_conference", "{sooner: 3 months, meeting: 50000 yuan}"),
    SERVICE.format("supervision", SUPERVISED + ", alerts: 50%, refusal: 3000 yuan}"),
)  # fmt: skip


def test_all_at_once_are_the_same_in_every_engine_and_in_shards(tmp_path: Path):
    """Scarce slots and beds, so that queues matter; every month checks the ledger to the fen."""
    spec = Spec((SHORT, COUNTY, *SCARCE, *EVERYTHING), families=60, months=4)
    one = answer(spec)
    assert answer(spec, engine="agents") == one
    assert answer(spec, threads=2, blocks=3) == one
    three = sharded(spec, Here(3), tmp_path).run()
    assert {"digest": three.digest(), **fingerprint(three.frames())} == one


@given(
    cases=st.lists(st.tuples(*[st.integers(0, 10**6)] * 3), min_size=4, max_size=4),
    fen=st.lists(st.integers(0, 10**12), min_size=4, max_size=4),
)
def test_sums_are_divided_over_plans_to_the_fen(cases: list, fen: list):
    """Nobody pays for a plan of which the place had no case, where it had any."""
    market = SimpleNamespace(by_plan=lambda _: np.array(cases))
    billed: Any = SimpleNamespace(market=market, counts=np.zeros((1, 1), np.int64))
    parts = over_plans(billed, np.array(fen))
    assert parts.sum(axis=1).tolist() == fen
    some = np.array(cases).sum(axis=1) > 0
    assert (parts[some][np.array(cases)[some] == 0] == 0).all()


@given(*[st.floats(0, 1)] * 4)
def test_records_that_are_open_let_no_less_be_found(audited: float, detects: float, data: float, share: float):
    """The share of cases that nobody sees goes with what is still closed."""
    before = Supervision(audited=audited, detects=detects, fine=2.0, data=data)
    after = before.seeing(share)
    assert after.found >= before.found - 1e-12
    unseen = [(1 - each.audited) * (1 - each.data) for each in (before, after)]
    assert unseen[1] == pytest.approx((1 - share) * unseen[0])
