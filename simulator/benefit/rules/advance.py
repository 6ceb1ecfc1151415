"""Pay first, claim later (先垫付后报销): what it costs a family to advance the fund's part of a bill.

The money comes back in the same month; what remains is having had to find it. The felt cost is a share of the advance,
larger for families below the mean income and smaller for those above it, within bounds; a family that has less at hand
than the whole bill cannot go at all.
"""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import clip

SOURCE = (
    "Judgement; that advance payment keeps poor families from care elsewhere is the reason that the national bureau "
    "gives for direct settlement (NHSA and MoF 2022 no. 22)"
)
EXAMPLE = """
network: {form: county, townships: 6, villages: 6}
baseline:
  benefit:
    resident:
      cross_region: {areas: [outside], settled: pay_first}
"""
BILL = Bill("inpatient", "tertiary", "15000 yuan", away=True)


@compiled
def advance_felt(advance, income, cost, most):
    """Disutility of advancing ``advance`` fen, in fen: ``cost`` (0 to 1) of it at the mean income per head; ``income``
    is that of the family against the mean. The poor feel at most ``most`` times that, the rich at least 1/``most``."""
    return advance * cost * clip(1.0 / income, 1.0 / most, most)


@compiled
def cannot_advance(charge, income, liquid):
    """1 where a bill of ``charge`` fen is more than the family has at hand: ``liquid`` years of its ``income``, fen per
    year; else 0."""
    return 1 if charge > liquid * income else 0
