"""A bill: one row for every visit, stay, or part of a stay that is billed by itself.

Who receives care appends rows; nothing is counted on the way. Books, events and all other sums are added up from rows
by the passes that `count/` declares, while the rows of a few hundred families are still in the cache.
"""

import numpy as np

from simulator.benefit.layers import PAYERS
from simulator.core.names import CARE
from simulator.core.table import Column, Columns
from simulator.engine.state.episodes import PER_PERSON

PURPOSES = ("first", "referred", "follow_up", "stay", "second_half", "rest")
"""What a bill is for: the first visit of an episode, the one it was referred to, a follow-up; a stay, the second half
of one billed as two, the rest of one at the place stepped down to."""
FIRST, REFERRED, FOLLOW_UP, STAY, SECOND_HALF, REST = range(len(PURPOSES))
PER_EPISODE = 8
"""Most bills of an episode: first visit, referred one, three follow-ups, two halves of a stay, the rest of one."""

BILLS = Columns(
    "bills",
    Column("episode", "i4", "row", "episode that it belongs to, a row of the block"),
    Column("family", "i4", "row", "family"),
    Column("person", "i4", "row", "patient"),
    Column("facility", "i4", "row", "who treats"),
    Column("group", "i2", "code", "case group"),
    Column("day", "i2", "day", "day of the month on which it begins"),
    Column("care", "i1", "code", "setting", codes=CARE),
    Column("purpose", "i1", "code", "what it is for", codes=PURPOSES),
    Column("plan", "i1", "code", "plan of the patient"),
    Column("holder", "i1", "code", "alliance whose people the patient belongs to: 0 none, then in order"),
    Column("insured", "i1", "0 or 1", "a fund pays for the patient"),
    Column("local", "i1", "0 or 1", "in the county or city of the home"),
    Column("elsewhere", "i1", "0 or 1", "not at the home centre and its stations"),
    Column("upcoded", "i1", "0 or 1", "coded too high"),
    Column("readmitted", "i1", "0 or 1", "soon after a discharge"),
    Column("soon", "i1", "0 or 1", "within 30 days of a discharge, really"),
    Column("moved", "i1", "0 or 1", "the rest of the stay was elsewhere than its beginning"),
    Column("days", "i2", "days", "bed-days as billed, none for a second half"),
    Column("idle", "i2", "days", "of them, days in which nobody lay in the bed"),
    Column("weight", "i4", "thousandths", "true relative weight"),
    Column("coded", "i4", "thousandths", "relative weight as coded"),
    Column("charge", "i8", "fen", "charge = drugs + tests + labour"),
    Column("drugs", "i8", "fen", "of the charge"),
    Column("tests", "i8", "fen", "of the charge"),
    Column("repeated", "i8", "fen", "of the tests, done again"),
    Column("outside", "i8", "fen", "of the charge, outside the catalogue"),
    Column("own", "i8", "fen", "patient's part of the covered charge, before catastrophic cover"),
    Column("fund", "i8", "fen", "fund's part as the benefit table has it"),
    Column("back", "i8", "fen", "paid back by catastrophic cover"),
    Column("cash", "i8", "fen", "left to the family"),
    Column("others", "i8", "fen", "paid in the family's place, by payer", size=len(PAYERS)),
)

FAMILIES_AT_ONCE = 256
"""Families that receive before their rows are counted: their people, episodes and bills fill about half a megabyte."""
_A_FAMILY = 4


def room_for_bills(families: np.ndarray) -> np.ndarray:
    """Room that is used again and again for the bills of so many families as receive at once; one family always fits.
    ``families`` is the whole table."""
    largest = int(np.diff(families["first"]).max(initial=1)) * PER_PERSON * PER_EPISODE
    return BILLS.rows(max(_A_FAMILY * FAMILIES_AT_ONCE, largest))
