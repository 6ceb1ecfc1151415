"""What members of an alliance manage as one, and what a kept surplus is spent on."""

import numpy as np
import pytest

from simulator.core.names import CENTRE
from simulator.engine.terms.alliances import weigh_pools
from simulator.engine.terms.trade import believe, market_of
from simulator.engine.terms.unified import parts, share_beds
from simulator.model import HealthSystem
from tests.small import AMPLE, NO_SIPHONING, SHORT, Spec, model

NETWORK = "network={form: county, townships: 3, villages: 1, tertiary_outside: 1}"


def county(unified: str = "", tightness: float = 0.4, spend: str = "equipment: 50%, training: 30%, bonuses: 20%",
           months: int = 14, kept: str = "100%") -> HealthSystem:  # fmt: skip
    alliance = (
        "baseline.alliances={group: {form: county_community, lead: county_1, members: {below: county_1}, "
        f"tightness: {tightness}, unified: [{unified}], allocation: {{surplus_to: {{{spend}}}}}}}}}"
    )
    # twice last year's spending: there is a surplus to share
    budget = (
        "baseline.settlements.budget={for: {alliances: group}, rule: global_budget, amount: 2000 yuan/year, "
        f"surplus_kept: {kept}, overspend_borne: 100%}}"
    )
    changes = (
        SHORT,
        NETWORK,
        *AMPLE,
        *NO_SIPHONING,
        alliance,
        budget.replace("2000 yuan/year", "{per_head: 3000 yuan/year}"),
    )
    return model(Spec(changes, families=80, months=months, seed=3)).run()


@pytest.fixture(scope="module")
def apart() -> HealthSystem:
    return county()


def postings(system: HealthSystem, kind: str) -> int:
    ledger = system.frames()["ledger"]
    return int(ledger.loc[ledger["kind"] == kind, "fen"].sum())


def test_a_kept_surplus_is_spent_and_builds_capability(apart: HealthSystem):
    """Half on equipment, three tenths on training, a fifth to the doctors; what is spent makes places more capable."""
    surplus = postings(apart, "surplus")
    assert surplus > 0
    for kind, share in (("surplus_equipment", 0.5), ("surplus_training", 0.3), ("surplus_bonus", 0.2)):
        assert postings(apart, kind) == pytest.approx(share * surplus, rel=1e-3), kind
    fac = apart.world.facilities
    mine = apart.world.alliances[0].members
    assert (fac["training"][mine] > 0).any()
    assert (fac["equipment"][mine] > 0).any()
    assert (fac["training"][~mine] == 0).all()
    grown = fac["capability"] - apart.world.own_capability
    assert (grown[~mine] == 0).all()
    assert 0 < grown[mine].max() < 0.16


def test_what_goes_to_doctors_builds_nothing():
    system = county(spend="equipment: 0%, training: 0%, bonuses: 100%")
    assert postings(system, "surplus") > 0
    assert (system.world.facilities["training"] == 0).all()
    assert (system.world.facilities["capability"] == system.world.own_capability).all()


def test_one_purse_shares_every_month_what_all_earned(apart: HealthSystem):
    """Members end each month with fixed parts of it, to the fen, and nobody else pays or gets."""
    assert postings(apart, "purse") == 0
    system = county("money", months=4)
    world, group = system.world, system.world.alliances[0]
    part = parts(world.facilities, group.members)  # by what each is used to at the month's start
    system.step()
    settled = world.tally.settled
    kept = settled.kept - settled.budget_share
    assert part.sum() == pytest.approx(1.0)
    whole = int(kept[group.members].sum())
    assert kept[group.members] == pytest.approx((whole * part)[group.members], abs=1.0)
    assert settled.paid["purse"].sum() == 0
    assert (settled.paid["purse"][~group.members] == 0).all()
    assert (settled.paid["purse"] != 0).any()


def test_one_purse_dilutes_a_members_own_yuan():
    """A member feels its part of a yuan it earns, by tightness all of it; another's yuan weighs as much as its own."""
    for tightness in (0.0, 0.4, 1.0):
        one, apart = county("money", tightness, months=2), county("", tightness, months=2)
        through = []
        apart.world.margins = [*one.world.margins]  # what doctors expect of the margin is another matter
        for system in (one, apart):
            system.world.market = market_of(system.world)
            believe(system.world)
            through.append(system.world.facilities["pass_through"].copy())
        group = one.world.alliances[0]
        part = parts(one.world.facilities, group.members)
        felt = np.where(group.members, tightness + (1 - tightness) * part, 1.0)
        assert through[0] == pytest.approx(through[1] * felt)
        assert group.grip == 1.0
        assert apart.world.alliances[0].grip == tightness


def test_one_appraisal_brings_the_pool_to_the_doctors():
    """Where performance is judged as one, a member's part of the pool is felt in full, not as its own pay has it."""
    weights = {}
    for unified in ("", "performance"):
        world = county(unified, tightness=0.0, months=3).world
        _, weights[unified] = weigh_pools(world, world.system.tariffs.believed(world.market, world.books))
    mine = world.alliances[0].members & (world.facilities["pass_through"] < 1)
    assert (weights["performance"][mine] >= weights[""][mine]).all()
    assert weights["performance"][mine].sum() > weights[""][mine].sum()


def test_beds_filled_as_one_are_offered_where_most_are_free():
    world = county("operations", months=1).world
    fac = world.facilities
    centres = np.flatnonzero((fac["tier"] == CENTRE) & (fac["bed_days"] > 0))
    fac["bed_days"][centres] = 100
    fac["bed_use"][centres] = [0.9, 0.2, 0.5]
    share_beds(world)
    assert fac["next_centre"][centres].tolist() == [centres[1], centres[2], centres[1]]
    ring = county("", months=1).world
    before = ring.facilities["next_centre"].copy()
    share_beds(ring)
    assert (ring.facilities["next_centre"] == before).all()
