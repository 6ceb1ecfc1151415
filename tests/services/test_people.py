"""What each service does in a real run: its channel moves as it says, on the same people and draws, and money flows."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.small import COUNTY, SHORT, Spec, answer, fingerprint, model
from tests.study.test_shards import Here, sharded

FAMILIES, MONTHS = 1000, 6


@cache
def run(*changes: str) -> dict[str, pd.DataFrame]:
    """Frames of a small county under these changes."""
    return model(Spec((SHORT, COUNTY, *changes), families=FAMILIES, months=MONTHS)).run().frames()


def level(indicator: str, *changes: str, **series: str) -> float:
    """An indicator over all months of a run, as the ratio of sums."""
    table = run(*changes)["monthly"]
    mine = table["indicator"] == indicator
    for column in ("tier", "plan", "part", "alliance"):
        mine &= table[column] == series.get(column, "")
    assert mine.any(), indicator
    return table.loc[mine, "numerator"].sum() / table.loc[mine, "denominator"].sum()


def paid(kind: str, *changes: str) -> float:
    """Money of a kind in all months of a run, yuan."""
    table = run(*changes)["ledger"]
    return table.loc[table["kind"] == kind, "fen"].sum() / 100


SCHOOLS = "baseline.services.school_doctor={schools: 60, pupils: 3000, trained: 400, per_school: 80000 yuan/year}"


def test_school_doctors_send_children_to_primary_care_first():
    """The more so the more advice is worth; nobody where it is worth nothing, and others hardly."""
    children = {"part": "0_14"}
    without, with_it = (level("primary_first_by_age", *c, **children) for c in ((), (SCHOOLS,)))
    more = level("primary_first_by_age", SCHOOLS, "behaviour.parameters.school_named=1.5", **children)
    assert without + 0.02 < with_it < more - 0.02
    of_no_worth = level("primary_first_by_age", SCHOOLS, "behaviour.parameters.school_named=0", **children)
    assert of_no_worth == pytest.approx(without, abs=1e-12)
    old = {"part": "80_plus"}
    assert level("primary_first_by_age", SCHOOLS, **old) == pytest.approx(
        level("primary_first_by_age", **old), abs=0.02
    )


def test_school_clinics_are_paid_for_the_whole_place():
    """60 clinics at 80,000 yuan for half a year, whoever the sample is."""
    assert paid("school_doctors", SCHOOLS) == pytest.approx(60 * 80_000 / 2, rel=1e-6)
    assert paid("school_doctors") == 0


CLINICS = "baseline.services.workplace_clinic={employees: 10000000, doctors: 100, salary: 200000 yuan/year}"


def test_clinics_at_work_take_simple_visits_of_employees():
    """Employees make fewer visits, residents as many as before; employers pay, and the fund for less."""
    without, with_it = (level("visits_per_person", *c, plan="employee") for c in ((), (CLINICS,)))
    assert with_it < 0.95 * without
    others = [level("visits_per_person", *c, plan="resident") for c in ((), (CLINICS,))]
    assert others[1] == pytest.approx(others[0], rel=0.02)
    assert run(CLINICS)["facilities"]["cured_at_work"].sum() > 0 == run()["facilities"]["cured_at_work"].sum()
    assert paid("workplace_clinic", CLINICS) == pytest.approx(100 * 200_000 / 2, rel=1e-6)
    unused = run(CLINICS, "behaviour.parameters.work_used=0")["referrals"]
    pd.testing.assert_frame_equal(unused, run()["referrals"])


def test_who_is_cured_at_work_went_without_nothing():
    """Where such clinics see to serious illness too, none of those cured counts as care forgone."""
    changes = (CLINICS, "behaviour.parameters.work_severity=0.9", "behaviour.parameters.work_capability=1")
    tables = (
        run(*each)["monthly"].query("indicator == 'forgone_care' and plan == 'employee'") for each in ((), changes)
    )
    without, with_it = (table["numerator"].sum() for table in tables)
    assert with_it < without


LECTURES = "baseline.services.health_lectures={lectures: 20000, audience: 400, per_lecture: 3000 yuan}"
POINTS = "baseline.services.health_points={per_contact: 10 yuan, redeem: 50%}"


def test_lectures_raise_trust_and_bring_people_to_prevention():
    """Eight million seats a year for 1.2 million people: each hears some; what they heard lasts for a while."""
    assert level("trust_primary", LECTURES) > level("trust_primary") + 0.03
    quick = "behaviour.parameters.lecture_fades=0.9"
    assert level("trust_primary", LECTURES) > level("trust_primary", LECTURES, quick) > level("trust_primary")
    assert level("primary_share_of_visits", LECTURES) > level("primary_share_of_visits")
    assert level("managed_share", LECTURES, POINTS) > level("managed_share", POINTS)
    heard = run(LECTURES)["facilities"]["heard_lectures"].sum()
    assert heard == pytest.approx(20_000 * 400 / 2, rel=0.05)
    assert paid("health_lectures", LECTURES) == pytest.approx(heard * 3000 / 400, rel=1e-4)


def test_lectures_that_tell_nothing_change_nothing():
    nothing = ("behaviour.parameters.lecture_trust=0", "behaviour.parameters.lecture_literacy=0")
    pd.testing.assert_frame_equal(run(LECTURES, *nothing)["referrals"], run()["referrals"])


PREVENTION = "baseline.services.preventive_visits={from_age: 45, price: 60 yuan, fee: 40 yuan}"
REWARDED = (
    "baseline.services.health_points="
    "{per_contact: 10 yuan, redeem: 50%, per_prevention: 30 yuan, redeem_prevention: 100%}"
)


def test_points_lower_the_net_price_of_prevention():
    """More come for points, more still where a visit is free; who is found is known, and money adds up."""
    visits = "preventive_visits_per_person"
    plain, rewarded = level(visits, PREVENTION), level(visits, PREVENTION, REWARDED)
    assert plain * 1.1 < rewarded < level(visits, PREVENTION.replace("60 yuan", "0 yuan"), REWARDED)
    known = [level("aware_share", *c, part="hypertension") for c in ((), (PREVENTION,), (PREVENTION, REWARDED))]
    assert known[0] < known[1] < known[2]
    done = run(PREVENTION, REWARDED)["facilities"]
    assert paid("prevention_points", PREVENTION, REWARDED) * 100 == pytest.approx(done["prevention_points"].sum())
    own, points = paid("prevention_own", PREVENTION, REWARDED), paid("prevention_points", PREVENTION, REWARDED)
    assert points > 0 == paid("prevention_points", PREVENTION)
    assert own + points == pytest.approx(60 * done["preventive_visits"].sum())
    indifferent = "behaviour.parameters.prevent_money=0"
    assert level(visits, PREVENTION, indifferent) == level(visits, PREVENTION, REWARDED, indifferent)


DELIVERY = "baseline.services.drug_delivery={lacks: 40%, fee: 8 yuan, days: 1 day}"


def prescriptions_at_primary(*changes: str) -> float:
    """Prescriptions renewed at primary care, all months, where there is delivery."""
    return run(*changes)["facilities"]["with_delivery"].sum()


def test_drugs_that_are_brought_keep_prescriptions_at_primary_care():
    """The fee is paid for two fifths of them, whoever bears it; nobody who knows nothing is moved."""
    known, unknown = (f"behaviour.parameters.delivery_known={share}" for share in (1, 0))
    before, after = (prescriptions_at_primary(DELIVERY, share) for share in (unknown, known))
    assert after > before * 1.005
    assert paid("drug_delivery", DELIVERY, known) == pytest.approx(8 * 0.4 * after, rel=0.02)
    pd.testing.assert_frame_equal(run(DELIVERY, unknown)["referrals"], run()["referrals"])
    borne = DELIVERY.replace("days: 1 day", "days: 1 day, paid_by: government")
    assert prescriptions_at_primary(borne, known) >= after


CARD = (
    "baseline.settlements.card={for: {tiers: primary}, rule: contract_fee, fee: 120 yuan/year, "
    "sources: {insurance: 50%, public_health: 30%, self_pay: 20%}, to_doctors: 70%}"
)


def test_a_service_card_is_paid_by_three_payers():
    """The fund, the money for public health and the family pay their shares of one fee; who pays less signs more."""
    kinds = ("contract_fee", "contract_fee_public", "contract_fee_own")
    fen = [paid(kind, CARD) for kind in kinds]
    assert [each / sum(fen) for each in fen] == pytest.approx([0.5, 0.3, 0.2], abs=1e-3)
    all_own = CARD.replace("insurance: 50%, public_health: 30%, self_pay: 20%", "self_pay: 100%")
    assert level("contract_share", CARD) > level("contract_share", all_own) > 0


def test_every_engine_and_shards_give_the_same_bits_with_all_of_them(tmp_path: Path):
    """From the start, and from a date on, when residents are counted anew."""
    later = (
        "reforms.more={title: {en: More, zh: 更多}, timeline: {2023-03: {services: "
        "{health_lectures: {lectures: 9000}, school_doctor: {schools: 90}, workplace_clinic: {employees: 50000}}}}}"
    )
    everything = (SCHOOLS, CLINICS, LECTURES, PREVENTION, REWARDED, DELIVERY, CARD, later)
    spec = Spec((SHORT, COUNTY, *everything), families=60, months=4, arm="more")
    one = answer(spec)
    assert answer(spec, engine="agents") == one
    assert answer(spec, threads=2, blocks=3) == one
    three = sharded(spec, Here(3), tmp_path).run()
    assert {"digest": three.digest(), **fingerprint(three.frames())} == one
    assert answer(spec._replace(arm="baseline")) != one
