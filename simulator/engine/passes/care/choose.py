"""Phase 6, care: family by family, member by member: who is ill, how badly, where they want to go, and whether."""

from simulator.choice.going import chance_at, chance_nearer, dearness
from simulator.choice.place import NOWHERE, pick
from simulator.core.draws import CHOICE
from simulator.core.jit import compiled
from simulator.core.names import CENTRE, ONLINE
from simulator.engine.passes.care.illness import write_episodes
from simulator.engine.passes.care.lanes import WIDTH, draw
from simulator.engine.passes.care.options import patients, weigh
from simulator.engine.passes.services import instead
from simulator.engine.state.episodes import ILLNESS, PER_PERSON
from simulator.population.families import home_of


@compiled
def would_go(count, par, lanes):
    """Chance of going to the option picked in each of ``count`` lanes."""
    for e in range(count):
        lanes.price[e] = lanes.yuan[max(lanes.chosen[e], 0), e]
        lanes.welcomed[e] = lanes.welcome[max(lanes.chosen[e], 0), e]
    for e in range(count):
        lanes.dear[e] = dearness(lanes.price[e], par)
    for e in range(count):
        lanes.going[e] = chance_at(lanes.worried[e], lanes.dear[e], lanes.income[e], lanes.refill[e], lanes.welcomed[e],
                                   par)  # fmt: skip


@compiled
def choose_first(count, options, par, lanes):
    """Settle in each of ``count`` lanes on where the patient wants to go, into `first`: the place picked, or home;
    whether it is a hospital that is too dear, into `unsure`."""
    for e in range(count):
        lanes.draw[e] = lanes.u0[e]
    pick(lanes, count, options)
    would_go(count, par, lanes)
    for e in range(count):
        chosen = lanes.chosen[e]
        goes = lanes.u2[e] < lanes.going[e]
        lanes.first[e] = chosen if goes else -1
        hospital = (lanes.tier[max(chosen, 0), e] > CENTRE) & (lanes.tier[max(chosen, 0), e] < ONLINE)
        lanes.unsure[e] = (chosen >= 0) & hospital & (not goes)


@compiled
def think_again(count, options, par, lanes):
    """To whom a hospital was too dear, some try a nearer place."""
    for e in range(count):
        lanes.draw[e] = lanes.u1[e]
    pick(lanes, count, min(options, CENTRE + 1))
    would_go(count, par, lanes)
    for e in range(count):
        lanes.hope[e] = lanes.chance[max(lanes.chosen[e], 0), e]
    for e in range(count):
        lanes.hope[e] = chance_nearer(lanes.hope[e], par)
    for e in range(count):
        goes = (lanes.u3[e] < lanes.hope[e]) & (lanes.u2[e] < lanes.going[e])
        lanes.first[e] += (lanes.chosen[e] - lanes.first[e]) * ((lanes.unsure[e] == 1) & goes)


@compiled
def see_to(families, persons, force, rows, count, lanes):
    """Who is newly ill, and is seen to at once where that happened, asks for no visit."""
    for e in range(count):
        row = rows[lanes.row[e]]
        if row.kind != ILLNESS:
            continue
        home = force.facilities[home_of(families[row.family])]
        if instead(False, row, persons[row.person], home, lanes.felt[e], force.par, force.clock):
            lanes.first[e] = -1


@compiled
def asked(facilities, option, e, lanes):
    """Place, pool and number of slots that the patient of lane ``e`` asks for with an option; none with -1."""
    there = option >= 0
    place = lanes.place[max(option, 0), e]
    pool = facilities[max(place, 0)].slot_pool
    return place if there else -1, pool if there else -1, 1 if there else 0


@compiled
def ask_visits(facilities, rows, count, options, par, lanes):
    """Write into the episodes of ``count`` lanes where they want to go, and where second."""
    for e in range(count):
        lanes.draw[e] = lanes.u1[e]
        if lanes.first[e] >= 0:
            lanes.value[lanes.first[e], e] = NOWHERE
    pick(lanes, count, options)
    would_go(count, par, lanes)
    for e in range(count):
        first, second = lanes.first[e], lanes.chosen[e]
        second = second if (first >= 0) & (lanes.u2[e] < lanes.going[e]) else -1
        row = rows[lanes.row[e]]
        row.option = first
        row.ask_place, row.ask, row.amount = asked(facilities, first, e, lanes)
        row.second_place, row.second, row.second_amount = asked(facilities, second, e, lanes)


@compiled
def intend(families, persons, force, rows, low, high, lanes):
    """Write into the episodes from ``low`` to ``high`` where their families want to go, and where second; option -1 is
    to stay home."""
    r = low
    while r < high:
        count, r = patients(persons, force.cover, rows, r, high, lanes)
        options = weigh(families, persons, force, rows, count, lanes)
        draw(lanes, count, CHOICE, force.clock)
        choose_first(count, options, force.par, lanes)
        think_again(count, options, force.par, lanes)
        see_to(families, persons, force, rows, count, lanes)
        ask_visits(force.facilities, rows, count, options, force.par, lanes)


@compiled
def choose(families, persons, force, risk, refill_groups, low, high, rows, room):
    """Families ``low`` to ``high`` write their episodes and intents into ``rows``; the row after the last. ``room`` is
    a row of lanes to work in.

    Returns -1 when the rows might not do; nothing but rows is changed, so the call can be repeated.
    """
    at, lanes = 0, room[0]
    first, last = families[low].first, families[high].first
    for j in range(first, last, WIDTH):
        count = min(last - j, WIDTH)
        if at + PER_PERSON * count > len(rows):
            return -1
        end = write_episodes(persons, force, risk, refill_groups, j, count, rows, at, lanes)
        intend(families, persons, force, rows, at, end, lanes)
        at = end
    return at
