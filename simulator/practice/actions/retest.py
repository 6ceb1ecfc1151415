"""Repeated tests (重复检查): how many transferred patients are tested again depends on what a test leaves; a place that
gains nothing by it repeats some all the same, as it does not trust the tests of others.

goal = σ(`retest` + m · margin of a listed yuan of tests / (altruism · `retest_margin`)), at most `retest_most`
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.names import CENTRE, TESTS
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import EVERYWHERE, Act
from simulator.practice.weigh import cares, money_felt

ACT = Act(
    column=Column("retest", "f8", "share", "transferred patients whose tests are repeated, were none recognised", 0),
    doer="facility",
    where=EVERYWHERE,
    low="0.0",
    high="par.retest_most",
)


@compiled
def margin(facility, belief, par):
    """A listed yuan of tests of a transferred patient, yuan: sent up to a hospital, or down to a centre."""
    cost = facility.marginal_cost[TESTS]
    if facility.tier > CENTRE:
        return margins.of_part(belief.outpatient[TESTS], cost)
    return margins.of_part(belief.continued[TESTS], cost)


@compiled
def goal(facility, belief, par):
    """Share tested again."""
    gain = money_felt(facility, par) * margin(facility, belief, par)
    return logistic(par.retest + gain / (cares(facility, par) * par.retest_margin))
