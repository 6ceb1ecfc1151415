"""Phase 8, pay, second half: what finished rows come to. Both passes are written out at import from `count/`."""

from simulator.count.sums import COUNTED
from simulator.declare.written import compiled_pass
from simulator.engine.state.bills import BILLS
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.state.people import FAMILIES, PEOPLE
from simulator.illness.case_groups import CASE_GROUPS

TABLES = {table.title: table for table in (BILLS, EPISODES, FAMILIES, PEOPLE, FACILITIES)} | {"groups": CASE_GROUPS}
GIVEN = {
    "facilities": "force.facilities",
    "first_cell": "force.first_cell",
    "cells": "force.cells",
    "holders": "force.cells.holders",
    "groups": "force.groups",
    "par": "force.par",
}
"""Names that declarations use, and what they are in the pass."""

count_bills = compiled_pass("count_bills", "bills", COUNTED, TABLES, GIVEN, globals())
"""(bills, low, high, families, persons, in force, sums): add up bills ``low`` to ``high``."""
count_episodes = compiled_pass("count_episodes", "episodes", COUNTED, TABLES, GIVEN, globals())
"""(episodes, low, high, families, persons, in force, sums): add up episodes ``low`` to ``high``."""
