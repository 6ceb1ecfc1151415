"""Phase 6, care: family by family, member by member: who is ill, how badly, where they want to go, and whether."""

import numpy as np

from simulator.choice.going import chance_going, chance_nearer
from simulator.choice.place import NOWHERE, cure, perceived, pick, utility
from simulator.core.draws import CASE, CHOICE, ONSET, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import clip, whole
from simulator.core.names import CENTRE, OPTIONS, OUTPATIENT, STATION, TREATED
from simulator.engine.passes.price import expected_price
from simulator.engine.state.episodes import ILLNESS, REFILL, RETURNING, WAITED_BED, WAITED_VISIT
from simulator.illness.onset import episodes_of, group_of, risk_class
from simulator.illness.severity import severity_of, urgency_of
from simulator.population.families import home_of
from simulator.practice.capability import skill
from simulator.referral.contention import order_of


@compiled
def severity_factor(severity, group, par):
    """Outpatient bill of a case of this severity against the usual one of its group."""
    return (par.follow_up_base + par.follow_up_severity * severity) / (
        par.follow_up_base + par.follow_up_severity * group.severity
    )


@compiled
def outpatient_charge(facility, group, severity, par):
    """Listed charge of a visit, fen, before it varies."""
    return group.bill * severity_factor(severity, group, par) * facility.outpatient_level


@compiled
def visit_price(family, person, f, facility, group, g, severity, income, cover, par, clock):
    """What a first contact is expected to cost the family, yuan; see `expected_price`."""
    charge = whole(outpatient_charge(facility, group, severity, par))
    return expected_price(family, person, f, facility, OUTPATIENT, group, g, 0, charge, income, cover, par, clock)


@compiled
def trust_of(family, par):
    """Trust in primary care: what was learned plus what a family never loses."""
    return clip(family.trust + family.taste_primary, 0.05, 1.0)


@compiled
def relative_income(families, i, clock):
    """Income per head against the mean."""
    size = families[i + 1].first - families[i].first
    return families[i].income / size / clock.income


@compiled
def value_places(family, person, facilities, group, g, severity, refill, income, cover, par, clock, work):
    """Utility, price (yuan) and perceived chance of cure of every option into ``work`` (0, 1, 2); the option after the
    last. A tier that the place does not have, or that the family cannot advance the bill of, is `NOWHERE`."""
    trust = trust_of(family, par)
    home = facilities[home_of(family)]
    advice = par.steer_advice * home.steer
    count = 0
    for k in range(OPTIONS):
        if family.place[k] < 0:
            work[0, k] = NOWHERE
            continue
        facility = facilities[family.place[k]]
        tier = facility.tier
        able = skill(facility, person.age, par) + facility.fame
        chance = cure(perceived(able, tier, trust, facility.specialists, par), severity, par)
        yuan = visit_price(family, person, family.place[k], facility, group, g, severity, income, cover, par, clock)
        if yuan < 0.0:
            work[0, k] = NOWHERE
            continue
        value = utility(family, k, tier, chance, yuan, facility.wait, trust, par)
        if home.alliance >= 0 and facility.alliance == home.alliance:
            value += advice
        known = person.managed == 1 or person.served == 1
        if tier <= CENTRE and known and severity < par.usual_source_severity:
            value += par.usual_source
        if tier == STATION and refill:
            value += par.station_refill
        work[0, k] = value
        work[1, k] = yuan
        work[2, k] = chance
        count = k + 1
    return count


@compiled
def intend(families, i, persons, facilities, groups, cover, par, clock, e, work):
    """Write into episode ``e`` where its family wants to go, and where second; option -1 is to stay home."""
    family = families[i]
    person = persons[e.person]
    refill = e.kind == REFILL
    income = relative_income(families, i, clock)
    count = value_places(family, person, facilities, groups[e.group], e.group, e.severity, refill, income, cover, par,
                         clock, work)  # fmt: skip
    u_place, u_second, u_go, u_nearer = uniforms(clock, person.id, CHOICE, e.number)
    chosen = pick(u_place, work[0], work[4], count, -1)
    if chosen < 0:
        return
    if u_go >= chance_going(e.severity, work[1, chosen], income, refill, par):
        # too dear: a nearer place, or home
        near = -1
        if facilities[family.place[chosen]].tier > CENTRE:
            near = pick(u_second, work[0], work[4], min(count, CENTRE + 1), -1)
        if near < 0 or u_nearer >= chance_nearer(work[2, near], par):
            return
        if u_go >= chance_going(e.severity, work[1, near], income, refill, par):
            return
        chosen = near
    e.option = chosen
    e.ask_place = family.place[chosen]
    e.ask = facilities[e.ask_place].slot_pool
    e.amount = 1
    other = pick(u_second, work[0], work[4], count, chosen)
    if other >= 0 and u_go < chance_going(e.severity, work[1, other], income, refill, par):
        e.second_place = family.place[other]
        e.second = facilities[e.second_place].slot_pool
        e.second_amount = 1


@compiled
def begin(rows, at, i, j, number, kind, group, severity, day):
    """Start row ``at`` as an episode that has got nothing yet."""
    e = rows[at]
    e.family = i
    e.person = j
    e.number = number
    e.kind = kind
    e.group = group
    e.severity = severity
    e.day = day
    e.ask = -1
    e.ask_place = -1
    e.amount = 0
    e.second = -1
    e.second_place = -1
    e.second_amount = 0
    e.key = 0
    e.got = -1
    e.option = -1
    e.seen = -1
    e.cured = 0
    e.sent = 0
    e.referred = -1
    e.referral = 0
    e.needs_bed = 0
    e.takes_bed = 0
    e.admitted = -1
    e.days = 0
    e.stage = 0
    e.moved_to = -1
    e.tail = 0
    e.consulted = -1
    e.dear_at = -1
    e.refused = 0
    e.read = 0
    e.ends = 0


@compiled
def episodes_of_person(i, j, persons, groups, risk, refill_groups, par, clock, rows, at):
    """Write the month's episodes of person ``j``, in their fixed order; the row after the last."""
    p = persons[j]
    u_number, u_refill, u_day, u_disease = uniforms(clock, p.id, ONSET, 0)
    if p.return_in == 1:
        begin(rows, at, i, j, 0, RETURNING, p.return_group, p.return_severity, p.return_day - clock.first_day)
        rows[at].referral = 1
        at += 1
    if p.waiting > 0:
        kind = WAITED_VISIT if p.waiting == 1 else WAITED_BED
        begin(rows, at, i, j, 1, kind, p.waiting_group, p.waiting_severity, 0)
        rows[at].referral = p.waiting_referred
        at += 1
    row = risk_class(p.age, p.sex, p.hypertension, p.diabetes)
    yearly = risk[row, risk.shape[1] - 1] * p.frailty
    for n in range(episodes_of(u_number, yearly / 12.0)):
        u_group, u_severity, u_when, u_order = uniforms(clock, p.id, CASE, 2 + n)
        g = group_of(u_group, risk[row])
        day = np.int64(u_when * clock.days)
        severity = severity_of(u_severity, groups[g])
        begin(rows, at, i, j, 2 + n, ILLNESS, g, severity, day)
        rows[at].key = order_of(urgency_of(severity), u_order)
        at += 1
    if p.hypertension >= TREATED or p.diabetes >= TREATED:
        due = par.refill - (par.refill_saved * par.contact if p.managed == 1 else 0.0)
        if u_refill < due:
            both = p.hypertension >= TREATED and p.diabetes >= TREATED
            second = p.hypertension < TREATED or (both and u_disease < 0.5)
            g = refill_groups[1] if second else refill_groups[0]
            begin(rows, at, i, j, 5, REFILL, g, par.refill_severity, np.int64(u_day * clock.days))
            at += 1
    return at


@compiled
def choose(
    families, persons, facilities, groups, risk, refill_groups, cover, pars, clocks, rows, work, low, high, at, limit
):
    """Families ``low`` to ``high`` write their episodes and intents from row ``at``; the row after the last.

    Returns -1 when the rows up to ``limit`` would not do; nothing but rows is changed, so the call can be repeated.
    """
    par = pars[0]
    clock = clocks[0]
    for i in range(low, high):
        if at + 6 * (families[i + 1].first - families[i].first) > limit:
            return -1
        for j in range(families[i].first, families[i + 1].first):
            start = at
            at = episodes_of_person(i, j, persons, groups, risk, refill_groups, par, clock, rows, at)
            for r in range(start, at):
                e = rows[r]
                if e.kind == ILLNESS or e.kind == REFILL or e.kind == WAITED_VISIT:
                    intend(families, i, persons, facilities, groups, cover, par, clock, e, work)
                if e.kind == REFILL or e.kind == WAITED_VISIT:
                    _, _, _, u_order = uniforms(clock, persons[j].id, CASE, e.number)
                    e.key = order_of(urgency_of(e.severity), u_order)
    return at
