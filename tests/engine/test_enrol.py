"""Who chooses which insurance: adverse selection emerges, and falls where prices go by risk."""

import numpy as np
import pytest

from simulator.core.names import DIAGNOSED
from simulator.engine.enrolment import choices, conclude, decide
from simulator.engine.state.world import World
from simulator.scenario import load
from simulator.scenario.compile.build import build
from tests.small import COUNTY, SHORT

VOLUNTARY = "baseline.plans.resident.enrolment=voluntary"
MUTUAL = "baseline.plans.help={kind: mutual, premium: 300 yuan/year, operating_fee: 30 yuan/year}"
COMMERCIAL = "baseline.plans.firm={kind: commercial, premium: 300 yuan/year, loading: 30%, administration: 15%}"


def place(*changes: str, families: int = 1500) -> World:
    return build(load("base", changes=[SHORT, COUNTY, *changes], families=families, months=2))


def january(world: World, years: int = 1) -> World:
    """So many Januaries, without the months between them."""
    for year in range(years):
        world.clock["month"] = 12 * year
        for choice, insurer in choices(world, 1):
            decide(world, choice, 0, len(world.families) - 1)
            conclude(world, choice, insurer, 1)
    return world


def chronic(persons: np.ndarray) -> np.ndarray:
    return (persons["hypertension"] >= DIAGNOSED) | (persons["diabetes"] >= DIAGNOSED)


@pytest.fixture(scope="module")
def voluntary() -> World:
    return january(place(VOLUNTARY), years=3)


def test_nobody_chooses_what_is_compulsory() -> None:
    world = january(place(families=50))
    assert (world.persons["enrolled"] == 1).all()
    assert (world.persons["policies"] == 0).all()
    assert world.financing.insured.tolist() == world.financing.persons.tolist()


def test_who_enrols_is_sicker(voluntary: World) -> None:
    mine = voluntary.persons["plan"] == 0
    stays = mine & (voluntary.persons["enrolled"] == 0)
    comes = mine & (voluntary.persons["enrolled"] == 1)
    assert 0.9 < comes.sum() / mine.sum() < 0.99  # about 95 % in 2023
    assert voluntary.expected_charges[comes].mean() > 1.15 * voluntary.expected_charges[stays].mean()
    assert voluntary.persons["frailty"][comes].mean() > voluntary.persons["frailty"][stays].mean()
    others = voluntary.persons["plan"] == 1
    assert (voluntary.persons["enrolled"][others] == 1).all()


def test_the_fund_gets_premium_and_subsidy_for_the_enrolled_alone(voluntary: World) -> None:
    enrolled = (voluntary.persons["plan"] == 0) & (voluntary.persons["enrolled"] == 1)
    assert voluntary.financing.insured[0] == enrolled.sum() < voluntary.financing.persons[0]


def test_enrolment_falls_with_the_premium(voluntary: World) -> None:
    shares = []
    for premium in (200, 700):
        world = january(place(VOLUNTARY, f"baseline.plans.resident.premium={premium} yuan/year"), years=3)
        shares.append(world.financing.insured[0] / world.financing.persons[0])
    middle = voluntary.financing.insured[0] / voluntary.financing.persons[0]
    assert shares[0] > middle > shares[1] + 0.03


def test_a_family_enrols_together() -> None:
    world = january(place("baseline.plans.resident.enrolment=voluntary_by_family", families=600))
    mine = world.persons["plan"] == 0
    size = np.bincount(world.persons["family"][mine], minlength=len(world.families))
    enrolled = np.bincount(world.persons["family"][mine], world.persons["enrolled"][mine], len(world.families))
    assert set((enrolled / np.maximum(size, 1)).tolist()) == {0.0, 1.0}
    assert (enrolled == 0)[size > 0].any()


def test_members_of_a_mutual_plan_are_older_and_sicker() -> None:
    world = january(place(MUTUAL, families=6000))
    members = world.persons["policies"] == 1
    assert 0.03 < members.mean() < 0.5
    assert world.expected_charges[members].mean() > 1.2 * world.expected_charges[~members].mean()
    assert world.persons["age"][members].mean() > world.persons["age"][~members].mean() + 2
    assert chronic(world.persons)[members].mean() > chronic(world.persons)[~members].mean()


def test_only_who_may_join_does() -> None:
    change = MUTUAL.replace("mutual,", "mutual, for: {ages_from: 3, ages_below: 18, plans: resident},")
    persons = january(place(change)).persons
    members = persons[persons["policies"] == 1]
    assert len(members)
    assert (members["plan"] == 0).all()
    assert members["age"].min() >= 3
    assert members["age"].max() < 18


def test_a_price_by_risk_leaves_less_to_select_on() -> None:
    flat, priced = january(place(MUTUAL)), january(place(COMMERCIAL))

    def selected(world: World) -> float:
        members = world.persons["policies"] > 0
        return world.expected_charges[members].mean() / world.expected_charges[~members].mean()

    assert selected(flat) > selected(priced)
    rates = priced.insurers[0].rates
    assert rates[1::2].min() > 0
    assert rates[0] < rates[8]  # the young without disease against the old without


def test_underwriting_turns_the_chronically_ill_away() -> None:
    open_, closed = (january(place(COMMERCIAL.replace("}", f", declines: {share}" + "}"))) for share in ("0%", "90%"))
    ill = chronic(open_.persons)
    holders = [(world.persons["policies"] == 2) for world in (open_, closed)]
    assert holders[1][ill].sum() < 0.4 * holders[0][ill].sum()
    assert (holders[0][~ill] == holders[1][~ill]).all()  # others' draws are their own


def test_premiums_are_paid_once_and_in_full() -> None:
    world = january(place(MUTUAL, families=300))
    (insurer,) = world.insurers
    account = world.ledger.balance[insurer.account]
    assert insurer.members == (world.persons["policies"] == 1).sum() > 0
    assert account == insurer.members * 27_000
    assert world.ledger.balance[world.ledger.index["administration"]] == insurer.members * 3_000
    assert world.ledger.balance[world.accounts.families] == -insurer.members * 30_000
