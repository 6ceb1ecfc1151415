"""What check, list and rules tell."""

import io
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

from simulator.core.errors import UserError
from simulator.core.messages import use
from simulator.payment.rule import found
from simulator.report.listing import Wanted, listing, scenario_files
from simulator.report.origin import origin
from simulator.report.payers import Payers, payers, unfit
from simulator.report.rule_pages import pages, parameters, rule_page, rules_table
from simulator.scenario import load, scenarios_folder
from simulator.scenario.schema.rules import SETTLEMENTS, TARIFFS

COUNTY = Path(__file__).parents[1] / "scenario" / "data" / "county_community.yaml"
HEAD = "format: 1\nextends: base.yaml\ntitle: {en: A test, zh: 测试}\ndescription: {en: A test, zh: 测试}\n"
TAKES = """
baseline:
  alliances:
    county: {form: county_community, lead: county_1, members: {below: county_1}, tightness: 0.5}
reforms:
  by_service:
    title: {en: By service, zh: 按项目}
    timeline:
      2024-01:
        payment:
          members: {for: {alliances: county, care: inpatient}, takes_from: [inpatients], rule: fee_for_service}
      2025-01:
        payment: {members: {for: {alliances: county}, takes_from: all}}
"""


pytestmark = pytest.mark.usefixtures("english")


def printed(parts) -> str:
    text = io.StringIO()
    console = Console(file=text, width=250)
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, str))
    return text.getvalue()


@pytest.fixture
def takes(tmp_path: Path):
    file = tmp_path / "takes.yaml"
    file.write_text(HEAD + TAKES, encoding="utf-8")
    return load(file)


def test_what_a_reform_takes_is_counted_against_the_baseline_of_the_month(takes):
    """base: 30 case groups, 2 plans; county_1 has 6 townships of 6 stations below it."""
    payers_of = Payers(takes)
    cases = len(takes.illness.groups) * 2
    assert list(payers_of.taken(("by_service", "2023-01"))) == []
    assert list(payers_of.taken(("by_service", "2024-01"))) == [("members", "inpatients", 7 * cases, 7)]
    assert list(payers_of.taken(("by_service", "2025-01"))) == [
        ("members", "inpatients", 7 * cases, 7),
        ("members", "outpatients", 43 * cases, 43),
    ]


def test_check_prints_every_arm_and_date_and_what_changed(takes):
    text = printed(payers(takes))
    assert "Who is paid by which rule: baseline from 2023-01, by_service from 2023-01\n" in text
    assert "Who is paid by which rule: by_service from 2024-01\n" in text
    assert "by_service from 2024-01: `members` takes 420 bills at 7 facilities from `inpatients`\n" in text
    assert "led by county_1: 36 stations, 6 centres, 1 secondary; tightness 0.5" in text
    bills = sum(
        int(line.split()[-2].replace(",", ""))
        for line in text.split("Who is paid")[1].splitlines()
        if " residents " in line or " employees " in line
    )
    assert bills == len(Payers(takes).bills)


INSURES = """
baseline:
  plans: {help: {kind: mutual, premium: 365 yuan/year, cover: {stays: {care: inpatient, pays: 30%}}}}
reforms:
  one_fund:
    title: {en: One fund, zh: 一个基金}
    timeline:
      2024-01:
        plans: {resident: {merged_into: employee}}
        adjustments: {straight: {for: {tiers: tertiary}, when: direct, fund_pays: -10 pp, deductible: 900 yuan}}
"""


def test_check_tells_who_insures_whom_and_when_it_changes(tmp_path: Path):
    file = tmp_path / "insures.yaml"
    file.write_text(HEAD + INSURES, encoding="utf-8")
    text = printed(payers(load(file)))
    before, after = text.split("Who insures whom")[1:]
    assert before.startswith(", and what changes in the benefit: baseline from 2023-01, one_fund from 2023-01\n")
    assert "bills paid by the fund of residents; a head and year 380 yuan" in before
    assert "premium 365 yuan a year, by choice; pays of what others leave: stays 30 %" in before
    assert "adjustment" not in before
    assert after.startswith(", and what changes in the benefit: one_fund from 2024-01\n")
    assert "fund of residents" not in after
    assert "tertiary, not referred: fund's share -10 pp, deductible 900 yuan" in after


def test_check_speaks_chinese(takes):
    use("zh")
    text = printed(payers(takes))
    assert "`members` 从 `inpatients` 接管 7 家机构的 420 种账单" in text
    assert "facilities" not in text


def test_an_override_that_does_not_fit_is_told(tmp_path: Path):
    assert unfit(load(COUNTY)) == []
    file = tmp_path / "child.yaml"
    file.write_text(HEAD + "overrides: {odd: {population: {por: 7%}}}\n", encoding="utf-8")
    (mistake,) = unfit(load(file))
    assert "with `odd`" in mistake
    assert "did you mean `poor`" in mistake


def test_origin_shows_place_source_and_what_was_replaced():
    text = printed(origin(load(COUNTY), "reforms.alliance_in_name.alliances.county_community.tightness"))
    first, old, new = (line for line in text.splitlines() if "value " not in line)
    assert first.strip() == "reforms.alliance_in_name.alliances.county_community.tightness = 0"
    assert "county_community.yaml:34:" in old
    assert "judgement: Set by judgement" in old
    assert "between 0.5 and 0.9" in old
    assert new.startswith("→ 0 ")
    assert "none given" in new


def listed(**wanted: str) -> str:
    return printed([listing(wanted=Wanted(**wanted))])


def test_list_finds_by_mechanism_form_and_text_in_both_languages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulator.report.listing.load", cache(load))  # each file is read once
    for word in ("global_budget", "总额预算", "THREE_LEVEL_ALLOCATION"):
        assert "zhejiang" in listed(mechanism=word)
    assert "insurance.yaml" not in listed(mechanism="global_budget")
    assert listed(form="specialty") == listed(form="专科联盟")
    assert "zhejiang" not in listed(form="specialty")
    assert "sanming" in listed(text="三明")
    assert "sanming" in listed(text="H03_san", mechanism="salary")
    assert "consultation" in listed(text="Ningxia")
    with pytest.raises(UserError, match=r"no scenario is found by --mechanism global_budgt.*`global_budget`"):
        listed(mechanism="global_budgt")


def test_list_shows_every_scenario_of_a_folder(tmp_path: Path):
    text = printed([listing()])
    assert all(file.stem[:20] in text for file in scenario_files(scenarios_folder()))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "county.yaml").write_text(COUNTY.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(HEAD + "tme: {start: 2023-01}\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text("format: 1\nscenario: base.yaml\n", encoding="utf-8")
    (tmp_path / "data.yaml").write_text("a: 1\n", encoding="utf-8")
    assert [file.name for file in scenario_files(tmp_path)] == ["county.yaml", "wrong.yaml"]
    county, wrong = printed([listing(tmp_path)]).splitlines()[1:3]
    assert "county · county_community" in county
    assert "baseline, community_budget, budget_overspend_shared, alliance_in_name" in county
    assert county.split()[-1] == "3"
    assert "did you mean `time`" in wrong
    with pytest.raises(UserError, match="there is no folder"):
        listing(tmp_path / "nowhere")


def test_rules_names_every_rule_with_a_line():
    text = printed([rules_table()])
    for folder in (TARIFFS, SETTLEMENTS):
        assert all(name in text for name in found(folder))
    assert "deductible" in text
    assert all(page.text.strip() for page in pages())
    assert all(page.source for page in pages())


def test_a_rule_has_its_formula_parameters_and_source():
    text = printed(rule_page("drg"))
    assert "price = base rate × coefficient of the tier × coded weight" in text
    assert "money, such as 800 yuan" in text
    assert "Source: NHSA Office 2019 no. 36" in text
    with pytest.raises(UserError, match="unknown rule `drgs`; did you mean `drg`"):
        rule_page("drgs")


def test_every_parameter_has_a_unit_and_a_meaning():
    for page in pages():
        assert page.rows, page.name
        for path, unit, default, meaning in page.rows:
            blocks = [row for row in page.rows if row[0].startswith(f"{path}.")]
            assert meaning, f"{page.name}.{path}"
            assert unit or blocks, f"{page.name}.{path}"
            assert default


def test_parameters_inside_a_block_follow_it():
    rule = found(TARIFFS)["fee_for_service"]
    assert [row[0] for row in parameters(rule)] == ["cap", "cap.growth", "cap.borne"]
    assert [row[1] for row in parameters(rule)][1:] == ["relative change, such as -12%", "share, such as 65%"]
