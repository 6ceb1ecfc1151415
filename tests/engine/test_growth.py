"""Growth: with all money growing alike nothing else moves; what grows by a rate of its own does so, to the fen."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.count.indicators.catalogue import INDICATORS
from simulator.practice import acts
from simulator.scenario import load
from simulator.scenario.compile.growth import grown, years_grown
from simulator.scenario.compile.in_force import put_in_force
from simulator.scenario.schema.growth import Growth
from simulator.scenario.schema.rules import Rules
from simulator.simulation import Simulation
from tests.small import COUNTY, Spec, answer, fingerprint, model
from tests.study.test_shards import Here, sharded

PLACE = (COUNTY, "time={start: 2023-10, end: 2025-12, warm_up: 3 months}")
"""Reported from an autumn on: money has grown once from the fourth month, twice from the sixteenth."""
MONTHS = 18
APART = "growth={money: 3%, prices: 2%, incomes: 6%, wages: 5%, premiums: 7%, technology: 2%}"
RATES = st.none() | st.sampled_from([-0.05, 0.0, 0.03, 0.1])


def run(*changes: str) -> Simulation:
    return Simulation(load("base", changes=(*PLACE, *changes), families=60, months=MONTHS)).run()


@pytest.fixture(scope="module")
def plain() -> Simulation:
    return run()


@pytest.fixture(scope="module")
def alike() -> Simulation:
    return run("growth.money=5%")


@pytest.fixture(scope="module")
def apart() -> Simulation:
    return run(APART)


def test_with_all_money_growing_alike_every_physical_figure_is_the_same(plain: Simulation, alike: Simulation):
    """To the last bit, and so is every share; each indicator in yuan is that of no growth times the index."""
    one, other = plain.frames()["monthly"], alike.frames()["monthly"]
    told = one["indicator"].map(lambda name: INDICATORS[name].unit) == "yuan"
    assert other[~told].equals(one[~told])
    year = one["month"].str[:4].astype(int) - 2023
    assert other["value"][told].to_numpy() == pytest.approx((one["value"] * 1.05**year)[told].to_numpy(), rel=1e-12)
    assert told.sum() > 100
    assert alike.frames()["referrals"].equals(plain.frames()["referrals"])


def test_what_facilities_earn_is_in_the_money_of_the_year(plain: Simulation, alike: Simulation):
    one, other = plain.frames()["facilities"], alike.frames()["facilities"]
    year = one["month"].str[:4].astype(int) - 2023
    money = {*acts.money_columns(), *(column for column in one.columns if column.endswith("_yuan"))}
    assert money >= {"income_yuan", "salary_yuan", "refer"}
    for column in one.columns:
        if column in money:
            assert other[column].to_numpy() == pytest.approx((one[column] * 1.05**year).to_numpy(), rel=1e-12)
        else:
            assert other[column].equals(one[column]), column


def test_the_ledger_is_balanced_in_the_money_of_the_year(plain: Simulation, alike: Simulation):
    """Every account opens where it closed, postings make the difference, all sum to zero; reserves keep their worth."""
    frames = alike.frames()
    accounts, postings = frames["accounts"], frames["ledger"]
    opening = accounts.pivot(index="month", columns="account", values="opening")
    closing = accounts.pivot(index="month", columns="account", values="closing")
    assert (opening.iloc[1:].to_numpy() == closing.iloc[:-1].to_numpy()).all()
    assert (closing.sum(axis=1) == 0).all()
    for month, rows in postings.groupby("month"):
        moved = rows.groupby("to")["fen"].sum().sub(rows.groupby("from")["fen"].sum(), fill_value=0)
        difference = (closing.loc[month] - opening.loc[month])[lambda each: each != 0]
        assert difference.to_dict() == moved[moved != 0].astype(int).to_dict()
    grew = postings[postings["kind"] == "indexed"]
    assert sorted(set(grew["month"])) == ["2024-01", "2025-01"]
    before = plain.frames()["accounts"].pivot(index="month", columns="account", values="closing")
    for account in (name for name in closing.columns if name.startswith("fund:")):
        last = closing.index[-1]
        # each posting of the sample is rounded once for the place
        assert closing.loc[last, account] == pytest.approx(before.loc[last, account] * 1.05**2, abs=20_000)
    assert not (plain.frames()["ledger"]["kind"] == "indexed").any()


def test_a_year_begins_in_january():
    assert [years_grown(2023 * 12 + m, 2023 * 12 + 9) for m in (9, 11, 12, 23, 24)] == [0, 0, 1, 1, 2]
    assert years_grown(2023 * 12, 2023 * 12 + 9) == 0


def test_incomes_prices_and_rules_grow_by_their_own_rates(plain: Simulation, apart: Simulation):
    """Two Januaries have come. Against all money incomes have grown by (1.06 / 1.03)² and so on, and charges by
    technology beyond prices."""
    one, other = plain.world, apart.world
    income = one.families["income"][:-1].astype(float)
    assert other.families["income"][:-1] == pytest.approx(income * (1.06 / 1.03) ** 2, abs=1.6)
    assert other.families["catastrophic_at"][:-1].sum() > one.families["catastrophic_at"][:-1].sum()
    charged = (1.02 / 1.03 * 1.02) ** 2
    assert other.groups["bill"] == pytest.approx(one.groups["bill"] * charged)
    assert other.facilities["inpatient_price"] == pytest.approx(one.facilities["inpatient_price"] * charged)
    assert other.money_index == pytest.approx(1.03**2)
    assert other.financing_by_rule.premium.tolist() == [round(38_000 * (1.07 / 1.03) ** 2), 0]
    assert other.financing_by_rule.employer.tolist() == [0, round(611_800 * (1.05 / 1.03) ** 2)]


def test_amounts_follow_what_they_say_and_others_all_money():
    """By hand: ten years in which wages grow by 5 % and all money by 3 % make 1.2120 times of a salary."""
    rules = base_rules()
    later = grown(rules, Growth(money=0.03, prices=0.04, wages=0.05, premiums=0.06), 10)
    assert later.settlements["doctor_pay"].rule.basic["centre"] == 12_726_531
    assert later.payment["inpatients"].rule.base_rate == 841_501
    assert (later.plans["resident"].premium, later.plans["resident"].subsidy) == (50_637, 95_678)
    assert later.plans["employee"].employer == 741_533
    assert later.benefit == rules.benefit
    assert later.services == rules.services
    assert later.payment["outpatients"] is rules.payment["outpatients"]


@given(st.builds(Growth, money=st.sampled_from([0.0, 0.03]), prices=RATES, incomes=RATES, wages=RATES, premiums=RATES),
       st.integers(0, 20))  # fmt: skip
def test_only_amounts_with_a_rate_of_their_own_change(growth: Growth, years: int):
    rules = base_rules()
    later = grown(rules, growth, years)
    assert later.benefit == rules.benefit
    for what, old, new in (
        ("premiums", rules.plans["resident"].subsidy, later.plans["resident"].subsidy),
        ("wages", rules.plans["employee"].employer, later.plans["employee"].employer),
        ("prices", rules.payment["inpatients"].rule.base_rate, later.payment["inpatients"].rule.base_rate),
    ):
        assert abs(new - old * growth.beyond(what, years)) <= 0.5 + 1e-6
        assert isinstance(new, int)
    if years == 0 or all(growth.beyond(what, 1) == 1.0 for what in ("prices", "wages", "premiums")):
        assert later == rules


@cache
def base_rules() -> Rules:
    return load("base", families=60).states("baseline")[0].rules


def test_to_put_the_same_rules_in_force_each_january_changes_nothing(plain: Simulation):
    """Which is what growth does to rules whose amounts have not changed."""
    scenario = load("base", changes=PLACE, families=60, months=MONTHS)
    rules, again = scenario.states("baseline")[0].rules, Simulation(scenario)
    again.world.scheduled = [(month, lambda w: put_in_force(w, scenario, rules)) for month in (6, 18)]
    assert again.run().digest() == plain.digest()


def test_growth_is_the_same_in_every_engine_and_in_shards(tmp_path: Path):
    spec = Spec(changes=(*PLACE, APART, "population.ageing=live"), families=60, months=6)
    one = answer(spec)
    assert answer(spec, engine="agents") == one
    assert answer(spec, threads=2, blocks=3) == one
    three = sharded(spec, Here(3), tmp_path).run()
    assert {"digest": three.digest(), **fingerprint(three.frames())} == one


def test_a_branch_goes_on_growing():
    step = "2025-02: {benefit: {resident: {outpatient: {primary: {fund_pays: 90%}}}}}"
    spec = Spec(changes=(*PLACE, APART, f"reforms={{cheap: {{title: {{en: a, zh: 甲}}, timeline: {{{step}}}}}}}"),
                families=60, months=MONTHS)  # fmt: skip
    whole, trunk = model(spec._replace(arm="cheap")).run(), model(spec)
    trunk.run_for(10)
    assert trunk.branch("cheap").run().digest() == whole.digest()


def test_nothing_grows_before_reporting_begins(apart: Simulation):
    """The warm-up is in the money of the first year, whatever year it lies in."""
    scenario = load("base", changes=(*PLACE, APART, "time.warm_up=24 months"), families=60, months=2)
    early = Simulation(scenario)
    income = early.world.families["income"].copy()
    early.run()
    assert np.array_equal(early.world.families["income"], income)
    assert early.world.money_index == 1.0
