"""Deaths and birthdays."""

import numpy as np

from simulator.core.jit import compiled
from simulator.population.shapes import OLDEST, death_rates, frailty_line, frailty_of_income

MONTHS = 12


def death_table(shares: np.ndarray, crude_rate: float, frailty: np.ndarray | None = None) -> np.ndarray:
    """Probability of death in a month by single year of age, (101,).

    ``shares`` (101,) is the population by single year (in any unit) and ``crude_rate`` its deaths per person and year:
    the mean over that population is the crude rate, the shape over ages that of the census in `synthesis.yaml`.
    ``frailty`` (101,) is the mean frailty at each age; `dies` multiplies by a person's own, so that the table is
    divided by the mean here and frailty moves deaths among people of one age only.
    """
    rates = death_rates()
    monthly = rates * (crude_rate * np.sum(shares) / np.sum(shares * rates)) / MONTHS
    return monthly if frailty is None else monthly / np.where(frailty > 0, frailty, 1.0)


def frailty_by_age(people: np.ndarray) -> np.ndarray:
    """Mean frailty of the persons at each single year of age, (101,); one where there is nobody."""
    age = np.minimum(people["age"], OLDEST)
    count = np.bincount(age, minlength=OLDEST + 1)
    total = np.bincount(age, people["frailty"], minlength=OLDEST + 1)
    return np.where(count > 0, total / np.maximum(count, 1), 1.0)


def usual_frailty(families: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Frailty that a newcomer of each single year of age has on average in a family of mean income, (101,): the line
    over age, on the scale of these people. ``families`` ends with a row that holds no family."""
    line, per_head = frailty_line(), families["income"][:-1] / np.diff(families["first"])
    relative = per_head[people["family"]] / np.mean(per_head[people["family"]])
    usual = line[np.minimum(people["age"], OLDEST)] * frailty_of_income(relative)
    return line * (people["frailty"].sum() / usual.sum())


@compiled
def dies(u: float, age: int, frailty: float, table: np.ndarray) -> bool:
    """Whether a person dies this month: ``u`` is a uniform draw in (0, 1), ``table`` a `death_table`."""
    return u < table[min(age, OLDEST)] * frailty


@compiled
def birthday(month: int, person: int) -> bool:
    """Whether the person (an id) grows a year older in this month, counted from any January as 0."""
    return person % MONTHS == month % MONTHS
