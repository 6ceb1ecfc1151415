"""What the month's pass counts beside the books: events by facility, by plan, and by income."""

FACILITY_EVENTS = (
    "first_contacts",  # new episodes and prescriptions seen here first
    "follow_ups",  # follow-up visits
    "sent_up",  # patients whom the doctor wanted to send up
    "went_up",  # of those, seen at a hospital
    "received_up",  # referred patients seen here
    "beds_needed",  # admissions found needed here
    "admissions",
    "fit",  # inpatients fit to be stepped down
    "offered",
    "accepted",
    "consented",
    "moved",
    "taken_over",  # stays continued here for a hospital
    "returned",  # stepped-down patients back here
    "readmitted",  # admissions within 15 days of a discharge
    "waited_days",  # days that admitted patients had waited
    "bed_days",
    "bed_refused",
    "slots_refused",
    "contacts",  # standard follow-up contacts of managed patients
    "minutes_waited",  # wait of first contacts, minutes
    "cured",  # first contacts that helped
    "consulted",  # remote consultations asked by the doctors here
    "read",  # remote consultations answered here
    "rated",  # first contacts here rated by the family
    "rating",  # sum of those ratings, thousandths
    "appropriate",  # episodes seen here first whose chance of cure is much better at a hospital
    "home_sought",  # episodes of the people whose home this is that were seen anywhere
    "home_primary",  # of those, first at primary
    "false_down",  # steps down on record whose patient did not move
    "repeated",  # transferred patients whose tests were repeated here
    "dear",  # patients dear for their weight who wanted to be admitted here
    "turned_away",  # of those, refused for what they cost
    "return_chance",  # chances of coming back of the patients stepped down to here, summed, millionths
    "both_ways",  # of the stays moved, those of patients sent up before and now back at their home centre; counted at
    # the hospital and at the centre
)
"""Events by facility, in order."""
(
    FIRST_CONTACTS, FOLLOW_UPS, SENT_UP, WENT_UP, RECEIVED_UP, BEDS_NEEDED, ADMISSIONS, EV_FIT, EV_OFFERED, EV_ACCEPTED,
    EV_CONSENTED, EV_MOVED, TAKEN_OVER, RETURNED, READMITTED, WAITED_DAYS, BED_DAYS, BED_REFUSED, SLOTS_REFUSED,
    CONTACTS, MINUTES_WAITED, CURED, CONSULTED, READ, EV_RATED, EV_RATING, APPROPRIATE, HOME_SOUGHT, HOME_PRIMARY,
    EV_FALSE, REPEATED, DEAR, TURNED_AWAY, RETURN_CHANCE, BOTH_WAYS,
) = range(len(FACILITY_EVENTS))  # fmt: skip

PLAN_EVENTS = (
    "sought",  # episodes that sought care and were seen
    "sought_primary",  # of those, first at primary
    "serious",  # severe or moderate episodes
    "serious_forgone",  # of those, untreated
    "appropriate_up",  # episodes seen at primary whose chance of cure is much better at a hospital
    "bed_needed",
    "bed_forgone",  # needed admissions that did not happen
    "chronic_admissions",  # admissions of people with a diagnosed chronic disease
    "visits",
    "area_visits",  # of those, in the county or city of the home
    "admitted",
    "area_admitted",
    "fund",  # the fund's part of bills as the benefit table has it, fen
    "area_fund",
    "rated",  # visits rated by the family
    "rating",  # sum of ratings, thousandths
    "satisfied",  # visits rated satisfactory or better
    "own_up",  # referred up and seen
    "own_fit",  # inpatients fit to be stepped down
    "own_moved",  # stepped down
    "own_false",  # on record as stepped down, and not moved
)
"""Events by plan and home alliance of the patient, in order."""
(
    SOUGHT, SOUGHT_PRIMARY, SERIOUS, SERIOUS_FORGONE, APPROPRIATE_UP, BED_NEEDED, BED_FORGONE, CHRONIC_ADMISSIONS,
    VISITS, AREA_VISITS, ADMITTED, AREA_ADMITTED, FUND, AREA_FUND, RATED, RATING, SATISFIED, OWN_UP, OWN_FIT, OWN_MOVED,
    OWN_FALSE,
) = range(len(PLAN_EVENTS))  # fmt: skip

INCOME_EVENTS = ("visits", "paid")
"""Sums by bin of family income: visits; paid by families, fen."""
IN_VISITS, IN_PAID = range(len(INCOME_EVENTS))
