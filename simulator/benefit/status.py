"""Status of a bill: what beside plan, setting and tier decides what the family pays of it.

A status is a sum of bits. The words are those of `adjustments` in a scenario; each asks one bit to be set or clear.
"""

from simulator.benefit.rules.chronic_outpatient import chronic
from simulator.benefit.rules.cross_region import unfiled
from simulator.core.draws import FILING, lasting
from simulator.core.jit import compiled
from simulator.population.working_life import retired

SIGNED, REFERRED, POOR, AWAY, UNFILED, CHRONIC, RETIRED = 1, 2, 4, 8, 16, 32, 64
STATUSES = 128
"""Number of statuses."""

WHEN = {
    "signed": (SIGNED, SIGNED),
    "unsigned": (SIGNED, 0),
    "referred": (REFERRED, REFERRED),
    "direct": (REFERRED, 0),
    "poor": (POOR, POOR),
    "away": (AWAY, AWAY),
    "home": (AWAY, 0),
    "filed": (AWAY | UNFILED, AWAY),
    "unfiled": (AWAY | UNFILED, AWAY | UNFILED),
    "chronic": (CHRONIC, CHRONIC),
    "retired": (RETIRED, RETIRED),
    "working_age": (RETIRED, 0),
}
"""Word -> (bits that it asks about, what they must be). signed: has a contract with the family doctor (签约); referred:
sent up by a doctor, or stepped down or back within one stay (转诊), direct: anything else; poor: entitled to medical
aid; away: outside the pooling area of the plan (异地), filed and unfiled: with or without having told the bureau first
(备案); chronic: care of a diagnosed chronic disease (慢特病); retired: of an age at which employees retire (退休人员),
working_age: younger, children too."""


@compiled
def away(facility, plan):
    """Whether the facility lies outside the pooling area of the plan (a code)."""
    return (facility.away >> plan) & 1


@compiled
def status_of(family, person, facility, group, referred, filed, read, clock):
    """Status of a bill, of which only the bits ``read`` are told.

    ``referred`` is 0 or 1; ``filed`` (0 to 1) the share of people who tell the bureau before they are treated away, a
    habit that each keeps for life.
    """
    if read == 0:
        return 0
    status = 0
    if person.signed == 1:
        status |= SIGNED
    if referred == 1:
        status |= REFERRED
    if family.poor == 1:
        status |= POOR
    if read & AWAY and away(facility, person.plan) == 1:
        status |= AWAY
        if unfiled(lasting(clock, person.id, FILING), filed) == 1:
            status |= UNFILED
    if read & CHRONIC and chronic(group.treats, person.hypertension, person.diabetes) == 1:
        status |= CHRONIC
    if read & RETIRED and retired(person, clock):
        status |= RETIRED
    return status & read
