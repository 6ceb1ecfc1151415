"""Phase 5, life: a new year, births and deaths, the course of chronic disease, who is managed, what neighbours say."""

from typing import NamedTuple

import numpy as np

from simulator.choice.trust import after_neighbours
from simulator.core.draws import LIFE, MANAGE, lasting, uniforms
from simulator.core.jit import compiled
from simulator.core.names import NONE, UNDIAGNOSED
from simulator.count.events import EVENTS
from simulator.engine.passes import services
from simulator.illness.disease import diagnosed, next_state
from simulator.population.ageing import birthday, dies
from simulator.population.families import home_of
from simulator.population.working_life import Work, born, comes_of_age

CONTACTS = EVENTS["contacts"]
YEAR = 365
"""Days for which a complication is remembered."""


@compiled
def begin_year(person):
    """Deductibles, ceilings and thresholds begin anew."""
    person.outpatient_year = 0
    person.inpatient_year = 0
    person.outpatient_fund = 0
    person.inpatient_fund = 0
    person.own_year = 0
    person.admissions_year = 0
    person.chronic_year = 0
    person.chronic_fund = 0
    person.net_year = 0
    person.beyond_year = 0
    for k in range(person.layer_year.shape[0]):
        person.layer_year[k] = 0


@compiled
def newborn(person, people, ageing, u, prevalence):
    """A death: the row goes to somebody else, of the same age and sex where the age structure is held. ``people`` in
    the whole keep the numbers of persons apart."""
    person.id += people
    begin_year(person)
    person.waiting = 0
    person.stay_deductible = 0
    person.return_in = 0
    person.visited = 0
    person.managed = 0
    services.newborn(person)
    person.policies = 0
    person.last_discharge = -99999
    if ageing == 1:
        person.age = 0
    age = min(person.age, 100)
    person.hypertension = UNDIAGNOSED if u < prevalence[0, age] else NONE
    person.diabetes = UNDIAGNOSED if (1.0 - u) < prevalence[1, age] else NONE


@compiled
def older(person, u, v, prevalence):
    """A birthday: new disease appears as prevalence rises with age."""
    before = min(person.age, 100)
    person.age += 1
    now = min(person.age, 100)
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
    deaths: np.ndarray  # monthly chance of dying by age, (101,)
    prevalence: np.ndarray  # share that has each disease by age, (2, 101)
    trust: np.ndarray  # mean trust of the community around each station, (facility,)
    work: Work  # who takes a job that brings insurance, and what children are born into


@compiled
def live(families, persons, facilities, around, pars, clocks, events, low, high):
    """A month of life for families ``low`` to ``high``."""
    par = pars[0]
    clock = clocks[0]
    for i in range(low, high):
        family = families[i]
        family.trust = after_neighbours(family.trust, around.trust[family.community], par)
        centre = home_of(family)
        home = facilities[centre]
        manage = home.manage
        capability = home.capability
        for j in range(family.first, families[i + 1].first):
            p = persons[j]
            if clock.calendar == 1:
                begin_year(p)
                family.paid_year = 0
            u_death, u_hyper, v_hyper, u_birth = uniforms(clock, p.id, LIFE, 0)
            if dies(u_death, p.age, p.frailty, around.deaths):
                newborn(p, around.people, clock.ageing, u_birth, around.prevalence)
                if clock.ageing == 1:
                    born(p, family.area, around.work)
                continue
            services.month(p, family, home, par, clock, events, centre)
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
                older(p, u_birth, u_death, around.prevalence)
                comes_of_age(families, i, p, around.work, clock)


@compiled
def mean_trust(families, low, high, sums, counts):
    """Add families' trust, in millionths, and their number to the sums of their communities."""
    for i in range(low, high):
        c = families[i].community
        sums[c] += np.int64(families[i].trust * 1e6)
        counts[c] += 1
