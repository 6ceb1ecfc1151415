"""Where services act in compiled passes: one function a place, written out at import from the files of services."""

from simulator.count.events import EVENTS
from simulator.services import places
from simulator.services.services import SERVICES

newborn = places.dispatch(places.NEWBORN, SERVICES, EVENTS, globals())
"""(person): a row of the table of persons becomes somebody else's."""
month = places.dispatch(places.MONTH, SERVICES, EVENTS, globals())
"""(person, family, home, par, clock, events, f): a month of a person's life; ``f`` is the row of ``home``."""
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
repeats = places.dispatch(places.REPEATS, SERVICES, EVENTS, globals())
"""(chance, facility): chance that tests of a transferred patient are repeated."""
