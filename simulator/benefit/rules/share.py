"""The fund's statutory share (报销比例) of what lies above the deductible."""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import share_of

SOURCE = "NHSA, Statistical Bulletin on Healthcare Security; city rules. Inverted rates (报销倒挂) are values of it"
EXAMPLE = """
baseline:
  benefit:
    resident:
      outpatient:
        primary: {fund_pays: 60%}
"""
BILL = Bill("outpatient", "centre", "80 yuan")


@compiled
def fund_share(amount, fund_pays):
    """Fen that the fund pays of ``amount``, halves of a fen to the patient's good; ``fund_pays`` is 0 to 1."""
    return share_of(amount, fund_pays)
