"""Phase 4, gaming and selection: what brings money and serves no patient, chosen against detection, fine and honesty.

Each is a share that grows with its believed gain after the expected fine (Becker), is zero where nothing is to be
gained, and moves part of the way each month. Nothing here knows a payment rule: the gains are differences of what one
more entry of the books is believed to earn.
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.names import CENTRE, TESTS
from simulator.practice import margins
from simulator.practice.weigh import cares, dared, money_felt, toward


@compiled
def decide_split(facility, belief, par):
    """Splitting of stays (分解住院): a long stay is billed as two admissions, which costs nothing but honesty."""
    gain = money_felt(facility, par) * margins.of_splitting(belief)
    goal = par.split_most * dared(gain, cares(facility, par) * par.split_honesty, par.split_scale)
    facility.split = toward(facility.split, goal, 0.0, 1.0, par)


@compiled
def decide_idle(facility, belief, par):
    """Empty beds billed (挂床住院): days are billed after the patient has gone home."""
    gain = money_felt(facility, par) * margins.of_idle_day(belief)
    goal = par.idle_most * dared(gain, cares(facility, par) * par.idle_honesty, par.idle_scale)
    facility.idle = toward(facility.idle, goal, 0.0, 1.0, par)


@compiled
def decide_select(facility, belief, par):
    """Refusal of costly patients (推诿重症): of who is dear for the weight, those whom the place would lose on, or who
    bring less than the next patient in the same bed."""
    loss = -money_felt(facility, par) * margins.of_dear_case(facility, belief, par)
    goal = par.select_most * dared(loss, cares(facility, par) * par.select_honesty, par.select_scale)
    facility.select = toward(facility.select, goal, 0.0, 1.0, par)


@compiled
def decide_false_down(facility, belief, par):
    """False referral (虚假转诊): a stable patient stays and is recorded as stepped down, where records are paid or
    scored."""
    gain = money_felt(facility, par) * belief.recorded * (1.0 - belief.penalty)
    goal = par.false_most * dared(gain, cares(facility, par) * par.false_honesty, par.false_scale)
    facility.false_down = toward(facility.false_down, goal, 0.0, 1.0, par)


@compiled
def decide_retest(facility, belief, par):
    """Repeated tests (重复检查): how many transferred patients are tested again depends on what a test leaves; a place
    that gains nothing by it repeats some all the same, as it does not trust the tests of others."""
    if facility.tier > CENTRE:
        margin = margins.of_part(belief.outpatient[TESTS], facility.marginal_cost[TESTS])
    else:
        margin = margins.of_part(belief.continued[TESTS], facility.marginal_cost[TESTS])
    goal = logistic(par.retest + money_felt(facility, par) * margin / (cares(facility, par) * par.retest_margin))
    facility.retest = toward(facility.retest, goal, 0.0, par.retest_most, par)


@compiled
def shifted(facility, before, now, par):
    """Share of charges moved outside the catalogue (目录外费用), where patients pay in full, once a covered yuan earns
    ``now`` rather than ``before``."""
    return money_felt(facility, par) * (before - now) / (cares(facility, par) * par.shift)


@compiled
def decide_shift(facility, belief, par):
    """Cost shifting (费用转嫁) in both settings, against what the place is used to."""
    least = min(0.0, par.shift_least - facility.outside)
    most = max(0.0, par.shift_most - facility.outside)
    now = margins.of_covered(belief.outpatient, facility.outpatient_parts, facility.outside)
    goal = shifted(facility, facility.covered_before[0], now, par)
    facility.shifted[0] = toward(facility.shifted[0], goal, least, most, par)
    if facility.bed_days > 0:
        now = margins.of_covered(belief.inpatient, facility.inpatient_parts, facility.outside)
        goal = shifted(facility, facility.covered_before[1], now, par)
        facility.shifted[1] = toward(facility.shifted[1], goal, least, most, par)


@compiled
def decide_gaming(facility, belief, par):
    """All of it, at one facility."""
    decide_retest(facility, belief, par)
    decide_shift(facility, belief, par)
    if facility.bed_days == 0:
        return
    decide_split(facility, belief, par)
    decide_idle(facility, belief, par)
    decide_select(facility, belief, par)
    if facility.tier > CENTRE:
        decide_false_down(facility, belief, par)
