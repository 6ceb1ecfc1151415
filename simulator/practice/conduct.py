"""Phase 4, conduct: this month's practice from last month's books. Smooth, bounded, gradual.

A doctor weighs own income against the patient's benefit (Ellis–McGuire with concave income): the optimum of
``money·margin·x − altruism·curvature·(x − 1)²/2`` is ``x = 1 + money·margin / (altruism·curvature)``, where
``money`` is the marginal utility of income times the share of the margin that reaches the doctor.
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.maths import clip, exp, log, logistic
from simulator.core.names import CENTRE, SECONDARY
from simulator.practice import margins
from simulator.practice.gaming import decide_gaming
from simulator.practice.weigh import cares, money_felt, optimum, supplied, toward


@compiled
def income_worth(facility, par):
    """Marginal utility of income: grows as the margin falls below what the place is used to (McGuire–Pauly)."""
    if facility.income_before <= 0.0:
        return 1.0
    spare = (facility.income - par.income_fixed * facility.income_before) / (
        (1.0 - par.income_fixed) * facility.income_before
    )
    level = par.income_base + (1.0 - par.income_base) * max(0.0, spare)
    return clip(exp(-par.income_curve * log(level)), par.income_low, par.income_high)


@compiled
def chronic_load(facility, par):
    """Effort of looking after one more person, against that at the usual use of the clinic."""
    return par.manage_effort_idle + par.manage_effort_load * min(facility.clinic_use, 1.2) / par.manage_load_at


@compiled
def decide_contracts(facility, belief, par):
    """Effort to sign people, and the share of the signed who are really served (签而不约: signed, not served).

    Both are optima of a convex effort: the marginal effort of a share x is effort + scale · log(x / (1 − x)).
    """
    if facility.contract == 0:
        facility.recruit = 0.0
        facility.serve = 0.0
        return
    money = money_felt(facility, par)
    effort = par.serve_effort * chronic_load(facility, par)
    gain = money * belief.served + cares(facility, par) * par.serve_benefit - effort
    facility.serve = toward(facility.serve, logistic(gain / par.serve_scale), 0.0, 1.0, par)
    head = money * (belief.signed + facility.serve * belief.served)
    gain = head + cares(facility, par) * par.recruit_benefit - par.recruit_effort * chronic_load(facility, par)
    facility.recruit = toward(facility.recruit, logistic(gain / par.recruit_scale), 0.0, 1.0, par)


@compiled
def decide_outreach(facility, belief, par):
    """Hours of specialists at the centres below a hospital (专家下沉) and remote consultations answered; at a centre,
    those asked (远程会诊). All end where nobody pays for them, unless doctors are more altruistic than usual."""
    money = money_felt(facility, par)
    care = cares(facility, par)
    if facility.tier <= CENTRE:
        asked = supplied(money * belief.consult + care * par.consult_benefit - par.consult_effort, par.consult_scale)
        facility.consult = toward(facility.consult, asked, 0.0, 1.0, par)
        return
    answered = supplied(money * belief.read + care * par.read_benefit - par.read_effort, par.read_scale)
    facility.read = toward(facility.read, answered, 0.0, 1.0, par)
    if facility.below == 0.0:
        return
    hour = par.outreach_effort_tertiary if facility.tier > SECONDARY else par.outreach_effort
    share = supplied(money * belief.outreach + care * par.outreach_benefit - hour, par.outreach_scale)
    most = par.outreach_most * facility.doctors
    facility.outreach = toward(facility.outreach, share * most, 0.0, most, par)


@compiled
def decide_facility(facility, belief, par):
    """A facility's conduct: services, stay, admission, coding, sending and accepting, gaming."""
    facility.income_worth = toward(
        facility.income_worth, income_worth(facility, par), par.income_low, par.income_high, par
    )
    money = money_felt(facility, par)
    care = cares(facility, par)
    for p in range(3):
        over = care * (par.over_drugs if p == 0 else par.over)
        cost = facility.marginal_cost[p]
        goal = optimum(money * margins.of_part(belief.outpatient[p], cost), over, care * par.under)
        facility.intensity_out[p] = toward(facility.intensity_out[p], goal, par.intensity_low, par.intensity_high, par)
        if facility.bed_days > 0:
            goal = optimum(money * margins.of_part(belief.inpatient[p], cost), over, care * par.under)
            facility.intensity_in[p] = toward(
                facility.intensity_in[p], goal, par.intensity_low, par.intensity_high, par
            )
    decide_gaming(facility, belief, par)
    if facility.bed_days == 0:
        return
    day = money * margins.of_bed_day(facility, belief, par)
    facility.stay = toward(
        facility.stay, optimum(day, care * par.stay_over, care * par.stay_under), par.stay_low, par.stay_high, par
    )
    mild_days = par.mild_stay * belief.case_days
    mild = margins.of_admission(facility, belief, par.mild_weight, mild_days, par)
    mild = money * (mild - margins.bed_day_price(facility, belief, par) * mild_days)
    # tanh, from the logistic function
    pull = 2.0 * logistic(2.0 * mild / (care * par.admit_money)) - 1.0
    facility.admit = toward(facility.admit, par.admit * pull, -par.admit, par.admit, par)
    gain = money * margins.of_coding_up(belief, par)
    facility.upcode = toward(
        facility.upcode, par.code_most * logistic((gain - care * par.code_honesty) / par.code_scale), 0.0, 1.0, par
    )
    if facility.tier > CENTRE:
        loss = max(0.0, par.send_capability_at - belief.centre_capability) / par.send_capability_range
        gain = (
            money * (margins.of_sending_down(facility, belief, par) + belief.partner)
            - care * par.send_patient * loss
            + par.send_free
        )
        facility.send = toward(facility.send, logistic(gain / par.send_scale), 0.0, 1.0, par)
    else:
        wanted = care * par.accept_patient * (facility.capability - par.accept_capability_at)
        full = par.accept_full * max(0.0, facility.bed_use - par.accept_full_at) / 0.1
        gain = (
            money * (margins.of_taking_over(facility, belief, par) + belief.partner)
            + wanted / par.accept_capability_range
            - full
        )
        facility.accept = toward(facility.accept, logistic(gain / par.accept_scale), 0.0, 1.0, par)


@compiled
def decide_doctor(facility, belief, par):
    """The doctors' own conduct at a facility: follow-up visits asked for, sending up, keeping patients with the
    alliance, chronic management, contracts, outreach and remote consultation."""
    money = money_felt(facility, par)
    care = cares(facility, par)
    pull = 2.0 * logistic(2.0 * money * belief.keep_case / (care * par.steer_money)) - 1.0
    facility.steer = toward(facility.steer, par.steer * pull, 0.0, par.steer, par)
    margin = margins.of_visit(facility, belief)
    facility.follow = toward(
        facility.follow,
        optimum(money * margin, care * par.over, care * par.under),
        par.intensity_low,
        par.intensity_high,
        par,
    )
    facility.keep = toward(facility.keep, money * margin, -2.0, 2.0, par)
    facility.refer = toward(facility.refer, money * belief.referred_up, -1e4, 1e4, par)
    load = chronic_load(facility, par)
    gain = money * belief.managed + care * par.manage_benefit - par.manage_effort * load
    facility.manage = toward(facility.manage, logistic(gain / par.manage_scale), 0.0, 1.0, par)
    decide_contracts(facility, belief, par)
    decide_outreach(facility, belief, par)


@compiled
def decide_all(facilities, beliefs, pars, low, high):
    """Every facility and its doctors decide, each on its own row."""
    for f in range(low, high):
        decide_facility(facilities[f], beliefs[f], pars[0])
        decide_doctor(facilities[f], beliefs[f], pars[0])


def expected_wait(base: np.ndarray, use: np.ndarray, par: np.void) -> np.ndarray:
    """Wait in hours at clinics of this use, (F,)."""
    u = np.minimum(use, par["wait_cap"])
    return base * (1.0 + par["wait_slope"] * (u * u * u * u * u * u))


def levels(facilities: np.ndarray, stay_part: float) -> None:
    """Charge levels that follow from listed prices and conduct: columns outpatient_level and inpatient_level."""
    services = (facilities["outpatient_parts"] * facilities["intensity_out"]).sum(axis=1)
    facilities["outpatient_level"] = facilities["outpatient_price"] * services
    services = (facilities["inpatient_parts"] * facilities["intensity_in"]).sum(axis=1)
    facilities["inpatient_level"] = facilities["inpatient_price"] * (
        (1 - stay_part) * services + stay_part * facilities["stay"]
    )
