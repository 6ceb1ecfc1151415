"""Who is ill, of what, and how badly: the episodes of a month, person by person in a fixed order."""

import numpy as np

from simulator.core.draws import CASE, ONSET
from simulator.core.jit import compiled
from simulator.core.names import TREATED
from simulator.engine.passes.care.lanes import WIDTH, draw
from simulator.engine.state.episodes import (
    EPISODES,
    ILLNESS,
    READMITTED,
    REFILL,
    RETURNING,
    WAITED_BED,
    WAITED_VISIT,
    for_a_bed,
)
from simulator.illness.onset import episodes_of, group_of, risk_class
from simulator.illness.severity import severity_of, urgency_of
from simulator.referral.contention import order_of

_BLANK = EPISODES.rows(1)
_RETURN, _WAITED, _FIRST, _REFILL = 0, 1, 2, 5
"""Number of an episode within its person and month; new illnesses are numbered from `_FIRST`."""


@compiled
def fall_ill(persons, risk, clock, low, count, lanes):
    """How many new illnesses ``count`` persons from row ``low`` have, into `new`; what else is drawn of them stays in
    `u1` to `u3`."""
    for e in range(count):
        p = persons[low + e]
        lanes.id[e] = p.id
        lanes.number[e] = 0
        lanes.risk_class[e] = risk_class(p.age, p.sex, p.hypertension, p.diabetes)
        yearly = risk[lanes.risk_class[e], risk.shape[1] - 1] * p.frailty
        lanes.expected[e] = yearly / 12.0
    draw(lanes, count, ONSET, clock)
    for e in range(count):
        lanes.new[e] = episodes_of(lanes.u0[e], lanes.expected[e])


@compiled
def begin(rows, at, person, j, number, kind):
    """Row ``at`` as an episode of ``person``, row ``j``, who has got nothing yet."""
    rows[at] = _BLANK[0]
    e = rows[at]
    e.family = person.family
    e.person = j
    e.number = number
    e.kind = kind
    return e


@compiled
def prescription_due(person, u, par):
    """Whether a person treated for a chronic disease needs a new prescription this month."""
    if person.hypertension < TREATED and person.diabetes < TREATED:
        return False
    return u < par.refill - (par.refill_saved * par.contact if person.managed == 1 else 0.0)


@compiled
def list_episodes(persons, refill_groups, par, clock, low, count, rows, at, lanes):
    """Write the episodes of ``count`` persons from row ``low``, new illnesses without their case; the row after the
    last."""
    for k in range(count):
        j = low + k
        p = persons[j]
        if p.return_in == 1:
            e = begin(rows, at, p, j, _RETURN, READMITTED if p.return_home == 1 else RETURNING)
            e.group, e.severity = p.return_group, p.return_severity
            # back in a month already over, or that is shorter: on its first day, or its last
            e.day = min(max(p.return_day - clock.first_day, 0), clock.days - 1)
            e.referral = 1
            at += 1
        if p.waiting > 0:
            e = begin(rows, at, p, j, _WAITED, WAITED_VISIT if p.waiting == 1 else WAITED_BED)
            e.group, e.severity, e.referral = p.waiting_group, p.waiting_severity, p.waiting_referred
            at += 1
        for n in range(lanes.new[k]):
            begin(rows, at, p, j, _FIRST + n, ILLNESS)
            at += 1
        if prescription_due(p, lanes.u1[k], par):
            e = begin(rows, at, p, j, _REFILL, REFILL)
            both = p.hypertension >= TREATED and p.diabetes >= TREATED
            second = p.hypertension < TREATED or (both and lanes.u3[k] < 0.5)
            e.group = refill_groups[1] if second else refill_groups[0]
            e.severity, e.day = par.refill_severity, np.int64(lanes.u2[k] * clock.days)
            at += 1
    return at


@compiled
def make_cases(persons, first, risk, force, rows, low, count, lanes):
    """What new illnesses among ``count`` rows from ``low`` are, how bad, and when; the order in which all of them that
    ask for a visit are served. Their persons are those whose `risk_class` stands in the lanes from row ``first`` on."""
    clock, groups = force.clock, force.groups
    for k in range(count):
        e = rows[low + k]
        lanes.id[k] = persons[e.person].id
        lanes.number[k] = e.number
    draw(lanes, count, CASE, clock)
    for k in range(count):
        lanes.group[k] = group_of(lanes.u0[k], risk[lanes.risk_class[rows[low + k].person - first]])
    for k in range(count):
        lanes.severity[k] = severity_of(lanes.u1[k], groups[lanes.group[k]])
    for k in range(count):
        e = rows[low + k]
        if e.kind == ILLNESS:
            e.group = lanes.group[k]
            e.severity = lanes.severity[k]
            e.day = np.int64(lanes.u2[k] * clock.days)
        if not for_a_bed(e):
            e.key = order_of(urgency_of(e.severity), lanes.u3[k])


@compiled
def write_episodes(persons, force, risk, refill_groups, low, count, rows, at, lanes):
    """The month's episodes of ``count`` persons (at most WIDTH) from row ``low``, into ``rows`` from ``at``; the row
    after the last.

    ``risk`` (class, group) is cumulative incidence, ``refill_groups`` (2,) the case groups of prescriptions.
    """
    fall_ill(persons, risk, force.clock, low, count, lanes)
    end = list_episodes(persons, refill_groups, force.par, force.clock, low, count, rows, at, lanes)
    for r in range(at, end, WIDTH):
        make_cases(persons, low, risk, force, rows, r, min(end - r, WIDTH), lanes)
    return end
