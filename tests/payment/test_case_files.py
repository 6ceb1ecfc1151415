"""Every payment rule has a file of examples that policy staff can check by hand, to the fen."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from simulator.core.names import CARE, TIERS
from simulator.payment import price
from simulator.payment.books import CELLS, COUNTED
from simulator.payment.rule import Books, BudgetRule, Market, Rule, SettlementRule, TariffRule, found

FOLDER = Path(__file__).parent / "rules"
RULES: dict[str, type[Rule]] = found("simulator.payment.rules") | found("simulator.payment.settlements")


def test_every_rule_has_its_case_file():
    assert {f.stem for f in FOLDER.glob("*.yaml")} == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_documented(name):
    rule = RULES[name]
    assert rule.__doc__
    assert rule.source
    assert all(field.description for field in rule.model_fields.values())
    assert rule.model_config["extra"] == "forbid"
    assert rule.model_config["frozen"]


def cases() -> list:
    files = sorted(FOLDER.glob("*.yaml"))
    return [
        pytest.param(f.stem, case, id=f"{f.stem}: {case['name']}") for f in files for case in yaml.safe_load(f.open())
    ]


def market(case: dict) -> Market:
    """Facilities and cells as the case lists them."""
    rows = case.get("cells", [])
    cells = CELLS.rows(len(rows))
    tier = np.array([TIERS.index(f["tier"]) for f in case["facilities"]])
    for cell, row in zip(cells, rows, strict=True):
        cell["facility"], cell["care"], cell["plan"] = row["facility"], CARE.index(row["care"]), row.get("plan", 0)
        cell["tier"] = tier[row["facility"]]
    return Market(
        cells=cells,
        weight=np.ones(len(rows)),
        charge=np.full(len(rows), 100_000.0),
        catalogue=np.array([row.get("catalogue", 1.0) for row in rows]),
        tier=tier,
        doctors=np.array([f.get("doctors", 0.0) for f in case["facilities"]]),
        plans=1 + max((row.get("plan", 0) for row in rows), default=0),
        month=0,
        calendar=case.get("month", 1),
    )


def tariff_case(rule: TariffRule, case: dict) -> None:
    facts = market(case)
    counts = np.array([[row.get(column, 0) for column in COUNTED] for row in case["cells"]], np.int64)
    allowed = price.allowed(rule.tariff(facts), counts)
    fund = price.fund_part(allowed, counts)
    found = {
        "allowed": allowed,
        "fund": fund,
        "income": price.provider_income(fund, counts),
        "difference": price.difference(fund, counts),
    }
    for number, row in enumerate(case["cells"]):
        expected = row.get("gives", {})
        assert {key: int(found[key][number]) for key in expected} == expected
    if "settles" in case:
        books = Books()
        for months in case.get("fund_by_month", []):
            books.add(counts, np.array(months, np.int64))
        books.add(counts, np.array(case.get("fund_this_month", fund), np.int64))
        assert rule.settle(facts, books, np.ones(len(counts), bool)).tolist() == case["settles"]


def settlement_case(rule: SettlementRule, case: dict) -> None:
    margin = np.array([f["margin"] for f in case["facilities"]], np.int64)
    mine = np.array([f.get("in_scope", True) for f in case["facilities"]])
    moved = {t.kind: t.fen.tolist() for t in rule.settle(market(case), margin, mine)}
    assert moved == case["moves"]


def budget_case(rule: BudgetRule, case: dict) -> None:
    if "budget" in case:
        budget = rule.first_budget(np.array(case["spent_before"], float))
        assert budget.tolist() == case["budget"]
        if "next" in case:
            assert rule.next_budget(budget, np.array(case["spent"], np.int64)).tolist() == case["next"]
    if "kept" in case:
        score = rule.score(case["levels"])
        assert score == pytest.approx(case["score"])
        assert {balance: rule.kept(balance, score) for balance in case["kept"]} == case["kept"]
    for pace, worth in case.get("worth", {}).items():
        assert rule.worth(pace, 1.0) == pytest.approx(worth, abs=1e-6)


@pytest.mark.parametrize(("name", "case"), cases())
def test_case(name, case):
    rule = RULES[name].model_validate(case["rule"])
    if isinstance(rule, BudgetRule):
        budget_case(rule, case)
    elif isinstance(rule, TariffRule):
        tariff_case(rule, case)
    else:
        settlement_case(rule, case)
