"""Phase 8, pay, what became of the patient: a referred visit and a stay draw cure again, a needed bed that was not got
leaves the patient unwell, and who is unwell gets well by himself, comes back, or dies."""

from simulator.core.draws import AGAIN, uniforms
from simulator.core.jit import compiled
from simulator.engine.passes.services import handed_over
from simulator.engine.state.episodes import FATAL, REFILL, UNWELL, WAITS_BED, WAITS_VISIT, WELL
from simulator.illness.outcome import chance_cured, chance_fatal, chance_remission, worse
from simulator.population.shapes import OLDEST
from simulator.practice.capability import skill


@compiled
def chance_by_care(e, person, force):
    """Chance that the last place of an episode cured, after a first visit that did not: in a bed where one was needed,
    else where the patient was sent."""
    facilities, par = force.facilities, force.par
    if e.needs_bed == 1:
        if e.admitted < 0:
            return 0.0
        place = facilities[e.admitted]
        able = skill(place, person.age, par) + par.cure_bed
        shift = handed_over(place.stay_logit, place, facilities[e.seen], par) if e.referred >= 0 else place.stay_logit
        return chance_cured(able, e.severity, shift, par)
    if e.referred < 0:
        return 0.0
    place = facilities[e.referred]
    shift = handed_over(place.visit_logit, place, facilities[e.seen], par)
    return chance_cured(skill(place, person.age, par), e.severity, shift, par)


@compiled
def turn_out(e, person, force):
    """What becomes of the patient of an episode; whether who is unwell will look for care again next month. Who waits
    for a visit or a bed goes on waiting, and may die of it."""
    if e.kind == REFILL:
        return False
    if e.needs_bed == 0 and e.cured == 1:
        e.outcome = WELL
        return False
    par = force.par
    waits = e.ends == WAITS_VISIT or e.ends == WAITS_BED
    u_care, u_self, u_again, u_death = uniforms(force.clock, person.id, AGAIN, e.number)
    if u_care < chance_by_care(e, person, force) or (not waits and u_self < chance_remission(e.severity, par)):
        e.outcome = WELL
        return False
    if person.dying == 0 and u_death < chance_fatal(e.severity, force.lethality[min(person.age, OLDEST)], par):
        e.outcome = FATAL
        person.dying = 1
        return False
    e.outcome = UNWELL
    return not waits and u_again < par.revisit


@compiled
def look_again(e, person, clock, par):
    """Who is unwell waits for a visit next month, worse."""
    person.waiting = 1
    person.waiting_referred = 0
    person.waiting_group = e.group
    person.waiting_severity = worse(e.severity, par)
    person.waiting_day = clock.first_day + e.day


@compiled
def outcomes(person, rows, low, high, force):
    """What becomes of a person's episodes, rows ``low`` to ``high``. Who waits for something already waits for that; of
    several illnesses that are not over the worst is looked after."""
    worst = -1
    for r in range(low, high):
        again = turn_out(rows[r], person, force)
        if again and (worst < 0 or rows[r].severity > rows[worst].severity):
            worst = r
    if worst >= 0 and person.waiting == 0:
        look_again(rows[worst], person, force.clock, force.par)
