"""What families and persons look like at the end of a month, for who reports: counts over all shards."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.core.names import DISEASES
from simulator.count.heads import ALL, HEADS, RETIRED, count_people
from simulator.count.people import AGE_BANDS
from simulator.services import services

if TYPE_CHECKING:
    from simulator.engine.state.world import World

STATES = 5
"""States of a disease."""


@dataclass(frozen=True, slots=True)
class Census:
    """P plans, I plans that people choose; people of the sample."""

    families: int
    trust: float  # sum of families' trust in primary care, 0.05 to 1 each
    trusting: int  # families who trust more than usual
    ruined: int  # families whose payments of the year are catastrophic, in December
    states: np.ndarray  # persons by disease and state (2, 5)
    known: int  # with a diagnosed chronic disease
    registered: int  # of those, not registered elsewhere
    floating: int  # persons registered elsewhere
    managed: int  # under standard follow-up
    services: dict[str, np.ndarray]  # whose column of this name is 1, as services say, by plan (P,)
    members: np.ndarray  # of each plan that people choose (I,)
    may_join: np.ndarray  # those and who else may be one (I,)
    by_plan: np.ndarray  # persons by plan (P,)
    retired: np.ndarray  # of those, at the age of retirement (P,)
    by_age: np.ndarray  # persons by band of age (AGE_BANDS,)


def census(world: "World") -> Census:
    """Count everybody."""
    families, people, plans = world.families[:-1], world.persons, len(world.words.plans)
    trust = np.clip(families["trust"] + families["taste_primary"], 0.05, 1.0)
    trusting = int((trust > float(world.behaviour[0]["trust_neutral"])).sum())
    ruined = 0
    if int(world.clock[0]["calendar"]) == DECEMBER:
        limit = families["catastrophic_at"]
        ruined = int(((families["paid_year"] >= limit) & (limit > 0)).sum())
    asked = services.census()
    marks = np.array([people[name] for name in asked], np.int8).reshape(len(asked), len(people))
    by_plan = np.zeros((len(HEADS) + len(asked), plans), np.int64)
    states, by_age = np.zeros((len(DISEASES), STATES), np.int64), np.zeros(len(AGE_BANDS), np.int64)
    count_people(people, marks, world.clock, by_plan, states, by_age)
    chosen = np.zeros((2, len(world.insurers)), np.int64)
    for k, insurer in enumerate(world.insurers):
        members = people["policies"] & insurer.bit != 0
        chosen[:, k] = members.sum(), (insurer.may_join(people, world.families) | members).sum()
    of_families = np.array([len(families), trusting, ruined], np.int64)
    of_families, states, by_plan, chosen, by_age = world.whole.total(of_families, states, by_plan, chosen, by_age)
    number, trusting, ruined = of_families.tolist()
    heads = dict(zip(HEADS, by_plan.sum(axis=1).tolist(), strict=False))
    return Census(
        families=number,
        trust=float(world.whole.gather(trust).sum()),
        trusting=trusting,
        ruined=ruined,
        states=states,
        known=heads["known"],
        registered=heads["registered"],
        floating=heads["floating"],
        managed=heads["managed"],
        services=dict(zip(asked, by_plan[len(HEADS) :], strict=True)),
        members=chosen[0],
        may_join=chosen[1],
        by_plan=by_plan[ALL],
        retired=by_plan[RETIRED],
        by_age=by_age,
    )
