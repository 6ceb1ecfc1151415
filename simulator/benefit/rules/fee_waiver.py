"""Fee waiver (挂号费、诊察费减免): of every bill the fund pays a fixed sum of what would be left to the patient.

It comes after the ceiling, which does not cut it, and before catastrophic cover. It counts as paid by the fund. A
waived fee is thus the patient's own part of the bill up to the fee, whatever the share of the plan.
"""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled

SOURCE = (
    "General consultation fee of primary care (一般诊疗费), of which insurance pays nearly all; State Council Office "
    "2010 no. 62 on compensation of primary institutions"
)
EXAMPLE = """
baseline:
  adjustments:
    consultation: {for: {tiers: primary, care: outpatient}, waives: 10 yuan}
"""
BILL = Bill("outpatient", "centre", "80 yuan")


@compiled
def waived(own, fee):
    """Fen of the patient's part ``own`` that the fund pays instead, where it waives a fee of ``fee`` fen."""
    return min(own, fee)
