"""Margins: an action is a fixed bundle of changes in the books, valued at what its doer believes each change earns,
less what it costs. Yuan. Every incentive in the model is one of these; none knows a payment rule."""

from simulator.core.jit import compiled
from simulator.core.maths import logistic


@compiled
def of_part(believed, cost):
    """One more listed yuan of a part of a bill."""
    return believed - cost


@compiled
def of_bill(believed, cost, parts):
    """One more yuan of a usual bill, its parts as usual; all three of length 3."""
    total = 0.0
    for p in range(3):
        total += parts[p] * of_part(believed[p], cost[p])
    return total


@compiled
def of_visit(facility, belief):
    """One more yuan of outpatient visits: the bill, and what a visit earns whatever is done in it."""
    bill = of_bill(belief.outpatient, facility.marginal_cost, facility.outpatient_parts)
    return bill + belief.visit / max(belief.visit_bill, 1.0)


@compiled
def of_admission(facility, belief, weight, days, par):
    """One more admission of this relative weight and stay, before what its bed could earn otherwise."""
    bill = belief.case_bill * weight / belief.case_weight
    services = of_bill(belief.inpatient, facility.marginal_cost, facility.inpatient_parts) * bill
    return services + belief.case + belief.weight * weight + (belief.day - par.day_cost) * days


@compiled
def bed_day_price(facility, belief, par):
    """Shadow price of a bed-day: the chance that it is filled again times what the next case earns a day."""
    filled = logistic((facility.bed_use - par.bed_scarce_at) / par.bed_scarce_scale)
    earns = of_admission(facility, belief, belief.case_weight, belief.case_days, par)
    return filled * max(earns, 0.0) / belief.case_days


@compiled
def of_bed_day(facility, belief, par):
    """One more day of a stay."""
    bill = par.stay_part * belief.case_bill / belief.case_days
    services = of_bill(belief.inpatient, facility.marginal_cost, facility.inpatient_parts) * bill
    return services + belief.day - par.day_cost - bed_day_price(facility, belief, par)


@compiled
def of_sending_down(facility, belief, par):
    """Sending a stable inpatient to a centre: the rest of the stay is neither earned nor paid for, the bed is free."""
    days = par.tail_days * belief.case_days
    bill = par.tail_bill * belief.case_bill
    services = of_bill(belief.inpatient, facility.marginal_cost, facility.inpatient_parts) * bill
    rest = services + (belief.day - par.day_cost) * days
    moved = belief.moved_out * belief.case_weight + belief.recorded
    return bed_day_price(facility, belief, par) * days - rest + moved


@compiled
def of_taking_over(facility, belief, par):
    """Taking over the rest of a hospital's case."""
    days = par.tail_days * belief.sender_days
    bill = par.tail_bill * par.tail_price * belief.sender_bill
    services = of_bill(belief.continued, facility.marginal_cost, facility.inpatient_parts) * bill
    return services + (belief.continued_day - par.day_cost) * days + belief.moved_in * belief.sender_weight


@compiled
def pool_of_sending_down(facility, pool, belief, par):
    """What the pool gains when the rest of a hospital's case is not billed; ``pool`` is its side of the beliefs."""
    bill = par.tail_bill * belief.case_bill
    rest = 0.0
    for p in range(3):
        rest += facility.inpatient_parts[p] * pool.inpatient[p]
    return pool.moved_out * belief.case_weight - rest * bill - pool.day * par.tail_days * belief.case_days


@compiled
def pool_of_taking_over(facility, pool, belief, par):
    """What the pool gains (mostly: loses) when a centre bills the rest of a hospital's case."""
    bill = par.tail_bill * par.tail_price * belief.sender_bill
    rest = 0.0
    for p in range(3):
        rest += facility.inpatient_parts[p] * pool.continued[p]
    days = par.tail_days * belief.sender_days
    return rest * bill + pool.continued_day * days + pool.moved_in * belief.sender_weight


@compiled
def of_coding_up(belief, par):
    """Coding one usual case one level too high, expected fine included."""
    return par.code_step * belief.case_weight * (belief.weight - belief.fine)


@compiled
def of_splitting(belief):
    """Billing one usual stay as two: one more case of the same weight and no more work, expected fine included."""
    return (belief.case + belief.weight * belief.case_weight) * (1.0 - belief.penalty)


@compiled
def of_idle_day(belief):
    """Billing one more day after the patient has gone, expected fine included."""
    return belief.day * (1.0 - belief.penalty)


@compiled
def of_dear_case(facility, belief, par):
    """Admitting one patient of the usual weight who is dear for it, less what the bed could earn otherwise."""
    usual = of_admission(facility, belief, belief.case_weight, belief.case_days, par)
    more = (par.dear_bill - 1.0) * belief.case_bill
    services = of_bill(belief.inpatient, facility.marginal_cost, facility.inpatient_parts) * more
    return usual + services - bed_day_price(facility, belief, par) * belief.case_days


@compiled
def of_covered(believed, parts, outside):
    """What one yuan inside the catalogue earns: the believed yuan at the usual mix, less its part ``outside`` the
    catalogue, which the patient pays in full whoever pays the rest; ``believed`` and ``parts`` of length 3."""
    total = 0.0
    share = 0.0
    for p in range(3):
        total += parts[p] * believed[p]
        share += parts[p]
    return (total / max(share, 1e-9) - outside) / max(1.0 - outside, 0.05)
