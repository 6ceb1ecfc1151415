"""What a contract is worth in better cover: by hand for one person, and who signs for it in a whole place."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.benefit.cover import COVER
from simulator.benefit.expected import own_expected
from simulator.core.names import CENTRE, INPATIENT, NONE, OUTPATIENT, TERTIARY
from simulator.engine.enrolment import expected_charges
from simulator.engine.state.world import World
from simulator.engine.terms.usual_year import usual_year
from simulator.model import HealthSystem
from simulator.scenario import load
from simulator.scenario.compile.build import build
from simulator.services.kinds.contract import fill_worth
from tests.small import COUNTY

CONTRACT = (
    "baseline.settlements.contract={for: {tiers: primary}, rule: contract_fee, fee: 120 yuan/year, "
    "sources: {insurance: 100%, public_health: 0%, self_pay: 0%}}"
)
HALF = "primary: {deductible: 0 yuan, fund_pays: 50%}, hospital: {deductible: 0 yuan, fund_pays: 50%}"
PLAIN = tuple(
    f"baseline.benefit.{plan}.{care}={{{HALF}, deductible_is: {word}, ceiling: remove, first_self_pay: 0%}}"
    for plan in ("resident", "employee")
    for care, word in (("outpatient", "per_year"), ("inpatient", "per_admission"))
)
"""Half of every bill is paid, with no deductible and no ceiling."""


def adjusted(when: str, what: str, scope: str = "all") -> str:
    return f"baseline.adjustments.better={{for: {scope}, when: {when}, {what}}}"


@cache
def after_a_year(*changes: str) -> HealthSystem:
    plan = load("base", changes=["time.warm_up=13 months", COUNTY, CONTRACT, *changes], families=300, months=11)
    return HealthSystem(plan).run()


def worth(*changes: str) -> np.ndarray:
    return after_a_year(*changes).world.rare["contract_worth"]


def signed(*changes: str) -> float:
    return after_a_year(*changes).observer.latest["contract_share", "", "", ""]


def test_ten_points_draw_people_to_sign():
    more = signed(adjusted("[signed]", "fund_pays: +10 pp"))
    assert more > signed() + 0.03
    assert signed(adjusted("[signed]", "fund_pays: -10 pp")) < signed() - 0.03


@pytest.mark.parametrize("when", ["[referred]", "[poor]"])
def test_what_all_have_draws_nobody(when: str):
    assert (worth(adjusted(when, "fund_pays: +10 pp")) == 0).all()
    assert (worth() == 0).all()


@pytest.mark.parametrize(
    ("what", "scope"),
    [("waives: 10 yuan", "{tiers: primary}"), ("deductible: waived", "{care: inpatient}"),
     ("deductible: half", "all"), ("ceiling: 5000 yuan/year", "{care: outpatient}")],
)  # fmt: skip
def test_every_kind_of_better_cover_is_worth_something(what: str, scope: str):
    found = worth(adjusted("[signed]", what, scope))
    assert found.min() >= 0
    assert found.mean() > 1


def test_for_the_referred_alone_it_is_worth_what_referral_is_likely():
    all_stays = worth(adjusted("[signed]", "deductible: waived", "{care: inpatient}"))
    after_referral = worth(adjusted("[signed, referred]", "deductible: waived", "{care: inpatient}"))
    assert 0 < after_referral.mean() < 0.2 * all_stays.mean()


def test_it_ends_with_the_rule():
    plan = load(
        "base",
        changes=["time.warm_up=2 months", COUNTY, CONTRACT, adjusted("[signed]", "fund_pays: +10 pp"),
                 "reforms.end={title: {en: End, zh: 止}, timeline: {2023-03: {adjustments.better: remove}}}"],
        families=50, months=3,
    )  # fmt: skip
    system = HealthSystem(plan, "end")
    for _ in range(4):
        system.step()
    assert system.world.rare["contract_worth"].min() > 0
    system.run()
    assert (system.world.rare["contract_worth"] == 0).all()


def test_ten_points_where_half_is_paid_are_a_tenth_of_what_one_needs():
    """The closed form: worth = 10 % × X, of the same X by which people enrol."""
    w = build(load("base", changes=[COUNTY, CONTRACT, *PLAIN, adjusted("[signed]", "fund_pays: +10 pp")], families=40,
                   months=2))  # fmt: skip
    charges = expected_charges(w)
    fill(w, charges)
    assert w.rare["contract_worth"] == pytest.approx(charges * 0.1 / 100, abs=0.05)


def fill(w: World, charges: np.ndarray) -> None:
    fill_worth(
        w.families, w.persons, w.rare, charges, *usual_year(w), w.facts.referred, w.cover, 0, len(w.families) - 1
    )


def test_one_person_by_hand():
    """A healthy woman expects 2,000 yuan of visits at the centre in 20 bills and 8,000 yuan at the tertiary hospital in
    one admission. Waived for the signed: 10 yuan a visit, and half the deductible of 1,000 yuan, of which the fund had
    paid 0 and now pays 70 %. 20 × 10 + 500 × 70 % = 550 yuan."""
    w = build(load("base", changes=[
        COUNTY, CONTRACT,
        "baseline.adjustments={visits: {for: {tiers: primary}, when: signed, waives: 10 yuan}, "
        "stays: {for: {care: inpatient}, when: signed, deductible: half}}",
    ], families=40, months=2))  # fmt: skip
    j = int(np.flatnonzero(w.persons["plan"] == 0)[0])
    w.persons["hypertension"][j] = w.persons["diabetes"][j] = NONE
    charges = np.full(len(w.persons), 1_000_000)
    shares, bills = np.zeros((2, len(w.risk), 3, 2, 5))
    shares[:, 0, OUTPATIENT, CENTRE], shares[:, 0, INPATIENT, TERTIARY] = 0.2, 0.8
    bills[:, 0, OUTPATIENT, CENTRE], bills[:, 0, INPATIENT, TERTIARY] = 20 / 1e6, 1 / 1e6
    fill_worth(w.families, w.persons, w.rare, charges, shares, bills, w.facts.referred, w.cover, 0, len(w.families) - 1)
    assert w.rare["contract_worth"][j] == pytest.approx(550)


@pytest.mark.parametrize(
    ("cover", "bills", "part", "own"),
    [
        # 10,000 fen, of which 10 % are the patient's first, then a deductible of 500 for each of four bills: the fund
        # pays 60 % of 10,000 − 1,000 − 2,000 = 4,200, and 100 of the rest are waived for each bill
        ({"first_self_pay": 0.1, "deductible": 500, "fund_pays": 0.6, "waives": 100}, 4, 0.5, 5400),
        # the yearly deductible of 3,000 falls to these charges by their part, a half: 60 % of 10,000 − 1,000 − 1,500
        ({"first_self_pay": 0.1, "deductible": 3000, "per_year": 1, "fund_pays": 0.6}, 4, 0.5, 5500),
        # and so does the ceiling: 4,500 would be paid, 2,000 are
        ({"first_self_pay": 0.1, "deductible": 3000, "per_year": 1, "fund_pays": 0.6, "ceiling": 4000}, 4, 0.5, 8000),
        ({"deductible": 20_000, "fund_pays": 0.6}, 1, 1.0, 10_000),
    ],
)
def test_what_is_left_of_a_year_by_hand(cover: dict[str, float], bills: float, part: float, own: int):
    row = COVER.rows(1)[0]
    for column, terms in cover.items():
        row[column] = terms
    assert own_expected(row, 10_000, bills, part) == own


@given(
    charges=st.integers(0, 10**7), bills=st.floats(0, 50), part=st.floats(0, 1), pays=st.floats(0, 1),
    deductible=st.integers(0, 10**5), yearly=st.integers(0, 1), waives=st.integers(0, 5000),
)  # fmt: skip
def test_nobody_is_left_with_more_than_the_charge_or_less_than_nothing(
    charges: int, bills: float, part: float, pays: float, deductible: int, yearly: int, waives: int
):
    row = COVER.rows(1)[0]
    row.fund_pays, row.deductible, row.per_year, row.waives = pays, deductible, yearly, waives
    own = own_expected(row, charges, bills, part)
    assert 0 <= own <= charges
    row.deductible = deductible // 2
    assert own_expected(row, charges, bills, part) <= own
