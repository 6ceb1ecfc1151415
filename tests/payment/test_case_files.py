"""Every payment rule has a file of examples that policy staff can check by hand, to the fen.

What a case may give is told in `cases`; what it may expect:

- of a tariff: in a cell ``gives: {allowed, fund, income, difference}``, in fen; ``settles``, fen by facility and plan;
  ``outliers``, thresholds by facility;
- of a settlement: ``moves``, by kind a list of fen by facility (and plan), or ``{from, to, fen}``, or a list of such;
  kinds not listed move nothing; ``sign_fee`` and ``shared_margin`` by facility; ``prices: {listed, bought}``;
- of both: ``believes: {doer: {entry: by cell}, panel: {entry: by facility}}``, asked at the start of the month; for a
  settlement ``fund: {entry: by cell}`` gives what one more costs the fund;
- of a budget: ``spent_before``, ``heads`` and ``budget`` by plan; ``spent``, ``heads_next`` and ``next``;
  ``administration`` of the budget; ``levels`` and ``score``; ``kept: {balance: fen}`` of ``of_budget``; ``worth``;
  ``prepaid``, whether a pool holds it; ``heads_with``, the disease of its heads.
"""

import numpy as np
import pytest
import yaml

from simulator.core.meanings import meaning
from simulator.payment import price
from simulator.payment.panel import CLASSES, Panel
from simulator.payment.rule import ROLES, BudgetRule, Rule, SettlementRule, TariffRule, Transfer, found
from tests.payment import cases

RULES: dict[str, type[Rule]] = found("simulator.payment.rules") | found("simulator.payment.settlements")


def test_every_rule_has_its_case_file():
    assert {f.stem for f in cases.FOLDER.glob("*.yaml")} == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_documented(name):
    rule = RULES[name]
    assert rule.__doc__
    assert rule.source
    assert all(meaning(rule, name) for name in rule.model_fields)
    assert rule.model_config["extra"] == "forbid"
    assert rule.model_config["frozen"]


@pytest.mark.parametrize("name", RULES)
def test_the_example_of_a_rule_is_one_of_it(name):
    """The example is a block of a scenario: its words beside the parameters are those of the section."""
    (block,) = yaml.safe_load(RULES[name].example).values()
    assert block.pop("rule") == name
    assert "for" in block
    own = {key: value for key, value in block.items() if key not in ("for", "except", "takes_from", "title")}
    RULES[name].model_validate(as_text(own))


def as_text(value):
    """Numbers as a scenario's reader hands them on: as written."""
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def listed() -> list:
    return [
        pytest.param(name, case, id=f"{name}: {case['name']}")
        for name in sorted(RULES)
        for case in cases.cases_of(name)
        if case.keys() - {"name", "rule", "law"}
    ]


def check_beliefs(found, case: cases.Case) -> None:
    expected = case.get("believes", {})
    assert set(expected) <= set(ROLES)
    for role, entries in expected.items():
        for entry, values in entries.items():
            assert (role, entry) in found or not any(values)
            np.testing.assert_allclose(found.get((role, entry), 0), values, rtol=1e-6, atol=1e-9, err_msg=entry)


def tariff_case(rule: TariffRule, case: cases.Case) -> None:
    facts, mine, before, counts = cases.market(case), cases.mine(case), cases.books(case), cases.counts(case)
    allowed = price.allowed(rule.announced(facts, before, mine), counts)
    fund = price.fund_part(allowed, counts)
    found = {
        "allowed": allowed,
        "fund": fund,
        "income": price.provider_income(fund, counts),
        "difference": price.difference(fund, counts),
    }
    for number, row in enumerate(cases.rows(case)):
        expected = row.get("gives", {})
        assert {key: int(found[key][number]) for key in expected} == expected
    if "settles" in case:
        assert rule.settle(facts, cases.close(case, before, fund), mine).tolist() == case["settles"]
    if "outliers" in case:
        np.testing.assert_allclose(rule.outliers(facts, mine), case["outliers"])
    check_beliefs(rule.believed(facts, before, mine), case)


def written(moves: dict) -> list[tuple[str, str | None, str | None, list]]:
    """Kind, payer, payee and fen of every movement that a case tells."""
    told = []
    for kind, value in moves.items():
        several = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
        for one in several:
            full = one if isinstance(one, dict) else {"fen": one}
            told.append((kind, full.get("from"), full.get("to"), full["fen"]))
    return told


def check_moves(rule: SettlementRule, transfers: list[Transfer], moves: dict) -> None:
    assert {word for t in transfers for word in (t.payer, t.payee)} <= set(rule.accounts)
    assert all(t.fen.dtype == np.int64 and (t.fen >= 0).all() for t in transfers)
    left = [t for t in transfers if t.fen.any()]
    for kind, payer, payee, fen in written(moves):
        same = [t for t in left if t.kind == kind and payer in (None, t.payer) and payee in (None, t.payee)]
        if not np.any(fen):
            assert not same, kind
            continue
        (transfer,) = same
        assert transfer.fen.tolist() == fen, kind
        left.remove(transfer)
    assert not left, "moved and not told"


def settlement_case(rule: SettlementRule, case: cases.Case) -> None:
    facts, mine, before = cases.market(case), cases.mine(case), cases.books(case)
    places = facts.places(mine)
    if "moves" in case:
        margin = np.array([f.get("margin", 0) for f in case["facilities"]], np.int64)
        fund = np.zeros(len(mine), np.int64)
        check_moves(rule, rule.settle(facts, cases.close(case, before, fund), margin, mine), case["moves"])
    if "sign_fee" in case:
        assert rule.sign_fee(facts.tier, places).tolist() == case["sign_fee"]
    if "shared_margin" in case:
        np.testing.assert_allclose(rule.shared_margin(facts, mine), case["shared_margin"])
    for name, factors in case.get("prices", {}).items():
        np.testing.assert_allclose(getattr(rule.prices(facts.tier, places), name), factors)
    costs = {("doer", entry): np.array(values, float) for entry, values in case.get("fund", {}).items()}
    check_beliefs(rule.believed(facts, before, costs, mine), case)


def budget_case(rule: BudgetRule, case: cases.Case) -> None:
    if "budget" in case:
        nobody = [0] * len(case["spent_before"])
        heads = [np.array(case.get(name, case.get("heads", nobody)), np.int64) for name in ("heads", "heads_next")]
        budget = rule.first_budget(np.array(case["spent_before"], float), heads[0])
        assert budget.tolist() == case["budget"]
        if "next" in case:
            assert rule.next_budget(budget, np.array(case["spent"], np.int64), heads[1]).tolist() == case["next"]
        if "administration" in case:
            assert rule.administration(budget).tolist() == case["administration"]
    score = rule.score(case.get("levels", {}))
    if "score" in case:
        assert score == pytest.approx(case["score"])
    if "kept" in case:
        of_budget = case.get("of_budget", 0)
        assert {balance: rule.kept(balance, of_budget, score) for balance in case["kept"]} == case["kept"]
    if "prepaid" in case:
        assert rule.prepaid is case["prepaid"]
    if "heads_with" in case:
        assert rule.heads_with() == case["heads_with"]
    for pace, worth in case.get("worth", {}).items():
        assert rule.worth(pace, 1.0) == pytest.approx(worth, abs=1e-6)


@pytest.mark.parametrize(("name", "case"), listed())
def test_case(name, case):
    rule = RULES[name].model_validate(case["rule"])
    if isinstance(rule, BudgetRule):
        budget_case(rule, case)
    elif isinstance(rule, TariffRule):
        tariff_case(rule, case)
    else:
        settlement_case(rule, case)


def test_the_panel_of_a_case():
    case = {
        "facilities": [{"tier": "centre"}, {"tier": "centre", "elsewhere": [5]}],
        "panel": [
            {"facility": 0, "heads": {"65+ female both": 3, "0-6 male none": 4}, "registered": {"0-6 male none": 4}},
            {"facility": 1, "heads": 7, "diagnosed": 2},
        ],
    }
    facts = cases.market(case)
    people = facts.panel
    assert isinstance(people, Panel)
    assert people.heads.shape == (2, 1, CLASSES)
    assert people.heads[0, 0, CLASSES - 1] == 3
    assert people.heads.sum(axis=(1, 2)).tolist() == [7, 7]
    assert people.registered.sum(axis=(1, 2)).tolist() == [4, 7]
    assert people.diagnosed.tolist() == [[3], [2]]
    assert facts.elsewhere.tolist() == [[0], [5]]


def test_the_years_of_a_case():
    row = {"facility": 0, "care": "inpatient", "cases": 1, "last_year": {"cases": 9, "fund": 90}}
    case = {"facilities": [{"tier": "centre"}], "month": 3, "settled_last": [[4]], "settled": [[2]]}
    books = cases.close(
        case | (cells := {"cells": [row | {"since_january": {"cases": 5, "fund": 50}}]}),
        cases.books(case | cells),
        np.array([10]),
    )
    assert (books.closed, books.this_year[0, 0], books.last_year[0, 0]) == (3, 6, 9)
    assert [int(fund[0]) for fund in books.fund[-4:]] == [90, 0, 50, 10]
    assert (books.settled["rule"].tolist(), books.settled_last["rule"].tolist()) == ([[2]], [[4]])
