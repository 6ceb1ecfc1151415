"""Supplementary cover, one formula for four payers: medical aid (医疗救助), the mutual plan (互助保障), commercial
indemnity (商业补充医疗保险) and charity (慈善救助).

A payer looks at what those before it left to the family, leaves out what still lies under its yearly threshold of own
payments, and pays a share of the rest up to a yearly ceiling:
pays = min(share x max(0, left - max(0, threshold - own payments so far)), ceiling - paid so far).
"""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import whole

SOURCE = (
    "State Council Office 2021 no. 42 (medical aid: after basic and catastrophic cover, yearly threshold, no less than "
    "half of the rest, yearly limit); terms of city plans (惠民保) for the others"
)
EXAMPLE = """
baseline:
  benefit:
    resident:
      medical_aid: {above: 500 yuan/year, pays: 70%, ceiling: 5 万元/year}
"""
BILL = Bill("inpatient", "secondary", "6000 yuan", columns={"poor": 1})


@compiled
def supplement(left, own_year, above, share, room):
    """Fen paid of ``left``, the family's part so far, where the person bore ``own_year`` fen this year before this
    bill; ``above`` is the yearly threshold, ``room`` what is left under the ceiling, fen."""
    under = min(left, max(0, above - own_year))
    return min(whole((left - under) * share), max(0, room))
