"""What is counted by facility."""

from simulator.core.maths import whole
from simulator.core.names import CENTRE, CONTROLLED, NONE
from simulator.declare.counts import Count, Counts
from simulator.declare.expressions import At, Called, Either, Given, Word
from simulator.declare.rows import bill, episode, family, home, new, person, seen
from simulator.illness.outcome import disability
from simulator.services import services

MONTHS = 12.0
SERIOUS_FROM = 0.3
"""Severity from which an episode is moderate or severe."""

primary = At("facilities", episode.seen, "tier") <= "centre"
needs_bed = episode.needs_bed == 1
hospital = bill.care == "inpatient"
lies = bill.care != "outpatient"
both = (episode.referral == 1) & (episode.moved_to == family.place[CENTRE]) & (episode.stage >= "moved")
referred = (episode.referred >= 0) & (episode.sent != "handed_over")
handed_over = episode.sent == "handed_over"
FROM = Either(episode.referred >= 0, episode.referred, episode.seen)
ASKED = Either(seen, episode.seen, family.place[CENTRE])
DELAY = Called(whole, At("facilities", episode.seen, "delay") * 1000.0)
WAIT = Called(whole, At("facilities", episode.seen, "wait") * 60.0)


ended = (episode.outcome != "none") & (episode.ends != "waits_for_visit") & (episode.ends != "waits_for_bed")
unwell = (episode.outcome != "none") & (episode.outcome != "well")
serious = episode.severity >= SERIOUS_FROM
untreated = Either(episode.needs_bed == 1, episode.admitted < 0, episode.seen < 0)
complication = (
    (episode.kind == "illness") & (At("groups", episode.group, "complication") == 1) & (person.hypertension > NONE)
)
controlled = person.hypertension == CONTROLLED
SICK = Called(whole, Called(disability, episode.severity, Given("par")) * (1e6 / MONTHS))


def stage(word: str) -> Word:
    """Whether the step down of an inpatient came so far."""
    return episode.stage >= word


EVENTS = Counts(
    "events",
    "facility",
    Count("first_contacts", "new episodes and prescriptions seen here first", episode.seen),
    Count("follow_ups", "follow-up visits", bill.facility, when=bill.purpose == "follow_up"),
    Count("sent_up", "patients whom the doctor wanted to send up", episode.seen, when=episode.sent == "doctor"),
    Count("asked_up", "further patients sent up because they asked", episode.seen, when=episode.sent == "patient"),
    Count("went_up", "of both, seen at a hospital", episode.seen, when=referred),
    Count("received_up", "referred patients seen here", episode.referred, when=seen & referred),
    Count("beds_needed", "admissions found needed here", FROM, when=needs_bed),
    Count("admissions", "admissions as billed", bill.facility, when=hospital),
    Count("fit", "inpatients fit to be stepped down", episode.admitted, when=stage("fit")),
    Count("offered", "of those, offered a step down", episode.admitted, when=stage("offered")),
    Count("accepted", "of those, accepted by a centre", episode.admitted, when=stage("accepted")),
    Count("consented", "of those, willing", episode.admitted, when=stage("consented")),
    Count("moved", "of those, stepped down", episode.admitted, when=stage("moved")),
    Count("taken_over", "stays continued here for a hospital", bill.facility, when=bill.care == "continued"),
    Count("returned", "stepped-down patients back here", episode.admitted, when=episode.kind == "returning"),
    Count("readmitted", "admissions within 15 days of a discharge", bill.facility, bill.readmitted, hospital),
    Count("waited_days", "days that admitted patients had waited", episode.admitted, episode.waited, unit="days"),
    Count("bed_days", "days in which a patient lay in a bed", bill.facility, bill.days - bill.idle, lies, "days"),
    Count(
        "bed_refused", "patients who accepted a bed and got none", ASKED,
        when=(episode.admitted < 0) & (episode.takes_bed == 1),
    ),
    Count(
        "slots_refused", "patients who asked for a visit and got none", family.place[episode.option],
        when=(episode.seen < 0) & new & (episode.option >= 0),
    ),
    Count("contacts", "standard follow-up contacts of managed patients"),
    Count("minutes_waited", "wait of first contacts", episode.seen, WAIT, unit="minutes"),
    Count("delayed", "days until the appointment of first contacts", episode.seen, DELAY, unit="thousandths"),
    Count("cured", "first contacts that helped", episode.seen, episode.cured),
    Count("rated", "first contacts here rated by the family", episode.seen),
    Count("rating", "sum of those ratings", episode.seen, episode.rating, unit="thousandths"),
    Count(
        "appropriate", "episodes seen here first whose chance of cure is much better at a hospital", episode.seen,
        when=new & (episode.appropriate == 1),
    ),
    Count(
        "needless_up", "of those who went up, patients whose chance of cure is not much better at a hospital",
        episode.seen, when=referred & (episode.appropriate == 0),
    ),
    Count("home_sought", "episodes of the people whose home this is that were seen anywhere", home, when=seen & new),
    Count("home_primary", "of those, first at primary", home, when=seen & new & primary),
    Count(
        "false_down", "steps down on record whose patient did not move", episode.admitted,
        when=episode.false_down == 1,
    ),
    Count(
        "repeated", "transferred patients whose tests were repeated here", bill.facility, when=bill.repeated > 0,
    ),
    Count("dear", "patients dear for their weight who wanted to be admitted here", episode.dear_at, when=needs_bed),
    Count("turned_away", "of those, refused for what they cost", episode.dear_at, episode.refused, needs_bed),
    Count(
        "return_chance", "chances of coming back of the patients stepped down to here, summed", episode.moved_to,
        episode.back, episode.admitted >= 0, "millionths",
    ),
    Count(
        "will_return", "patients stepped down to here who will be back in hospital within 90 days", episode.moved_to,
        when=(episode.admitted >= 0) & (episode.comes_back == 1),
    ),
    Count("sent_home", "of the moved, patients sent up before, now at their home centre", episode.admitted, when=both),
    Count("back_home", "of the stays taken over, patients sent up from this home", episode.moved_to, when=both),
    Count("ill", "illnesses over by the end of the month, or given up, of the people of this home", home, when=ended),
    Count("well", "of those, cured or gone by themselves", home, when=ended & (episode.outcome == "well")),
    Count("serious", "of all, moderate or severe", home, when=ended & serious),
    Count(
        "untreated", "of the moderate and severe, seen by nobody, or without the bed that was needed", home,
        when=ended & serious & untreated,
    ),
    Count("fatal", "illnesses of which somebody will die next month", home, when=episode.outcome == "fatal"),
    Count("years_unwell", "years of health lost by being unwell", home, SICK, unwell, "millionths"),
    Count("complications", "strokes, heart attacks, heart failure with hypertension", home, when=complication),
    Count("complications_controlled", "of those, with hypertension controlled", home, when=complication & controlled),
    Count("deaths", "people of this home who died"),
    Count("deaths_of_illness", "of those, of an illness that was not cured the month before"),
    Count("years_lost", "years that they had before them", unit="thousandths"),
    Count(
        "readmitted_30", "admissions within 30 days of a discharge, no second halves", bill.facility, bill.soon,
        hospital,
    ),
    Count("real_admissions", "admissions, none billed as two", episode.admitted),
    Count("sent_home_chance", "chances of being back within 30 days of who went home from here, summed",
          episode.admitted, episode.back, episode.moved_to < 0, "millionths"),
    Count("handed_over", "patients seen online who had to be examined at a place", episode.seen, when=handed_over),
    Count("taken_on", "of those, seen here", episode.referred, when=seen & handed_over),
    Count(
        "delivered", "prescriptions online whose medicines were brought to the family", episode.seen,
        At("facilities", episode.seen, "delivers"), (episode.kind == "prescription") & (episode.sent != "handed_over"),
    ),
    *services.events(),
    somewhere=False,
)  # fmt: skip
"""Events by facility, those of services last."""
