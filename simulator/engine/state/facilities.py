"""Columns of a facility: what it is, what it can do, how it behaves now. Conduct is chosen monthly by `practice`."""

from simulator.alliance import channels
from simulator.core.table import Column, Columns
from simulator.practice import acts, quality
from simulator.referral.facilities import PLACES
from simulator.services import services

FACILITIES = Columns(
    "facilities",
    # what it is: the network's
    *PLACES.columns,
    Column("people", "i8", "persons", "sampled persons who have it among their options"),
    Column("alliance", "i8", "code", "alliance it is a member of, in order; -1 for none", -1),
    Column("lead", "i8", "row", "facility that leads its alliance, -1 for none", -1),
    Column("away", "i8", "bits", "plans, by code, outside whose pooling area it lies"),
    # what it can do, in units of the sample
    Column(
        "slots",
        "i8",
        "visits/month",
        "clinic slots of the pool at usual hours and pace, held by the pool's first facility",
    ),
    Column("bed_days", "i8", "days/month", "days of approved beds"),
    Column("capability", "f8", "0 to 1", "severity at which the chance of cure is one half"),
    Column("capability_goal", "f8", "0 to 1", "capability that it began with, to which it goes back slowly"),
    Column("known", "f8", "0 to 1", "capability that people think it has, fame apart; it follows what it can"),
    Column("added", "f8", "0 to 1", "of its capability, what programmes have added"),
    Column("altruism", "f8", "factor", "permanent weight on the patient's benefit against that of the usual place", 1),
    Column(
        "money_weight",
        "f8",
        "factor",
        "weight of a yuan of its margin against the usual place, by who owns it",
        1,
    ),
    Column("patient_weight", "f8", "factor", "weight of the patient's benefit against the usual place, likewise", 1),
    Column("base_wait", "f8", "hours", "wait when the clinic is empty"),
    Column("visit_minutes", "f8", "minutes", "time of a visit at the usual pace"),
    Column("doctors", "f8", "doctors", "doctors, in units of the sample"),
    Column("hired", "f8", "doctors", "of these, those whom the money of a programme pays"),
    Column("own_slots", "i8", "visits/month", "clinic slots of the pool that it began with"),
    Column("own_bed_days", "i8", "days/month", "days of approved beds that it began with"),
    Column("own_doctors", "f8", "doctors", "doctors that it began with"),
    Column("outpatient_price", "f8", "factor", "listed prices of outpatient care against those of a centre", 1),
    Column("inpatient_price", "f8", "fen", "list price of a case of relative weight one"),
    Column("usual_stay", "f8", "factor", "usual length of stay against a secondary hospital", 1),
    Column("outpatient_parts", "f8", "share", "drugs, tests, labour in a usual outpatient bill", 0, 3),
    Column("inpatient_parts", "f8", "share", "drugs, tests, labour in a usual inpatient bill", 0, 3),
    Column("outside", "f8", "share", "of charges usually outside the catalogue", 0),
    Column("cost", "f8", "yuan/yuan", "resource cost of a listed yuan of drugs, tests, labour", 1, 3),
    Column(
        "marginal_cost", "f8", "yuan/yuan", "what one more listed yuan of drugs, tests, labour costs the provider", 1, 3
    ),
    Column("days_begun", "i8", "days", "of this month's bed-days, those of stays that were begun in the month before"),
    # terms of trade this month
    Column("outpatient_level", "f8", "factor", "outpatient charge against the list of a centre, conduct included", 1),
    Column("inpatient_level", "f8", "fen", "charge of a case of relative weight one, conduct included"),
    Column("outlier_high", "f8", "fen", "charge per unit of relative weight above which a stay is an outlier", 1e15),
    Column("outlier_low", "f8", "fen", "charge per unit of relative weight below which a stay is an outlier", 0),
    # what it experienced
    Column("wait", "f8", "hours", "wait that families expect this month, days of delay included as they are felt"),
    Column("delay", "f8", "days", "days until an appointment that families expect this month"),
    Column("clinic_use", "f8", "share", "demand for slots over slots, smoothed over months", 0.6),
    Column("bed_use", "f8", "share", "bed-days filled over bed-days, smoothed over months", 0.8),
    Column("follow_ups", "f8", "visits/month", "follow-up visits, smoothed over months; they take slots"),
    Column("income", "f8", "fen/month", "margin (income less costs before bonus), smoothed over months"),
    Column(
        "income_before",
        "f8",
        "fen/month",
        "margin that it is used to: at the end of the burn-in, then slowly what it earns",
    ),
    Column("income_worth", "f8", "factor", "marginal utility of income against that of the burn-in", 1),
    # services: what each adds, and what they change
    *services.columns("facilities"),
    Column("below", "f8", "doctors", "doctors of the centres that refer up to it, in units of the sample"),
    # channels of alliances: what each adds, and what they change
    *channels.columns(),
    Column("specialists", "f8", "0 to 1", "how far families see specialists of a hospital there"),
    Column("informed", "f8", "0 to 1", "of what families underrate primary care by, what they have come to see there"),
    # its doctors' pay
    Column("pass_through", "f8", "share", "share of the margin that reaches the doctors", 0.3),
    # how it became what it can do
    Column("usual_volume", "f8", "patients and days", "seen, and stayed, in the last full year before reporting"),
    Column("experience", "f8", "0 to 1", "capability gained or lost by practice since then"),
    Column("fame", "f8", "0 to 1", "how much more capable than it is a hospital seems for its many patients"),
    Column("training", "f8", "yuan/doctor", "stock of spending on training, less what left with people"),
    Column("equipment", "f8", "yuan/doctor", "stock of spending on equipment beyond upkeep, less wear"),
    # what margins buy, and who goes where pay has grown
    Column("built_beds", "f8", "share", "beds built from its margin less those closed, of those that it began with", 0),
    Column("invests", "i8", "fen/month", "what it spends on equipment from its margin"),
    Column("invests_beds", "i8", "fen/month", "what it spends on beds from its margin"),
    Column("pay", "f8", "fen/doctor and month", "what a doctor earns there, smoothed over months"),
    Column("pay_before", "f8", "fen/doctor and month", "the same at the end of the burn-in"),
    Column("leaving", "f8", "share", "of its own doctors, those who have left for the top hospitals", 0),
    Column("drawn", "f8", "0 to 1", "capability that left with the best of them", 0),
    Column("came", "f8", "doctors", "doctors who have come from below", 0),
    Column("paediatric", "i8", "0 or 1", "somebody is certified to treat children", 1),
    Column("compact", "i8", "bits", "has signed the compact of the mutual plan (1), works with the insurer (2)"),
    # conduct: what its acts make of it
    *acts.columns(),
    *quality.COLUMNS,
)
