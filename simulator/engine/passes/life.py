"""Phase 5, life: a new year, births and deaths, the course of chronic disease, who is managed, what neighbours say."""

from typing import NamedTuple

import numpy as np

from simulator.choice.signal import normal
from simulator.choice.trust import after_neighbours
from simulator.core.draws import FRAIL, LIFE, MANAGE, lasting, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import exp, log
from simulator.core.names import NONE, UNDIAGNOSED
from simulator.count.events import EVENTS
from simulator.count.people import AGES, age_band
from simulator.engine.passes import services
from simulator.illness.disease import diagnosed, next_state
from simulator.population.ageing import birthday, dies
from simulator.population.families import home_of, relative_income
from simulator.population.shapes import INCOMES_TOLD_APART, OLDEST
from simulator.population.working_life import Work, born, comes_of_age, may_take_job

CONTACTS, DEATHS, OF_ILLNESS, YEARS_LOST = (
    EVENTS[name] for name in ("contacts", "deaths", "deaths_of_illness", "years_lost")
)
DEATHS_AT = AGES["deaths"]
YEAR = 365
"""Days for which a complication is remembered."""
GROWN = 18
"""Age from which somebody can bring up a child, years."""
MOVES_IN = 25
"""Age of who moves in where ages are live and nobody is left to have a child, years."""


@compiled
def begin_year(person, rare):
    """Deductibles, ceilings and thresholds begin anew; what is zero in the table of what few rules keep is not
    written."""
    person.outpatient_year = 0
    person.inpatient_year = 0
    person.outpatient_fund = 0
    person.inpatient_fund = 0
    person.own_year = 0
    person.admissions_year = 0
    if rare.chronic_year != 0 or rare.chronic_fund != 0:
        rare.chronic_year = 0
        rare.chronic_fund = 0
    if rare.net_year != 0 or rare.beyond_year != 0:
        rare.net_year = 0
        rare.beyond_year = 0
    for k in range(rare.layer_year.shape[0]):
        if rare.layer_year[k] != 0:
            rare.layer_year[k] = 0


@compiled
def with_adult(persons, first, end, j):
    """Whether an adult beside person ``j`` lives in the family of rows ``first`` to ``end``."""
    adults = 0
    for k in range(first, end):
        adults += np.int64(k != j and persons[k].age >= GROWN)
    return adults > 0


@compiled
def newborn(person, rare, people, first_age, u, prevalence):
    """The row of a person who has died goes to somebody else, who begins without anything that was the other's: cover
    by choice, contract, waits, disease, what few rules keep of a person (``rare``). Of the same sex and ``first_age``,
    or of the same age too where that is below zero. ``people`` in the whole keep the numbers of persons apart."""
    person.id += people
    begin_year(person, rare)
    person.waiting = 0
    person.stay_deductible = 0
    person.return_in = 0
    person.visited = 0
    person.managed = 0
    person.dying = 0
    services.newborn(person, rare)
    person.policies = 0
    person.last_discharge = -99999
    if first_age >= 0:
        person.age = first_age
    age = min(person.age, OLDEST)
    person.hypertension = UNDIAGNOSED if u < prevalence[0, age] else NONE
    person.diabetes = UNDIAGNOSED if (1.0 - u) < prevalence[1, age] else NONE


@compiled
def older(person, u, v, prevalence, frailty):
    """A birthday: frailty goes along its line over age, and new disease appears as prevalence rises."""
    before = min(person.age, OLDEST)
    person.age += 1
    now = min(person.age, OLDEST)
    person.frailty *= frailty[now] / frailty[before]
    if person.hypertension == NONE:
        new = (prevalence[0, now] - prevalence[0, before]) / max(1.0 - prevalence[0, before], 0.01)
        if u < new:
            person.hypertension = UNDIAGNOSED
    if person.diabetes == NONE:
        new = (prevalence[1, now] - prevalence[1, before]) / max(1.0 - prevalence[1, before], 0.01)
        if v < new:
            person.diabetes = UNDIAGNOSED


class Around(NamedTuple):
    """What a month of life depends on beside the family itself."""

    people: int  # persons in the whole
    rare: np.ndarray  # what few rules keep of each person
    deaths: np.ndarray  # monthly chance of dying of what care does not reach by age, (101,)
    prevalence: np.ndarray  # share that has each disease by age, (2, 101)
    trust: np.ndarray  # mean trust of the community around each station, (facility,)
    years_left: np.ndarray  # years that a person of each age had before him, thousandths, int64 (101,)
    frailty: np.ndarray  # usual at each age, where incomes are the mean (101,)
    frailty_income: float  # elasticity in income per head
    frailty_spread: float  # standard deviation of its log among people of one age
    work: Work  # who takes a job that brings insurance, and what children are born into


@compiled
def frailty_of(person, relative, around, clock):
    """Frailty of a newcomer, drawn around what is usual at that age and income per head, ``relative`` to the mean."""
    a, b, c, d = uniforms(clock, person.id, FRAIL, 0)
    lowest, highest = INCOMES_TOLD_APART
    by_income = around.frailty_income * log(min(max(relative, lowest), highest))
    spread = around.frailty_spread
    usual = around.frailty[min(person.age, OLDEST)]
    return usual * exp(by_income + spread * normal(a, b, c, d) - spread * spread / 2.0)


@compiled
def count_death(person, home, around, events, ages):
    """A death, counted where the home is and at the age."""
    events[home, DEATHS] += 1
    events[home, OF_ILLNESS] += np.int64(person.dying)
    events[home, YEARS_LOST] += around.years_left[min(person.age, OLDEST)]
    ages[age_band(person.age), DEATHS_AT] += 1


@compiled
def die(families, i, persons, j, around, clock, u):
    """Person ``j`` of family ``i`` has died and leaves; a family of whom nobody is left is another one from then on,
    which knows nothing yet and inherits what is in the account and paid since January."""
    family, person, end = families[i], persons[j], families[i + 1].first
    first_age = -1
    if clock.ageing == 1:
        first_age = 0 if with_adult(persons, family.first, end, j) else MOVES_IN
    newborn(person, around.rare[j], around.people, first_age, u, around.prevalence)
    if first_age >= 0:
        born(person, family.area, around.work)
        if person.age >= around.work.adult:
            may_take_job(families, i, person, around.work, clock)
        person.frailty = frailty_of(person, relative_income(families, i, clock), around, clock)
    if end - family.first == 1:
        family.trust = around.trust[family.community]
        for t in range(family.habit.shape[0]):
            family.habit[t] = 1.0 / family.habit.shape[0]
        family.online = 0.0


@compiled
def live(families, persons, facilities, around, pars, clocks, events, ages, low, high):
    """A month of life for families ``low`` to ``high``, counted in ``events`` and, by age, in ``ages``."""
    par = pars[0]
    clock = clocks[0]
    for i in range(low, high):
        family = families[i]
        family.trust = after_neighbours(family.trust, around.trust[family.community], par)
        centre = home_of(family)
        home = facilities[centre]
        manage = home.manage
        capability = home.capability
        end = families[i + 1].first
        for j in range(family.first, end):
            p, rare = persons[j], around.rare[j]
            if clock.calendar == 1:
                begin_year(p, rare)
                family.paid_year = 0
            u_death, u_hyper, v_hyper, u_birth = uniforms(clock, p.id, LIFE, 0)
            if p.dying == 1 or dies(u_death, p.age, p.frailty, around.deaths):
                count_death(p, centre, around, events, ages)
                die(families, i, persons, j, around, clock, u_birth)
                continue
            services.month(p, rare, family, home, par, clock, events, centre)
            if p.hypertension != NONE or p.diabetes != NONE:
                felt = 1.0 if clock.first_day - p.last_discharge < YEAR else 0.0
                reach = services.reach(manage, p, family, home, felt, par)
                p.managed = 1 if diagnosed(p) and lasting(clock, p.id, MANAGE) < reach else 0
                u_diab, v_diab, u_contact, _ = uniforms(clock, p.id, LIFE, 1)
                visited = p.visited == 1
                managed = p.managed == 1
                p.hypertension = next_state(
                    p.hypertension, u_hyper, v_hyper, visited, managed, felt, manage, capability,
                    par.control_hypertension, par,
                )  # fmt: skip
                p.diabetes = next_state(
                    p.diabetes, u_diab, v_diab, visited, managed, felt, manage, capability, par.control_diabetes, par
                )
                if managed and u_contact < par.contact:
                    events[centre, CONTACTS] += 1
                    services.contact(p, family, home, events, centre)
            if clock.ageing == 1 and birthday(clock.calendar - 1, p.id):
                older(p, u_birth, u_death, around.prevalence, around.frailty)
                comes_of_age(families, i, p, around.work, clock)


@compiled
def mean_trust(families, low, high, sums, counts):
    """Add families' trust, in millionths, and their number to the sums of their communities."""
    for i in range(low, high):
        c = families[i].community
        sums[c] += np.int64(families[i].trust * 1e6)
        counts[c] += 1
