"""Columns of a person, but for those that services add (`engine/state/people.py`). Persons are rows owned by a family;
the members of a family are neighbours in the table."""

from simulator.core.table import Column, Columns

PERSON = Columns(
    "persons",
    # what every month reads of everybody: one line of the cache
    Column("id", "i4", "number", "keys the draws; a newborn in this row has a new one"),
    Column("family", "i4", "row", "family that decides for the person"),
    Column(
        "frailty",
        "f8",
        "factor",
        "factor on the rate of falling ill, mean 1; a draw for life, along a line over age",
        1,
    ),
    Column("age", "i2", "years", "age at the last birthday"),
    Column("plan", "i2", "code", "basic insurance plan, in the order of the scenario"),
    Column("sex", "i1", "code", "0 male, 1 female"),
    Column("hypertension", "i1", "code", "0 none, 1 undiagnosed, 2 diagnosed, 3 treated, 4 controlled"),
    Column("diabetes", "i1", "code", "0 none, 1 undiagnosed, 2 diagnosed, 3 treated, 4 controlled"),
    Column("managed", "i1", "0 or 1", "under standard follow-up this month"),
    Column("enrolled", "i1", "0 or 1", "enrolled in the basic plan; who is not has no cover and pays no premium", 1),
    Column("waiting", "i1", "code", "what the person waits for: 0 nothing, 1 a visit, 2 a bed"),
    Column("return_in", "i1", "months", "months until a patient is back in hospital; 0: not to return"),
    Column("visited", "i1", "0 or 1", "was seen by a doctor last month"),
    Column("dying", "i1", "0 or 1", "dies next month of an illness that was not cured"),
    Column("policies", "i1", "bits", "supplementary cover held: 1 mutual plan, 2 commercial policy"),
)
"""Who a person is, and flags; those of services stand next to them."""
COURSE = Columns(
    "persons",
    Column("row", "i4", "row", "of the person, here and in the table of what few rules keep"),
    Column("last_discharge", "i4", "day", "day of the last discharge, counted from the first day of the run", -99999),
    Column("outpatient_year", "i8", "fen", "covered outpatient charges since January, toward the yearly deductible"),
    Column("outpatient_fund", "i8", "fen", "paid by the fund for outpatient care since January, toward its ceiling"),
    Column("own_year", "i8", "fen", "own covered payments since January, toward catastrophic cover"),
    # what is read of those who are ill, in hospital, waiting or returning
    Column("inpatient_year", "i8", "fen", "covered inpatient charges since January, toward a yearly deductible"),
    Column("inpatient_fund", "i8", "fen", "paid by the fund for inpatient care since January, toward its ceiling"),
    Column("stay_deductible", "i8", "fen", "paid under deductibles of the last stay, toward a continuous one"),
    Column("waiting_severity", "f8", "0 to 1", "severity of the waiting episode"),
    Column("return_severity", "f8", "0 to 1", "severity on return"),
    Column("waiting_day", "i4", "day", "day on which the waiting began, counted from the first day of the run"),
    Column("return_day", "i4", "day", "day of the return, counted from the first day of the run"),
    Column("moved_day", "i4", "day", "day on which the returning patient was stepped down or went home"),
    Column("return_place", "i4", "row", "hospital that the patient returns to", -1),
    Column("waiting_group", "i2", "code", "case group of the waiting episode", -1),
    Column("return_group", "i2", "code", "case group of the returning patient", -1),
    Column("admissions_year", "i1", "number", "admissions since January"),
    Column("waiting_referred", "i1", "0 or 1", "what the person waits for was a referral"),
    Column("return_home", "i1", "0 or 1", "returns after going home, not after a step down"),
    Column("floating", "i1", "0 or 1", "lives here and is registered elsewhere"),
)
"""What has happened to a person: with `PERSON` and the flags of services 128 bytes, two lines of the cache.

Kinds are as narrow as what they hold allows: memory is what a large run is short of. Money is int64; whoever adds up
narrow columns does so in a wider kind."""
RARE = Columns(
    "rare",
    Column(
        "chronic_year", "i8", "fen", "covered charges of chronic outpatient care since January, where they are apart"
    ),
    Column("chronic_fund", "i8", "fen", "paid by the fund for them since January, toward their ceiling"),
    Column("net_year", "i8", "fen", "own covered payments since January after every supplementary payer"),
    Column("beyond_year", "i8", "fen", "own payments outside the catalogue since January after every such payer"),
    Column("layer_year", "i8", "fen", "paid since January by supplementary payer, outpatient and inpatient each", 0, 8),
)
"""What few rules keep of a person, a row for each, beside what services add in wider kinds than a flag's. All of it
begins at zero, and a row is written only where it is no longer zero: so long as no such rule is in force the table
takes no memory."""
