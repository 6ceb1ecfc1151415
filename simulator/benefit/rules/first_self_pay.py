"""First self-pay (乙类先行自付): a share of covered items that the patient pays before the fund looks at the bill."""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import share_of

SOURCE = "NHSA 2020 order no. 1 (class-B drugs and services: part paid by the patient first); city rules"
EXAMPLE = """
baseline:
  benefit:
    resident:
      inpatient: {first_self_pay: 10%}
"""
BILL = Bill("inpatient", "secondary", "6000 yuan")


@compiled
def first_self_pay(covered, share):
    """Fen of the covered charge that the patient pays first; ``share`` is 0 to 1."""
    return share_of(covered, share)
