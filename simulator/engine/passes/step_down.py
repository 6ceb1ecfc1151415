"""Phase 7, last stage: stable patients are offered a step down, a centre accepts or refuses, the family consents."""

from simulator.alliance.channels import consents
from simulator.choice.trust import trust_of
from simulator.core.draws import STEP_DOWN, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.names import CENTRE
from simulator.engine.passes.services import declined, linked
from simulator.engine.state.episodes import is_back
from simulator.referral.contention import order_of
from simulator.referral.down import (
    ACCEPTED,
    CONSENTED,
    FIT,
    MOVED,
    OFFERED,
    attended,
    chance_capable,
    chance_consent,
)


@compiled
def offer(families, persons, facilities, pars, clocks, rows, low, high):
    """Each stage is asked only of who passed the one before; who consents asks for a bed at the centre."""
    par = pars[0]
    clock = clocks[0]
    for r in range(low, high):
        e = rows[r]
        if e.admitted < 0 or is_back(e):
            continue
        hospital = facilities[e.admitted]
        family = families[e.family]
        centre = family.place[CENTRE]
        if hospital.tier <= CENTRE or centre < 0 or facilities[centre].bed_days == 0:
            continue
        u_fit, u_send, u_accept, u_consent = uniforms(clock, persons[e.person].id, STEP_DOWN, e.number)
        tail = whole(par.tail_days * e.days)
        if u_fit >= par.fit or tail < 1:
            continue
        e.stage = FIT
        if u_send >= hospital.send:
            continue
        e.stage = OFFERED
        receiver = facilities[centre]
        able = attended(receiver.capability, hospital.capability, receiver.specialists, par)
        capable = chance_capable(able, e.severity, par)
        if u_accept >= receiver.accept * capable:
            if u_accept < capable:
                declined(e, receiver)
            continue
        e.stage = ACCEPTED
        allied = hospital.alliance >= 0 and hospital.alliance == receiver.alliance
        eased = consents(hospital, receiver, par) if linked(allied, hospital, receiver) else 0.0
        if u_consent >= chance_consent(trust_of(family, par), able, eased, par):
            continue
        e.stage = CONSENTED
        e.tail = tail
        e.ask = centre
        e.ask_place = centre
        e.amount = tail
        e.key = order_of(0, u_fit / par.fit)
        if receiver.next_centre >= 0:
            e.second = receiver.next_centre
            e.second_place = receiver.next_centre
            e.second_amount = tail


@compiled
def moved(rows, asked):
    """Centres gave their beds to some of the rows ``asked``: who got one leaves the hospital early."""
    for r in asked:
        e = rows[r]
        if e.stage == CONSENTED and e.got >= 0:
            e.stage = MOVED
            e.moved_to = e.got
            e.days -= e.tail
