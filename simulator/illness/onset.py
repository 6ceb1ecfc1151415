"""Who falls ill, of what: a Poisson number of episodes a month, each of a group drawn by age-specific incidence."""

from collections.abc import Sequence

import numpy as np

from simulator.core.jit import compiled
from simulator.core.maths import exp, exp_negative
from simulator.core.names import CONTROLLED, FEMALE, NONE
from simulator.illness.case_groups import CaseGroup

BANDS = (0, 15, 30, 40, 50, 60, 70, 80, 85)
"""Lower ends of the age bands that incidence distinguishes."""
MIDDLE = (7, 22, 35, 45, 55, 65, 75, 82, 89)
"""Middle of each band, of the last that of the people in it."""
MIDLIFE = 50
"""Age at which the incidence of illness that may need a bed is neither raised nor lowered; any other would do, as the
incidence of all ages is given."""
CLASSES = len(BANDS) * 2 * 3 * 3
COMPLICATIONS = ("stroke", "heart_attack", "coronary_failure")
"""Case groups that uncontrolled hypertension makes more likely."""
COMMON = 0.05
"""A common complaint is a case group of which a smaller share needs an admission."""
MOST = 3
"""Most episodes of acute illness in a month."""


@compiled
def course(state):
    """0 free of the disease, 1 not controlled, 2 controlled."""
    if state == NONE:
        return 0
    return 2 if state == CONTROLLED else 1


@compiled
def risk_class(age, sex, hypertension, diabetes):
    """Row of the table of risks for a person."""
    band = 0
    for low in BANDS[1:]:
        band += np.int64(age >= low)
    return ((band * 2 + sex) * 3 + course(hypertension)) * 3 + course(diabetes)


def is_common(group: CaseGroup) -> bool:
    """Whether a case group is a common complaint, which seldom needs a bed."""
    return group.admissions_needed < COMMON * group.incidence


def scaled(group: CaseGroup, scale: float) -> float:
    """Episodes per 1,000 people and year, those of common complaints times ``scale``."""
    return group.incidence * (scale if is_common(group) else 1.0)


def classes(people: np.ndarray) -> np.ndarray:
    """Risk class of every person, shape (people,)."""
    band = np.searchsorted(BANDS, people["age"], side="right") - 1
    states = []
    for disease in ("hypertension", "diabetes"):
        state = people[disease]
        states.append(np.where(state == NONE, 0, np.where(state == CONTROLLED, 2, 1)))
    return ((band * 2 + people["sex"]) * 3 + states[0]) * 3 + states[1]


def eligible(ages: str) -> np.ndarray:
    """Which risk classes a case group strikes, and how relatively often, shape (CLASSES,), before hazards."""
    band, sex, hypertension, diabetes = np.unravel_index(np.arange(CLASSES), (len(BANDS), 2, 3, 3))
    if ages == "hyp":
        return (hypertension > 0).astype(float)
    if ages == "dia":
        return (diabetes > 0).astype(float)
    low, high, women = 0, 200, False
    if ages != "all":
        women = ages.startswith("f")
        text = ages.removeprefix("f")
        low, high = (int(text[:-1]), 200) if text.endswith("+") else tuple(int(part) for part in text.split("-"))
    lower = np.array(BANDS)[band]
    return ((lower >= low) & (lower < high) & (~np.array([women]) | (sex == FEMALE))).astype(float)


def by_age(group: CaseGroup, slope: float) -> np.ndarray:
    """How often a case group strikes in each risk class for the age alone, shape (CLASSES,): illness that may need a
    bed grows by ``slope`` a year of age; common complaints do not, nor does what goes with an age of women's lives."""
    if is_common(group) or group.ages.startswith("f"):
        return np.ones(CLASSES)
    band = np.unravel_index(np.arange(CLASSES), (len(BANDS), 2, 3, 3))[0]
    # our own exponential: every machine makes the same table
    return np.array([float(exp(slope * (age - MIDLIFE))) for age in MIDDLE])[band]


def risks(
    groups: Sequence[CaseGroup], people: np.ndarray, scale: float, hazard: float, slope: float = 0.0
) -> np.ndarray:
    """Cumulative episodes per person-year by case group for a person of frailty one, shape (CLASSES, groups).

    Scaled so that the people given have each group's incidence per 1,000 people of all ages, times ``scale`` for the
    common complaints.
    ``hazard`` is the ratio of complications when disease is uncontrolled against controlled, ``slope`` how fast illness
    that may need a bed grows with age, see `by_age`.
    """
    of = classes(people)
    frailty = np.bincount(of, weights=people["frailty"], minlength=CLASSES)
    _, _, hypertension, diabetes = np.unravel_index(np.arange(CLASSES), (len(BANDS), 2, 3, 3))
    rates = np.zeros((CLASSES, len(groups)))
    for g, group in enumerate(groups):
        relative = eligible(group.ages) * by_age(group, slope)
        if group.ages == "hyp" or group.name in COMPLICATIONS:
            relative = relative * np.where(hypertension == 1, hazard, 1.0)
        if group.ages == "dia":
            relative = relative * np.where(diabetes == 1, hazard, 1.0)
        exposed = float(relative @ frailty)
        if exposed > 0:
            rates[:, g] = relative * (scaled(group, scale) / 1000 * len(people) / exposed)
    return np.cumsum(rates, axis=1)


@compiled
def episodes_of(u, expected):
    """Poisson number of episodes for a uniform draw, at most MOST; ``expected`` is kept below 2.5."""
    mean = min(expected, 2.5)
    none = exp_negative(-mean)
    one, two = none * (1.0 + mean), none * (1.0 + mean + mean * mean / 2.0)
    return np.int64(u > none) + np.int64(u > one) + np.int64(u > two)


@compiled
def group_of(u, cumulative):
    """Case group for a uniform draw on the cumulative incidence of the person's class."""
    last = cumulative.shape[0] - 1
    mark = u * cumulative[last]
    g = 0
    for k in range(last):  # counting them all takes less than finding where to stop
        g += np.int64(mark >= cumulative[k])
    return g
