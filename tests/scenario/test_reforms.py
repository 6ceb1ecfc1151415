"""Reforms: states by date, `starts`, `combines`, `but`, what happens in every arm, overrides, and paths into them."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.scenario.schema.scenario import Scenario

COUNTY = Path(__file__).parent / "data" / "county_community.yaml"
RATES = """
reforms:
  high: {title: {en: High, zh: 高}, timeline: {2024-01: {payment.inpatients.base_rate: 9000 yuan}}}
  low: {title: {en: Low, zh: 低}, timeline: {2024-01: {payment.inpatients.base_rate: 8000 yuan}}}
  audit:
    title: {en: Audit, zh: 审核}
    timeline:
      2024-07: {services.supervision.audited: 20%}
      2026-01: {services.supervision.audited: 30%}
"""


def rates(scenario: Scenario, arm: str) -> list[tuple[str, int, float]]:
    """Month, base rate in yuan and share audited of every state."""
    return [
        (s.month, s.rules.payment["inpatients"].rule.base_rate // 100, s.rules.services.supervision.audited)
        for s in scenario.states(arm)
    ]


def reform(name: str, body: str) -> str:
    return f"{RATES}  {name}: {{title: {{en: T, zh: 测}}, {body}}}\n"


def test_every_arm_has_its_states_and_they_start_with_the_run(write) -> None:
    s = load(write(RATES))
    assert list(s.arms) == ["baseline", "high", "low", "audit"]
    assert rates(s, "baseline") == [("2023-01", 7640, 0.1)]
    assert rates(s, "high") == [("2023-01", 7640, 0.1), ("2024-01", 9000, 0.1)]
    assert rates(s, "audit") == [("2023-01", 7640, 0.1), ("2024-07", 7640, 0.2), ("2026-01", 7640, 0.3)]
    assert s.arms["audit"] == s.arms["baseline"] == s.baseline
    with pytest.raises(KeyError):
        s.states("nobody")


def test_a_step_in_the_first_month_is_the_first_state(write) -> None:
    s = load(write(reform("now", "timeline: {2023-01: {payment.inpatients.base_rate: 9100 yuan}}")))
    assert rates(s, "now") == [("2023-01", 9100, 0.1)]
    assert s.arms["now"] == s.states("now")[0].rules != s.baseline


def test_a_reform_of_what_holds_anyway_is_the_baseline(write) -> None:
    s = load(write(reform("placebo", "timeline: {2024-01: {payment.inpatients.base_rate: 7640 yuan}}")))
    assert [s.rules for s in s.states("placebo")] == [s.rules for s in s.states("baseline")]
    assert len(s.states("placebo")) == 1


def test_what_happens_in_every_arm_comes_first_on_one_date_and_stays_otherwise(write) -> None:
    every = "baseline.timeline.2024-01: {services.supervision.audited: 40%, payment.inpatients.base_rate: 7000 yuan}\n"
    s = load(write(RATES + every))
    assert rates(s, "baseline") == [("2023-01", 7640, 0.1), ("2024-01", 7000, 0.4)]
    assert rates(s, "high") == [("2023-01", 7640, 0.1), ("2024-01", 9000, 0.4)]
    assert rates(s, "audit")[1:] == [("2024-01", 7000, 0.4), ("2024-07", 7000, 0.2), ("2026-01", 7000, 0.3)]


def test_starts_moves_every_step(write) -> None:
    s = load(write(RATES + "reforms.audit.starts: 2025-03\n"))
    assert [month for month, _, _ in rates(s, "audit")] == ["2023-01", "2025-03", "2026-09"]
    later = load(write(reform("later", "combines: [high, audit], starts: 2024-06")))
    assert [month for month, _, _ in rates(later, "later")] == ["2023-01", "2024-06", "2024-12", "2026-06"]
    assert rates(later, "audit") == rates(load(write(RATES)), "audit")


def test_combining_takes_the_steps_of_all_in_any_order(write) -> None:
    one, other = (load(write(reform("both", f"combines: [{names}]"))) for names in ("high, audit", "audit, high"))
    assert rates(one, "both") == [
        ("2023-01", 7640, 0.1),
        ("2024-01", 9000, 0.1),
        ("2024-07", 9000, 0.2),
        ("2026-01", 9000, 0.3),
    ]
    assert [s.rules for s in one.states("both")] == [s.rules for s in other.states("both")]


@pytest.mark.parametrize(
    "says",
    [
        "but: {payment: {inpatients: {base_rate: 8500 yuan}}}",
        "timeline: {2024-01: {payment: {inpatients: {base_rate: 8500 yuan}}}}",
    ],
)
def test_who_combines_a_contradiction_says_which_holds(says: str, write) -> None:
    with pytest.raises(UserError, match="say in `both` which holds"):
        load(write(reform("both", "combines: [high, low]")))
    s = load(write(reform("both", f"combines: [high, low], {says}")))
    assert rates(s, "both")[-1] == ("2024-01", 8500, 0.1)


def test_taking_a_block_away_contradicts_a_change_inside_it(write) -> None:
    gone = reform("gone", "timeline: {2024-01: {payment: {inpatients: remove, outpatients: {for: rest}}}}")
    gone += "  both: {title: {en: T, zh: 测}, combines: [high, gone]}\n"
    with pytest.raises(UserError, match=r"both set payment\.inpatients"):
        load(write(gone))


def test_one_step_that_arrives_by_two_ways_happens_once(write) -> None:
    text = reform("first", "combines: [high]") + "  second: {title: {en: T, zh: 测}, combines: [first, high]}\n"
    s = load(write(text))
    assert rates(s, "second") == rates(s, "high")


def test_but_with_the_same_value_is_the_same(write) -> None:
    s = load(write(reform("same", "combines: [high], but: {payment: {inpatients: {base_rate: 9000 yuan}}}")))
    assert s.states("same") == s.states("high")


def test_but_changes_every_step_that_writes_the_block_and_no_other_arm(write) -> None:
    s = load(write(reform("strict", "combines: [audit], but: {services: {supervision: {detects: 90%}}}")))
    assert [x.rules.services.supervision.detects for x in s.states("strict")] == [0.5, 0.9, 0.9]
    assert [x.rules.services.supervision.detects for x in s.states("audit")] == [0.5, 0.5, 0.5]


def test_but_is_inherited_by_who_combines(write) -> None:
    text = reform("milder", "combines: [high], but: {payment: {inpatients: {base_rate: 8900 yuan}}}")
    s = load(write(text + "  both: {title: {en: T, zh: 测}, combines: [milder, audit]}\n"))
    assert rates(s, "both")[1] == ("2024-01", 8900, 0.1)


def test_a_path_into_a_reform_means_but_in_files_changes_and_overrides(write) -> None:
    path, value = "reforms.high.payment.inpatients.base_rate", "9300 yuan"
    expected = [("2023-01", 7640, 0.1), ("2024-01", 9300, 0.1)]
    assert rates(load(write(RATES), [f"{path}={value}"]), "high") == expected
    assert rates(load(write(f"{RATES}{path}: {value}\n")), "high") == expected
    text = f"{RATES}overrides: {{dear: {{{path}: {value}}}}}\n"
    assert rates(load(write(text), with_=["dear"]), "high") == expected
    assert rates(load(write(text)), "high")[-1] == ("2024-01", 9000, 0.1)


def test_a_change_of_an_unknown_reform_names_the_nearest(write) -> None:
    with pytest.raises(UserError, match=r"no `hight` here to change; did you mean `high`"):
        load(write(RATES), ["reforms.hight.payment.inpatients.base_rate=9300 yuan"])


def test_a_child_moves_and_changes_the_reform_of_its_parent(write) -> None:
    write(RATES, "parent.yaml")
    head = "format: 1\nextends: parent.yaml\ntitle: {en: C, zh: 子}\ndescription: {en: C, zh: 子}\n"
    s = load(
        write("reforms: {high: {starts: 2025-01}, low: remove}\nreforms.audit.timeline.2026-01: remove\n", head=head)
    )
    assert list(s.arms) == ["baseline", "high", "audit"]
    assert [month for month, _, _ in rates(s, "high")] == ["2023-01", "2025-01"]
    assert [month for month, _, _ in rates(s, "audit")] == ["2023-01", "2024-07"]


def test_a_rule_that_ends_gives_its_bills_back(write) -> None:
    body = (
        "timeline: {2024-01: {payment: {county: {for: {tiers: secondary, care: inpatient}, takes_from: [inpatients],"
        " rule: fee_for_service}}}, 2025-01: {payment: {county: remove}}}"
    )
    states = load(write(reform("trial", body))).states("trial")
    assert [(s.month, sorted(s.rules.payment)) for s in states] == [
        ("2023-01", ["inpatients", "outpatients"]),
        ("2024-01", ["county", "inpatients", "outpatients"]),
        ("2025-01", ["inpatients", "outpatients"]),
    ]
    assert states[0].rules == states[2].rules


def test_a_rule_may_be_called_like_a_word_of_the_language(write) -> None:
    body = (
        "timeline: {2024-01: {payment: {members: {for: {tiers: secondary, care: inpatient}, takes_from: all, rule: drg,"
        " base_rate: 8000 yuan}}}, 2025-01: {payment: {members: {base_rate: 8100 yuan}}}}"
    )
    states = load(write(reform("named", body))).states("named")
    assert [s.rules.payment["members"].rule.base_rate for s in states[1:]] == [800_000, 810_000]


def test_a_kind_that_changes_by_date_drops_the_old_parameters(write) -> None:
    body = "timeline: {2025-01: {payment: {inpatients: {rule: fee_for_service}}}}"
    old, new = (s.rules.payment["inpatients"] for s in load(write(reform("back", body))).states("back"))
    assert (type(old.rule).__module__, type(new.rule).__module__) == tuple(
        f"simulator.payment.rules.{name}" for name in ("drg", "fee_for_service")
    )
    assert new.scope == old.scope
    assert new.rule.cap is None


def test_months_that_cut_the_run_let_dates_fall_away_and_say_so(write) -> None:
    s = load(write(RATES), months=14)
    assert [month for month, _, _ in rates(s, "high")] == ["2023-01", "2024-01"]
    assert len(s.states("audit")) == 1
    assert s.warnings == ("`audit`: what changes in 2024-07, 2026-01 falls away, because the run ends in 2024-02",)
    assert load(write(RATES)).warnings == ()
    again = load(write(yaml.safe_dump(s.resolved(), allow_unicode=True, sort_keys=False), head=""))
    assert again.model_dump() == s.model_dump()
    assert {arm: again.states(arm) for arm in again.arms} == {arm: s.states(arm) for arm in s.arms}


def test_overrides_are_chosen_by_name_and_laid_under_changes() -> None:
    s = load(COUNTY, with_=["weak_townships", "old_county"])
    assert (s.facilities.station.capability, s.facilities.centre.capability, s.population.poor) == (0.3, 0.3, 0.12)
    assert load(COUNTY).facilities.centre.capability == 0.515
    assert load(COUNTY, ["population.poor=5%"], with_=["old_county"]).population.poor == 0.05
    with pytest.raises(
        UserError, match=r"--with: there is no override `weak_township`; .*did you mean `weak_townships`"
    ):
        load(COUNTY, with_=["weak_township"])


def test_two_overrides_of_one_value_contradict_each_other(write) -> None:
    file = write("overrides: {a: {population: {poor: 7%}}, b: {population.poor: 8%}, c: {population.poor: 7%}}\n")
    with pytest.raises(UserError, match=r"child.yaml:5:.*overrides.b: `a` sets population.poor too"):
        load(file, with_=["a", "b"])
    assert load(file, with_=["a", "c", "a"]).population.poor == 0.07
    with pytest.raises(UserError, match="an override cannot change `extends`"):
        load(write("overrides: {a: {extends: base_2017.yaml}}\n"), with_=["a"])


def test_the_programme_of_a_county_is_read_whole() -> None:
    s = load(COUNTY)
    assert s.programme == ("S02_zhejiang_county_community",)
    assert list(s.arms) == ["baseline", "community_budget", "budget_overspend_shared", "alliance_in_name"]
    for arm, tightness in (("community_budget", 0.7), ("budget_overspend_shared", 0.7), ("alliance_in_name", 0.0)):
        months = [(state.month, len(state.rules.alliances)) for state in s.states(arm)]
        assert months == [("2017-01", 0), ("2018-01", 1), ("2019-01", 1)]
        assert s.states(arm)[1].rules.alliances["county_community"].tightness == tightness
    assert s.states("alliance_in_name")[1].rules.alliances["county_community"].unified == ()
    kept = {
        arm: s.states(arm)[1].rules.settlements["community_budget"].rule.overspend_borne for arm in list(s.arms)[1:]
    }
    assert kept == {"community_budget": 1.0, "budget_overspend_shared": 0.5, "alliance_in_name": 1.0}
    assert (s.outputs.by, s.outputs.stories) == (("tier", "plan", "alliance"), 20)
    first, second, third = s.claims
    assert (first.from_, first.to, first.change, first.years) == (
        (0.4, "share"),
        (0.65, "share"),
        (0.25, "points"),
        "2017-2023",
    )
    assert (second.change, third.level_to) == ((-0.12, "share"), (0.2, "share"))
    assert s.findings[0].change == (18806, "fen")
    origin = s.origins["reforms.community_budget.timeline.2018-01.alliances.county_community.tightness"]
    assert (origin.range, origin.source) == (("0.5", "0.9"), "judgement")


def test_claims_speak_of_one_place_and_are_not_inherited(write, tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(COUNTY.read_text(encoding="utf-8"), encoding="utf-8")
    head = "format: 1\nextends: county.yaml\ntitle: {en: C, zh: 子}\ndescription: {en: C, zh: 子}\n"
    child = load(write("", head=head))
    assert (child.claims, child.findings, child.programme) == ((), (), ())
    assert list(child.arms) == list(load(COUNTY).arms)


def backwards(node: Any, draw: Any, path: tuple[str, ...] = ()) -> Any:
    """A tree with its blocks in another order; of case groups and settlements the order means something."""
    if not isinstance(node, dict):
        return node
    keys = list(node)
    if path[-2:] != ("illness", "case_groups") and path[-1:] != ("settlements",):
        keys = draw(st.permutations(keys))
    return {key: backwards(node[key], draw, (*path, key)) for key in keys}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(st.data())
def test_reordering_blocks_changes_no_byte_of_any_state(write, data: st.DataObject) -> None:
    s = load(COUNTY)
    again = load(
        write(yaml.safe_dump(backwards(s.resolved(), data.draw), allow_unicode=True, sort_keys=False), head="")
    )
    for arm in s.arms:
        one, other = (
            [(x.month, json.dumps(x.rules.model_dump(mode="json"))) for x in y.states(arm)] for y in (s, again)
        )
        assert one == other
