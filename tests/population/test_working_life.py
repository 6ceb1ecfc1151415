"""Working life: who is retired, into which plan children are born, who takes a job that brings another."""

import numpy as np
import pytest

from simulator.core.clock import CLOCK
from simulator.engine.state.people import FAMILIES, PEOPLE
from simulator.population.working_life import (
    BY_INCOME,
    BY_TOWN,
    NEVER,
    ODDS,
    Work,
    all_retired,
    born,
    comes_of_age,
    retired,
    retirement_ages,
    work_of,
)
from tests.small import COUNTY, Spec, model, world

RESIDENT, EMPLOYEE = 0, 1
YEARS = Spec(changes=(COUNTY, "time.warm_up=2 months", "population.ageing=live", "population.deaths=150 per 1000"),
             families=300, months=13)  # fmt: skip


def clock() -> np.recarray:
    rows = CLOCK.rows(1)
    rows["retires"], rows["income"] = retirement_ages(), 4_000_000
    return rows


def test_men_retire_at_sixty_and_women_at_fifty_five():
    people = PEOPLE.rows(4)
    people["sex"], people["age"] = [0, 0, 1, 1], [59, 60, 54, 55]
    assert all_retired(people, clock()[0]).tolist() == [False, True, False, True]
    assert [bool(retired(person, clock()[0])) for person in people] == [False, True, False, True]


def families_of(count: int, urban: bool, income: int) -> np.recarray:
    """So many families of one, and the row that ends them."""
    table = FAMILIES.rows(count + 1)
    table["first"] = np.arange(count + 1)
    table["urban"], table["income"] = urban, income
    return table


@pytest.mark.parametrize(("urban", "income", "share"), [(False, 4_000_000, 0.119), (True, 4_000_000, 0.401),
                                                        (False, 8_000_000, 0.237)])  # fmt: skip
def test_who_takes_a_job(urban: bool, income: int, share: float):
    """Log odds −2 at mean income in the country, 1.6 more in town, 1.2 · ln 2 more at twice the income."""
    count = 20_000
    people, work = PEOPLE.rows(count), Work(np.array([RESIDENT]), np.array([EMPLOYEE]), np.array([-2.0, 1.2, 1.6]), 18)
    people["id"], people["family"], people["age"] = np.arange(count), np.arange(count), 18
    table = families_of(count, urban, income)
    for i in range(0, count, 4):
        comes_of_age(table, i, people[i], work, clock()[0])
    assert people["plan"][::4].mean() == pytest.approx(share, abs=0.02)
    child = people[1]
    child["age"] = 17
    comes_of_age(table, 1, child, work._replace(odds=np.array([-NEVER, 0.0, 0.0])), clock()[0])
    assert child["plan"] == RESIDENT


def test_children_are_insured_as_families_are():
    people = PEOPLE.rows(1)
    people["plan"] = EMPLOYEE
    work = Work(np.array([RESIDENT, -1]), np.array([EMPLOYEE, EMPLOYEE]), np.zeros(3), 18)
    born(people[0], 1, work)
    assert people["plan"][0] == EMPLOYEE  # where no plan is for families
    born(people[0], 0, work)
    assert people["plan"][0] == RESIDENT


def test_odds_are_those_of_the_people_of_working_age():
    w = world(Spec(families=2000))
    working = (w.persons["age"] >= 18) & ~all_retired(w.persons, w.clock[0])
    family = w.persons["family"][working]
    per_head = (w.families["income"][:-1] / np.diff(w.families["first"]) / w.clock[0]["income"])[family]
    odds = w.work.odds
    logit = odds[ODDS] + odds[BY_INCOME] * np.log(per_head) + odds[BY_TOWN] * w.families["urban"][:-1][family]
    assert (1 / (1 + np.exp(-logit))).mean() == pytest.approx((w.persons["plan"][working] == EMPLOYEE).mean(), abs=1e-5)
    assert w.work.born_into.tolist() == [RESIDENT] * len(w.words.areas)
    assert w.work.with_job.tolist() == [EMPLOYEE] * len(w.words.areas)


def test_where_nobody_works_nobody_takes_a_job():
    w = world(Spec())
    w.persons["plan"] = RESIDENT
    work = work_of(w.families, w.persons, len(w.words.areas), [False, True], w.clock[0])
    assert work.odds[ODDS] == NEVER
    none = work_of(w.families, w.persons, len(w.words.areas), [False, False], w.clock[0])
    assert (none.with_job == -1).all()


def test_over_a_year_children_are_born_into_families_plans_and_funds_count_again():
    system = model(YEARS)
    system.run_for(14)
    w = system.world
    babies = w.persons["age"] == 0
    assert babies.sum() > 10
    assert (w.persons["plan"][babies] == RESIDENT).all()
    mine = w.persons["plan"] == EMPLOYEE
    assert mine.sum() < (world(YEARS).persons["plan"] == EMPLOYEE).sum()  # at fifteen deaths in a hundred a year
    old = mine & all_retired(w.persons, w.clock[0])
    assert w.label() == "2024-01"
    system.step()
    assert w.financing.persons[EMPLOYEE] == mine.sum()
    assert w.financing.retired.persons[EMPLOYEE] == old.sum() > 0


def test_at_held_ages_nobody_changes_plan():
    spec = YEARS._replace(changes=tuple(c.replace("live", "held") for c in YEARS.changes), months=3)
    assert (model(spec).run().world.persons["plan"] == world(spec).persons["plan"]).all()
