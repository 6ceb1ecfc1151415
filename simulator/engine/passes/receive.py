"""Phase 8, pay, seen from the family: bills in the order of (day, episode) on running deductibles and ceilings; and
what the family learns from what it got. Rows are appended and people changed; nothing is counted."""

import numpy as np

from simulator.choice import habit, trust
from simulator.choice.place import cure
from simulator.core.jit import compiled
from simulator.core.names import CENTRE, ONLINE
from simulator.engine.passes.billing import visits
from simulator.engine.passes.counting import count_bills, count_episodes
from simulator.engine.passes.outcome import outcomes
from simulator.engine.passes.stays import stay
from simulator.engine.state.bills import FAMILIES_AT_ONCE, PER_EPISODE
from simulator.engine.state.episodes import (
    FORGONE,
    REFILL,
    WAITED_BED,
    WAITED_VISIT,
    WAITS_BED,
    WAITS_VISIT,
    for_a_bed,
)
from simulator.illness.outcome import worse

CLEARLY_BETTER = 0.2
"""Gain in the chance of cure from which sending a patient up is medically appropriate."""
TIERS_OF_HABIT = 4


@compiled
def appropriate(facilities, e, par):
    """Whether a patient seen at primary has a much better chance of cure at a hospital."""
    if e.seen < 0 or for_a_bed(e) or e.kind == REFILL:
        return False
    seen = facilities[e.seen]
    up = seen.up_secondary if seen.up_secondary >= 0 else seen.up_tertiary
    if seen.tier > CENTRE or up < 0:
        return False
    return cure(facilities[up].capability, e.severity, par) - cure(seen.capability, e.severity, par) > CLEARLY_BETTER


@compiled
def learn(family, e, tier, par):
    """What a family learns from a first visit at ``tier``: trust by whether it helped, habit, and experience of online
    care, which is no habit of a place."""
    if tier <= CENTRE and e.kind != REFILL:
        family.trust = trust.after_visit(family.trust, e.cured == 1, par)
    family.online = habit.after_visit(family.online, tier == ONLINE, par)
    if tier == ONLINE:
        return
    for t in range(TIERS_OF_HABIT):
        family.habit[t] = habit.after_visit(np.float64(family.habit[t]), t == min(tier, TIERS_OF_HABIT - 1), par)


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
def earlier(rows, a, b):
    """Whether row ``a`` of a person comes before row ``b``: by day, then by number."""
    if rows[a].day != rows[b].day:
        return rows[a].day < rows[b].day
    if rows[a].number != rows[b].number:
        return rows[a].number < rows[b].number
    return a < b


@compiled
def next_in_order(rows, low, high, last):
    """Of rows ``low`` to ``high`` the one that comes after row ``last``, or the first if that is -1."""
    best = -1
    for r in range(low, high):
        if (last < 0 or earlier(rows, last, r)) and (best < 0 or earlier(rows, r, best)):
            best = r
    return best


@compiled
def receive_one(bills, n, family, person, rows, low, high, force):
    """A person receives what rows ``low`` to ``high`` came to: bills by (day, number) from row ``n`` on, learning, and
    how the month ends; the row after the last bill."""
    facilities, par, clock = force.facilities, force.par, force.clock
    person.visited = 0
    was_waiting = person.waiting
    waiting_day = person.waiting_day
    person.waiting = 0
    one_waits(rows, low, high)
    r = -1
    for _ in range(low, high):
        r = next_in_order(rows, low, high, r)
        e = rows[r]
        e.rating = e.satisfied = e.false_down = e.comes_back = e.waited = e.back = e.outcome = 0
        e.appropriate = appropriate(facilities, e, par)
        if e.seen >= 0:
            n = visits(bills, n, r, e, family, person, force)
            person.visited = 1
            learn(family, e, facilities[e.seen].tier, par)
        if e.admitted >= 0:
            if e.kind == WAITED_BED and was_waiting == 2:
                e.waited = clock.first_day + e.day - waiting_day
            n = stay(bills, n, r, e, family, person, force)
            person.visited = 1
        if e.ends == WAITS_VISIT or e.ends == WAITS_BED:
            person.waiting = 1 if e.ends == WAITS_VISIT else 2
            person.waiting_referred = e.referral
            person.waiting_group = e.group
            person.waiting_severity = worse(e.severity, par)
            person.waiting_day = waiting_day if e.kind == WAITED_VISIT else clock.first_day + e.day
    outcomes(person, rows, low, high, force)
    return n


@compiled
def receive(families, persons, force, episodes, row, low, high, bills):
    """Families from ``low`` to ``high`` receive their episodes, which begin at ``row``, as long as ``bills`` have room;
    (family, row of episodes, row of bills) after the last."""
    n = 0
    for i in range(low, high):
        family = families[i]
        last = row
        while last < episodes.shape[0] and episodes[last].family == i:
            last += 1
        if n + PER_EPISODE * (last - row) > bills.shape[0]:
            return i, row, n
        for j in range(family.first, families[i + 1].first):
            person = persons[j]
            start = row
            while row < last and episodes[row].person == j:
                row += 1
            if person.return_in > 0:
                person.return_in -= 1
            if start == row:
                person.visited = 0
            else:
                n = receive_one(bills, n, family, person, episodes, start, row, force)
    return high, row, n


@compiled
def pay(families, persons, force, episodes, low, high, bills, sums):
    """Families ``low`` to ``high`` receive what became of their ``episodes``, all of them and no other's, and what came
    of it is added to ``sums``, some hundred families at a time while their rows are in the cache.

    ``bills`` is room, see `room_for_bills`; the number of rows of it that hold the last bills is returned: all of them
    where there is room for `PER_EPISODE` for each episode of at most `FAMILIES_AT_ONCE` families.
    """
    i, row, n = low, 0, 0
    while i < high:
        start = row
        i, row, n = receive(families, persons, force, episodes, row, i, min(high, i + FAMILIES_AT_ONCE), bills)
        count_bills(bills, 0, n, families, persons, force, sums)
        count_episodes(episodes, start, row, families, persons, force, sums)
    return n
