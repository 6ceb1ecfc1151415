"""Columns of a person and of a family: their own, and what services add.

Where a column stands is a matter of speed and memory: flags of services stand among those that every month reads, and
what else they add of persons in the table of what few rules keep, beside persons, row for row.
"""

from simulator.core.table import Columns
from simulator.population import people
from simulator.population.families import FAMILY, SELDOM
from simulator.population.people import COURSE, PERSON
from simulator.services import services

_ADDED = services.columns("persons")
PEOPLE = Columns(
    "persons",
    *PERSON.columns,
    *(column for column in _ADDED if column.kind == "i1"),
    *COURSE.columns,
)
RARE = Columns("rare", *people.RARE.columns, *(column for column in _ADDED if column.kind != "i1"))
FAMILIES = Columns("families", *FAMILY.columns, *services.columns("families"), *SELDOM.columns)
