"""Columns of a facility that the network fixes: what it is and with whom it is linked."""

from simulator.core.names import KINDS, TIERS
from simulator.core.table import Column, Columns

PLACES = Columns(
    "places",
    Column("tier", "i8", "code", "tier", codes=TIERS),
    Column("kind", "i8", "code", "kind", codes=KINDS),
    Column("urban", "i8", "0 or 1", "lies in the city or a county town"),
    Column("area", "i8", "code", "county or city it lies in"),
    Column("centre", "i8", "row", "for a station: its centre; for a centre: itself; else -1", -1),
    Column("up_secondary", "i8", "row", "hospital of the secondary tier that it refers up to, -1 for none", -1),
    Column("up_tertiary", "i8", "row", "hospital of the tertiary tier that it refers up to, -1 for none", -1),
    Column("next_centre", "i8", "row", "centre that is asked when the patient's own has no bed, -1 for none", -1),
    Column("slot_pool", "i8", "row", "facility that holds the clinic slots it draws on (stations of a centre share)"),
    Column("delivers", "i8", "0 or 1", "an internet hospital that has medicines brought to the family"),
    Column("delivery_fee", "i8", "fen", "what the family pays for that"),
    Column("delivery_days", "f8", "days", "until they are there"),
)
