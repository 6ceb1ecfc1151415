"""Columns of a person and of a family: their own, and what services add.

Where a column stands is a matter of speed alone: flags of services stand among those that every month reads.
"""

from simulator.core.table import Columns
from simulator.population.families import FAMILY, SELDOM
from simulator.population.people import COURSE, PERSON
from simulator.services import services

_ADDED = services.columns("persons")
PEOPLE = Columns(
    "persons",
    *PERSON.columns,
    *(column for column in _ADDED if column.kind == "i1"),
    *COURSE.columns,
    *(column for column in _ADDED if column.kind != "i1"),
)
FAMILIES = Columns("families", *FAMILY.columns, *services.columns("families"), *SELDOM.columns)
