"""Whole scenarios: the packaged ones, parents, changes, tables, origins, and what order does not matter."""

from pathlib import Path

import pytest
import yaml

from simulator.core.errors import UserError
from simulator.payment.rule import found
from simulator.referral.network import build
from simulator.report.listing import scenario_files
from simulator.scenario import load, scenarios_folder
from simulator.scenario.schema.rules import Scope

PACKAGED = [file for file in scenario_files(scenarios_folder()) if file.parent == scenarios_folder()]


@pytest.mark.parametrize("file", PACKAGED, ids=lambda f: f.stem)
def test_packaged_scenarios_load_by_name(file: Path) -> None:
    scenario = load(file.stem)
    assert scenario.name == file.stem
    assert list(scenario.arms) == ["baseline", *scenario.reforms]
    assert scenario.arms["baseline"] == scenario.baseline


UNITS = [
    ("population.people", "1200000", 1_200_000),
    ("population.deaths", "7.87 per 1000", 0.00787),
    ("population.income_urban", "51821 yuan/year", 5_182_100),
    ("facilities.centre.capability", "0.515", 0.515),
    ("facilities.station.clinic_hours", "30 hours/week", 30),
    ("facilities.centre.beds", "1.40 per 1000", 0.0014),
    ("facilities.secondary.wait", "0.5 hours", 30.0),
    ("facilities.tertiary.inpatient_price", "1.02 万元", 1_020_000),
    ("facilities.tertiary.outpatient_price", "2.9", 2.9),
    ("facilities.centre.cost.labour", "118%", 1.18),
    ("time.warm_up", "2 years", 24),
    ("baseline.plans.resident.premium", "30 yuan/month", 36_000),
    ("baseline.plans.resident.reserve", "8.5 months", 8.5),
    ("baseline.benefit.resident.inpatient.primary.fund_pays", "90%", 0.9),
    ("baseline.benefit.resident.inpatient.primary.deductible", "200", 20_000),
    ("baseline.benefit.employee.inpatient.ceiling", "50 万元/year", 50_000_000),
    ("baseline.services.supervision.fine", "5 times", 5.0),
    ("baseline.payment.inpatients.base_rate", "7640 yuan", 764_000),
    ("baseline.payment.outpatients.cap.growth", "-1.5%", -0.015),
    ("baseline.settlements.doctor_pay.basic.centre", "90000 yuan/year", 9_000_000),
]


def value(scenario: object, path: str) -> object:
    """What stands at a path; a rule's parameters stand in its rule."""
    here = scenario
    for key in path.replace("primary", "centre").split("."):
        if hasattr(here, "rule") and not hasattr(here, key):
            here = here.rule
        here = here[key] if isinstance(here, dict) else getattr(here, key)
    return here


def test_values_come_in_the_units_of_the_models() -> None:
    s = load("base", [f"{path}={text}" for path, text, _ in UNITS])
    assert {path: value(s, path) for path, _, _ in UNITS} == {path: kept for path, _, kept in UNITS}
    assert s.facilities["centre"] is s.facilities.centre
    assert s.findings[0].level == (6.8, "per year")
    assert s.time.months == 60


def test_rules_are_objects_of_their_folder_with_a_scope() -> None:
    inpatients = load("base").baseline.payment["inpatients"]
    assert type(inpatients.rule) is found("simulator.payment.rules")["drg"]
    assert inpatients.scope == Scope(care="inpatient")
    assert load("base").baseline.payment["outpatients"].scope == "rest"


def test_2017_is_fee_for_service_under_caps_with_the_beds_of_then() -> None:
    then, now = load("base_2017"), load("base")
    rule = then.baseline.payment["inpatients"].rule
    assert type(rule) is found("simulator.payment.rules")["fee_for_service"]
    assert rule.cap == now.baseline.payment["outpatients"].rule.cap
    beds = [sum(row.beds for _, row in s.facilities.items()) for s in (then, now)]
    assert beds[0] / beds[1] == pytest.approx(5.72 / 7.23, abs=0.005)
    assert then.population == now.population
    assert {f.year for f in then.findings} == {2017}


def test_families_and_months_replace_what_the_file_says() -> None:
    s = load("base", families=500, months=14)
    assert s.population.families == 500
    assert (s.time.start, s.time.end, s.time.months) == ("2023-01", "2024-02", 14)
    assert s.origins["population.families"].file.startswith("--families")
    for wrong in ({"families": 0}, {"families": 10**9}, {"months": 0}):
        with pytest.raises(UserError):
            load("base", **wrong)


def test_set_changes_a_rule_and_later_ones_win() -> None:
    s = load(
        "base", ["baseline.payment.inpatients.rule=fee_for_service", "population.urban=50%", "population.urban=40%"]
    )
    assert type(s.baseline.payment["inpatients"].rule) is found("simulator.payment.rules")["fee_for_service"]
    assert s.population.urban == 0.4
    assert [c.new for c in s.changes if c.path == "population.urban"] == ["50%", "40%"]


def test_one_case_group_can_be_changed_beside_the_table(write) -> None:
    s = load(write("illness.case_groups.stroke.relative_weight: 1.3\n"))
    rows = {row.group: row for row in s.illness.case_groups}
    base = {row.group: row for row in load("base").illness.case_groups}
    assert rows["stroke"].relative_weight == 1.3
    assert {g for g in rows if rows[g] != base[g]} == {"stroke"}
    assert s.illness.groups == load("base").illness.groups
    assert s.origins["illness.case_groups.stroke.stay_days_secondary"].file.endswith("case_groups.csv")


def test_an_own_table_replaces_the_groups_and_errors_in_it_name_its_line(write, tmp_path: Path) -> None:
    header = (scenarios_folder() / "evidence/case_groups.csv").read_text(encoding="utf-8").splitlines()[2]
    table = tmp_path / "mine.csv"
    table.write_text(
        f"# two groups\n{header}\nflu,all,1,0.5,4,3000,75,0.1\nbad,40+,1,0.5,4,3000,75,0.9\n", encoding="utf-8"
    )
    file = write("illness: {case_groups: {table: mine.csv, bad: {ages: 50+}}}\n")
    assert [(r.group, r.ages) for r in load(file).illness.case_groups] == [("flu", "all"), ("bad", "50+")]
    table.write_text(f"{header}\nflu,all,1,0.5,4,3000,75,1.1\n", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        load(write("illness: {case_groups: {table: mine.csv}}\n"))
    assert str(refused.value).startswith("mine.csv:2:25: illness.case_groups.flu.severity_mean: `1.1` is not a number")


FORMS = {
    "county": ("townships: 3, villages: 4, tertiary_outside: 1", 1 + 1 + 3 + 12),
    "city": ("tertiary: 1, secondary: 2, centres: 3, stations: 2", 1 + 2 + 3 + 6),
    "list": (
        "facilities: {hub: {tier: tertiary}, s: {tier: secondary, area: county_1}, centres: {tier: centre, count: 2},"
        " posts: {tier: station, under: centres, count: 4}},"
        " links: [{from: centres, to: hub, kind: refers, minutes: 40 minutes}]",
        8,
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_network_that_loads_can_be_built(form: str, write) -> None:
    text, facilities = FORMS[form]
    s = load(write(f"network: {{form: {form}, {text}}}\n"))
    settings = s.network.model_dump(exclude={"form", "facilities", "links", "titles"})
    named = {name: row.model_dump(exclude_none=True) for name, row in s.network.facilities.items()}
    links = [link.model_dump(by_alias=True, exclude_none=True) for link in s.network.links]
    assert len(build(form, settings, named, links, {}).names) == facilities


def test_a_child_extends_a_child(write) -> None:
    write("population.urban: 50%\n", "parent.yaml")
    child = write(
        "population.poor: 8%\n",
        head="format: 1\nextends: parent.yaml\ntitle: {en: C, zh: 子}\ndescription: {en: C, zh: 子}\n",
    )
    s = load(child)
    assert (s.population.urban, s.population.poor) == (0.5, 0.08)
    assert (s.title.en, s.findings) == ("C", ())
    assert [s.origins[f"population.{k}"].file for k in ("urban", "poor")] == ["parent.yaml", "child.yaml"]


def test_a_title_is_not_inherited(write) -> None:
    with pytest.raises(UserError, match="`title` is missing"):
        load(write("description: {en: C, zh: 子}\n", head="format: 1\nextends: base.yaml\n"))


def test_origins_know_file_line_text_source_and_unit() -> None:
    s = load("base")
    origin = s.origins["baseline.plans.resident.premium"]
    line = (scenarios_folder() / "base.yaml").read_text(encoding="utf-8").splitlines()[origin.line - 1]
    assert line[origin.column - 1 :].startswith(("{value: 380 yuan/year", "380 yuan/year"))
    assert (origin.text, origin.source, origin.year, origin.unit) == ("380 yuan/year", "nhsa_2023", "2023", "yuan/year")
    assert s.origins["facilities.centre.cost.drugs"].source == "judgement"
    assert s.origins["baseline.benefit.resident.inpatient.station.fund_pays"].source == "nhsa_2023"


def test_a_resolved_scenario_stands_on_its_own(write) -> None:
    s = load("base_2017", ["population.urban=50%"])
    again = load(write(yaml.safe_dump(s.resolved(), allow_unicode=True, sort_keys=False), head=""))
    assert again.resolved() == s.resolved()
    assert again.model_dump() == s.model_dump()


def test_reordering_blocks_changes_nothing(write) -> None:
    def backwards(node: object, path: tuple[str, ...] = ()) -> object:
        if not isinstance(node, dict):
            return node
        keep = path in (("illness", "case_groups"),)  # the order of groups is their code in the books
        keys = list(node) if keep else list(node)[::-1]
        return {key: backwards(node[key], (*path, key)) for key in keys}

    s = load("base")
    again = load(write(yaml.safe_dump(backwards(s.resolved()), allow_unicode=True, sort_keys=False), head=""))
    assert again.model_dump() == s.model_dump()


def test_a_missing_file_names_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean `base_2017`"):
        load("base_2071")


@pytest.mark.parametrize("text", ["", "- a\n", "a\n", "format: 1\n", "\x00", "a: \ud7ff\x07"])
def test_a_file_that_is_no_scenario_is_refused(text: str, write) -> None:
    with pytest.raises(UserError) as refused:
        load(write(text, head=""))
    assert refused.value.file == "child.yaml"
