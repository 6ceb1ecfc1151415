"""What one more managed patient brings of what rules pay for: control of disease, and first contact at primary care.

The chances are those of the model itself: of its cascade of disease, and of its choice of place. So what is paid for a
result is worth something to who decides about the work that brings it.
"""

import numpy as np

from simulator.core.names import CENTRE, DIAGNOSED, DISEASES, NONE
from simulator.count.people import PLANS
from simulator.engine.state.world import Alliance, World
from simulator.illness.disease import all_diagnosed, share_controlled
from simulator.illness.onset import classes

MONTHS = 12


def control_gain(world: World, capability: np.ndarray) -> np.ndarray:
    """How much likelier a known patient has every disease controlled if managed for good, by ``capability`` (n,)."""
    par, persons = world.behaviour[0], world.persons
    ill = [persons[disease] != NONE for disease in DISEASES]
    known = [persons[disease] >= DIAGNOSED for disease in DISEASES]
    which = (known[0] | known[1], known[0] & ~ill[1], known[1] & ~ill[0], known[0] & known[1])
    patients, *counts = (int(n) for n in world.whole.total(np.array([people.sum() for people in which]))[0])
    *only, both = (n / max(patients, 1) for n in counts)
    gains = []
    for skill in capability.tolist():
        well = [
            [float(share_controlled(par[f"control_{disease}"], managed, skill, par)) for managed in (True, False)]
            for disease in DISEASES
        ]
        (h, h_alone), (d, d_alone) = well
        gains.append(only[0] * (h - h_alone) + only[1] * (d - d_alone) + both * (h * d - h_alone * d_alone))
    return np.array(gains)


def adds_to_scores(world: World, alliance: Alliance, year: np.ndarray) -> dict[str, float]:
    """What one more patient managed for a month adds to counts of the people of an alliance that scores of its budget
    read; ``year`` holds the sums of the calendar year of those people, by event.
    """
    par, fac, persons = world.behaviour[0], world.facilities, world.persons
    mine = world.families["holder"][persons["family"]] == alliance.holder
    known = mine & all_diagnosed(persons)
    with_one = [known & (persons[disease] >= DIAGNOSED) for disease in DISEASES]
    patients, *with_each = (int(n) for n in world.whole.total(np.array([w.sum() for w in (known, *with_one)]))[0])
    if not patients or not year[PLANS["sought"]]:
        return {}
    near = fac["capability"][alliance.members & (fac["tier"] <= CENTRE)].tolist()
    skill = sum(near) / max(len(near), 1)
    # to count at the end of the year, or to have disease controlled by then, takes a patient managed all year
    managed = {"managed_share": 1 / MONTHS}
    for disease, number in zip(DISEASES, with_each, strict=True):
        level = par[f"control_{disease}"]
        chance = float(share_controlled(level, True, skill, par)) - float(share_controlled(level, False, skill, par))
        managed[f"control_share_{disease}"] = number / patients * chance / MONTHS
    managed["control_share"] = managed["control_share_hypertension"]
    primary = year[PLANS["sought_primary"]] / year[PLANS["sought"]]
    falls_ill = world.risk[:, -1][classes(persons)] * persons["frailty"]

    def add(sums: np.ndarray) -> None:
        for k, people in enumerate((known, mine)):
            np.add.at(sums[k : k + 1], np.zeros(int(people.sum()), np.int64), falls_ill[people])

    of_known, of_all = world.whole.chain(add, np.zeros(2)).tolist()
    often = year[PLANS["sought"]] * (of_known / of_all) / patients / MONTHS
    # the slope of a logit: how a little more utility of primary places moves choices
    managed["first_contact_rate_primary"] = often * par["usual_source"] * primary * (1.0 - primary)
    return managed
