"""What is paid for control and first contact moves management, by the model's own chances."""

import numpy as np
import pytest

from simulator.core import behaviour
from simulator.core.names import CENTRE, DIAGNOSED, NONE
from simulator.engine.phases.care import care
from simulator.engine.phases.reforms import reforms
from simulator.engine.phases.terms_of_trade import terms_of_trade
from simulator.engine.state.world import World
from simulator.engine.terms.managed import adds_to_scores, control_gain
from simulator.engine.terms.trade import believe, books_of, market_of
from simulator.fund.pools import Pool
from simulator.illness.disease import USUAL_CAPABILITY, share_controlled, stationary
from simulator.model import HealthSystem
from tests.small import AMPLE, COUNTY, Spec, model

PAR = behaviour.row()[0]
FEE = (
    "baseline.settlements.contract={{for: {{tiers: primary}}, rule: contract_fee, fee: {fee} yuan/year, "
    "sources: {{insurance: 100%, public_health: 0%, self_pay: 0%}}, withheld: 100%{scaled}}}"
)
BY_CONTROL = ", scaled_by: {control_share: {weight: 100%, none_at: 10%, full_at: 60%}}"
GROUP = "baseline.alliances.group={form: county_community, lead: county_1, members: {below: county_1}, tightness: 0.6}"
BUDGET = (
    "baseline.settlements.budget={{for: {{alliances: group}}, rule: global_budget, "
    "amount: {{per_head: 2400 yuan/year}}, growth: 0%, surplus_kept: 100%, overspend_borne: 100%{scaled}}}"
)
SCORED = {
    "control_share": "{weight: 100%, none_at: 0%, full_at: 60%}",
    "control_share_diabetes": "{weight: 100%, none_at: 0%, full_at: 60%}",
    "managed_share": "{weight: 100%, none_at: 0%, full_at: 100%}",
    "first_contact_rate_primary": "{weight: 100%, none_at: 20%, full_at: 95%}",
    "satisfaction": "{weight: 100%, none_at: 20%, full_at: 95%}",
}


SCORES = [name for name in SCORED if name != "satisfaction"]
"""Those that acts of members move."""


def place(*changes: str, months: int = 2, families: int = 200) -> HealthSystem:
    spec = Spec(("time={start: 2023-01, warm_up: 12 months}", COUNTY, *AMPLE, *changes), families, max(months, 1))
    system = model(spec)
    system.run_for(12 + months)
    return system


def scaled(indicator: str) -> str:
    return f", scaled_by: {{{indicator}: {SCORED[indicator]}}}"


@pytest.mark.parametrize("disease", ["hypertension", "diabetes"])
@pytest.mark.parametrize("managed", [True, False])
def test_control_is_that_of_the_cascade_at_rest(disease: str, managed: bool):
    level = float(PAR[f"control_{disease}"])
    shares = stationary(level, float(managed), 0.35, PAR)
    found = float(share_controlled(level, managed, USUAL_CAPABILITY, PAR))
    assert found == pytest.approx(shares[3] / shares[1:].sum())


def test_the_gain_is_that_of_who_is_known():
    """Ten with hypertension alone, five with both, five of whom nobody knows the diabetes."""
    world = place(families=60, months=1).world
    persons = world.persons
    persons["hypertension"] = persons["diabetes"] = NONE
    persons["hypertension"][:20] = DIAGNOSED
    persons["diabetes"][10:15] = DIAGNOSED
    persons["diabetes"][15:20] = 1
    high, low = 0.7, 0.4
    gains = control_gain(world, np.array([high, low]))
    for skill, gain in zip((high, low), gains, strict=True):
        h, h_alone, d, d_alone = (
            float(share_controlled(PAR[f"control_{disease}"], managed, skill, PAR))
            for disease in ("hypertension", "diabetes")
            for managed in (True, False)
        )
        assert gain == pytest.approx(0.5 * (h - h_alone) + 0.25 * (h * d - h_alone * d_alone))
        assert gain > 0.05


def test_pay_for_control_is_worth_its_chance_to_who_manages():
    """Belief of a managed month = belief of a controlled year × chance / 12, whatever rule pays."""
    world = place(FEE.format(fee=600, scaled=BY_CONTROL)).world
    world.market = market_of(world)
    believe(world)
    rule, mine = world.system.settlements["contract"]
    paid = rule.believed(world.market, books_of(world), {}, world.market.pick(mine))["panel", "controlled"]
    gain = control_gain(world, world.facilities["capability"])
    homes = paid > 0
    assert homes.any()
    assert world.beliefs["managed"][homes] == pytest.approx((paid * gain / 1200)[homes])
    assert (world.beliefs["managed"][~homes] == 0).all()
    flat = place(FEE.format(fee=600, scaled="")).world
    assert (flat.beliefs["managed"] == 0).all()


def test_pay_for_control_raises_management_and_control():
    paid, flat = (place(FEE.format(fee=600, scaled=word), months=18) for word in (BY_CONTROL, ""))
    centres = paid.world.facilities["tier"] == CENTRE
    manage = [m.world.facilities["manage"][centres].mean() for m in (paid, flat)]
    assert manage[0] > manage[1] + 0.02


def budget(indicator: str = "", months: int = 14) -> tuple[World, Pool]:
    world = place(GROUP, BUDGET.format(scaled=scaled(indicator) if indicator else ""), months=months).world
    believe(world)
    return world, world.pools[0]


@pytest.mark.parametrize("indicator", SCORES)
def test_the_score_of_a_budget_is_worth_something_to_who_manages(indicator: str):
    world, pool = budget(indicator)
    members = pool.members & (world.facilities["tier"] <= CENTRE)
    assert (world.beliefs["managed"][members] > 0).all()
    assert (world.beliefs["managed"][~pool.members] == 0).all()


@pytest.mark.parametrize("indicator", ["", "satisfaction"])
def test_what_no_act_moves_is_worth_nothing(indicator: str):
    world, _ = budget(indicator)
    assert (world.beliefs["managed"] == 0).all()


@pytest.mark.parametrize("indicator", SCORES)
def test_belief_is_consequence(indicator: str):
    """Twenty acts more last year would have raised level, score and what is kept by what is believed."""
    _, pool = budget(indicator)
    adds = pool.by_managing[indicator]
    more = pool.levels | {indicator: pool.levels[indicator] + 20 * adds / pool.counted[indicator]}
    surplus = int(max(pool.pace, 0.0) * pool.budget.sum())
    size = int(pool.budget.sum())
    kept = [pool.rule.kept(surplus, size, pool.rule.score(levels)) for levels in (more, pool.levels)]
    assert kept[0] > kept[1]
    assert 20 * pool.acts_worth({indicator: adds}) == pytest.approx(kept[0] - kept[1], rel=0.02)


def test_management_brings_patients_to_primary_care_as_often_as_is_believed():
    """Everybody known managed, against nobody: visits that begin at primary care, in one month of choices."""
    system = place(GROUP, families=3000, months=0)
    world = system.world
    alliance = world.alliances[0]
    mine = world.families["holder"][world.persons["family"]] == alliance.holder
    known = mine & ((world.persons["hypertension"] >= DIAGNOSED) | (world.persons["diabetes"] >= DIAGNOSED))
    year = world.year_sums["plans"].reshape(-1, len(world.words.holders), world.year_sums["plans"].shape[-1])
    managed = adds_to_scores(world, alliance, year[:, alliance.holder].sum(axis=0))
    came = []
    reforms(world, system.engine)
    terms_of_trade(world, system.engine)
    for word in (1, 0):
        world.persons["managed"][known], world.persons["served"] = word, 0
        care(world, system.engine)
        rows = np.concatenate([block.rows[: block.end] for block in system.engine.blocks])
        first = (rows["kind"] == 0) & known[rows["person"]] & (rows["option"] >= 0) & (rows["option"] <= CENTRE)
        came.append(int(first.sum()))
    believed = managed["first_contact_rate_primary"] * known.sum()
    assert 0.4 * believed < came[0] - came[1] < 2.0 * believed
