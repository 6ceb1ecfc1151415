"""The deductible (起付线): what the patient pays before the fund begins."""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled

SOURCE = "State Council 1998 no. 44 (a tenth of local mean wages); city rules of residents' plans since"
EXAMPLE = """
baseline:
  benefit:
    resident:
      inpatient:
        secondary: {deductible: 300 yuan}
"""
BILL = Bill("inpatient", "secondary", "6000 yuan")


@compiled
def below_deductible(amount, deductible, used):
    """Fen of ``amount`` that still fall under the deductible, of which ``used`` fen lie on earlier bills: of the year
    for a yearly deductible, of the stay for a stay continued elsewhere, else 0."""
    return min(amount, max(0, deductible - used))
