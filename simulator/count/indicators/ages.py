"""Use of care by age."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from simulator.core.messages import Text
from simulator.count.indicators.month import MONTHS, Month
from simulator.count.people import AGE_BANDS, AGES
from simulator.declare.indicator import Figure, Figures, Indicator, Subject

OLD = 60
"""Age from which the survey of health services tells use apart."""
PARTS = (*(f"{low}_{high - 1}" for low, high in pairwise(AGE_BANDS)), f"{AGE_BANDS[-1]}_plus")
"""Bands of age, as the parts of indicators are called."""


def per_person(what: str, persons: float = 1.0) -> Figures:
    """What is counted by age, per ``persons`` of each band, and of all from `OLD` on."""

    def figures(month: Month) -> Iterator[Figure]:
        number, people = AGES.of(month.world.tally.ages, what), month.census.by_age / (MONTHS * persons)
        for part, n, of in zip(PARTS, number.tolist(), people.tolist(), strict=True):
            yield Figure(float(n), of, part=part)
        old = np.array(AGE_BANDS) >= OLD
        yield Figure(float(number[old].sum()), float(people[old].sum()), part=f"{OLD}_plus")

    return figures


def primary_share(month: Month) -> Iterator[Figure]:
    """Of the episodes of each band that were seen, those first at primary."""
    primary, seen = (AGES.of(month.world.tally.ages, what) for what in ("seen_primary", "seen"))
    for part, n, of in zip(PARTS, primary.tolist(), seen.tolist(), strict=True):
        yield Figure(float(n), float(of), part=part)


_BY_AGE = ", ".join(f"`{part}`" for part in (*PARTS, f"{OLD}_plus"))
admissions_by_age = Indicator(
    "admissions_by_age",
    "rate",
    f"part {_BY_AGE}",
    "admissions of people of the age",
    "people of the age / 12",
    Text("admissions per person-year, by age", "分年龄年人均住院次数"),
    per_person("admitted"),
    events=True,
)
contacts_by_age = Indicator(
    "contacts_by_age",
    "rate",
    f"part {_BY_AGE}",
    "episodes of people of the age that were seen; follow-up visits are none of their own",
    "people of the age / 12",
    Text("episodes seen per person-year, by age", "分年龄年人均就诊病程数"),
    per_person("seen"),
    events=True,
)
deaths_by_age = Indicator(
    "deaths_by_age",
    "number",
    f"part {_BY_AGE}",
    "deaths of people of the age, of whatever cause",
    "1,000 persons of the age / 12",
    Text("deaths per 1,000 people and year, by age", "分年龄每千人年死亡数"),
    per_person("deaths", 1000.0),
    better=-1,
    events=True,
)
primary_first_by_age = Indicator(
    "primary_first_by_age",
    "share",
    f"part {', '.join(f'`{part}`' for part in PARTS)}",
    "episodes of people of the age that were seen first at primary",
    "episodes of people of the age that were seen",
    Text("first contact at primary care, by age", "分年龄基层首诊率"),
    primary_share,
    better=1,
    events=True,
)
AGE = Subject("Age", admissions_by_age, contacts_by_age, primary_first_by_age, deaths_by_age)
