"""Phase 8, pay, seen from the family: bills in the order of (day, episode) on running deductibles and ceilings; and
what the family learns from what it got."""

import numpy as np

from simulator.choice import habit, trust
from simulator.choice.place import cure
from simulator.core.jit import compiled
from simulator.core.names import CENTRE
from simulator.engine.events import (
    APPROPRIATE,
    APPROPRIATE_UP,
    BED_FORGONE,
    BED_NEEDED,
    BED_REFUSED,
    BEDS_NEEDED,
    CHRONIC_ADMISSIONS,
    CONSULTED,
    DEAR,
    HOME_PRIMARY,
    HOME_SOUGHT,
    IN_PAID,
    IN_VISITS,
    READ,
    SERIOUS,
    SERIOUS_FORGONE,
    SLOTS_REFUSED,
    SOUGHT,
    SOUGHT_PRIMARY,
    TURNED_AWAY,
    WAITED_DAYS,
)
from simulator.engine.passes.billing import visits, width_of
from simulator.engine.passes.stays import stay
from simulator.engine.state.episodes import (
    FORGONE,
    ILLNESS,
    PER_PERSON,
    REFILL,
    RETURNING,
    WAITED_BED,
    WAITED_VISIT,
    WAITS_BED,
    WAITS_VISIT,
)
from simulator.illness.disease import diagnosed

SERIOUS_FROM = 0.3
"""Severity from which an episode is moderate or severe."""
ALL, ELSEWHERE = 0, 1
"""Last index of the sums by home: all bills, those at other places."""
CLEARLY_BETTER = 0.2
"""Gain in the chance of cure from which sending a patient up is medically appropriate."""


@compiled
def tally(family, person, facilities, par, e, events, who):
    """Count what access came to: sought, forgone, refused."""
    serious = e.severity >= SERIOUS_FROM
    if serious and e.kind == ILLNESS:
        who[SERIOUS] += 1
    if e.kind != RETURNING and e.kind != WAITED_BED:
        if e.seen >= 0:
            home = family.place[CENTRE] if family.place[CENTRE] >= 0 else family.community
            who[SOUGHT] += 1
            events[home, HOME_SOUGHT] += 1
            if e.consulted >= 0:
                events[e.seen, CONSULTED] += 1
                events[e.consulted, READ] += e.read
            if facilities[e.seen].tier <= CENTRE:
                who[SOUGHT_PRIMARY] += 1
                events[home, HOME_PRIMARY] += 1
                up = facilities[e.seen].up_secondary
                if up < 0:
                    up = facilities[e.seen].up_tertiary
                if up >= 0 and e.kind != REFILL:
                    gain = cure(facilities[up].capability, e.severity, par) - cure(
                        facilities[e.seen].capability, e.severity, par
                    )
                    if gain > CLEARLY_BETTER:
                        who[APPROPRIATE_UP] += 1
                        events[e.seen, APPROPRIATE] += 1
        else:
            if e.option >= 0:
                events[family.place[e.option], SLOTS_REFUSED] += 1
            if e.ends == FORGONE and serious and e.kind != REFILL:
                who[SERIOUS_FORGONE] += 1
    if e.needs_bed == 1:
        who[BED_NEEDED] += 1
        if e.dear_at >= 0:
            events[e.dear_at, DEAR] += 1
            events[e.dear_at, TURNED_AWAY] += e.refused
        here = e.referred if e.referred >= 0 else e.seen
        if here >= 0:
            events[here, BEDS_NEEDED] += 1
        if e.admitted >= 0 and diagnosed(person):
            who[CHRONIC_ADMISSIONS] += 1
        if e.admitted < 0 and e.ends != WAITS_BED:
            who[BED_FORGONE] += 1


@compiled
def one_waits(rows, low, high):
    """A person waits for one thing at a time, the most severe; the rest of what rows wait for is given up."""
    worst = -1
    for r in range(low, high):
        if rows[r].ends == WAITS_VISIT or rows[r].ends == WAITS_BED:
            if worst >= 0 and rows[worst].severity >= rows[r].severity:
                rows[r].ends = FORGONE
            else:
                if worst >= 0:
                    rows[worst].ends = FORGONE
                worst = r


@compiled
def settle_person(family, j, persons, facilities, groups, cover, par, width, clock, rows, low, high, first_cell, shape,
                  books, events, plans, homes, extras, order):  # fmt: skip
    """Outcomes of rows ``low`` to ``high``, all of person ``j``: bills by (day, number), learning; (visits, fen)."""
    person = persons[j]
    who = plans[person.plan * shape[2] + family.holder]
    before = person.outpatient_fund + person.inpatient_fund + person.chronic_fund
    person.elsewhere = 0
    seen = 0
    count = 0
    paid = 0
    if person.return_in > 0:
        person.return_in -= 1
    was_waiting = person.waiting
    waiting_day = person.waiting_day
    person.waiting = 0
    one_waits(rows, low, high)
    n = high - low
    for k in range(n):
        r = low + k
        m = k
        while m > 0 and (
            rows[order[m - 1]].day > rows[r].day
            or (rows[order[m - 1]].day == rows[r].day and rows[order[m - 1]].number > rows[r].number)
        ):
            order[m] = order[m - 1]
            m -= 1
        order[m] = r
    for k in range(n):
        e = rows[order[k]]
        tally(family, person, facilities, par, e, events, who)
        if e.seen >= 0:
            v, yuan = visits(family, person, facilities, groups, cover, par, width, clock, e, first_cell, shape, books,
                          events, who, extras)  # fmt: skip
            count += v
            paid += yuan
            seen = 1
            tier = facilities[e.seen].tier
            if tier <= CENTRE and e.kind != REFILL:
                family.trust = trust.after_visit(family.trust, e.cured == 1, par)
            for t in range(4):
                family.habit[t] = habit.after_visit(np.float64(family.habit[t]), t == min(tier, 3), par)
        if e.admitted >= 0:
            if e.kind == WAITED_BED and was_waiting == 2:
                events[e.admitted, WAITED_DAYS] += clock.first_day + e.day - waiting_day
            paid += stay(family, person, facilities, groups, cover, par, width, clock, e, first_cell, shape, books,
                          events, who, extras)  # fmt: skip
            seen = 1
        elif e.takes_bed == 1:
            events[e.seen if e.seen >= 0 else family.place[CENTRE], BED_REFUSED] += 1
        if e.ends == WAITS_VISIT or e.ends == WAITS_BED:
            person.waiting = 1 if e.ends == WAITS_VISIT else 2
            person.waiting_referred = e.referral
            person.waiting_group = e.group
            person.waiting_severity = e.severity
            person.waiting_day = waiting_day if e.kind == WAITED_VISIT else clock.first_day + e.day
    person.visited = seen
    home = family.place[CENTRE] if family.place[CENTRE] >= 0 else family.community
    homes[home, person.plan, ALL] += person.outpatient_fund + person.inpatient_fund + person.chronic_fund - before
    homes[home, person.plan, ELSEWHERE] += person.elsewhere
    return count, paid


@compiled
def quiet(person):
    """A month in which the person was not ill: nobody is seen, nothing is paid."""
    person.elsewhere = 0
    person.visited = 0
    if person.return_in > 0:
        person.return_in -= 1


@compiled
def receive(families, persons, facilities, groups, cover, pars, clocks, rows, row, end, low, high, first_cell, shape,
            books, events, plans, incomes, homes, extras, order):  # fmt: skip
    """Families ``low`` to ``high`` receive their outcomes, rows ``row`` to ``end``; the row after their last.

    ``first_cell`` (facility,) and ``shape`` (groups, plans, holders) find a cell of ``books`` (cell, counted);
    ``events`` (facility, event), ``plans`` (plan × holder, event), ``incomes`` (bin, event) and ``homes`` (facility,
    plan, 2), the fund's notional part by home centre of all bills and of those elsewhere, are added to, as is
    ``extras`` (facility, plan, setting, payer), what supplementary payers paid; ``order`` is scratch.
    """
    par = pars[0]
    width = width_of(par.bill_spread)
    clock = clocks[0]
    for i in range(low, high):
        family = families[i]
        for j in range(family.first, families[i + 1].first):
            start = row
            while row < end and rows[row].person == j:
                row += 1
            if start == row:
                quiet(persons[j])
                continue
            count, paid = settle_person(family, j, persons, facilities, groups, cover, par, width, clock, rows, start,
                                        row, first_cell, shape, books, events, plans, homes, extras, order)  # fmt: skip
            incomes[family.income_bin, IN_VISITS] += count
            incomes[family.income_bin, IN_PAID] += paid
    return row


ORDER_SIZE = PER_PERSON + 2
"""Size of the scratch that sorts a person's episodes."""
