"""Columns of a facility: what it is, what it can do, how it behaves now. Conduct is chosen monthly by `practice`."""

from simulator.core.names import TIERS
from simulator.core.table import Column, Columns

FACILITIES = Columns(
    "facilities",
    # what it is (fixed by the network)
    Column("tier", "i8", "code", "tier", codes=TIERS),
    Column("kind", "i8", "code", "0 general, 1 maternal and child, 2 private, 3 school, 4 workplace, 5 internet"),
    Column("urban", "i8", "0 or 1", "lies in the city or a county town"),
    Column("area", "i8", "code", "county or city it lies in"),
    Column("centre", "i8", "row", "for a station: its centre; for a centre: itself; else -1", -1),
    Column("up_secondary", "i8", "row", "hospital of the secondary tier that it refers up to, -1 for none", -1),
    Column("up_tertiary", "i8", "row", "hospital of the tertiary tier that it refers up to, -1 for none", -1),
    Column("next_centre", "i8", "row", "centre that is asked when the patient's own has no bed, -1 for none", -1),
    Column("slot_pool", "i8", "row", "facility that holds the clinic slots it draws on (stations of a centre share)"),
    Column("people", "i8", "persons", "sampled persons who have it among their options"),
    Column("alliance", "i8", "code", "alliance it is a member of, in order; -1 for none", -1),
    Column("shared_drugs", "i8", "0 or 1", "its drug list is that of its alliance"),
    Column("away", "i8", "bits", "plans, by code, outside whose pooling area it lies"),
    Column("points", "i8", "fen", "health points that a contact of a managed patient earns the family"),
    # what it can do, in units of the sample
    Column("slots", "i8", "visits/month", "clinic slots of the pool, held by the pool's first facility"),
    Column("bed_days", "i8", "days/month", "bed-days that can be filled"),
    Column("capability", "f8", "0 to 1", "severity at which the chance of cure is one half"),
    Column("capability_goal", "f8", "0 to 1", "capability that shared staff brings it to, slowly"),
    Column("altruism", "f8", "factor", "permanent weight on the patient's benefit against that of the usual place", 1),
    Column("base_wait", "f8", "hours", "wait when the clinic is empty"),
    Column("doctors", "f8", "doctors", "doctors, in units of the sample"),
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
    # terms of trade this month
    Column("outpatient_level", "f8", "factor", "outpatient charge against the list of a centre, conduct included", 1),
    Column("inpatient_level", "f8", "fen", "charge of a case of relative weight one, conduct included"),
    Column("outlier_high", "f8", "fen", "charge per unit of relative weight above which a stay is an outlier", 1e15),
    Column("outlier_low", "f8", "fen", "charge per unit of relative weight below which a stay is an outlier", 0),
    # what it experienced
    Column("wait", "f8", "hours", "wait that families expect this month"),
    Column("clinic_use", "f8", "share", "demand for slots over slots, smoothed over months", 0.8),
    Column("bed_use", "f8", "share", "bed-days filled over bed-days, smoothed over months", 0.8),
    Column("follow_ups", "f8", "visits/month", "follow-up visits, smoothed over months; they take slots"),
    Column("income", "f8", "fen/month", "margin (income less costs before bonus), smoothed over months"),
    Column("income_before", "f8", "fen/month", "margin at the end of the burn-in: what it is used to"),
    Column("income_worth", "f8", "factor", "marginal utility of income against that of the burn-in", 1),
    # conduct: facility
    Column("intensity_out", "f8", "factor", "outpatient services by part against the patient's optimum", 1, 3),
    Column("intensity_in", "f8", "factor", "inpatient services by part against the patient's optimum", 1, 3),
    Column("stay", "f8", "factor", "length of stay against the usual one", 1),
    Column("admit", "f8", "severity", "shift of the threshold for admission; positive admits more", 0),
    Column("upcode", "f8", "share", "cases coded one level too high", 0.05),
    Column("send", "f8", "share", "stable patients offered a step down", 0.2),
    Column("accept", "f8", "share", "offered patients accepted", 0.4),
    Column("steer", "f8", "utility", "how strongly patients are kept with the alliance's own beds", 0),
    # conduct: what is false in the books, who is refused, what is repeated or shifted
    Column("split", "f8", "share", "long stays billed as two admissions", 0),
    Column("idle", "f8", "share", "days billed without a patient in the bed, on top of the days of stays", 0),
    Column("select", "f8", "share", "patients dear for their weight who are refused a bed", 0),
    Column("false_down", "f8", "share", "stable patients who stay and are recorded as stepped down", 0),
    Column("retest", "f8", "share", "transferred patients whose tests are repeated, were none recognised", 0),
    Column("shifted", "f8", "share", "outpatient, inpatient charges moved outside the catalogue", 0, 2),
    Column("covered_before", "f8", "yuan/yuan", "what a covered outpatient, inpatient yuan earned: used to", 0, 2),
    Column("recognition", "f8", "share", "transfers whose tests are recognised here", 0),
    # conduct: family doctor
    Column("follow", "f8", "factor", "follow-up visits asked for, against the usual number", 1),
    Column("keep", "f8", "yuan/yuan", "believed margin on an outpatient yuan, lost when a patient is sent up", 0.2),
    Column("refer", "f8", "yuan", "believed gain from sending a patient up, besides the margin lost", 0),
    Column("manage", "f8", "share", "diagnosed patients under standard follow-up", 0.4),
    # contracts, outreach, remote consultation: what is offered, and conduct
    Column("contract", "i8", "0 or 1", "offers contracts with its family doctors"),
    Column("sign_fee", "f8", "yuan/year", "what a signed person pays for the contract"),
    Column("recruit", "f8", "share", "effort to sign people"),
    Column("serve", "f8", "share", "signed people really served"),
    Column("below", "f8", "doctors", "doctors of the centres that refer up to it, in units of the sample"),
    Column("outreach", "f8", "hours/month", "specialists' hours at the centres below it, in units of the sample"),
    Column("specialists", "f8", "0 to 1", "how far families see specialists of a hospital there"),
    Column("consult", "f8", "share", "of cases fit to be sent up, those for which a hospital is first asked remotely"),
    Column("read", "f8", "share", "of such requests, those that it answers"),
    # its doctors' pay
    Column("pass_through", "f8", "share", "share of the margin that reaches the doctors", 0.3),
    # how it became what it can do
    Column("usual_volume", "f8", "patients and days", "seen, and stayed, in the last full year before reporting"),
    Column("experience", "f8", "0 to 1", "capability gained or lost by practice since then"),
    Column("fame", "f8", "0 to 1", "how much more capable than it is a hospital seems for its many patients"),
    Column("training", "f8", "yuan/doctor", "stock of spending on training, less what left with people"),
    Column("equipment", "f8", "yuan/doctor", "stock of spending on equipment beyond upkeep, less wear"),
    Column("paediatric", "i8", "0 or 1", "somebody is certified to treat children", 1),
    Column("compact", "i8", "bits", "has signed the compact of the mutual plan (1), works with the insurer (2)"),
)
