"""The panel (签约与管辖人群): the people whom a home answers for, by class of risk, for rules that pay by head."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from simulator.core.jit import compiled
from simulator.core.names import CONTROLLED, DIAGNOSED, NONE, SEXES
from simulator.illness.disease import diagnosed

BANDS = ("0-6", "7-17", "18-44", "45-64", "65+")
"""Bands of age."""
AGE_FROM = (0, 7, 18, 45, 65)
DISEASES = ("none", "hypertension", "diabetes", "both")
"""Diagnosed chronic disease; what nobody knows of makes no class."""
CLASS_NAMES = tuple(product(BANDS, SEXES, DISEASES))
"""Classes of risk in the order of their codes: (age, sex, disease)."""
CLASSES = len(CLASS_NAMES)


@compiled
def risk_class(band, sex, disease):
    """Number of a class of risk, from codes.

    >>> CLASS_NAMES[risk_class(4, 1, 3)]
    ('65+', 'female', 'both')
    """
    return (band * len(SEXES) + sex) * len(DISEASES) + disease


@dataclass(frozen=True, slots=True)
class Panel:
    """People of the sample by the home that answers for them. F facilities (zero where none is a home), P plans,
    K CLASSES; int64."""

    heads: np.ndarray  # who lives there (F, P, K)
    signed: np.ndarray  # of those, under contract (F, P, K)
    registered: np.ndarray  # of those, not registered elsewhere (F, P, K)
    served: np.ndarray  # signed and really served (F, P)
    diagnosed: np.ndarray  # with a diagnosed chronic disease (F, P)
    managed: np.ndarray  # of those, under standard follow-up (F, P)
    controlled: np.ndarray  # of those, with every disease that they have controlled (F, P)

    @classmethod
    def empty(cls, facilities: int, plans: int) -> "Panel":
        """Nobody."""
        by_class, by_plan = nobody(facilities, plans)
        return cls(*by_class, *by_plan)


def nobody(facilities: int, plans: int) -> tuple[np.ndarray, np.ndarray]:
    """The columns of an empty `Panel`: those by class (3, F, P, K), and those by plan (4, F, P)."""
    return np.zeros((3, facilities, plans, CLASSES), np.int64), np.zeros((4, facilities, plans), np.int64)


@compiled
def class_of(age, sex, hypertension, diabetes):
    """Class of risk of a person, a position in `CLASS_NAMES`; diseases are states of the cascade."""
    band = 0
    while band + 1 < len(AGE_FROM) and age >= AGE_FROM[band + 1]:
        band += 1
    disease = np.int64(hypertension >= DIAGNOSED) + 2 * np.int64(diabetes >= DIAGNOSED)
    return risk_class(band, sex, disease)


@compiled
def absent_or_controlled(state):
    """Whether a disease is not there, or controlled."""
    return state in (NONE, CONTROLLED)


@compiled
def add_people(people, home, by_class, by_plan):
    """Count ``people`` (n,) at their homes ``home`` (n,) in the columns of a `Panel`: ``by_class`` (3, F, P, K) and
    ``by_plan`` (4, F, P)."""
    for i in range(len(people)):
        person = people[i]
        f, p = home[i], person.plan
        k = class_of(person.age, person.sex, person.hypertension, person.diabetes)
        by_class[0, f, p, k] += 1
        by_class[1, f, p, k] += person.signed == 1
        by_class[2, f, p, k] += person.floating == 0
        known = diagnosed(person)
        by_plan[0, f, p] += person.served == 1
        by_plan[1, f, p] += known
        by_plan[2, f, p] += person.managed == 1
        by_plan[3, f, p] += (
            known and absent_or_controlled(person.hypertension) and absent_or_controlled(person.diabetes)
        )


def count(people: np.ndarray, home: np.ndarray, facilities: int, plans: int) -> Panel:
    """The panel of ``people`` (n,), rows with the columns of a person, at homes ``home`` (n,), rows of facilities."""
    by_class, by_plan = nobody(facilities, plans)
    add_people(people, home, by_class, by_plan)
    return Panel(*by_class, *by_plan)
