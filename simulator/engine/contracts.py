"""What a contract with the family doctor is worth to each person in better cover (签约差异化待遇), before they sign.

It is what the terms of the signed save on the charges that the person expects of a year: the same expectation as for
insurance (`enrolment.expected_charges`), spread over settings and tiers as last year's charges of people of that risk
were.
"""

import numpy as np

from simulator.benefit.status import SIGNED
from simulator.core.clock import JANUARY
from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT, TIERS
from simulator.engine.enrolment import expected_charges, exposed_to
from simulator.engine.passes.better_cover import SETTINGS, TREATS, value
from simulator.engine.state.world import World
from simulator.payment.books import CASES, COVERED


def value_contracts(world: World, calendar: int) -> None:
    """Value the better cover of the signed for everybody: in January, and when a rule begins that makes it better.
    Where no cover in force asks who has signed, a contract is worth nothing in it."""
    offered = world.cover.read & SIGNED and world.facilities["contract"].any()
    now = world.cover.rows if offered else None
    if now is None:
        if world.valued is not None:
            world.persons["contract_worth"] = 0.0
    elif calendar == JANUARY or not np.array_equal(now, world.valued):
        shares, bills = usual_year(world)
        families = len(world.families) - 1
        charges, referred = expected_charges(world), world.facts.referred
        value(world.families, world.persons, charges, shares, bills, referred, world.cover, 0, families)
    world.valued = now


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
