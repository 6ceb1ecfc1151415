"""``tiercare rules NAME``: what one more of each thing earns, as a bureau would work it out by hand."""

import pytest

from simulator.payment.rule import Rule, found
from simulator.report.rule_earns import earns, earns_table
from simulator.report.rule_pages import example_of, pages, rule_page
from simulator.scenario import load
from tests.report.test_payers import printed

RULES: dict[str, type[Rule]] = found("simulator.payment.rules") | found("simulator.payment.settlements")
STATION, CENTRE, SECONDARY, TERTIARY = range(4)


@pytest.fixture(scope="module")
def base():
    return load("base")


def earned(name: str, scenario, **changed) -> dict[str, list[float]]:
    rule = RULES[name].model_validate(changed) if changed else example_of(RULES[name]).rule
    return dict(earns(rule, scenario))


def test_a_visit_under_fee_for_service_earns_its_bill(base):
    """120 yuan at the price list of a centre; list prices 0.70, 1.20, 1.90 and 2.25 times that."""
    found = earned("fee_for_service", base, cap=None)
    assert found["visit"] == pytest.approx([84, 144, 228, 270])
    assert found["tests_in"] == [0, 100, 100, 100]
    assert "day" not in found


def test_a_day_rate_earns_its_rate(base):
    found = earned("per_diem", base, day_rate={"secondary": "900 yuan"})
    assert found["day"][SECONDARY] == pytest.approx(900)
    assert found["day"][TERTIARY] == 0


def test_a_fixed_fee_by_signature_earns_the_fee(base):
    sources = {"insurance": "50%", "public_health": "30%", "self_pay": "20%"}
    found = earned("contract_fee", base, fee="120 yuan/year", sources=sources)
    assert found["signed"][CENTRE] == pytest.approx(120)
    assert "served" not in found


def test_a_rule_for_some_tiers_earns_the_others_nothing(base):
    """The example of the contract fee is for primary places; what the table says of hospitals would be idle."""
    block = example_of(RULES["contract_fee"])
    found = dict(earns(block.rule, base, block.scope))
    assert found["signed"][CENTRE] > 0
    assert found["signed"][SECONDARY] == found["signed"][TERTIARY] == 0


def test_what_follows_the_patient_leaves_the_sender_and_reaches_the_receiver(base):
    found = earned("follows_patient", base)
    assert found["moved_out"][TERTIARY] < 0 < found["moved_in"][CENTRE]


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_page(name, base):
    text = printed(rule_page(name))
    rule = example_of(RULES[name]).rule
    assert rule.source in " ".join(text.split())
    assert f"rule: {name}" in text
    assert earns_table(rule, base) is not None or "At the margin it pays for nothing" in text


def test_insurers_and_their_forms_have_pages():
    found = {(page.section, page.name) for page in pages()}
    assert {("plans", kind) for kind in ("basic", "mutual", "commercial", "charity", "adjustment_fund")} <= found
    forms = ("designated_provider", "equity_stake", "onsite_clinic", "intermediary")
    assert {("providers", form) for form in forms} <= found
    assert "profit" in printed(rule_page("commercial"))
