"""What a visit at a place is worth to a patient who has been seen elsewhere, and how it is asked for there."""

import numpy as np

from simulator.alliance.channels import behind, eases
from simulator.choice.place import cure, perceived, utility
from simulator.choice.trust import trust_of
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.names import OUTPATIENT
from simulator.engine.passes.price import expected_price, outpatient_charge
from simulator.engine.passes.services import linked, sooner
from simulator.illness.severity import urgency_of
from simulator.practice.capability import reputed
from simulator.referral.contention import order_of


@compiled
def within(doctor, place):
    """Whether both belong to one alliance."""
    return doctor.alliance >= 0 and doctor.alliance == place.alliance


@compiled
def together(doctor, place):
    """Whether both belong to one alliance, or work together as its members do."""
    return linked(within(doctor, place), doctor, place)


@compiled
def ask_there(persons, e, place, u, force):
    """Ask for a slot for episode ``e`` at facility row ``place``, in an order that the draw ``u``, the alliance and
    services decide."""
    here, there = force.facilities[e.seen], force.facilities[place]
    e.ask_place = place
    e.ask = there.slot_pool
    e.amount = 1
    left = behind(force.par) if together(here, there) else 1.0
    e.key = order_of(urgency_of(e.severity), u * sooner(left, persons[e.person], e.severity, here, there))


@compiled
def worth_there(family, person, f, e, yuan, force):
    """Utility of a visit at facility row ``f`` for so many yuan, to a patient who knows by now how bad it is, with what
    an alliance with the doctor seen spares."""
    par, place, trust = force.par, force.facilities[f], trust_of(family, force.par)
    able = perceived(reputed(place, person.age, par), place.tier, trust, place.informed, par)
    chance = cure(able, e.severity, par)
    habit = family.habit[min(place.tier, 3)]
    here = force.facilities[e.seen]
    wait = place.wait * sooner(1.0, person, e.severity, here, place)
    eased = eases(wait, par) if together(here, place) else 0.0
    return eased + utility(family, place.tier, chance, yuan, np.float64(family.minutes[place.tier]),
                           wait, habit, trust, par)  # fmt: skip


@compiled
def price_there(family, person, f, e, referred, income, force):
    """What a visit at facility row ``f`` is expected to cost a patient who is sent there with a letter (``referred`` 1)
    or without, yuan."""
    place, group = force.facilities[f], force.groups[e.group]
    charge = whole(outpatient_charge(place, group, e.severity, force.par))
    return expected_price(family, person, f, OUTPATIENT, e.group, referred, charge, income, force)
