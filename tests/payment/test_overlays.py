"""Settlements: what providers believe of them is what a whole year settles, and they move what they say and no more."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.fund.accounts import Accounts
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.pools import Pool, close_year, pay_bills, pay_instalment
from simulator.payment.books import CELLS
from simulator.payment.market import Market
from simulator.payment.rule import BudgetRule, SettlementRule, found
from simulator.scenario.rules import Settlement
from tests.payment.cases import of_example
from tests.payment.years_settled import ENTRIES, MOVES, Place, margin, moved_more

RULES = found("simulator.payment.settlements")
SERVED = {"weight": "50%", "none_at": "5%", "full_at": "95%"}
HALF = {"served_share": SERVED, "control_share": SERVED}
ALONE = SERVED | {"weight": "100%"}
CODES = {"upcoded_share": {"weight": "70%", "none_at": "40%", "full_at": "1%"}}
SOURCES = {"insurance": "50%", "public_health": "30%", "self_pay": "20%"}
BUDGET = {"surplus_kept": "80%", "overspend_borne": "50%"}
BASIC = {"centre": "90000 yuan/year", "tertiary": "240000 yuan/year"}
REMOTE = {"fee": {"station": "40 yuan", "centre": "60 yuan"}, "fund_pays": "70%", "reader_share": "60%"}
LOSSES = {"borne": "40%", "minimum": "2%"}

PARAMETERS: dict[str, dict[str, dict]] = {
    "contract_fee": {
        "for a signature": {"fee": "120 yuan/year", "sources": SOURCES, "to_doctors": "70%"},
        "by performance": {
            "fee": "120 yuan/year", "sources": SOURCES, "withheld": "60%", "scaled_by": HALF, "to_doctors": "70%",
        },
        "by contracts": {
            "fee": "120 yuan/year", "sources": {"insurance": "100%"}, "withheld": "80%",
            "scaled_by": {"contract_share": SERVED, "served_share": SERVED},
        },
    },
    "credit_rating": {
        "codes": {"withheld": "5%", "scaled_by": CODES},
        "codes and patients": {"withheld": "10%", "scaled_by": CODES | {"managed_share": SERVED | {"weight": "30%"}}},
    },
    "drug_markup": {"fifteen": {"markup": "15%"}},
    "follows_patient": {"fixed": {"share": "8%"}, "by the stay": {"share": "remaining_stay"}},
    "global_budget": {
        "prepaid": BUDGET | {"amount": "last_year_spending", "scaled_by": {"control_share": ALONE}},
        "clawed back": BUDGET | {"amount": {"per_head": "900 yuan/year"}, "paid": "clawed_back"},
    },
    "list_prices": {"repair": {"tests": "-10%", "labour": "20%"}},
    "outreach_fee": {
        "fund": {"per_hour": "150 yuan", "paid_by": "fund", "to_doctors": "60%"},
        "government": {"per_hour": "150 yuan", "paid_by": "government"},
        "receiver": {"per_hour": "150 yuan", "paid_by": "receiver"},
    },
    "prepaid_network": {
        "all kept": {"per_head": "1000 yuan/year", "administration_share": "5%"},
        "by outcomes": {"per_head": "1000 yuan/year", "scaled_by": {"control_share": ALONE}},
    },
    "public_health": {
        "flat": {"per_head": "89 yuan/year"},
        "assessed": {
            "per_head": "89 yuan/year", "assessed": "40%",
            "scaled_by": {"managed_share": SERVED, "contract_share": SERVED},
        },
    },
    "referral_bonus": {
        "fund": {"per_referral": "200 yuan", "paid_by": "fund"},
        "government": {"per_referral": "200 yuan", "paid_by": "government"},
    },
    "salary": {
        "bonus": {"basic": BASIC, "pass_through": "30%"},
        "ceiling": {"basic": BASIC, "pass_through": "30%", "ceiling": "2 times"},
        "target": {"basic": BASIC, "target": {"tertiary": "600000 yuan/year"}, "pass_through": "30%"},
    },
    "shared_savings": {
        "one-sided": {"share": "50%", "minimum_savings": "2%", "quality_gate": "30%", "limit": "10%"},
        "two-sided": {"share": "75%", "minimum_savings": "3%", "losses": LOSSES, "limit": "15%"},
        "capped below the minimum": {"share": "50%", "minimum_savings": "4%", "limit": "1%"},
    },
    "subsidy": {
        "all": {
            "per_doctor": {"centre": "60000 yuan/year"}, "per_bed": {"tertiary": "9000 yuan/year"},
            "fixed": {"station": "20000 yuan/year"},
        },
    },
    "telemedicine_fee": {"remote": REMOTE},
    "volume_procurement": {"tender": {"price_cut": "53%", "covered": "40%", "retained": "50%"}},
}  # fmt: skip


PARAMETERS |= {name: {"its example": of_example(rule)} for name, rule in RULES.items() if name not in PARAMETERS}


def rules(kind: type) -> list:
    return [
        pytest.param(RULES[name].model_validate(given), id=f"{name}: {case}")
        for name, cases in PARAMETERS.items()
        if issubclass(RULES[name], kind)
        for case, given in cases.items()
    ]


SETTLING = [p for p in rules(SettlementRule) if not isinstance(p.values[0], BudgetRule)]


@pytest.mark.parametrize("name", RULES)
def test_the_example_is_a_block_of_a_scenario(name):
    for block in yaml.safe_load(RULES[name].example).values():
        assert isinstance(Settlement.model_validate(block).rule, RULES[name])


SILENT = [p for p in SETTLING if type(p.values[0]).believed is SettlementRule.believed]
"""Settlements that pay nothing for any one thing done."""


@pytest.mark.parametrize("rule", SETTLING)
@given(seed=st.integers(0, 10**6), month=st.integers(1, 12), at=st.integers(0, 10**6))
def test_one_more_of_everything_earns_what_is_believed(world, rule, seed, month, at):
    place = Place(world, seed)
    at %= len(world.cells)
    facility = world.cells["facility"]
    usual = place.year(rule)
    for (role, entry), believed in rule.believed(
        place.market(month), place.books(month), place.fund_beliefs(), place.mine
    ).items():
        if (role, entry) in MOVES:
            continue
        units, change = ENTRIES[role, entry](place, month, at)
        who = np.flatnonzero(units)[0] if role == "panel" else facility[np.flatnonzero(units)[0]]
        expected = (believed * units).sum() / units.sum()
        gained = (place.year(rule, change) - usual)[who] / units.sum()
        assert gained == pytest.approx(expected, rel=0.1, abs=abs(usual[who]) * 1e-9 + 1e-4), (role, entry)


@pytest.mark.parametrize("rule", [p for p in SETTLING if p.id.startswith("follows_patient")])
@given(seed=st.integers(0, 10**6), month=st.integers(1, 12))
def test_a_patient_moved_earns_both_sides_what_they_believe(world, rule, seed, month):
    place = Place(world, seed)
    beliefs = rule.believed(place.market(month), place.books(month), {}, place.mine)
    assert set(beliefs) == MOVES
    units, change = moved_more(place, month, 0)
    gained = place.year(rule, change) - place.year(rule)
    expected = np.bincount(world.cells["facility"], units * sum(beliefs.values()))
    sides = [expected < 0, expected > 0]
    assert all(side.any() for side in sides)
    for side in sides:
        assert gained[side].sum() == pytest.approx(expected[side].sum(), rel=0.1)
    np.testing.assert_allclose(gained, expected, rtol=0.1, atol=abs(expected).max() * 0.03)
    assert gained.sum() == 0


@pytest.mark.parametrize("rule", [p for p in SETTLING if p.id.startswith("salary")])
@given(month=st.integers(1, 12), level=st.floats(0.1, 3))
def test_the_last_fen_of_margin_reaches_the_doctors_as_believed(world, rule, month, level):
    """At a steady margin, so that twelve times the month's is the year's; clear of the ceiling, where a belief is a
    mean of two cases."""
    place = Place(world, 0)
    facts = place.market(month)
    salaries = sum(
        rule.settle(place.market(m), place.history, margin(world, 0), place.mine)[0].fen for m in range(1, 13)
    )
    earned = (level * np.maximum(salaries, 10**8)).astype(np.int64)
    room = np.inf if rule.ceiling is None else (rule.ceiling - 1) * salaries
    clear = abs(rule.pass_through * earned - room) > 4 * rule.DOUBT * np.minimum(room, 1e18)
    believed = rule.shared_margin(replace(facts, earned=earned), place.mine)

    def bonus(year: np.ndarray) -> np.ndarray:
        salary = rule.settle(facts, place.history, margin(world, 0), place.mine)[0].fen
        return rule.settle(facts, place.history, year // 12 + salary, place.mine)[1].fen

    gained = (bonus(earned + 12 * 10**5) - bonus(earned)) / 10**5
    np.testing.assert_allclose(gained[clear], believed[clear], rtol=0.1, atol=0.02)


@pytest.mark.parametrize("rule", SILENT)
def test_who_believes_nothing_pays_whatever_is_done(world, rule):
    place = Place(world, 1)
    assert rule.believed(place.market(1), place.books(1), place.fund_beliefs(), place.mine) == {}

    def twice(calendar: int, counts: np.ndarray, facts: Market) -> Market:
        counts *= 2
        more = {name: 2 * done for name, done in facts.activity.items()}
        return replace(facts, activity=more, panel=replace(facts.panel, heads=2 * facts.panel.heads))

    assert (place.year(rule, twice) == place.year(rule)).all()


@pytest.mark.parametrize("rule", rules(BudgetRule))
@given(pace=st.floats(-0.3, 0.3), score=st.floats(0, 1))
def test_a_fen_left_is_worth_the_slope_of_what_is_expected_to_be_kept(rule, pace, score):
    """The year's end is logistic around the pace; what is kept of it is averaged over twenty thousand ends."""
    budget, step, ends = 10**10, 0.004, 20_001
    chance = (np.arange(ends) + 0.5) / ends
    doubt = rule.DOUBT * np.log(chance / (1 - chance))

    def expected(around: float) -> float:
        balances = ((around + doubt) * budget).astype(np.int64)
        return np.mean([rule.kept(int(balance), budget, score) for balance in balances]) / budget

    slope = (expected(pace + step) - expected(pace - step)) / (2 * step)
    assert slope == pytest.approx(rule.worth(pace, score), rel=0.1, abs=0.01)


# What moves.


@pytest.mark.parametrize("name", [name for name in RULES if not issubclass(RULES[name], BudgetRule)])
def test_it_moves_the_accounts_that_it_declares_and_no_other(world, name):
    place, touched = Place(world, 2), set()
    for parameters in PARAMETERS[name].values():
        rule = RULES[name].model_validate(parameters)
        for calendar in range(1, 13):
            transfers = rule.settle(place.market(calendar), place.books(calendar), margin(world, 10**9), place.mine)
            for t in transfers:
                assert t.fen.dtype == np.int64
                assert (t.fen >= 0).all()
                assert t.fen.shape in ((6,), (6, 2))
                assert t.fen.ndim == 2 or "fund" not in (t.payer, t.payee)
                touched |= {t.payer, t.payee} if t.fen.any() else set()
    assert touched == set(RULES[name].accounts)


@pytest.mark.parametrize("name", [name for name in RULES if issubclass(RULES[name], BudgetRule)])
def test_a_budget_moves_the_accounts_that_it_declares_and_no_other(name):
    touched = set()
    for parameters in PARAMETERS[name].values():
        rule = RULES[name].model_validate(parameters)
        moved = set.union(*(accounts_of_a_year(rule, bill) for bill in (1_000_000, 3_000_000)))
        assert ("pool" in moved) == rule.prepaid
        assert ("owners" in moved) == (rule.keeper == "owners")
        touched |= moved
    assert touched == set(RULES[name].accounts)


def accounts_of_a_year(rule: BudgetRule, bill: int) -> set[str]:
    """Words of the accounts that a year moves in which six cells bill so many fen a month each."""
    plans, places = ["a@x", "b@x"], ["county", "centre", "city"]
    ledger = Ledger(account_names(plans, places, ["group"]))
    at = Accounts.of(ledger, plans, places)
    cells = CELLS.rows(6)
    cells["facility"], cells["plan"] = np.repeat([0, 1, 2], 2), np.tile([0, 1], 3)
    market = Market(cells, *np.ones((3, 6)), np.array([2, 1, 3]), np.ones(3), 2, 0, 1)
    heads = np.array([700, 500])
    budget = rule.first_budget(np.full(2, 60_000_000.0), heads)
    members = np.array([True, True, False])
    pool = Pool("group", rule, ledger.index["pool:group"], np.ones(6, bool), members, 0.4, budget)
    for month in range(1, 13):
        pay_instalment(ledger, at, pool, month)
        pay_bills(ledger, at.facility, pool, market, pool.cells, np.full(6, bill))
    close_year(ledger, at, pool, np.ones(3), 0.5, heads)
    rows = ledger.rows(ledger.close())
    assert ledger.balance.sum() == ledger.balance[pool.account] == 0
    return {account.split(":")[0] for account in rows["from"] + rows["to"]}


@pytest.mark.parametrize(
    "rule", [p for p in SETTLING if p.id.startswith("follows_patient") or p.id == "outreach_fee: receiver"]
)
def test_what_passes_through_a_fund_leaves_it_as_it_was(world, rule):
    place, through, net = Place(world, 3), 0, np.zeros(2, np.int64)
    for t in rule.settle(place.market(6), place.books(7), margin(world, 0), place.mine):
        if t.fen.ndim == 2:
            net += t.fen.sum(axis=0) * ((t.payee == "fund") - (t.payer == "fund"))
            through += t.fen.sum()
    assert through > 0
    assert (net == 0).all()


@pytest.mark.parametrize("name", ["contract_fee", "public_health", "credit_rating"])
@pytest.mark.parametrize("months", [1, 5])
def test_a_year_that_began_late_ends_with_its_part(world, name, months):
    """What December pays for the year is in proportion to the months that the rule has been in force."""
    place = Place(world, 4)
    for parameters in PARAMETERS[name].values():
        rule = RULES[name].model_validate(parameters)

        def paid(in_force: int, calendar: int, rule=rule) -> int:
            facts = replace(place.market(calendar), in_force=in_force)
            moved = rule.settle(facts, place.books(13), margin(world, 0), place.mine)
            return sum(int(t.fen.sum()) for t in moved if t.payee == "facility")

        monthly = 0 if name == "credit_rating" else paid(12, 11)
        whole, part = paid(12, 12) - monthly, paid(months, 12) - monthly
        assert part == pytest.approx(whole * months / 12, rel=0.1, abs=10)


@pytest.mark.parametrize("rule", SETTLING)
def test_nothing_moves_where_nothing_is_in_scope(world, rule):
    place = Place(world, 5)
    nobody = np.zeros(len(world.cells), bool)
    for calendar in (1, 12):
        moved = rule.settle(place.market(calendar), place.books(calendar), margin(world, 10**9), nobody)
        assert not any(t.fen.any() for t in moved)
    beliefs = rule.believed(place.market(3), place.books(3), place.fund_beliefs(), nobody)
    assert not any(np.any(values) for values in beliefs.values())
    assert not rule.shared_margin(place.market(3), nobody).any()
