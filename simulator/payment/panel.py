"""The panel (签约与管辖人群): the people whom a home answers for, by class of risk, for rules that pay by head."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from simulator.core.names import CONTROLLED, DIAGNOSED, NONE, SEXES
from simulator.illness.disease import all_diagnosed

BANDS = ("0-6", "7-17", "18-44", "45-64", "65+")
"""Bands of age."""
AGE_FROM = (0, 7, 18, 45, 65)
DISEASES = ("none", "hypertension", "diabetes", "both")
"""Diagnosed chronic disease; what nobody knows of makes no class."""
CLASS_NAMES = tuple(product(BANDS, SEXES, DISEASES))
"""Classes of risk in the order of their codes: (age, sex, disease)."""
CLASSES = len(CLASS_NAMES)


def risk_class(band: np.ndarray, sex: np.ndarray, disease: np.ndarray) -> np.ndarray:
    """Number of a class of risk, from codes or arrays of them.

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
        by_class = np.zeros((3, facilities, plans, CLASSES), np.int64)
        return cls(*by_class, *np.zeros((4, facilities, plans), np.int64))


def class_of(age: np.ndarray, sex: np.ndarray, hypertension: np.ndarray, diabetes: np.ndarray) -> np.ndarray:
    """Class of risk of each person, a position in `CLASS_NAMES` (n,); diseases are states of the cascade.

    >>> CLASS_NAMES[int(class_of(70, 1, DIAGNOSED, NONE))]
    ('65+', 'female', 'hypertension')
    """
    band = np.searchsorted(AGE_FROM, age, side="right") - 1
    sick = (np.asarray(hypertension) >= DIAGNOSED) + 2 * (np.asarray(diabetes) >= DIAGNOSED)
    return risk_class(band, sex, sick)


def count(people: np.ndarray, home: np.ndarray, facilities: int, plans: int) -> Panel:
    """The panel of ``people`` (n,), rows with the columns of a person, at homes ``home`` (n,), rows of facilities."""
    known = all_diagnosed(people)
    well = np.ones(len(people), bool)
    for disease in ("hypertension", "diabetes"):
        well &= (people[disease] == NONE) | (people[disease] == CONTROLLED)
    place = home * plans + people["plan"]
    row = place * CLASSES + class_of(people["age"], people["sex"], people["hypertension"], people["diabetes"])

    def by_class(which: np.ndarray) -> np.ndarray:
        shape = (facilities, plans, CLASSES)
        return np.bincount(row[which], minlength=facilities * plans * CLASSES).reshape(shape)

    def by_plan(which: np.ndarray) -> np.ndarray:
        return np.bincount(place[which], minlength=facilities * plans).reshape(facilities, plans)

    return Panel(
        heads=by_class(np.ones(len(people), bool)),
        signed=by_class(people["signed"] == 1),
        registered=by_class(people["floating"] == 0),
        served=by_plan(people["served"] == 1),
        diagnosed=by_plan(known),
        managed=by_plan(people["managed"] == 1),
        controlled=by_plan(known & well),
    )
