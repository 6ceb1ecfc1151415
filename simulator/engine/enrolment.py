"""Once a year, in January: who enrols in a voluntary basic plan, who joins a plan on top of it.

What somebody expects is the same sum for all choices: the charges of a year, by age, sex, disease and frailty and by
last year's use, times what the insurer pays of such charges. Premiums that do not go by it select.
"""

from collections.abc import Callable
from operator import attrgetter

import numpy as np

from simulator.core.money import total
from simulator.engine.passes.enrol import BY_PERSON, NOBODY, Choice, enrol, join
from simulator.engine.state.world import World
from simulator.fund.insurers import Decisions, Insurer
from simulator.illness.onset import classes
from simulator.payment.books import COVERED
from simulator.population.working_life import all_retired

MONTHS = 12
PLAN = attrgetter("plan")
"""Whoever decides for an insurer if nobody else does."""


def exposed_to(world: World) -> np.ndarray:
    """The frailty of all people of each class of risk, (CLASSES,)."""
    of, frailty = classes(world.persons), world.persons["frailty"]
    return world.whole.chain(lambda sums: np.add.at(sums, of, frailty), np.zeros(len(world.risk)))


def expected_charges(world: World) -> np.ndarray:
    """Charges inside the catalogue that every person is expected to run up in a year, fen, int64 (N,)."""
    people, frailty = world.persons, world.persons["frailty"]
    of = classes(people)
    often = np.diff(world.risk, axis=1, prepend=0.0)
    exposed = exposed_to(world)
    by_class = np.zeros(len(often))
    for group, cost in enumerate(_cost_of_a_case(world, often, exposed)):
        by_class += often[:, group] * cost
    own = by_class[of] * frailty
    if len(world.books.counts) == MONTHS:
        memory = float(world.behaviour[0]["enrol_memory"])
        own = (1.0 - memory) * own + memory * (people["outpatient_year"] + people["inpatient_year"])
    return np.rint(own).astype(np.int64)


def _cost_of_a_case(world: World, often: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    """Charges inside the catalogue for one episode of each case group, fen (G,): those of the last twelve months over
    the episodes to expect; before there are any, a visit at list price."""
    if world.books.sums is None:
        return world.groups["bill"].astype(float)
    charged = np.zeros(len(world.groups), np.int64)
    used, counts = world.books.sums
    np.add.at(charged, world.cells["group"][used], counts[:, COVERED])
    cases = np.array([sum((often[:, g] * exposed).tolist()) for g in range(len(charged))])
    return charged * (MONTHS / len(world.books.counts)) / np.maximum(cases, 1e-9)


def choices(
    world: World, calendar: int, who_decides: Callable[[Insurer], Decisions] = PLAN
) -> list[tuple[Choice, Insurer | None]]:
    """What people choose this month: everything in January, and else what is new or, at the start, never was chosen.
    Premiums are set by those who decide for an insurer."""
    every = calendar == 1 or world.month == 0
    asked = [insurer for insurer in world.insurers if every or insurer.fresh]
    voluntary = every and world.enrolment.any()
    if not asked and not voluntary:
        return []
    charges = world.expected_charges = expected_charges(world)
    found: list[tuple[Choice, Insurer | None]] = []
    if voluntary:
        plan = world.persons["plan"]
        share = paid_share(world, charges)
        who = world.enrolment[plan]
        found.append((Choice(0, premium_asked(world), charges * share[plan], who), None))
    for insurer in asked:
        may = insurer.may_join(world.persons, world.families)
        decides = who_decides(insurer)
        price = insurer.price(world.persons, may, charges, world.whole, decides)
        who = np.where(may, BY_PERSON, NOBODY)
        expected, by_trust = charges * insurer.claimed, insurer.plan.by_trust
        found.append((Choice(insurer.bit, price, expected, who, decides.turns_away(), by_trust), insurer))
    return found


def premium_asked(world: World) -> np.ndarray:
    """Premium of the basic plan that each person is asked for, fen a year (person,)."""
    money, plan = world.financing, world.persons["plan"]
    if money.retired is None:
        return money.premium[plan]
    return np.where(all_retired(world.persons, world.clock[0]), money.retired.premium[plan], money.premium[plan])


def paid_share(world: World, charges: np.ndarray) -> np.ndarray:
    """What a fund pays of the expected charges of its insured (P,), as in the last twelve months; before there are
    any, its income."""
    fund, plan = world.accounts.fund, world.persons["plan"]
    exposed = np.zeros(len(world.ledger.accounts), np.int64)
    np.add.at(exposed, fund[plan], charges * world.persons["enrolled"])
    (exposed,) = world.whole.total(exposed)
    if world.fund_spent:
        spent = total(world.fund_spent, len(fund)) * (MONTHS / len(world.fund_spent))
        return spent / np.maximum(exposed[fund], 1)
    money, income = world.financing, np.zeros(len(exposed), np.int64)
    np.add.at(income, fund, money.income)
    return income[fund] / np.maximum(exposed[fund], 1)


def decide(world: World, choice: Choice, low: int, high: int) -> None:
    """Families ``low`` to ``high`` make a choice."""
    if choice.bit:
        join(world.families, world.persons, choice, world.behaviour, world.clock, low, high)
    else:
        enrol(world.families, world.persons, choice, world.behaviour, world.clock, world.first_family, low, high)


def conclude(
    world: World,
    choice: Choice,
    insurer: Insurer | None,
    calendar: int,
    who_decides: Callable[[Insurer], Decisions] = PLAN,
) -> None:
    """What was chosen is entered: who is insured, and the premiums of members."""
    if insurer is None:
        world.count_insured()
        return
    joined = world.persons["policies"] & insurer.bit != 0
    left = MONTHS + 1 - calendar
    who = who_decides(insurer)
    insurer.begin(world.ledger, joined, choice.price, world.expected_charges, left, world.whole, who)
