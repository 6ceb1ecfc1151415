"""Whose people are where and how they do: the panel of every home, and indicators by facility, as rules read them."""

from dataclasses import fields

import numpy as np

from simulator.count.events import EVENTS
from simulator.engine.state.world import World
from simulator.payment.panel import Panel, count
from simulator.population.families import homes_of

LEVELS = (
    "control_share",
    "managed_share",
    "contract_share",
    "served_share",
    "satisfaction",
    "first_contact_rate_primary",
    "two_way_referral_rate",
)
"""Indicators that can scale what a facility is paid, in the order of `levels_by_facility`."""


def panel(world: World) -> Panel:
    """The people whom each home answers for, as they are now."""
    home = homes_of(world.families)[world.persons["family"]]
    own = count(world.persons, home, len(world.facilities), len(world.words.plans))
    return Panel(*world.whole.total(*(getattr(own, column.name) for column in fields(own))))


def levels_by_facility(world: World, people: Panel | None = None) -> dict[str, np.ndarray]:
    """Levels of indicators by facility (F,), zero where there is nothing to measure.

    ``contract_share`` (of heads), ``served_share`` (of the signed), ``managed_share`` and ``control_share`` (of the
    diagnosed, as providers are scored) are of the people at home there now; over the calendar year so far,
    ``first_contact_rate_primary`` is of the episodes of those people, ``satisfaction`` and ``two_way_referral_rate`` of
    the episodes seen, or the stays, at the facility. ``people`` is the month's `panel`, counted here if left out.
    """
    people = people or panel(world)
    size = len(world.facilities)
    year = world.year_sums.get("events", np.zeros((size, len(EVENTS)), np.int64)).astype(float).T
    return {
        "control_share": _ratio(people.controlled.sum(axis=1), people.diagnosed.sum(axis=1)),
        "managed_share": _ratio(people.managed.sum(axis=1), people.diagnosed.sum(axis=1)),
        "contract_share": _ratio(people.signed.sum(axis=(1, 2)), people.heads.sum(axis=(1, 2))),
        "served_share": _ratio(people.served.sum(axis=1), people.signed.sum(axis=(1, 2))),
        "satisfaction": _ratio(year[EVENTS["rating"]] / 1000, year[EVENTS["rated"]]),
        "first_contact_rate_primary": _ratio(year[EVENTS["home_primary"]], year[EVENTS["home_sought"]]),
        # what is scored is what is on record
        "two_way_referral_rate": _ratio(
            year[EVENTS["went_up"]] + year[EVENTS["moved"]] + year[EVENTS["false_down"]],
            year[EVENTS["appropriate"]] + year[EVENTS["fit"]],
        ),
    }


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.where(bottom > 0, top / np.maximum(bottom, 1), 0.0)
