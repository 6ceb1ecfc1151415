"""What members of an alliance manage as one (统一管理): the purse, the beds. Staff and drug lists are shared where
alliances are gathered (`engine/terms/alliances.py`), and pay for performance where members weigh the pool."""

import numpy as np

from simulator.core.money import share_out
from simulator.core.names import CENTRE
from simulator.engine.state.world import World

PURSE = "purse"
"""Kind of posting."""


def parts(facilities: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Fixed parts of members in one purse, summing to one (F,): by the margin that they are used to, or by doctors
    where none is known."""
    used_to = np.where(members, np.maximum(facilities["income_before"], 0.0), 0.0)
    if used_to.sum() <= 0:
        used_to = np.where(members, facilities["doctors"], 0.0)
    return used_to / used_to.sum()


def feel_one_purse(world: World) -> None:
    """A yuan that a member with one purse (财务统一) earns is shared by all: its doctors feel their part of it as they
    feel anybody's and, by tightness, the rest as their own."""
    for alliance in world.alliances:
        if "money" in alliance.unified:
            part = parts(world.facilities, alliance.members)[alliance.members]
            felt = alliance.tightness + (1 - alliance.tightness) * part
            world.facilities["pass_through"][alliance.members] *= felt


def share_purse(world: World) -> None:
    """Post what members pay into one purse and get from it this month: each ends with its part of what all earned.

    What a budget's year end left is not shared again; `Settled.paid` gets the kind `purse`.
    """
    settled, places = world.tally.settled, world.accounts.facility
    for alliance in world.alliances:
        if "money" not in alliance.unified:
            continue
        mine = np.where(alliance.members, settled.kept - settled.budget_share, 0)
        whole = int(mine.sum())
        due = share_out(abs(whole), parts(world.facilities, alliance.members))
        owed = mine - (due if whole >= 0 else -due)
        owed[alliance.lead] = 0
        lead = np.array(places[alliance.lead])
        world.ledger.post_many(places, lead, PURSE, np.maximum(owed, 0))
        world.ledger.post_many(lead, places, PURSE, np.maximum(-owed, 0))
        owed[alliance.lead] = -owed.sum()
        settled.paid[PURSE] = settled.paid.get(PURSE, np.zeros_like(owed)) + owed


def share_beds(world: World) -> None:
    """Where operations are one (运营统一), a stay that finds no bed at the patient's own centre is offered where most
    are free, not at the neighbour's."""
    fac = world.facilities
    for alliance in world.alliances:
        centres = np.flatnonzero(alliance.members & (fac["tier"] == CENTRE) & (fac["bed_days"] > 0))
        if "operations" not in alliance.unified or len(centres) < 2:
            continue
        free = fac["bed_days"][centres] * (1.0 - fac["bed_use"][centres])
        first, second = centres[np.argsort(-free, kind="stable")[:2]]
        fac["next_centre"][centres] = first
        fac["next_centre"][first] = second
