"""What families and persons look like at the end of a month, for who reports: counts over all shards."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.count.people import AGE_BANDS
from simulator.illness.disease import all_diagnosed
from simulator.population.working_life import all_retired
from simulator.services import services

if TYPE_CHECKING:
    from simulator.engine.state.world import World

DISEASES = ("hypertension", "diabetes")
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
    limit = families["catastrophic_at"]
    ruined = (families["paid_year"] >= limit) & (limit > 0) & (int(world.clock[0]["calendar"]) == DECEMBER)
    known, floating = all_diagnosed(people), people["floating"] == 1
    counts = [
        len(families), (trust > float(world.behaviour[0]["trust_neutral"])).sum(), ruined.sum(), known.sum(),
        (known & ~floating).sum(), floating.sum(), (people["managed"] == 1).sum(),
    ]  # fmt: skip
    states = np.stack([np.bincount(people[name], minlength=STATES) for name in DISEASES])
    asked = services.census()
    which = [np.ones(len(people), bool), all_retired(people, world.clock[0]), *(people[name] == 1 for name in asked)]
    by_plan = np.stack([np.bincount(people["plan"][these], minlength=plans) for these in which])
    chosen = np.zeros((2, len(world.insurers)), np.int64)
    for k, insurer in enumerate(world.insurers):
        members = people["policies"] & insurer.bit != 0
        chosen[:, k] = members.sum(), (insurer.may_join(people, world.families) | members).sum()
    by_age = np.bincount(np.searchsorted(AGE_BANDS[1:], people["age"], side="right"), minlength=len(AGE_BANDS))
    counts, states, by_plan, chosen, by_age = world.whole.total(
        np.array(counts, np.int64), states, by_plan, chosen, by_age
    )
    number, trusting, lost, known, registered, floating, managed = counts.tolist()
    return Census(
        families=number,
        trust=float(world.whole.gather(trust).sum()),
        trusting=trusting,
        ruined=lost,
        states=states,
        known=known,
        registered=registered,
        floating=floating,
        managed=managed,
        services=dict(zip(asked, by_plan[2:], strict=True)),
        members=chosen[0],
        may_join=chosen[1],
        by_plan=by_plan[0],
        retired=by_plan[1],
        by_age=by_age,
    )
