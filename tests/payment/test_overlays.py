"""Settlements: what providers believe of them is what a whole year settles, and they move what they say and no more."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.core.names import PARTS
from simulator.fund.accounts import Accounts
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.pools import Pool, close_year, pay_bills, pay_instalment
from simulator.payment.books import CELLS
from simulator.payment.market import Market
from simulator.payment.rule import ENTRIES, PANEL_ENTRIES, BudgetRule, SettlementRule, found
from simulator.scenario.schema.rules import Settlement
from tests.payment.cases import lawful
from tests.payment.years_settled import PROBES, Place, margin

RULES = found("simulator.payment.settlements")
PARAMETERS = lawful(RULES)


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


def test_every_entry_can_be_added_one_more_of():
    """An entry without a probe would be believed without a law."""
    assert set(PROBES) == {("doer", entry) for entry in ENTRIES} | {("panel", entry) for entry in PANEL_ENTRIES}


def unnoticed(entry: str) -> float:
    """Fen that nobody notices for one more: a yuan for a thing, a thousandth of a fen for a fen."""
    return 1e-3 if entry in (*PARTS, "elsewhere") else 100.0


@pytest.mark.parametrize("rule", SETTLING)
@example(seed=172, month=1, at=12)
@given(seed=st.integers(0, 10**6), month=st.integers(1, 12), at=st.integers(0, 10**6))
def test_one_more_of_everything_earns_what_is_believed(world, rule, seed, month, at):
    """At each facility that does more; where many do, at all of them together, and at each but for what is small. What
    nothing is believed of, one entry at a time, earns nothing that anybody would notice. A belief is of the year that
    was; where the one that came was another, what would be believed after it counts as well."""
    place = Place(world, seed)
    at %= len(world.cells)
    size = len(world.tier)
    usual = place.year(rule)
    beliefs = rule.believed(place.market(month), place.books(month), place.fund_beliefs(), place.mine)
    assert set(beliefs) <= set(PROBES)
    others = sorted(PROBES.keys() - beliefs.keys())
    for role, entry in (*beliefs, others[at % len(others)]):
        units, change = PROBES[role, entry](place, month, at)
        believed = beliefs.get((role, entry), 0.0)
        where = np.arange(size) if role == "panel" else world.cells["facility"]
        expected, more = (np.bincount(where, values, size) for values in (believed * units, units))
        gained = place.year(rule, change) - usual
        doers = np.flatnonzero(more)
        assert len(doers)
        least = more * (abs(usual) * 1e-9 + (1e-4 if (role, entry) in beliefs else unnoticed(entry)))
        if len(doers) > 1:
            assert gained[doers].sum() == pytest.approx(expected.sum(), rel=0.1, abs=least.max()), (role, entry)
            least += abs(expected).max() * 0.03
        near = abs(gained - expected) <= np.maximum(0.1 * abs(expected), least)
        if not near[doers].all() and (role, entry) in beliefs:  # the year that came is not quite the one before it
            after = rule.believed(place.market(1), place.books(13), place.fund_beliefs(), place.mine)[role, entry]
            known = np.bincount(where, after * units, size)
            near |= abs(gained - known) <= np.maximum(0.1 * abs(known), least)
        assert near[doers].all(), (role, entry, gained, expected)


@pytest.mark.parametrize("rule", [p for p in SETTLING if p.id.startswith("follows_patient")])
@given(seed=st.integers(0, 10**6), month=st.integers(1, 12))
def test_what_follows_a_patient_is_lost_by_one_side_and_won_by_the_other(world, rule, seed, month):
    place = Place(world, seed)
    units, change = PROBES["doer", "moved_out"](place, month, 0)
    gained = place.year(rule, change) - place.year(rule)
    senders = np.bincount(world.cells["facility"], units) > 0
    assert (gained[senders] <= 0).all()
    assert (gained[~senders] >= 0).all()
    assert gained[senders].sum() == -gained[~senders].sum() < 0


@pytest.mark.parametrize("rule", [p for p in SETTLING if p.id.startswith("salary")])
@given(month=st.integers(1, 12), level=st.floats(-1, 3))
def test_the_last_fen_of_margin_reaches_the_doctors_as_believed(world, rule, month, level):
    """At a steady margin, so that twelve times the month's is the year's, or a steady loss; clear of zero and of the
    ceiling, where a belief is a mean of two cases."""
    place = Place(world, 0)
    facts = place.market(month)
    salaries = sum(
        rule.settle(place.market(m), place.history, margin(world, 0), place.mine)[0].fen for m in range(1, 13)
    )
    earned = (level * np.maximum(salaries, 10**8)).astype(np.int64)
    room = np.inf if rule.ceiling is None else (rule.ceiling - 1) * salaries
    more = 12 * 10**5  # a thousand yuan a month
    clear = abs(earned) > np.maximum(4 * rule.LOSS * salaries, 2 * more)
    clear &= abs(rule.pass_through * earned - room) > 4 * rule.DOUBT * np.minimum(room, 1e18)
    believed = rule.shared_margin(replace(facts, earned=earned), place.mine)

    def bonus(year: np.ndarray) -> np.ndarray:
        salary = rule.settle(facts, place.history, margin(world, 0), place.mine)[0].fen
        return rule.settle(facts, place.history, year // 12 + salary, place.mine)[1].fen

    gained = (bonus(earned + more) - bonus(earned)) / 10**5
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
