"""``tiercare rules NAME``: what one more of each thing earns, as a bureau would work it out by hand."""

import re

import pytest
import yaml

from simulator.benefit.rule import found as benefit_rules
from simulator.core.messages import catalogue, use
from simulator.fund.plan import found as kinds
from simulator.payment.rule import Rule, found
from simulator.report.family_pays import pay
from simulator.report.rule_earns import earns, earns_table
from simulator.report.rule_pages import READERS, example_of, loaded, pages, rule_page
from simulator.scenario import load
from simulator.scenario.language.packaged import scenarios_folder
from tests.report.test_payers import printed

pytestmark = pytest.mark.usefixtures("english")
RULES: dict[str, type[Rule]] = found("simulator.payment.rules") | found("simulator.payment.settlements")
STATION, CENTRE, SECONDARY, TERTIARY = range(4)


@pytest.fixture(scope="module")
def base():
    return load("base")


def earned(name: str, scenario, **changed) -> dict[str, list[float]]:
    rule = RULES[name].model_validate(changed) if changed else example_of(RULES[name]).rule
    return dict(earns(rule, scenario))


def test_a_visit_under_fee_for_service_earns_its_bill(base):
    """120 yuan at the price list of a centre, times the list prices of each tier; 0.70 at a station."""
    found = earned("fee_for_service", base, cap=None)
    prices = [base.facilities[tier].outpatient_price for tier in ("station", "centre", "secondary", "tertiary")]
    assert found["visit"] == pytest.approx([120 * price for price in prices])
    assert found["visit"][STATION] == pytest.approx(84)
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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_value_has_its_words(language):
    told = {key.removeprefix("unit.") for key in catalogue(language) if key.startswith("unit.")}
    assert told == {*READERS.values(), "text"}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_page(name, base):
    text = printed(rule_page(name))
    rule = example_of(RULES[name]).rule
    assert rule.source in " ".join(text.split())
    assert f"rule: {name}" in text
    assert earns_table(rule, base) is not None or "It pays for nothing more" in text


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_page_has_an_example_that_loads_and_what_it_pays(page, base):
    after = loaded(page.example)
    shown = printed(page.shows(base, after))
    assert any(c.isdigit() for c in shown) or "It pays for nothing more" in shown
    use("zh")
    assert "paid by" not in printed(page.shows(base, after))


@pytest.mark.parametrize("name", benefit_rules())
def test_a_benefit_rule_changes_its_example_bill(name, base):
    """All but money found first, which comes back: who pays what is another after the rule than before."""
    room = benefit_rules()[name]
    before, after = (pay(scenario, room.bill) for scenario in (base, loaded(room.example)))
    assert before != after
    assert before.family + before.fund + sum(before.others.values()) == room.bill.fen
    assert after.family + after.fund + sum(after.others.values()) == room.bill.fen


def test_an_example_bill_by_hand(base):
    """6,000 yuan at a secondary hospital, less what lies outside the catalogue, less 500 or 300 yuan: four fifths."""
    room = benefit_rules()["deductible"]
    outside = round(600_000 * base.facilities["secondary"].outside_catalogue)
    for scenario, deductible in ((base, 50_000), (loaded(room.example), 30_000)):
        fund = (600_000 - outside - deductible) * 8 // 10
        assert pay(scenario, room.bill).fund == fund


def test_what_a_plan_pays_of_its_example_bill(base):
    """The mutual plan pays 30 % of what is left inside the catalogue."""
    kind = kinds()["mutual"]
    without = pay(base, kind.bill)
    paid = pay(loaded(kind.example), kind.bill._replace(columns={"policies": 1}))
    outside = round(kind.bill.fen * base.facilities["secondary"].outside_catalogue)
    assert paid.others == {"mutual": (without.family - outside) * 3 // 10}


def test_insurers_and_their_forms_have_pages():
    found = {(page.section, page.name) for page in pages()}
    assert {("plans", kind) for kind in ("basic", "mutual", "commercial", "charity", "adjustment_fund")} <= found
    forms = ("designated_provider", "equity_stake", "onsite_clinic", "intermediary")
    assert {("providers", form) for form in forms} <= found
    assert "profit" in printed(rule_page("commercial"))


def test_evidence_that_a_source_cites_is_in_the_register():
    """`(evidence S22)` names an entry of scenarios/evidence/systems.yaml by the first part of its id."""
    register = yaml.safe_load((scenarios_folder() / "evidence" / "systems.yaml").read_text(encoding="utf-8"))
    known = {entry["id"].split("_")[0] for entry in register["systems"]}
    cited = {
        page.name: re.findall(r"[A-Z]+\d+", found[1])
        for page in pages()
        if (found := re.search(r"evidence ((?:[A-Z]+\d+(?:, )?)+)", page.source))
    }
    assert {"per_service_unit", "mutual"} <= set(cited)
    assert {name: ids for name, ids in cited.items() if not set(ids) <= known} == {}
