"""Once a year, in January: who enrols in a voluntary basic plan, who joins a plan on top of it."""

from typing import NamedTuple

import numpy as np

from simulator.benefit.layers import MEMBER
from simulator.choice.enrolment import chance_enrolling
from simulator.choice.membership import chance_joining
from simulator.choice.trust import trust_of
from simulator.core.draws import ENROL, INSURE, JOIN, TASTE, lasting, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import log
from simulator.illness.disease import diagnosed

NOBODY, BY_PERSON, BY_FAMILY = range(3)
"""Who decides for a person: nobody, as there is no choice; the person; the family for all its members at once."""


class Choice(NamedTuple):
    """One insurance that people choose this month. N persons."""

    bit: int  # of the column `policies`; 0 for the basic plan
    price: np.ndarray  # fen a year, int64 (N,)
    expected: np.ndarray  # expected to be paid by the insurer in a year, fen (N,)
    who: np.ndarray  # who decides: NOBODY, BY_PERSON or BY_FAMILY, int64 (N,)
    declines: float = 0.0  # share of the chronically ill who apply and are turned away
    by_trust: bool = False  # trust in the family's centre counts


@compiled
def lean(clock, number, purpose):
    """What a person or family always leans to: one draw for life from the standard logistic."""
    u = lasting(clock, number, purpose)
    return log(u / (1.0 - u))


@compiled
def enrol(families, persons, choice, pars, clocks, number, low, high):
    """Families ``low`` to ``high`` and their members decide whether to enrol in their basic plan; see `Choice`.
    ``number``, in the whole, of the first family keys the draws of families."""
    par = pars[0]
    clock = clocks[0]
    for i in range(low, high):
        first, end = families[i].first, families[i + 1].first
        income = families[i].income / (end - first) / 100.0
        cost, worth, members, before = 0, 0.0, 0, 0
        for j in range(first, end):
            if choice.who[j] == BY_FAMILY:
                cost += choice.price[j]
                worth += choice.expected[j]
                members += 1
                before += persons[j].enrolled
        together = 0
        if members > 0:
            u, _, _, _ = uniforms(clock, number + i, ENROL, 1)
            each = 100.0 * members
            taste = lean(clock, number + i, ENROL)
            if u < chance_enrolling(cost / each, worth / each, income, 2 * before > members, taste, par):
                together = 1
        for j in range(first, end):
            person = persons[j]
            if choice.who[j] == BY_FAMILY:
                person.enrolled = together
            elif choice.who[j] == BY_PERSON:
                u, _, _, _ = uniforms(clock, person.id, ENROL, 0)
                again = person.enrolled == 1
                taste = lean(clock, person.id, TASTE)
                chance = chance_enrolling(
                    choice.price[j] / 100.0, choice.expected[j] / 100.0, income, again, taste, par
                )
                person.enrolled = 1 if u < chance else 0


@compiled
def join(families, persons, choice, pars, clocks, low, high):
    """The same for a plan on top, whose bit of the column `policies` is set or cleared."""
    par = pars[0]
    clock = clocks[0]
    bit = choice.bit
    purpose = JOIN if bit == MEMBER else INSURE
    for i in range(low, high):
        family = families[i]
        first, end = family.first, families[i + 1].first
        income = family.income / (end - first) / 100.0
        trust = trust_of(family, par) if choice.by_trust else par.trust_neutral
        for j in range(first, end):
            person = persons[j]
            again = person.policies & bit != 0
            if again:
                person.policies -= bit
            if choice.who[j] == NOBODY:
                continue
            u, u_written, _, _ = uniforms(clock, person.id, purpose, 0)
            taste = lean(clock, person.id, purpose)
            if u >= chance_joining(
                choice.price[j] / 100.0, choice.expected[j] / 100.0, income, trust, again, taste, par
            ):
                continue
            if again or not diagnosed(person) or u_written >= choice.declines:
                person.policies += bit
