"""Where services act in compiled passes: one function a place, written out at import from the files of services."""

from simulator.count.events import EVENTS
from simulator.services import places
from simulator.services.services import SERVICES

newborn = places.dispatch(places.NEWBORN, SERVICES, EVENTS, globals())
"""(person, rare): a row of the table of persons becomes somebody else's."""
month = places.dispatch(places.MONTH, SERVICES, EVENTS, globals())
"""(person, rare, family, home, par, clock, events, f): a month of a person's life; ``f`` is the row of ``home``."""
reach = places.dispatch(places.REACH, SERVICES, EVENTS, globals())
"""(reach, person, family, home, felt, par): chance that a known patient is managed."""
contact = places.dispatch(places.CONTACT, SERVICES, EVENTS, globals())
"""(person, family, home, events, f): a standard follow-up contact."""
usual_source = places.dispatch(places.USUAL_SOURCE, SERVICES, EVENTS, globals())
"""(known, person): whether the family goes to its own doctor first."""
advice = places.dispatch(places.ADVICE, SERVICES, EVENTS, globals())
"""(usual, person, family, home, felt, refill, par, clock): utility of primary care beside what it is to everybody."""
instead = places.dispatch(places.INSTEAD, SERVICES, EVENTS, globals())
"""(seen_to, episode, person, home, felt, par, clock): whether an illness is seen to where the patient is."""
before_referral = places.dispatch(places.BEFORE_REFERRAL, SERVICES, EVENTS, globals())
"""(sent, episode, person, doctor, sending, force): whether a patient about to be sent up still is."""
diagnosis = places.dispatch(places.DIAGNOSIS, SERVICES, EVENTS, globals())
"""(able, episode, person, doctor, above, force): capability of a doctor of primary care for a new patient."""
linked = places.dispatch(places.LINKED, SERVICES, EVENTS, globals())
"""(tied, sender, receiver): whether two places work together as members of an alliance do."""
sooner = places.dispatch(places.SOONER, SERVICES, EVENTS, globals())
"""(left, person, severity, sender, hospital): part of the wait and of the queue that is left to who is sent up."""
declined = places.dispatch(places.DECLINED, SERVICES, EVENTS, globals())
"""(episode, receiver): a centre that could have cared for a patient does not take the patient."""
repeats = places.dispatch(places.REPEATS, SERVICES, EVENTS, globals())
"""(chance, facility, sender, episode): chance that tests of a transferred patient are repeated."""
handed_over = places.dispatch(places.HANDED_OVER, SERVICES, EVENTS, globals())
"""(shift, facility, sender, par): shift of the logit of cure of a patient whom a doctor has sent."""
continuous = places.dispatch(places.CONTINUOUS, SERVICES, EVENTS, globals())
"""(once, facility): whether deductibles paid earlier in a stay count."""
