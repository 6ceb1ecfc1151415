"""Mutual plans, commercial insurers, charities and reserve policies, to the fen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.state.people import FAMILIES, PEOPLE
from simulator.fund.insurers import Insurer, close_year, rate_class, wind_up
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.plan import Policy
from simulator.fund.plans.charity import Charity
from simulator.fund.plans.commercial import Commercial
from simulator.fund.plans.mutual import Mutual
from simulator.fund.relief import Reliever
from simulator.fund.reserves import ReservePolicy, asked_for, merge, months_held
from simulator.fund.settlement import Accounts, Financing, set_reserves

FUNDS, PLACES = ["north@place", "south@place"], ["centre_1", "centre_2", "county_1"]
OTHERS = ["charity:love", "insurer:firm", "mutual:help"]
EVERYBODY = {
    "age": np.ones(200, bool), "plan": np.ones(2, bool), "holder": np.ones(1, bool), "area": np.ones(1, bool)
}  # fmt: skip


def start() -> tuple[Ledger, Accounts]:
    ledger = Ledger(account_names(FUNDS, PLACES, insurers=OTHERS))
    return ledger, Accounts.of(ledger, FUNDS, PLACES)


def insurer(ledger: Ledger, name: str, kind: type[Policy], **terms) -> Insurer:
    signed = np.array([True, True, False]) if kind is Mutual else np.zeros(3, bool)
    plan = kind.model_construct(**{"premium": 36_500} | terms)
    return Insurer(name.partition(":")[2], plan, ledger.index[name], EVERYBODY, signed)


def reliever(ledger: Ledger, donations: int, pays: float) -> Reliever:
    plan = Charity.model_construct(donations=donations, pays=pays)
    return Reliever("love", ledger.index["charity:love"], plan)


@given(members=st.integers(1, 500), left=st.integers(1, 12), claims=st.integers(0, 10**7))
def test_a_mutual_plan_keeps_its_fixed_fee_and_gives_the_surplus_away(members: int, left: int, claims: int):
    """30 yuan a member and 1,000 yuan for the plan, whatever members claim; the rest by purpose and by work."""
    ledger, accounts = start()
    shares = {"doctors": 0.5, "training": 0.3, "research": 0.2}
    plan = insurer(ledger, "mutual:help", Mutual, operating_fee=3_000, operating_cost=100_000, surplus_to=shares)
    joined = np.arange(500) < members
    plan.begin(ledger, joined, np.full(500, 36_500), np.full(500, 10**5), left)
    fee = members * (3_000 * left // 12) + 100_000 * left // 12
    assert ledger.balance[ledger.index["administration"]] == fee
    assert ledger.balance[plan.account] == members * (36_500 * left // 12) - fee
    ledger.post("mutual:help", "facility:centre_1", "mutual", claims)
    surplus = int(ledger.balance[plan.account])
    paid = close_year(ledger, accounts, plan, np.array([30, 10, 60]))
    month = ledger.close()
    plan.count(ledger, month)
    assert plan.paid == claims
    assert ledger.balance.sum() == 0
    if surplus <= 0:
        assert ledger.balance[plan.account] == surplus  # carried into the next year
        assert paid == {}
        return
    assert ledger.balance[plan.account] == 0
    doctors, _, outside = ledger.balance[accounts.doctors]
    assert ledger.balance[accounts.doctors].sum() == pytest.approx(surplus / 2, abs=1)
    assert doctors == pytest.approx(surplus * 3 / 8, abs=1)
    assert outside == ledger.balance[accounts.facility[2]] == 0  # has not signed
    kinds = ("mutual_training", "mutual_research")
    assert set(paid) == {*kinds, *(f"{kind}_spent" for kind in kinds)}
    for kind in kinds:  # what a facility gets for a purpose it spends on it
        assert (paid[f"{kind}_spent"] == -paid[kind]).all()
    assert ledger.balance[accounts.facility].sum() == claims - sum(fen.sum() for fen in paid.values())
    assert ledger.total(month, "operating_fee")[0][plan.account] == fee


def test_owners_take_a_profit_and_cover_a_loss():
    ledger, accounts = start()
    firm = insurer(ledger, "insurer:firm", Commercial, administration=0.15)
    firm.begin(ledger, np.ones(10, bool), np.full(10, 50_000), np.full(10, 10**5), 12)
    assert ledger.balance[ledger.index["administration"]] == 75_000
    assert close_year(ledger, accounts, firm, np.ones(3, np.int64)) == {}
    assert ledger.balance[ledger.index["owners"]] == 425_000
    ledger.post("insurer:firm", "facility:county_1", "indemnity", 600_000)
    close_year(ledger, accounts, firm, np.ones(3, np.int64))
    assert ledger.balance[ledger.index["owners"]] == 425_000 - 600_000
    assert ledger.balance[firm.account] == 0


def test_what_is_left_of_a_plan_that_ends_goes_to_its_members():
    ledger, _ = start()
    plan = insurer(ledger, "mutual:help", Mutual)
    plan.begin(ledger, np.ones(4, bool), np.full(4, 1200), np.ones(4), 5)
    assert plan.monthly == 4 * 500 / 5
    wind_up(ledger, plan)
    assert (ledger.balance == 0).all()


def test_prices_by_risk_are_expected_claims_and_their_loading():
    """Two classes that cost 1,000 and 3,000 yuan; half of that is claimed; 20 % on top. Later prices follow claims."""
    ledger, _ = start()
    persons = PEOPLE.rows(4)
    persons["age"], persons["hypertension"] = 30, [0, 0, 0, 3]
    charges, may = np.array([100_000, 100_000, 100_000, 300_000]), np.ones(4, bool)
    firm = insurer(
        ledger, "insurer:firm", Commercial, premium=90_000, loading=0.2, administration=0, follows_claims=0.5
    )
    first = firm.price(persons, may, charges)
    assert first.tolist() == [60_000, 60_000, 60_000, 180_000]
    assert first.mean() == 90_000
    firm.begin(ledger, np.array([True, False, False, False]), first, charges, 12)
    firm.paid = 100_000  # twice what was expected
    assert firm.price(persons, may, charges).tolist() == [90_000, 90_000, 90_000, 270_000]
    assert rate_class(persons).tolist() == [2, 2, 2, 3]


@given(
    paid=st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
    more=st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
    held=st.integers(0, 10**6),
    pays=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_a_charity_gives_all_the_same_share_and_never_owes(paid, more, held, pays):
    ledger, _ = start()
    love, threshold = reliever(ledger, 1200, pays), np.full(3, 500_000)
    ledger.post("donors", "charity:love", "donation", held)
    families = FAMILIES.rows(3)
    families["catastrophic_at"], families["paid_year"] = threshold, paid
    love.begin_month(ledger, families, 5, 6)
    assert ledger.balance[love.account] == held + 5 * 100
    families["paid_year"] += more
    relief = love.relieve(ledger, families)
    new = np.maximum(0, families["paid_year"] - threshold) - np.maximum(0, np.array(paid) - threshold)
    assert (relief <= new).all()
    assert ledger.balance[love.account] == held + 500 - relief.sum() >= 0
    if pays * new.sum() <= held + 500:
        assert relief.tolist() == np.floor(new * pays).tolist()
    elif new.sum():
        assert relief.sum() > held + 500 - 4  # all that there is, but for a fen each


def test_what_a_family_paid_last_year_is_nothing_to_a_charity():
    ledger, _ = start()
    love = reliever(ledger, 10**6, 1.0)
    families = FAMILIES.rows(1)
    families["catastrophic_at"], families["paid_year"] = 500_000, 900_000
    love.begin_month(ledger, families, 1, 1)
    families["paid_year"] = 600_000
    assert love.relieve(ledger, families).tolist() == [83_333]  # a twelfth is held


def test_a_policy_brings_the_reserve_back_into_its_corridor():
    """Spending of 100 a month, income of 90: premiums rise until the reserve is back; and fall from above."""
    policy = ReservePolicy(low=6, high=9, step=0.10, acts_on="premium", least=0.5, most=2.0)
    for reserve, income in ((300.0, 90.0), (2000.0, 110.0)):
        asked, held = 1.0, []
        for _ in range(25):
            months = float(months_held(np.array(reserve), np.array(1200), 12))
            held.append(months)
            asked = policy.next(asked, months)
            reserve += 12 * (income * asked - 100)
        assert not 6 <= held[0] <= 9
        assert any(6 <= months <= 9 for months in held[:10])
        without = held[0] + 25 * 12 * (income - 100) / 100
        assert abs(np.mean(held[5:]) - 7.5) < abs(without - 7.5) / 3
    assert policy.next(0.5, 20) == 0.5
    assert policy.next(1.95, 1) == 2.0


@given(
    share=st.sampled_from([0.4, 0.7, 1.0]), gap=st.floats(-0.05, 0.05), step=st.sampled_from([0.05, 0.08]),
    shocks=st.lists(st.floats(-0.02, 0.02), min_size=40, max_size=40),
)  # fmt: skip
def test_a_reserve_stays_near_its_corridor_for_decades(share: float, gap: float, step: float, shocks: list[float]):
    """Of an income that is ``gap`` more than spending the policy moves a share; years differ. Acting on the reserve of
    today alone, it would swing from one side to the other for ever."""
    policy = ReservePolicy(low=6, high=9, step=step, acts_on="premium", least=0.5, most=2.0)
    asked, months, before, held = 1.0, 7.5, None, []
    for shock in shocks:
        asked, before = policy.next(asked, months, before), months
        months += 12 * ((1 + gap) * (1 - share + share * asked) - 1 - shock)
        held.append(months)
    assert 3.5 < min(held) < 9.5
    assert 5.5 < max(held) < 11.5
    assert 4.5 < np.mean(held[20:]) < 10.5


def test_a_policy_moves_what_it_acts_on():
    financing = Financing(*np.array([[10, 10], [38_000, 500], [0, 9], [70_000, 7]]))
    policy = ReservePolicy(low=6, high=9, step=0.1, acts_on="subsidy", least=0.5, most=2)
    asked = asked_for(financing, [policy, None], np.array([1.1, 3.0]))
    assert asked.premium.tolist() == [38_000, 500]
    assert asked.subsidy.tolist() == [77_000, 7]


@pytest.mark.parametrize("held", [(700, 300), (-700, 300)])
def test_a_merger_brings_what_a_fund_holds_or_owes(held):
    ledger, accounts = start()
    set_reserves(ledger, accounts, np.array(held))
    one = merge(ledger, accounts, accounts.fund[[1, 1]])
    assert ledger.balance[accounts.fund].tolist() == [0, sum(held)]
    assert one.fund.tolist() == [accounts.fund[1]] * 2
    again = merge(ledger, one, accounts.fund)
    assert ledger.balance[again.fund].tolist() == [0, sum(held)]
    set_reserves(ledger, one, np.array([5000, 5000]))  # of both together
    assert ledger.balance[accounts.fund].tolist() == [0, 5000]
