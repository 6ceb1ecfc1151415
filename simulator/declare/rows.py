"""The rows that are counted, and the rows that they point to."""

from simulator.declare.expressions import Called, Rows
from simulator.population.families import home_of

bill = Rows("b", "bills")
episode = Rows("e", "episodes")
billed_family = Rows("family", "families", bill.family)
family = Rows("family", "families", episode.family)
person = Rows("person", "persons", episode.person)

seen = episode.seen >= 0
"""Somebody saw the patient."""
new = (episode.kind != "returning") & (episode.kind != "readmitted") & (episode.kind != "waited_for_bed")
"""Not a patient who comes for a bed."""

home = Called(home_of, family)
"""Facility that the home of an episode's family belongs to."""
billed_home = Called(home_of, billed_family)
"""The same of a bill's family."""
