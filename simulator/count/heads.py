"""Who is counted of all persons: passes over their rows."""

from simulator.core.jit import compiled
from simulator.count.people import age_band
from simulator.illness.disease import diagnosed
from simulator.population.working_life import retired

HEADS = ("all", "retired", "known", "registered", "floating", "managed")
"""Who is counted by plan, besides those whom services want counted."""
ALL, RETIRED, KNOWN, REGISTERED, FLOATING, MANAGED = range(len(HEADS))


@compiled
def count_people(persons, marks, clocks, by_plan, states, by_age):
    """Add up persons: ``by_plan`` (`HEADS` and then those whose one of ``marks`` (M, person) is 1, plan), ``states``
    (disease, state), ``by_age`` (band,)."""
    clock = clocks[0]
    for i in range(len(persons)):
        person = persons[i]
        known, floating = diagnosed(person), person.floating == 1
        by_plan[ALL, person.plan] += 1
        by_plan[RETIRED, person.plan] += retired(person, clock)
        by_plan[KNOWN, person.plan] += known
        by_plan[REGISTERED, person.plan] += known and not floating
        by_plan[FLOATING, person.plan] += floating
        by_plan[MANAGED, person.plan] += known and person.managed == 1
        for k in range(len(marks)):
            by_plan[len(HEADS) + k, person.plan] += marks[k, i] == 1
        states[0, person.hypertension] += 1
        states[1, person.diabetes] += 1
        by_age[age_band(person.age)] += 1


@compiled
def add_insured(persons, clocks, heads):
    """Add up persons by plan: all, those enrolled, and those of them who are retired, ``heads`` (3, plan)."""
    clock = clocks[0]
    for i in range(len(persons)):
        person = persons[i]
        heads[0, person.plan] += 1
        heads[1, person.plan] += person.enrolled
        heads[2, person.plan] += person.enrolled * retired(person, clock)
