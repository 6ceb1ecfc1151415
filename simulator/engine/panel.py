"""Whose people are where, how they do and what was done: counts and indicators by facility, as rules read them."""

import numpy as np

from simulator.core.names import CONTROLLED, DIAGNOSED, NONE
from simulator.engine import events as ev
from simulator.engine.alliances import homes_of
from simulator.engine.world import World
from simulator.payment.panel import AGES, CLASSES, Panel, risk_class


def panel(world: World) -> Panel:
    """The people whom each home answers for, as they are now."""
    home = homes_of(world.families)[world.persons["family"]]
    return count(world.persons, home, len(world.facilities), len(world.words.plans))


def count(people: np.ndarray, home: np.ndarray, facilities: int, plans: int) -> Panel:
    """The panel of ``people`` (n,), rows with the columns of a person, at homes ``home`` (n,), rows of facilities."""
    hypertension, diabetes = people["hypertension"] >= DIAGNOSED, people["diabetes"] >= DIAGNOSED
    known, well = hypertension | diabetes, np.ones(len(people), bool)
    for disease in ("hypertension", "diabetes"):
        well &= (people[disease] == NONE) | (people[disease] == CONTROLLED)
    band = np.searchsorted(AGES, people["age"], side="right")
    place = home * plans + people["plan"]
    row = place * CLASSES + risk_class(band, people["sex"], hypertension + 2 * diabetes)

    def by_class(which: np.ndarray) -> np.ndarray:
        found = np.bincount(row[which], minlength=facilities * plans * CLASSES)
        return found.reshape(facilities, plans, CLASSES)

    def by_plan(which: np.ndarray) -> np.ndarray:
        return np.bincount(place[which], minlength=facilities * plans).reshape(facilities, plans)

    return Panel(
        heads=by_class(np.ones(len(people), bool)),
        registered=by_class(people["floating"] == 0),
        signed=by_class(people["signed"] == 1),
        served=by_plan(people["served"] == 1),
        diagnosed=by_plan(known),
        managed=by_plan(people["managed"] == 1),
        controlled=by_plan(known & well),
    )


def levels_by_facility(world: World, people: Panel | None = None) -> dict[str, np.ndarray]:
    """Levels of indicators by facility (F,), zero where there is nothing to measure.

    ``contract_share`` (of heads), ``served_share`` (of the signed), ``managed_share`` and ``control_share`` (of the
    diagnosed) are of the people at home there now; over the calendar year so far, ``first_contact_rate_primary`` is of
    the episodes of those people, ``satisfaction`` and ``two_way_referral_rate`` of the episodes seen, or the stays, at
    the facility itself. ``people`` is the month's `panel`, counted here if left out.
    """
    people = people or panel(world)
    blank = np.zeros((len(world.facilities), len(ev.FACILITY_EVENTS)), np.int64)
    year = world.year.get("events", blank).astype(float).T
    heads, signed = (counts.sum(axis=(1, 2)) for counts in (people.heads, people.signed))
    served, diagnosed, managed, controlled = (
        counts.sum(axis=1) for counts in (people.served, people.diagnosed, people.managed, people.controlled)
    )
    ratios = {
        "contract_share": (signed, heads),
        "served_share": (served, signed),
        "managed_share": (managed, diagnosed),
        "control_share": (controlled, diagnosed),
        "first_contact_rate_primary": (year[ev.HOME_PRIMARY], year[ev.HOME_SOUGHT]),
        "satisfaction": (year[ev.EV_RATING] / 1000, year[ev.EV_RATED]),
        "two_way_referral_rate": (year[ev.WENT_UP] + year[ev.EV_MOVED], year[ev.APPROPRIATE] + year[ev.EV_FIT]),
    }
    return {name: np.where(bottom > 0, top / np.maximum(bottom, 1), 0.0) for name, (top, bottom) in ratios.items()}


def activity(world: World) -> dict[str, np.ndarray]:
    """What was done this month that no bill shows, by facility (F,): ``outreach_hours`` of specialists, remote
    consultations ``consulted`` (asked here) and ``read`` (answered here); in units of the sample."""
    happened = world.tally.events
    return {
        "outreach_hours": world.facilities["outreach"].copy(),
        "consulted": happened[:, ev.CONSULTED],
        "read": happened[:, ev.READ],
    }
