"""What a contract with the family doctor is worth to each person in better cover (签约差异化待遇), before they sign.

It is what the terms of the signed save on the charges that the person expects of a year: the same expectation as for
insurance (`enrol.expected_charges`), spread over settings and tiers as last year's charges of people of that risk were.
"""

import numpy as np

from simulator.benefit.cover import cover_row, insured_by
from simulator.benefit.expected import own_expected
from simulator.benefit.status import CHRONIC, POOR, REFERRED, SIGNED
from simulator.core.clock import JANUARY
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.names import CENTRE, DIAGNOSED, INPATIENT, OUTPATIENT, TIERS
from simulator.engine.passes.enrol import expected_charges, exposed_to
from simulator.engine.state.world import World
from simulator.illness.onset import risk_class
from simulator.payment.books import CASES, COVERED

SETTINGS = 2
"""Settings that cover tells apart: outpatient, and inpatient with its continuation."""
TREATS = 3
"""What a case group treats: neither chronic disease, hypertension, diabetes."""


@compiled
def saved(person, poor, charges, shares, bills, referred, cover):
    """Fen that a contract is expected to save the person in a year.

    ``charges`` are those expected of the year, fen; ``shares`` their parts and ``bills`` the bills for each fen of
    them, by what is treated, setting and tier (3, 2, 5); ``referred`` (5,) the share of a tier's patients who come
    referred. Places are taken to lie in the pooling area.
    """
    plan = insured_by(person, cover)
    total = 0.0
    for setting in range(SETTINGS):
        whole_setting = 0.0
        for treats in range(TREATS):
            for tier in range(len(TIERS)):
                whole_setting += shares[treats, setting, tier]
        for treats in range(TREATS):
            known = (treats == 1 and person.hypertension >= DIAGNOSED) or (treats == 2 and person.diabetes >= DIAGNOSED)
            status = (CHRONIC if known else 0) + (POOR if poor == 1 else 0)
            for tier in range(len(TIERS)):
                if shares[treats, setting, tier] == 0.0:
                    continue
                fen = whole(charges * shares[treats, setting, tier])
                part = shares[treats, setting, tier] / whole_setting
                count = charges * bills[treats, setting, tier]
                for sent in range(2):
                    without = (status + (REFERRED if sent == 1 else 0)) & cover.read
                    usual = cover.rows[cover_row(plan, setting, tier, without)]
                    better = cover.rows[cover_row(plan, setting, tier, without | SIGNED)]
                    gain = own_expected(usual, fen, count, part) - own_expected(better, fen, count, part)
                    total += (referred[tier] if sent == 1 else 1.0 - referred[tier]) * gain
    return total


@compiled
def value(families, persons, charges, shares, bills, referred, cover, low, high):
    """Fill the column `contract_worth` of the members of families ``low`` to ``high``; ``shares`` and ``bills`` are by
    class of risk (CLASSES, 3, 2, 5), ``charges`` by person."""
    for i in range(low, high):
        for j in range(families[i].first, families[i + 1].first):
            p = persons[j]
            c = risk_class(p.age, p.sex, p.hypertension, p.diabetes)
            p.contract_worth = saved(p, families[i].poor, charges[j], shares[c], bills[c], referred, cover) / 100.0


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
