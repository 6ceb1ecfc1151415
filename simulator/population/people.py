"""Columns of a person, but for those that services add (`engine/state/people.py`). Persons are rows owned by a family;
the members of a family are neighbours in the table."""

from simulator.core.table import Column, Columns

PERSON = Columns(
    "persons",
    Column("id", "i8", "number", "keys the draws; a newborn in this row has a new one"),
    Column("family", "i8", "row", "family that decides for the person"),
    Column("age", "i8", "years", "age at the last birthday"),
    Column("sex", "i8", "code", "0 male, 1 female"),
    Column("plan", "i8", "code", "basic insurance plan, in the order of the scenario"),
    Column("frailty", "f8", "factor", "permanent factor on the rate of falling ill, mean 1", 1),
    Column("hypertension", "i8", "code", "0 none, 1 undiagnosed, 2 diagnosed, 3 treated, 4 controlled"),
    Column("diabetes", "i8", "code", "0 none, 1 undiagnosed, 2 diagnosed, 3 treated, 4 controlled"),
    Column("managed", "i8", "0 or 1", "under standard follow-up this month"),
)
"""Who a person is, and what of health the month reads most."""
COURSE = Columns(
    "persons",
    Column("floating", "i8", "0 or 1", "lives here and is registered elsewhere"),
    Column("outpatient_year", "i8", "fen", "covered outpatient charges since January, toward the yearly deductible"),
    Column("inpatient_year", "i8", "fen", "covered inpatient charges since January, toward a yearly deductible"),
    Column("outpatient_fund", "i8", "fen", "paid by the fund for outpatient care since January, toward its ceiling"),
    Column("inpatient_fund", "i8", "fen", "paid by the fund for inpatient care since January, toward its ceiling"),
    Column("own_year", "i8", "fen", "own covered payments since January, toward catastrophic cover"),
    Column("last_discharge", "i8", "day", "day of the last discharge, counted from the first day of the run", -99999),
    Column("waiting", "i8", "code", "what the person waits for: 0 nothing, 1 a visit, 2 a bed"),
    Column("waiting_group", "i8", "code", "case group of the waiting episode", -1),
    Column("waiting_severity", "f8", "0 to 1", "severity of the waiting episode"),
    Column("waiting_day", "i8", "day", "day on which the waiting began, counted from the first day of the run"),
    Column("visited", "i8", "0 or 1", "was seen by a doctor last month"),
    Column("return_in", "i8", "months", "months until a stepped-down patient is back in hospital; 0: not to return"),
    Column("return_place", "i8", "row", "hospital that the patient returns to", -1),
    Column("return_group", "i8", "code", "case group of the returning patient", -1),
    Column("return_severity", "f8", "0 to 1", "severity on return"),
    Column("return_day", "i8", "day", "day of the return, counted from the first day of the run"),
    Column("moved_day", "i8", "day", "day on which the returning patient was stepped down"),
    Column("waiting_referred", "i8", "0 or 1", "what the person waits for was a referral"),
    Column("admissions_year", "i8", "number", "admissions since January"),
    Column("stay_deductible", "i8", "fen", "paid under deductibles of the last stay, toward a continuous one"),
    Column(
        "chronic_year", "i8", "fen", "covered charges of chronic outpatient care since January, where they are apart"
    ),
    Column("chronic_fund", "i8", "fen", "paid by the fund for them since January, toward their ceiling"),
    Column("policies", "i8", "bits", "supplementary cover held: 1 mutual plan, 2 commercial policy"),
    Column("net_year", "i8", "fen", "own covered payments since January after every supplementary payer"),
    Column("beyond_year", "i8", "fen", "own payments outside the catalogue since January after every such payer"),
    Column("layer_year", "i8", "fen", "paid since January by supplementary payer, outpatient and inpatient each", 0, 8),
    Column("enrolled", "i8", "0 or 1", "enrolled in the basic plan; who is not has no cover and pays no premium", 1),
)
"""What has happened to a person."""
