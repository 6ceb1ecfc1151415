"""A month's money: conserved to the fen for any counts, and checks that find what is wrong."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.errors import ModelError
from simulator.core.names import INPATIENT
from simulator.fund.accounts import Accounts
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.money_laws import check_counts, check_month
from simulator.fund.settlement import (
    Counted,
    Financing,
    System,
    bills_of,
    post_financing,
    set_reserves,
    settle_month,
    supplier_shares,
    supplies,
)
from simulator.payment import price
from simulator.payment.books import (
    CASES,
    CATASTROPHIC,
    CH_DRUGS,
    CODED,
    COVERED,
    DAYS,
    IDLE,
    OUTSIDE,
    SELF,
    SPLIT,
    SPLIT_WEIGHT,
    WEIGHT,
)  # fmt: skip
from simulator.payment.closed import Books
from simulator.payment.rules.drg import Rule as Drg
from simulator.payment.rules.fee_for_service import Rule as FeeForService
from simulator.payment.settlements.follows_patient import Rule as FollowsPatient
from simulator.payment.settlements.salary import Rule as Salary
from simulator.payment.tariffs import Tariffs
from simulator.services.kinds.supervision import Supervision

FUNDS = ["resident@city", "employee@city"]
PLACES = ["station_1", "centre_1", "county_1", "city_1", "city_2", "centre_2"]
CAP = {"cap": {"growth": "-20%", "borne": "50%"}}
PAY = {"basic": {"centre": "90000 yuan/year", "tertiary": "220000 yuan/year"}, "pass_through": "30%"}


def system(world, follows: float = 0.0, fine: float | None = 5.0) -> System:
    wards = (world.cells["care"] >= INPATIENT).astype(int)
    rules = {"clinics": FeeForService.model_validate(CAP), "wards": Drg(base_rate=870_000)}
    settlements = {"doctor_pay": (Salary.model_validate(PAY), world.tier[world.cells["facility"]] > 0)}
    if follows:
        settlements["follows"] = (FollowsPatient(share=follows), np.ones(len(wards), bool))
    return System(
        tariffs=Tariffs(rules, wards),
        settlements=settlements,
        cost=np.tile([0.97, 0.77, 1.18], (len(PLACES), 1)),
        services={} if fine is None else {"supervision": Supervision(audited=0.1, detects=0.5, fine=fine)},
    )


def start() -> tuple[Ledger, Accounts]:
    ledger = Ledger(account_names(FUNDS, PLACES))
    return ledger, Accounts.of(ledger, FUNDS, PLACES)


@given(seed=st.integers(0, 10**6), follows=st.sampled_from([0.0, 0.08]), size=st.sampled_from([0.2, 30.0]))
def test_two_years_of_money_are_conserved(world, seed, follows, size):
    rules, books = system(world, follows), Books()
    ledger, accounts = start()
    financing = Financing(*np.array([[7220, 2780], [38_000, 0], [0, 447_500], [71_800, 0]]))
    set_reserves(ledger, accounts, np.array([10**9, 2 * 10**9]))
    clawed_back = 0
    for month in range(24):
        market = world.market(calendar=month % 12 + 1)
        post_financing(ledger, accounts, financing, market.calendar)
        counts = world.counts(seed + month, size)
        counted = Counted.of(counts)
        settled = settle_month(ledger, accounts, rules, market, books, counted)
        closed = ledger.close()
        check_month(ledger, closed, accounts, rules, market, counted, settled)

        # what families paid is what their bills say, and the fund pays the rest of what is allowed
        assert settled.patient.sum() == (counts[:, SELF] + counts[:, OUTSIDE] - counts[:, CATASTROPHIC]).sum()
        assert settled.fund.sum() == settled.fund_cells.sum() + counts[:, CATASTROPHIC].sum()
        payers = settled.patient.sum() + settled.fund.sum()
        assert payers + price.difference(settled.fund_cells, counts).sum() == price.charge(counts).sum()
        if market.calendar != 12:
            assert settled.settled.sum() == 0
        clawed_back += int(settled.settled.sum())
    assert clawed_back <= 0
    if size > 1:
        assert clawed_back < 0
    assert sum(ledger.balance.tolist()) == 0


def test_premiums_are_exact_over_the_year():
    ledger, accounts = start()
    financing = Financing(np.array([7, 11]), np.array([38_001, 0]), np.array([0, 447_503]), np.array([71_809, 1]))
    for month in range(1, 13):
        post_financing(ledger, accounts, financing, month)
    assert ledger.balance[accounts.fund].tolist() == [7 * (38_001 + 71_809), 11 * (447_503 + 1)]
    assert ledger.balance[accounts.families] == -7 * 38_001
    assert ledger.balance[accounts.employers] == -11 * 447_503
    assert ledger.balance[accounts.government] == -(7 * 71_809 + 11)


def test_reserves_are_set_from_the_opening_account():
    ledger, accounts = start()
    set_reserves(ledger, accounts, np.array([500, 300]))
    set_reserves(ledger, accounts, np.array([200, 400]))
    assert ledger.balance[accounts.fund].tolist() == [200, 400]
    assert ledger.balance[accounts.opening] == -600
    assert ledger.total(ledger.close(), "reserve")[0][accounts.opening] == 900


def test_suppliers_take_their_share_of_the_resource_cost(world):
    """10,000 fen of each part: 97 % of drugs; 60 % of 77 % of tests; 10 % of 118 % of labour."""
    counts = np.zeros_like(world.counts(0))
    counts[np.flatnonzero(world.cells["facility"] == 2)[0], CH_DRUGS : CH_DRUGS + 3] = 10_000
    fen = supplies(world.market(), system(world).cost, counts)
    assert supplier_shares() == (1.0, 0.6, 0.1)
    assert fen[2].tolist() == [9700, 4620, 1180]
    assert fen.sum() == 15_500


def test_audits_take_back_what_coding_brought_and_fine_it(world):
    """One case of weight 1 coded 1.4 at 8,700 yuan: 3,480 too much; 5 % found: 174 back and five times that as fine."""
    rules, books = system(world), Books()
    cell = np.flatnonzero((world.cells["facility"] == 2) & (world.cells["care"] == INPATIENT))[0]
    counts = np.zeros_like(world.counts(0))
    counts[cell, [CH_DRUGS, COVERED, SELF, WEIGHT, CODED]] = [800_000, 800_000, 100_000, 1000, 1400]
    market = dataclasses.replace(world.market(), catalogue=np.ones(len(world.cells)))
    ledger, accounts = start()
    settled = settle_month(ledger, accounts, rules, market, books, Counted.of(counts))
    assert settled.services.tolist() == [0, 0, 17_400 + 87_000, 0, 0, 0]
    assert ledger.balance[accounts.government] == 87_000
    plan = world.cells["plan"][cell]
    assert ledger.balance[accounts.fund[plan]] == -(1_218_000 - 100_000) + 17_400
    per_unit = rules.services["supervision"].expected_cost(np.array([870_000.0]))
    assert per_unit[0] * 0.4 == pytest.approx(17_400 + 87_000)


def test_coding_too_low_is_not_rewarded_by_an_audit(world):
    counts = world.counts(1)
    counts[:, CODED] = counts[:, WEIGHT] // 2
    rules = system(world)
    bills = bills_of(world.market(), rules.tariffs.tariff(world.market(), Books()), counts)
    for _, back, fine in rules.services["supervision"].finds(bills):
        assert not back.any()
        assert not fine.any()


def test_each_kind_is_asked_back_once(world):
    """Two stays of weight 1 coded 1.4, one of them billed as two with 1.4 more: 800 thousandths are codes, 1,400 the
    second half; by case and by day, one case and three empty days of twenty. A twentieth is found, fined fivefold."""
    audits = system(world).services["supervision"]
    cell = np.flatnonzero((world.cells["facility"] == 2) & (world.cells["care"] == INPATIENT))[0]
    counts = np.zeros_like(world.counts(0))
    counts[cell, [CASES, SPLIT, WEIGHT, CODED, SPLIT_WEIGHT, DAYS, IDLE]] = [3, 1, 2000, 4200, 1400, 20, 3]
    for column, undone in (
        ("per_weight", {"": 0.8, ":split": 1.4, ":idle_days": 0}),
        ("per_case", {"": 0, ":split": 1, ":idle_days": 0}),
        ("per_day", {"": 0, ":split": 0, ":idle_days": 3}),
    ):
        tariff = world.market().tariff(**{column: np.full(len(counts), 100_000.0)})
        bills = bills_of(world.market(), tariff, counts)
        found = {kind: (int(back[cell]), int(fine[cell])) for kind, back, fine in audits.finds(bills)}
        assert found == {kind: (int(5000 * n), int(25_000 * n)) for kind, n in undone.items()}, column


def test_supervision_by_data_sees_more():
    """A tenth audited, half of what is false seen: 5 %; with all data read, 50 %."""
    seen = [Supervision(audited=0.1, detects=0.5, fine=5, data=share).found for share in (0.0, 0.5, 1.0)]
    assert seen == pytest.approx([0.05, 0.275, 0.5])


def test_false_records_cost_what_they_brought_and_the_fine(world):
    """Four false records worth 600 yuan: 5 % found, 120 yuan and five times that, to the government."""
    rules, places = system(world), np.arange(len(PLACES))
    activity = {"false_down": np.where(places == 4, 4, 0), "record_worth": np.full(len(PLACES), 60_000.0)}
    market = dataclasses.replace(world.market(), activity=activity)
    ledger, accounts = start()
    settled = settle_month(ledger, accounts, rules, market, Books(), Counted.of(np.zeros_like(world.counts(0))))
    assert settled.services.tolist() == [72_000 * (place == 4) for place in places]
    assert ledger.balance[accounts.government] == 72_000


def settled_month(world):
    rules, market, counts = system(world), world.market(), world.counts(5)
    ledger, accounts = start()
    settled = settle_month(ledger, accounts, rules, market, Books(), Counted.of(counts))
    return ledger, accounts, rules, market, counts, settled


@pytest.mark.parametrize("kind", ["claims", "patient", "supplies", "salary", "audit"])
def test_a_fen_too_much_in_any_posting_is_found(world, kind):
    ledger, accounts, rules, market, counts, settled = settled_month(world)
    payer, payee = {
        "claims": ("fund:resident@city", "facility:city_1"),
        "patient": ("families", "facility:city_1"),
        "supplies": ("facility:city_1", "suppliers:drugs"),
        "salary": ("facility:city_1", "doctors:city_1"),
        "audit": ("facility:city_1", "fund:resident@city"),
    }[kind]
    ledger.post(payer, payee, kind, 1)
    with pytest.raises(ModelError, match="facility:city_1"):
        check_month(ledger, ledger.close(), accounts, rules, market, Counted.of(counts), settled)


def test_the_wrong_fund_paying_is_found(world):
    ledger, accounts, rules, market, counts, settled = settled_month(world)
    ledger.post("fund:employee@city", "fund:resident@city", "claims", 1)
    with pytest.raises(ModelError, match="claims of account fund:employee@city"):
        check_month(ledger, ledger.close(), accounts, rules, market, Counted.of(counts), settled)


def test_other_counts_do_not_replay_to_the_same_money(world):
    ledger, accounts, rules, market, counts, settled = settled_month(world)
    other = counts.copy()
    other[np.flatnonzero(counts[:, SELF])[0], SELF] -= 1
    other[:, CATASTROPHIC] = np.minimum(other[:, CATASTROPHIC], other[:, SELF])
    with pytest.raises(ModelError):
        check_month(ledger, ledger.close(), accounts, rules, market, Counted.of(other), settled)


@pytest.mark.parametrize(
    ("column", "change", "words"),
    [
        (COVERED, 1, "another sum"),
        (CH_DRUGS, 1, "another sum"),
        (SELF, 10**12, "more than was covered"),
        (CATASTROPHIC, 10**12, "more than was paid"),
        (WEIGHT, -(10**12), "negative"),
    ],
)
def test_counts_that_break_a_law_are_named(world, column, change, words):
    counts = world.counts(5)
    check_counts(world.market(), Counted.of(counts))
    counts[20, column] += change
    with pytest.raises(ModelError, match=rf"cell 20 \(facility 1.*{words}"):
        check_counts(world.market(), Counted.of(counts))
