"""The fund's yearly ceiling (封顶线): it pays no more for one person and setting in a calendar year."""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled

SOURCE = "State Council 1998 no. 44 (a ceiling of about four times local mean wages); city rules since"
EXAMPLE = """
baseline:
  benefit:
    resident:
      outpatient: {ceiling: 400 yuan/year}
"""
BILL = Bill("outpatient", "centre", "80 yuan", columns={"outpatient_fund": 20_000})


@compiled
def under_ceiling(fund, ceiling, paid):
    """Fen of the fund's part that are left under the ceiling, of which ``paid`` fen have been paid this year."""
    return min(fund, max(0, ceiling - paid))
