"""The scenarios of the package: every arm at every date, and the laws of a programme with a budget, run small."""

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from simulator.core.names import CENTRE
from simulator.model import HealthSystem
from simulator.report.listing import scenario_files
from simulator.scenario import load
from simulator.scenario.compile.build import build
from simulator.scenario.compile.in_force import schedule
from tests.small import ROOT, fingerprint

SCENARIOS = ROOT / "scenarios"
FILES = scenario_files(SCENARIOS)
ZHEJIANG = SCENARIOS / "programmes" / "zhejiang_county_community.yaml"
ARMS = ["baseline", "community_budget", "overspend_shared", "on_paper_only", "no_surplus_kept"]
SMALL = ("time.warm_up=2 months", "network.townships=3", "network.villages=2")
AT_THE_TURN = (*SMALL, "time.start=2017-11", "reforms.community_budget.starts=2017-12")
"""The budget begins in a December, so that a short run closes a year and begins another."""
FROM_JANUARY = (*SMALL, "reforms.community_budget.starts=2017-01")
IN_ORDER = ("settlements", "ages", "by_age", "reforms")
"""Blocks in which order says something; that of reforms is the order of the arms."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_arm_at_every_date_goes_into_force(file: Path) -> None:
    scenario = load(file, families=100)
    world = build(scenario)
    for arm in scenario.arms:
        changes = schedule(scenario, world, arm)
        later = [state for state in scenario.states(arm) if state.month > scenario.time.start]
        assert len(changes) >= len(later)
        going = world.copy()
        for _, change in changes:
            change(going)
            assert len(going.system.tariffs.owners) == len(going.cells)
        now = scenario.states(arm)[-1].rules
        assert {a.name for a in going.alliances} == set(now.alliances)


def test_the_arms_of_zhejiang_differ_in_what_their_titles_say() -> None:
    scenario = load(ZHEJIANG)
    assert list(scenario.arms) == ARMS
    assert [[s.month for s in scenario.states(arm)] for arm in ARMS] == [["2017-01"], *[["2017-01", "2018-01"]] * 4]
    rules = {arm: scenario.states(arm)[-1].rules for arm in ARMS[1:]}
    budget = {arm: r.settlements["community_budget"].rule for arm, r in rules.items()}
    terms = {arm: (b.surplus_kept, b.overspend_borne) for arm, b in budget.items()}
    assert terms == {
        "community_budget": (1.0, 1.0),
        "overspend_shared": (1.0, 0.5),
        "on_paper_only": (1.0, 1.0),
        "no_surplus_kept": (0.0, 0.0),
    }
    alliance = {arm: r.alliances["county_community"] for arm, r in rules.items()}
    tight = {arm: (a.tightness, len(a.unified)) for arm, a in alliance.items()}
    assert tight == {arm: (0.0, 0) if arm == "on_paper_only" else (0.85, 5) for arm in ARMS[1:]}
    assert not scenario.baseline.alliances
    assert "community_budget" not in scenario.baseline.settlements


def test_the_claims_of_zhejiang_are_about_its_arms_and_are_not_inherited(tmp_path: Path) -> None:
    scenario = load(ZHEJIANG)
    assert scenario.programme == ("S02_zhejiang_county_community",)
    assert {claim.arm for claim in scenario.claims} <= set(scenario.arms)
    assert {claim.indicator for claim in scenario.claims} >= {"primary_share_of_visits", "budget_surplus_rate"}
    child = tmp_path / "child.yaml"
    child.write_text(
        "format: 1\nextends: programmes/zhejiang_county_community.yaml\n"
        "title: {en: A test, zh: 测试}\ndescription: {en: A test, zh: 测试}\n",
        encoding="utf-8",
    )
    assert load(child).claims == ()
    assert list(load(child).arms) == ARMS


def outcome(scenario: Any, arm: str = "baseline", **how: Any) -> dict[str, str]:
    done = HealthSystem(scenario, arm, **how).run()
    return {"digest": done.digest(), **fingerprint(done.frames())}


def test_an_arm_without_a_difference_in_rules_is_the_baseline_to_the_byte(tmp_path: Path) -> None:
    file = tmp_path / "placebo.yaml"
    file.write_text(
        "format: 1\nextends: programmes/zhejiang_county_community.yaml\n"
        "title: {en: Nothing new, zh: 无变化}\ndescription: {en: A test, zh: 测试}\n"
        "reforms:\n"
        "  as_it_is:\n"
        "    title: {en: What holds anyway, zh: 原规则}\n"
        "    timeline: {2017-12: {benefit.resident.inpatient.secondary.deductible: 500 yuan}}\n"
        "  same_budget:\n"
        "    title: {en: The same again, zh: 相同预算}\n"
        "    combines: [community_budget]\n"
        "    but: {settlements.community_budget.overspend_borne: 100%}\n",
        encoding="utf-8",
    )
    scenario = load(file, AT_THE_TURN, families=100, months=4)
    assert outcome(scenario, "as_it_is") == outcome(scenario)
    budget = outcome(scenario, "community_budget")
    assert outcome(scenario, "same_budget") == budget
    assert budget != outcome(scenario)


def backwards(node: Any, name: str = "") -> Any:
    """A tree of plain values with the entries of every block in the opposite order, where order says nothing."""
    if not isinstance(node, dict):
        return node
    keys = list(node) if name in IN_ORDER else list(reversed(node))
    return {key: backwards(node[key], key) for key in keys}


def test_the_order_of_blocks_in_the_files_changes_no_byte(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    shutil.copytree(SCENARIOS, folder, ignore=shutil.ignore_patterns("schema.json", "*.md"))
    for name in ("base.yaml", "base_2017.yaml", f"programmes/{ZHEJIANG.name}"):
        tree = yaml.load((SCENARIOS / name).read_text(encoding="utf-8"), yaml.BaseLoader)
        turned = backwards(tree)
        assert turned == tree
        assert list(turned) != list(tree)
        text = yaml.dump(turned, sort_keys=False, allow_unicode=True, width=10_000)
        (folder / name).write_text(unquoted(text), encoding="utf-8")
    one = load(ZHEJIANG, AT_THE_TURN, families=100, months=3)
    other = load(folder / "programmes" / ZHEJIANG.name, AT_THE_TURN, families=100, months=3)
    assert list(one.arms) == list(other.arms)
    for arm in ("baseline", "community_budget"):
        assert [s.rules for s in one.states(arm)] == [s.rules for s in other.states(arm)]
        assert outcome(one, arm) == outcome(other, arm), arm


def unquoted(text: str) -> str:
    """YAML without the quotes that the dumper puts around numbers; the readers of units see the same words."""
    return re.sub(r"'(-?[\d.]+)'", r"\1", text)


def test_both_engines_give_one_history_through_the_turn_of_a_year() -> None:
    scenario = load(ZHEJIANG, AT_THE_TURN, families=60, months=4)
    fast = HealthSystem(scenario, "community_budget", engine="fast", threads=2)
    agents = HealthSystem(scenario, "community_budget", engine="agents")
    fast.run_for(4)
    agents.run_for(4)
    assert fast.world.label() == "2018-01"
    assert fast.world.pools[0].months == 0
    assert fast.world.facilities["alliance"].max() == 0
    assert fast.digest() == agents.digest()
    assert outcome(scenario, "community_budget") == outcome(scenario, "community_budget", engine="agents")


def test_the_money_of_a_budget_adds_up() -> None:
    model = HealthSystem(load(ZHEJIANG, FROM_JANUARY, families=100, months=13), "community_budget")
    world, ledger = model.world, model.world.ledger
    model.run_for(model.burn_in)
    account = ledger.index["pool:county_community"]
    paid_in, kinds = [], set()
    for calendar in range(1, 13):
        model.step()
        (pool,) = world.pools
        if calendar == 1:
            budget = int(pool.budget.sum())
        rows = world.tally.ledger.postings
        mine = rows[(rows["payee"] == account) & (rows["kind"] == ledger.kinds.index("budget"))]
        paid_in.append(int(mine["fen"].sum()))
        kinds |= {ledger.kinds[k] for k in rows["kind"][(rows["payer"] == account) | (rows["payee"] == account)]}
        assert int(ledger.balance.sum()) == 0
        if calendar < 12:
            assert int(ledger.balance[account]) == int(pool.paid_in.sum() - pool.spent.sum())
    assert len(set(paid_in)) <= 2  # a twelfth, to the fen over the year
    assert sum(paid_in) == budget > 0
    assert int(ledger.balance[account]) == 0
    assert {"budget", "claims"} < kinds
    assert bool({"surplus", "budget_returned"} & kinds) != ("overspend" in kinds)
    assert (pool.shared != 0).any()
    assert not pool.shared[~pool.members].any()
    model.step()
    assert world.pools[0].months == 1
    assert int(ledger.balance.sum()) == 0


def test_the_budget_is_for_the_people_at_home_in_the_county() -> None:
    model = HealthSystem(load(ZHEJIANG, FROM_JANUARY, families=100, months=1), "community_budget").run()
    world = model.world
    (pool,) = world.pools
    outside = ~world.alliances[0].members
    names = np.array(world.words.facilities)
    assert (world.families[:-1]["holder"] == 1).all()
    assert set(names[~outside]) == set(world.network.names) - {n for n in names if n.startswith("tertiary")}
    assert not world.alliances[0].members[world.facilities["tier"] > CENTRE + 1].any()
    elsewhere = pool.cells & outside[world.cells["facility"]]
    assert world.tally.settled.fund_cells[elsewhere].sum() > 0
    assert (world.cells["holder"][pool.cells] == 1).all()
    assert (world.cells["plan"][pool.cells] >= 0).any()
