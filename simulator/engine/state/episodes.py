"""An episode of care: one row per illness, prescription or return of the month. Families write what they intend,
contention writes what they got, and everything that follows reads it."""

from simulator.core.table import Column, Columns
from simulator.referral.contention import REQUESTS

ILLNESS, REFILL, RETURNING, WAITED_VISIT, WAITED_BED = range(5)
"""Kinds of episode: a new illness; a prescription due; a stepped-down patient back; one that waited for a visit or a
bed."""

VISITS = (ILLNESS, REFILL, WAITED_VISIT)
"""Kinds for which a family asks for a visit; the others go straight to a bed."""

PER_PERSON = 6
"""Most episodes of a person in a month: three illnesses, one prescription, one return, one that waited."""

SETTLED, WAITS_VISIT, WAITS_BED, FORGONE = range(4)
"""How an episode leaves the month."""

EPISODES = Columns(
    "episodes",
    Column("family", "i4", "row", "family"),
    Column("person", "i4", "row", "member that it happens to"),
    Column("number", "i1", "number", "number of the episode within the person and month; keys its draws"),
    Column("kind", "i1", "code", "0 illness, 1 prescription, 2 returning, 3 waited for a visit, 4 waited for a bed"),
    Column("group", "i4", "code", "case group"),
    Column("severity", "f8", "0 to 1", "severity"),
    Column("day", "i4", "day", "day of the month, from 0"),
    *REQUESTS,
    Column("option", "i1", "option", "place that the family wants to go to, -1 to stay home", -1),
    Column("seen", "i4", "row", "facility that saw the patient, -1 for none", -1),
    Column("cured", "i1", "0 or 1", "the visit helped"),
    Column("sent", "i1", "0 or 1", "the doctor sent the patient up"),
    Column("referred", "i4", "row", "hospital that saw the referred patient, -1 for none", -1),
    Column("referral", "i1", "0 or 1", "an admission would be billed as referred"),
    Column("dear_at", "i4", "row", "facility first asked for a bed by a patient dear for the weight, -1 for none", -1),
    Column("refused", "i1", "0 or 1", "it refused, because of what the patient costs"),
    Column("needs_bed", "i1", "0 or 1", "an admission is needed"),
    Column("takes_bed", "i1", "0 or 1", "the family accepts the admission"),
    Column("admitted", "i4", "row", "facility that admitted, -1 for none", -1),
    Column("days", "i4", "days", "length of stay where admitted"),
    Column("stage", "i1", "code", "step down: 0 not fit, 1 fit, 2 offered, 3 accepted, 4 consented, 5 moved"),
    Column("moved_to", "i4", "row", "facility that took over the rest of the stay, -1 for none", -1),
    Column("tail", "i4", "days", "days of the stay that remain there"),
    Column("consulted", "i4", "row", "hospital that the doctor asked remotely, -1 for none", -1),
    Column("read", "i1", "0 or 1", "it answered"),
    Column("ends", "i1", "code", "0 settled, 1 waits for a visit, 2 waits for a bed, 3 forgone"),
)
