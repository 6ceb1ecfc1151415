"""Plans of a scenario at work: pooling areas and their mergers, voluntary enrolment, insurers beside the funds."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from simulator.benefit.cover import ROWS
from simulator.core.errors import UserError
from simulator.model import HealthSystem
from simulator.payment.books import CASES, CODED, COVERED, OUTSIDE, SELF, UNINSURED
from simulator.scenario import load
from simulator.scenario.compile.build import build
from simulator.scenario.resolve.origins import trace
from simulator.scenario.schema.plans import heads

BENEFIT = """
      outpatient: {deductible_is: per_year, primary: {deductible: 0 yuan, fund_pays: RATE},
                   secondary: {deductible: 0 yuan, fund_pays: RATE}, tertiary: {deductible: 0 yuan, fund_pays: RATE}}
      inpatient: {deductible_is: per_admission, primary: {deductible: 0 yuan, fund_pays: RATE},
                  secondary: {deductible: 0 yuan, fund_pays: RATE}, tertiary: {deductible: 0 yuan, fund_pays: RATE}}
"""
AREAS = """
time: {start: 2023-01, end: 2024-12, warm_up: 1 months}
network: {form: prefecture, counties: 2, townships: 1, villages: 2, centres: 2, stations: 1, secondary: 1, tertiary: 1}
baseline:
  plans:
    resident: {areas: [city, county_1], covers: 70%}
    employee: {areas: city, covers: 30%}
    county_jobs: {kind: basic, areas: county_1, people: employees, covers: 30%, employer: 3000 yuan/year,
                  reserve: 9 months}
    south: {kind: basic, areas: county_2, covers: 100%, premium: 300 yuan/year, subsidy: 500 yuan/year,
            reserve: 3 months}
  benefit:
    south:SOUTH
    county_jobs:JOBS
reforms:
  merged:
    title: {en: One pool, zh: 统筹合并}
    timeline:
      2023-03: {plans: {south: {merged_into: resident}}}
      2023-04: {plans: {county_jobs: {merged_into: employee}, resident: {subsidy: 800 yuan/year}}}
""".replace("SOUTH", BENEFIT.replace("RATE", "30%")).replace("JOBS", BENEFIT.replace("RATE", "70%"))
OTHERS = """
time: {start: 2023-01, end: 2024-12, warm_up: 1 months}
network: {form: county, townships: 2, villages: 2}
baseline:
  plans:
    resident: {enrolment: voluntary, reserve_policy: {low: 9 months, high: 12 months, step: 5%, acts_on: subsidy}}
    help: {kind: mutual, premium: 365 yuan/year, operating_fee: 36 yuan/year,
           cover: {visits: {care: outpatient, pays: 15%, above: 300 yuan/year}},
           compact: {facilities: centre_1 to centre_2}}
    firm: {kind: commercial, premium: 800 yuan/year, loading: 30%, administration: 15%, declines: 50%,
           cover: {beds: {care: inpatient, pays: 60%, outside_catalogue: true}}}
    love: {kind: charity, donations: 40 yuan/year, pays: 50%}
"""


def started(path: Path, families: int, months: int, arm: str = "baseline", **how) -> HealthSystem:
    return HealthSystem(load(path, families=families, months=months), arm, **how)


def test_plans_of_areas_have_the_people_of_their_areas(write) -> None:
    world = build(load(write(AREAS), families=400, months=2))
    area = np.array(world.words.areas)[world.families["area"][world.persons["family"]]]
    plan = np.array(world.words.plans)[world.persons["plan"]]
    for here, expected in (
        ("city", {"resident": 0.7, "employee": 0.3}),
        ("county_1", {"resident": 0.7, "county_jobs": 0.3}),
        ("county_2", {"south": 1.0}),
    ):
        names, counts = np.unique(plan[area == here], return_counts=True)
        assert set(names) == set(expected)
        for name, count in zip(names, counts, strict=True):
            assert count / counts.sum() == pytest.approx(expected[name], abs=0.02)
    assert world.persons["age"][plan == "county_jobs"].min() >= 18
    assert "fund:resident@city+county_1" in world.ledger.accounts
    assert "fund:south@county_2" in world.ledger.accounts


def test_a_merger_moves_the_balance_the_bills_and_the_benefit(write) -> None:
    model = started(write(AREAS), 60, 5, "merged")
    model.run_for(model.burn_in + 2)
    world = model.world
    one, other = (world.words.plans.index(name) for name in ("resident", "south"))
    held = world.ledger.balance[world.accounts.fund].copy()
    assert len(set(world.accounts.fund.tolist())) == 4
    model.step()
    month, ledger = world.tally.ledger, world.ledger
    moved, _ = ledger.total(month, "merger")
    assert moved.sum() == moved[world.own_fund[other]] == held[other] > 0
    assert world.accounts.fund[other] == world.accounts.fund[one]
    assert month.closing[world.own_fund[other]] == 0
    blocks = world.cover.rows.reshape(-1, ROWS)
    assert (blocks[other] == blocks[one]).all()
    assert world.financing.premium[other] == world.financing.premium[one] == 38_000
    claims, _ = ledger.total(month, "claims")
    assert claims[world.own_fund[other]] == 0
    assert claims[world.accounts.fund[one]] > 0
    assert world.fund_spent[-1][one] == world.fund_spent[-1][other]
    model.step()
    assert world.ledger.balance[world.own_fund].tolist().count(0) == 2
    assert world.financing.subsidy[other] == 80_000
    model.step()
    assert world.ledger.balance.sum() == 0


def test_people_of_a_merged_plan_are_those_of_the_other_in_scopes(write) -> None:
    scopes = """
  payment:
    poor_pool: {for: {plans: resident, care: inpatient}, rule: fee_for_service, takes_from: all}
"""
    body = AREAS.replace("reforms:", scopes.lstrip("\n") + "reforms:")
    model = started(write(body), 20, 4, "merged")
    model.run_for(model.burn_in + 3)
    world = model.world
    owner = np.array(list(world.system.tariffs.rules))[world.system.tariffs.owners]
    inpatient = world.cells["care"] > 0
    own = np.isin(np.array(world.words.plans)[world.cells["plan"]], ["resident", "south"])
    assert (owner[inpatient & own] == "poor_pool").all()
    assert not (owner[~own] == "poor_pool").any()


def test_heads_follow_chains() -> None:
    plans = load("base", changes=["baseline.plans.resident.merged_into=employee"]).baseline.basic
    assert heads(plans) == {"resident": "employee", "employee": "employee"}


def test_who_has_not_enrolled_pays_in_full(write) -> None:
    model = started(write(OTHERS), 80, 2)
    world = model.world
    model.run_for(model.burn_in)
    resident = world.words.plans.index("resident")
    mine = world.persons["plan"] == resident
    world.persons["enrolled"][mine] = 0
    world.count_insured()
    assert world.financing.insured[resident] == 0
    model.step()  # January, when people choose: most enrol again
    world.persons["enrolled"][mine] = 0
    world.count_insured()
    model.step()
    cells = world.cells["plan"] == resident
    counts = world.tally.counts[cells]
    assert counts[:, OUTSIDE].sum() > 0
    assert (counts[:, UNINSURED] == counts[:, CASES]).all()
    assert counts[:, [SELF, COVERED, CODED]].sum() == 0
    assert world.tally.settled.fund_cells[cells].sum() == 0
    others = world.tally.counts[~cells]
    assert others[:, SELF].sum() < others[:, COVERED].sum()
    premium, _ = world.ledger.total(world.tally.ledger, "premium")
    assert premium.sum() == 0


def test_a_year_with_every_kind_of_insurer_balances(write) -> None:
    model = started(write(OTHERS), 100, 13)
    world, ledger = model.world, model.world.ledger
    model.run_for(model.burn_in)
    for _ in range(12):
        model.step()
        assert ledger.balance.sum() == 0
        assert ledger.balance[ledger.index["charity:love"]] >= 0
    names = {account: int(ledger.balance[i]) for account, i in ledger.index.items()}
    assert names["mutual:help"] == names["insurer:firm"] == 0
    frames = model.frames()
    kinds = frames["ledger"].groupby("kind").fen.sum()
    signed = {"doctors:centre_1", "doctors:centre_2"}
    surplus = frames["ledger"][frames["ledger"].kind == "mutual_doctors"]
    assert set(surplus.to) <= signed
    assert surplus.fen.sum() == pytest.approx(kinds["mutual_training"] / 0.3 * 0.5, rel=1e-4)
    assert {"relief", "donation", "operating_fee", "policy_premium", "mutual", "indemnity"} <= set(kinds.index)
    assert {"profit", "capital"} & set(kinds.index)
    for kind, account in (("mutual", "mutual:help"), ("indemnity", "insurer:firm")):
        assert set(frames["ledger"][frames["ledger"].kind == kind]["from"]) == {account}
    table = frames["monthly"]
    shares = table[(table.indicator == "participation") & (table.month == "2023-06")].set_index("plan").value
    assert 0.8 < shares["resident"] < 1
    assert 0 < shares["firm"] < shares["help"] < 0.6
    assert (table[table.indicator == "loss_ratio"].denominator > 0).all()
    asked = world.reserve_factor.copy()
    reserve = world.ledger.balance[world.accounts.fund] / np.sum(world.fund_spent, axis=0) * 12
    model.step()
    resident = world.words.plans.index("resident")
    step = 1.05 if reserve[resident] < 9 else 0.95 if reserve[resident] > 12 else 1.0
    assert world.reserve_factor[resident] == pytest.approx(asked[resident] * step)
    assert world.reserve_factor[1 - resident] == 1.0
    assert world.financing.subsidy[resident] == round(71_800 * world.reserve_factor[resident])


def test_a_compact_keeps_its_gate(write) -> None:
    """With `at_compact`, nothing is paid at a hospital that has not signed, but for those who were sent there."""
    gate = OTHERS.replace("visits: {care: outpatient, pays: 15%, above: 300 yuan/year}", "all: {pays: 90%GATE}")
    paid = {}
    for word in ("", ", at_compact: true"):
        model = started(write(gate.replace("GATE", word)), 80, 3)
        world = model.world
        model.run_for(model.burn_in)
        world.behaviour["join"] = 20.0
        fen = np.zeros(len(world.facilities), np.int64)
        for _ in range(3):
            model.step()
            fen += world.tally.extras.sum(axis=(1, 2))[:, 1]
        signed = world.facilities["compact"] & 1 == 1
        assert [world.words.facilities[i] for i in np.flatnonzero(signed)] == ["centre_1", "centre_2"]
        assert fen[signed].sum() > 0
        paid[word] = fen[~signed].sum()
    assert 0 < paid[", at_compact: true"] < 0.7 * paid[""]


def test_both_engines_choose_alike(write) -> None:
    path = write(OTHERS)
    fast = started(path, 40, 2, engine="fast", threads=2).run()
    agents = started(path, 40, 2, engine="agents").run()
    assert fast.digest() == agents.digest()
    assert fast.world.persons["policies"].max() == 3


@pytest.mark.parametrize(
    ("form", "kinds"),
    [
        ("form: designated_provider, detects: 80%, half_at: 1%, scale: 1%", {"denied"}),
        ("form: equity_stake, stake: 80%", {"dividend", "loss_borne"}),
        ("form: onsite_clinic, salary: 100000 yuan/year", {"onsite_salary"}),
        ("form: intermediary, detects: 80%, fee: 3%", {"denied", "intermediary_fee"}),
    ],
)
def test_a_form_moves_its_accounts_and_no_other(write, form: str, kinds: set[str]) -> None:
    body = OTHERS.replace("declines: 50%,", "compact: {facilities: county_1}, providers: {" + form + "},")
    body = body.replace("care: inpatient, pays", "pays")
    plain = started(write(OTHERS, "plain.yaml"), 60, 4)
    formed = started(write(body), 60, 4)
    for model in (plain, formed):
        model.world.behaviour["join"] = 3.0
        model.run()
    ledgers = [model.frames()["ledger"] for model in (plain, formed)]
    new = ledgers[1][~ledgers[1].kind.isin(ledgers[0].kind)]
    assert new.kind.nunique()
    assert set(new.kind) <= kinds
    signed = {"facility:county_1", "doctors:county_1", "insurer:firm", "administration"}
    assert set(new["from"]) | set(new["to"]) <= signed
    assert formed.world.ledger.balance.sum() == 0


def test_a_plan_that_changes_keeps_its_members_and_its_year(write) -> None:
    change = """
reforms:
  dearer:
    title: {en: Dearer, zh: 涨价}
    timeline:
      2023-02: {plans: {help: {premium: 900 yuan/year}}}
"""
    model = started(write(OTHERS + change), 60, 13, "dearer")
    model.run_for(model.burn_in + 1)
    before = next(each for each in model.world.insurers if each.name == "help")
    model.step()
    after = next(each for each in model.world.insurers if each.name == "help")
    assert after.plan.premium == 90_000
    assert (after.members, after.earned, after.fresh) == (before.members, before.earned, False)
    assert after.paid >= before.paid
    model.run_for(11)
    dear = next(each for each in model.world.insurers if each.name == "help")
    assert dear.earned == dear.members * 90_000
    assert dear.members < before.members


def test_a_plan_that_ends_pays_its_members_back(write) -> None:
    ending = """
reforms:
  without:
    title: {en: Without, zh: 取消}
    timeline:
      2023-02: {plans: {help: remove, firm: remove}}
"""
    model = started(write(OTHERS + ending), 40, 3, "without")
    model.run_for(model.burn_in + 1)
    world = model.world
    held = int(world.ledger.balance[world.ledger.index["mutual:help"]])
    assert held > 0
    model.step()
    refunded, _ = world.ledger.total(world.tally.ledger, "refund")
    assert refunded[world.ledger.index["mutual:help"]] == held
    assert world.persons["policies"].max() == 0
    assert world.insurers == []


def test_a_plan_that_begins_in_summer_costs_half(write) -> None:
    body = """
time: {start: 2023-01, end: 2024-12, warm_up: 1 months}
network: {form: county, townships: 2, villages: 2}
reforms:
  mutual:
    title: {en: Mutual, zh: 互助}
    timeline:
      2023-07: {plans: {help: {kind: mutual, premium: 360 yuan/year}}}
"""
    model = started(write(body), 40, 7, "mutual")
    model.run_for(model.burn_in + 7)
    (plan,) = model.world.insurers
    assert plan.earned == plan.members * 18_000 > 0
    assert "mutual:help" in model.world.ledger.index


def test_the_basic_plans_stay(write) -> None:
    path = write(AREAS + "      2023-05: {plans: {south: {covers: 90%, areas: county_1}}}\n")
    with pytest.raises(UserError, match="cannot change during the run: covers"):
        load(path)


LIKE = """
format: 1
extends: base.yaml
title: {en: Like, zh: 参照}
description: {en: A second plan, zh: 第二险种}
baseline:
  plans:
    resident: {areas: [city, county_1, county_2]}
    poor: {kind: basic, areas: [county_3, county_4], covers: 72.2%, premium: 380 yuan/year, subsidy: 560 yuan/year,
           reserve: 5 months}
  benefit:
    poor: {like: resident, inpatient: {primary: {fund_pays: 65%}}}
reforms:
  better:
    title: {en: Better, zh: 提高}
    timeline:
      2024-01: {benefit: {resident: {inpatient: {primary: {fund_pays: 95%}, tertiary: {fund_pays: 33%}}}}}
"""


def test_a_benefit_table_like_anothers_follows_it_in_what_it_does_not_say(tmp_path: Path):
    file = tmp_path / "like.yaml"
    file.write_text(LIKE, encoding="utf-8")
    place = load(file)
    start, end = place.states("better")[0].rules.benefit, place.states("better")[-1].rules.benefit
    for rules in (start, end):
        poor, whole = rules["poor"], rules["resident"]
        assert poor.outpatient == whole.outpatient
        assert poor.inpatient.tertiary == whole.inpatient.tertiary
        assert poor.inpatient.centre.fund_pays == 0.65
    assert end["poor"].inpatient.tertiary.fund_pays == 0.33
    (written,) = trace(place, "baseline.benefit.poor.inpatient.tertiary.fund_pays").values()
    assert written[-1].place.file.endswith("base.yaml")
    again = tmp_path / "again.yaml"
    again.write_text(yaml.safe_dump(place.resolved(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert load(again).states("better")[-1].rules == place.states("better")[-1].rules
