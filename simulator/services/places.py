"""Places of the month at which compiled passes let services act, and how their functions are written out there.

A further place is an entry here, a line in `engine/passes/services.py` and a call in the pass.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from simulator.core.jit import written_out
from simulator.declare.counts import Counts
from simulator.services.service import Found


class Place(NamedTuple):
    """A place at which functions of services are called, one after the other, by name."""

    name: str
    about: str
    gives: str
    """What a function gives there; empty: nothing, or the number of its event."""
    arguments: str
    """What each function is given."""
    each: str = "{call}"
    """What is done with one."""
    before: str = ""
    """What the pass hands over beside: the value that each changes."""
    end: str = ""
    """What the pass gets back."""
    counts: bool = False
    """Whether events may be counted: then the pass hands over their sums, and at which facility."""

    @property
    def parameters(self) -> str:
        """All that the pass hands over."""
        events = "events, f" if self.counts else ""
        return ", ".join(filter(None, (self.before, self.arguments, events)))


NEWBORN = Place("newborn", "a row of the table of persons becomes somebody else's", "", "person, rare")
MONTH = Place(
    "month",
    "a month of a person's life, before disease takes its course; rare is what few rules keep of the person",
    "",
    "person, rare, family, home, par, clock",
    counts=True,
)
REACH = Place(
    "reach",
    "who of the known patients is managed; felt is 1 within a year of a complication",
    "share of those not reached otherwise whom it brings to standard follow-up",
    "person, family, home, felt, par",
    "reach += (1.0 - reach) * {call}",
    before="reach",
    end="reach",
)
CONTACT = Place(
    "contact", "a standard follow-up contact of a managed patient", "", "person, family, home", counts=True
)  # fmt: skip
USUAL_SOURCE = Place(
    "usual_source",
    "choosing where to go",
    "whether the family goes to its own doctor first with what is not severe",
    "person",
    "known = known or {call}",
    before="known",
    end="known",
)
ADVICE = Place(
    "advice",
    "choosing where to go; felt is the severity that the patient takes it for, refill 1 where a prescription is needed",
    "utility that places of primary care gain by what somebody says or brings there",
    "person, family, home, felt, refill, par, clock",
    "usual += {call}",
    before="usual",
    end="usual",
)
INSTEAD = Place(
    "instead",
    "the family of who is newly ill has settled on where to go, or on staying home; felt as above",
    "whether it is seen to where the patient is, so that no visit is asked for; it writes whether that cured",
    "episode, person, home, felt, par, clock",
    "seen_to = seen_to or {call}",
    before="seen_to",
    end="seen_to",
)
BEFORE_REFERRAL = Place(
    "before_referral",
    "a primary doctor is about to send a patient up",
    "whether the patient is still to be sent",
    "episode, person, doctor, sending, force",
    "sent = sent and {call}",
    before="sent",
    end="sent",
)
DIAGNOSIS = Place(
    "diagnosis",
    "a doctor of primary care sees a new patient, before anything is decided; above is the hospital thought of first",
    "capability of the doctor for the patient; person is the number that keys draws",
    "able, episode, person, doctor, above, force",
    "able = {call}",
    end="able",
)
LINKED = Place(
    "linked",
    "a patient is sent, or would be, from one place to another that is not of the same alliance",
    "whether the two work together as members of an alliance do",
    "sender, receiver",
    "tied = tied or {call}",
    before="tied",
    end="tied",
)
SOONER = Place(
    "sooner",
    "who is sent up by a doctor of primary care waits for a slot, or then for a bed",
    "the part of the wait, and of those before in the queue, that is left",
    "person, severity, sender, hospital",
    "left *= {call}",
    before="left",
    end="left",
)
DECLINED = Place(
    "declined", "a centre that could have cared for a patient to be stepped down does not take the patient", "",
    "episode, receiver",
)  # fmt: skip
REPEATS = Place(
    "repeats",
    "tests of a patient whom a place has sent to another may be repeated",
    "the part of the chance that is left",
    "facility, sender, episode",
    "chance *= {call}",
    before="chance",
    end="chance",
)
HANDED_OVER = Place(
    "handed_over",
    "a hospital treats a patient whom a doctor has sent",
    "shift of the logit of cure",
    "facility, sender, par",
    "shift += {call}",
    before="shift",
    end="shift",
)
CONTINUOUS = Place(
    "continuous",
    "a stay goes on at a place whose rules of benefit would have it pay a deductible anew",
    "whether what was paid under deductibles earlier in the stay counts",
    "facility",
    "once = once or {call}",
    before="once",
    end="once",
)
EVERY = (
    NEWBORN, MONTH, REACH, CONTACT, USUAL_SOURCE, ADVICE, INSTEAD, DIAGNOSIS, BEFORE_REFERRAL, LINKED, SOONER, DECLINED,
    REPEATS, HANDED_OVER, CONTINUOUS,
)  # fmt: skip
PLACES = {place.name: place for place in EVERY}


def text_of(place: Place, services: Mapping[str, Found], events: Counts) -> str:
    """Source of the function in which the services act at a place: a line or two for each that does, and nothing for
    all others."""
    lines = [f"def {place.name}({place.parameters}):"]
    for name, found in services.items():
        if place.name not in found.does:
            continue
        does = [place.each.format(call=f"{name}({place.arguments})")]
        if counted := found.service.counted.get(place.name):
            numbers = (counted,) if isinstance(counted, str) else counted
            given = [f"n{k}" for k in range(len(numbers))]
            does = [f"{', '.join(given)} = {does[0]}"]
            does += [f"events[f, {events[number]}] += {each}" for number, each in zip(numbers, given, strict=True)]
        condition = found.service.when.get(place.name)
        indent = "        " if condition else "    "
        lines += [*([f"    if {condition}:"] if condition else []), *(indent + line for line in does)]
    return "\n".join([*lines, f"    return {place.end}"]) + "\n"


def dispatch(place: Place, services: Mapping[str, Found], events: Counts, whose: Mapping[str, str]) -> Callable:
    """That function, compiled; ``whose`` are the globals of the module that it belongs to.

    Machine code has no loop over functions, so it is spelled as code (`core.jit.written_out`).
    """
    called = {name: found.does[place.name] for name, found in services.items() if place.name in found.does}
    return written_out(place.name, text_of(place, services, events), called, whose["__name__"], whose["__file__"])
