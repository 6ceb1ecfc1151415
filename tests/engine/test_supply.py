"""Supply from a date on: what is there month by month, what it costs, and who believes it when."""

import numpy as np
import pytest

from simulator.core.names import CENTRE, STATION
from simulator.scenario import load
from simulator.simulation import Simulation
from tests.small import NO_SIPHONING

SMALL = ("time.warm_up=14 months", "time.start=2023-01", "network={form: county, townships: 1, villages: 1}")
FROM = "baseline.timeline.2023-03.settlements.more"


def run(*changes: str, months: int = 8, families: int = 60, watch=lambda world: None) -> Simulation:
    """A county of three places and a hospital outside, so many reported months of it."""
    simulation = Simulation(load("base", changes=(*SMALL, *NO_SIPHONING, *changes), families=families, months=months))
    simulation.run_for(simulation.burn_in)
    for _ in range(months):
        simulation.run_for(1)
        watch(simulation.world)
    return simulation


def supply(words: str) -> str:
    return f"{FROM}={{for: {{tiers: primary}}, rule: supply_programme, {words}}}"


def test_doctors_come_month_by_month_from_the_date_on():
    seen = []
    run(supply("doctors: 1.4 times, months: 4 months"), watch=lambda w: seen.append(w.facilities.copy()))
    primary = seen[0]["tier"] <= CENTRE
    grown = [fac["doctors"] / fac["own_doctors"] for fac in seen]
    for place in np.flatnonzero(primary):
        assert [each[place] for each in grown] == pytest.approx([1, 1, 1.1, 1.2, 1.3, 1.4, 1.4, 1.4])
    assert all((each[~primary] == 1).all() for each in grown)
    held = np.flatnonzero(primary & (seen[0]["own_slots"] > 0))
    assert (seen[-1]["slots"][held] == np.rint(seen[0]["own_slots"][held] * 1.4)).all()


def test_hired_doctors_cost_their_wage_and_the_ledger_is_balanced():
    months = []

    def watch(world):
        fac, settled = world.facilities, world.tally.settled
        months.append((fac["hired"].copy(), settled.paid.get("supply_wage"), settled.paid.get("supply"), world.tally))

    wage = 12_000_000
    last = run(supply("per_head: 300 yuan/year, hires: 50%, wage: 120000 yuan/year, months: 2 months"), watch=watch)
    fac = last.world.facilities
    assert [(hired > 0).any() for hired, *_ in months] == [False, False, True, True, True, True, True, True]
    assert (months[3][0][fac["tier"] > CENTRE] == 0).all()
    for hired, wages, from_government, _ in months[3:]:
        assert wages == pytest.approx(hired * wage / 12, abs=1)
        assert (-from_government == wages + last_training(from_government, wages)).all()
    people = len(last.world.persons)
    assert months[-1][0].sum() == pytest.approx(people * 300 * 0.5 / 120_000, rel=0.02)
    kinds = last.world.ledger.kinds
    moved = {kinds[row["kind"]] for row in months[-1][3].ledger.postings}
    assert {"supply", "supply_wage", "supply_training"} <= moved
    assert last.world.ledger.balance.sum() == 0


def last_training(from_government: np.ndarray, wages: np.ndarray) -> np.ndarray:
    """What is left of the government's money after wages: as much again, at half and half, to the fen."""
    left = -from_government - wages
    assert left == pytest.approx(wages, abs=2)
    return left


def test_the_payroll_of_a_place_does_not_pay_hired_doctors_again():
    base, hired = run(), run(supply("per_head: 300 yuan/year, wage: 120000 yuan/year, months: 1 months"))
    one, other = (each.world.tally.settled.salary for each in (base, hired))
    assert (one == other).all()
    assert (hired.world.facilities["hired"] > 0).any()


def test_a_programme_that_ends_takes_its_doctors_along():
    ended = run(
        supply("doctors: 2 times, capability: 0.2, months: 1 months"),
        "baseline.timeline.2023-06.settlements.more=remove",
    )
    fac = ended.world.facilities
    assert (fac["doctors"] == fac["own_doctors"]).all()
    assert (fac["added"] == 0).all()


def test_reputation_follows_skill_slowly():
    seen = []
    run(supply("capability: 0.2, months: 1 months"), months=12, watch=lambda w: seen.append(w.facilities.copy()))
    station = int(np.flatnonzero(seen[0]["tier"] == STATION)[0])
    able, known = (np.array([fac[name][station] for fac in seen]) for name in ("capability", "known"))
    assert able[-1] - able[1] > 0.05
    assert (np.diff(known)[2:] > 0).all()
    assert known[-1] < able[-1]
    assert known[1:] == pytest.approx(known[:-1] + 0.03 * (able[1:] - known[:-1]))


def test_what_is_known_at_once_is_what_can_be_done():
    at_once = run(supply("capability: 0.2, months: 1 months"), "behaviour.parameters.known_adjust=1")
    fac = at_once.world.facilities
    assert fac["known"] == pytest.approx(fac["capability"], abs=1e-12)


def test_hospitals_spend_what_they_invest():
    grown = Simulation(load("base", changes=SMALL, families=200, months=12))
    grown.run_for(grown.burn_in)
    fen = 0
    for _ in range(12):
        decided = grown.world.facilities["invests"] + grown.world.facilities["invests_beds"]
        grown.run_for(1)
        settled = grown.world.tally.settled
        assert (settled.invested == decided).all()
        assert (settled.margin == settled.kept + settled.bonus + settled.invested).all()
        fen += int(settled.invested.sum())
    assert fen > 0
    assert (grown.world.facilities["equipment"] > 0).any()
