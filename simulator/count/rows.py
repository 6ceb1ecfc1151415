"""The rows that are counted, and the rows that they point to."""

from simulator.count.words import Called, Rows
from simulator.population.families import home_of

bill = Rows("b", "bills")
episode = Rows("e", "episodes")
billed_family = Rows("family", "families", bill.family)
family = Rows("family", "families", episode.family)
person = Rows("person", "persons", episode.person)

home = Called(home_of, family)
"""Facility that the home of an episode's family belongs to."""
billed_home = Called(home_of, billed_family)
"""The same of a bill's family."""
