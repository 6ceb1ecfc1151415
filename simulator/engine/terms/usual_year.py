"""What people are expected to be charged in a year, where and for what: by it services are worth something to them."""

import numpy as np

from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT, TIERS
from simulator.engine.enrolment import expected_charges, exposed_to
from simulator.engine.state.world import World
from simulator.payment.books import CASES, COVERED
from simulator.services import services
from simulator.services.service import SETTINGS, TREATS, Expected, Year


def value_services(world: World, calendar: int) -> None:
    """Let services write what they are worth to people under the cover in force."""

    def expect() -> Expected:
        return Expected(expected_charges(world), *usual_year(world), world.facts.referred)

    year = Year(world.families, world.persons, world.rare, world.facilities, world.cover, calendar, expect)
    services.value(year, world.service_values)


def usual_year(world: World) -> tuple[np.ndarray, np.ndarray]:
    """By class of risk, what the charges of a usual year are for and where, (CLASSES, 3, 2, 5): parts of them, summing
    to one, and the bills for each fen. As in the last twelve months; before there are any, visits at centres."""
    often = np.diff(world.risk, axis=1, prepend=0.0)
    charged, count = np.zeros((2, len(world.groups), SETTINGS, len(TIERS)))
    if world.books.sums is None:
        charged[:, OUTPATIENT, CENTRE], count[:, OUTPATIENT, CENTRE] = world.groups["bill"], 1.0
    else:
        used, year = world.books.sums
        cells = world.cells[used]
        at = (cells["group"], np.minimum(cells["care"], INPATIENT), cells["tier"])
        np.add.at(charged, at, year[:, COVERED].astype(float))
        # a stay that goes on is no new bill
        np.add.at(count, at, np.where(cells["care"] <= INPATIENT, year[:, CASES], 0).astype(float))
        exposed = exposed_to(world)
        cases = np.array([sum((often[:, g] * exposed).tolist()) for g in range(len(charged))])
        charged, count = (x / np.maximum(cases, 1e-9)[:, None, None] for x in (charged, count))
    shares, bills = np.zeros((2, len(often), TREATS, SETTINGS, len(TIERS)))
    for group, treats in enumerate(world.groups["treats"]):
        shares[:, treats] += often[:, [group], None] * charged[group]
        bills[:, treats] += often[:, [group], None] * count[group]
    whole_year = np.maximum(shares.sum(axis=(1, 2, 3), keepdims=True), 1e-9)
    return shares / whole_year, bills / whole_year
