"""Continuous deductible (起付线连续计算): a stay that goes on elsewhere has one deductible, that of the highest tier.

What was paid under deductibles earlier in the stay counts: who is stepped down pays nothing more, who goes up or back
pays the difference (补差).
"""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled

SOURCE = "State Council Office 2015 no. 70 and 2017 no. 32"
EXAMPLE = """
baseline:
  adjustments:
    one_stay: {for: {care: inpatient}, deductible: once_per_episode}
"""
BILL = Bill("continued", "centre", "2000 yuan", referred=True, columns={"stay_deductible": 100_000})


@compiled
def still_due(deductible, paid):
    """Fen of this place's deductible that are left where ``paid`` fen were paid under those of the stay so far."""
    return max(0, deductible - paid)
