"""Working life: who has reached the age of retirement, who takes a job that brings insurance, into which plan a child
is born."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.core.draws import JOB, lasting
from simulator.core.jit import compiled
from simulator.core.maths import log, logistic
from simulator.population.families import relative_income
from simulator.population.shapes import shapes

NEVER = -50.0
"""Log odds of what does not happen."""
ODDS, BY_INCOME, BY_TOWN = range(3)
"""Places in `Work.odds`."""


class Work(NamedTuple):
    """What the course of working lives depends on beside the family itself."""

    born_into: np.ndarray  # plan of children by area, a code, -1: none
    with_job: np.ndarray  # plan that comes with a job by area, a code, -1: none
    odds: np.ndarray  # log odds that a young adult of mean income in the country takes such a job; what they gain per
    # log of income against the mean, and in town, (3,)
    adult: int  # age at which that is known


def retirement_ages() -> tuple[int, int]:
    """Ages at which employees retire, of men and women, as sexes are coded."""
    ages = shapes()["employees"]["retires"]
    return ages["male"], ages["female"]


@compiled
def retired(person, clock):
    """Whether the person has reached the age at which employees retire, whatever the plan."""
    return person.age >= clock.retires[person.sex]


def all_retired(persons: np.ndarray, clock: np.void) -> np.ndarray:
    """`retired` of every row, bool (person,)."""
    return persons["age"] >= clock["retires"][persons["sex"]]


@compiled
def takes_job(families, i, person, odds, clock):
    """Whether an adult of family ``i`` finds a job with insurance: more of them in town and where incomes are high."""
    relative = max(relative_income(families, i, clock), 1e-6)
    logit = odds[ODDS] + odds[BY_INCOME] * log(relative) + odds[BY_TOWN] * families[i].urban
    return lasting(clock, person.id, JOB) < logistic(logit)


@compiled
def born(person, area, work):
    """A newborn is insured as the children of its area are."""
    if work.born_into[area] >= 0:
        person.plan = work.born_into[area]


@compiled
def may_take_job(families, i, person, work, clock):
    """A job may bring an adult of family ``i`` another plan."""
    area = families[i].area
    if work.with_job[area] >= 0 and takes_job(families, i, person, work.odds, clock):
        person.plan = work.with_job[area]


@compiled
def comes_of_age(families, i, person, work, clock):
    """On the birthday that makes an adult, `may_take_job`."""
    if person.age == work.adult:
        may_take_job(families, i, person, work, clock)


def work_of(families: np.ndarray, persons: np.ndarray, areas: int, employees: Sequence[bool], clock: np.void) -> Work:
    """Working life in a population as it is at the start: the plans that most people of each area have, and odds by
    which as many young adults take jobs as people of working age have one.

    Args:
        families: table of families with the row that ends it.
        persons: table of persons.
        areas: number of areas.
        employees: whether each plan comes with a job (P,).
        clock: the row of the clock.
    """
    plans = np.asarray(employees, bool)
    area = families["area"][persons["family"]]
    count = np.zeros((areas, len(plans)), np.int64)
    np.add.at(count, (area, persons["plan"]), 1)
    # where nobody of a kind lives, what most people of the place have
    count = count * (len(persons) + 1) + count.sum(axis=0)

    def most(those: np.ndarray) -> np.ndarray:
        return np.where(those, count, -1).argmax(axis=1) if those.any() else np.full(areas, -1)

    data, adult = shapes()["employees"], shapes()["ages"]["adult"]
    by_income, by_town = data["income"]["value"], data["urban"]["value"]
    working = (persons["age"] >= adult) & ~all_retired(persons, clock)
    size = np.diff(families["first"])
    relative = np.maximum(families["income"][:-1] / size / clock["income"], 1e-6)
    known = (by_income * np.log(relative) + by_town * families["urban"][:-1])[persons["family"][working]]
    share = float(plans[persons["plan"][working]].mean()) if working.any() else 0.0
    return Work(most(~plans), most(plans), np.array([_odds(known, share), by_income, by_town]), adult)


def _odds(known: np.ndarray, share: float) -> float:
    """Log odds that, added to those ``known`` of each person, give the share among all, by halving."""
    if not 0.0 < share < 1.0:
        return NEVER if share == 0.0 else -NEVER
    low, high = NEVER, -NEVER
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if (1.0 / (1.0 + np.exp(-(middle + known)))).mean() < share else (low, middle)
    return round((low + high) / 2, 6)
