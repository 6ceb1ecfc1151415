"""Margins: an action is a fixed bundle of changes in the books, valued at what its doer believes each change earns,
less what it costs. Yuan. Every incentive in the model is one of these; none knows a payment rule.

Here are those that several acts share; one of a single act stands in its file in ``actions/``.
"""

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
