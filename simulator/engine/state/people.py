"""Columns of a person and of a family: their own, and what services add."""

from simulator.core.table import Columns
from simulator.population.families import FAMILY
from simulator.population.people import COURSE, PERSON
from simulator.services import services

PEOPLE = Columns("persons", *PERSON.columns, *services.columns("persons"), *COURSE.columns)
FAMILIES = Columns("families", *FAMILY.columns, *services.columns("families"))
