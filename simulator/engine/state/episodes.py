"""An episode of care: one row per illness, prescription or return of the month. Families write what they intend,
contention writes what they got, and everything that follows reads it."""

from simulator.core.jit import compiled
from simulator.core.table import Column, Columns
from simulator.referral.contention import REQUESTS
from simulator.referral.down import STAGES
from simulator.services import services

KINDS = ("illness", "prescription", "returning", "waited_for_visit", "waited_for_bed", "readmitted")
"""Kinds of episode: a new illness; a prescription due; a stepped-down patient back; one that waited, or was seen and is
still unwell; a patient back who had gone home."""
ILLNESS, REFILL, RETURNING, WAITED_VISIT, WAITED_BED, READMITTED = range(len(KINDS))

VISITS = (ILLNESS, REFILL, WAITED_VISIT)
"""Kinds for which a family asks for a visit; the others go straight to a bed."""

PER_PERSON = 6
"""Most episodes of a person in a month: three illnesses, one prescription, one return, one that waited."""

WISHES = ("nobody", "doctor", "patient", "handed_over")
"""At whose wish a patient is sent up: nobody's, the doctor's own, or the patient's, whom the doctor would have kept; or
that an internet hospital handed the patient over to a place, which is no referral."""
_, BY_DOCTOR, BY_PATIENT, HANDED_OVER = range(len(WISHES))

ENDS = ("settled", "waits_for_visit", "waits_for_bed", "forgone")
"""How an episode leaves the month."""
SETTLED, WAITS_VISIT, WAITS_BED, FORGONE = range(len(ENDS))

OUTCOMES = ("none", "well", "unwell", "fatal")
"""What became of the patient by the end of the month: nothing, where nobody was ill; to die of it comes next month."""
_, WELL, UNWELL, FATAL = range(len(OUTCOMES))

EPISODES = Columns(
    "episodes",
    Column("family", "i4", "row", "family"),
    Column("person", "i4", "row", "member that it happens to"),
    Column("number", "i1", "number", "number of the episode within the person and month; keys its draws"),
    Column("kind", "i1", "code", "what brings the patient", codes=KINDS),
    Column("group", "i4", "code", "case group"),
    Column("severity", "f8", "0 to 1", "severity"),
    Column("day", "i4", "day", "day of the month, from 0"),
    *REQUESTS,
    Column("option", "i1", "option", "place that the family wants to go to, -1 to stay home", -1),
    Column("seen", "i4", "row", "facility that saw the patient, -1 for none", -1),
    Column("cured", "i1", "0 or 1", "the visit helped"),
    Column("sent", "i1", "code", "at whose wish the patient was sent up", codes=WISHES),
    Column("referred", "i4", "row", "place that saw the patient referred or handed over, -1 for none", -1),
    Column("referral", "i1", "0 or 1", "an admission would be billed as referred"),
    Column("outcome", "i1", "code", "what became of the patient", codes=OUTCOMES),
    Column("dear_at", "i4", "row", "facility first asked for a bed by a patient dear for the weight, -1 for none", -1),
    Column("refused", "i1", "0 or 1", "it refused, because of what the patient costs"),
    Column("needs_bed", "i1", "0 or 1", "an admission is needed"),
    Column("takes_bed", "i1", "0 or 1", "the family accepts the admission"),
    Column("admitted", "i4", "row", "facility that admitted, -1 for none", -1),
    Column("days", "i4", "days", "length of stay where admitted"),
    Column("stage", "i1", "code", "how far a step down came", codes=STAGES),
    Column("ends", "i1", "code", "how it leaves the month", codes=ENDS),
    Column("false_down", "i1", "0 or 1", "stepped down on record only"),
    Column(
        "comes_back", "i1", "0 or 1", "to be back in hospital, within 90 days of being stepped down or 30 of going home"
    ),
    Column("moved_to", "i4", "row", "facility that took over the rest of the stay, -1 for none", -1),
    Column("tail", "i4", "days", "days of the stay that remain there"),
    *services.columns("episodes"),
    # what receiving care came to; written in the phase of pay
    Column("rating", "i2", "thousandths", "the family's rating of the first visit"),
    Column("satisfied", "i1", "0 or 1", "rated satisfactory or better"),
    Column("appropriate", "i1", "0 or 1", "seen at primary, and the chance of cure is much better at a hospital"),
    Column("waited", "i4", "days", "waited for the bed"),
    Column("back", "i4", "millionths", "chance of that"),
)
"""128 bytes a row: a wider one straddles cache lines, and contention takes a fifth longer. So flags stand where the row
has room for them."""


@compiled
def is_back(e):
    """Whether the patient was in hospital before, and is back."""
    return e.kind == RETURNING or e.kind == READMITTED


@compiled
def for_a_bed(e):
    """Whether the patient goes straight to a bed."""
    return is_back(e) or e.kind == WAITED_BED


@compiled
def was_referred(e):
    """Whether the patient was sent up by a doctor, and seen there."""
    return e.referred >= 0 and e.sent != HANDED_OVER


@compiled
def quiet(e):
    """Clear what an episode asked for in the stage before."""
    e.ask = -1
    e.ask_place = -1
    e.amount = 0
    e.second = -1
    e.second_place = -1
    e.second_amount = 0
    e.got = -1
