"""Differences in cover (差异化待遇) by contract, referral, poverty and place: points added to the fund's share.

Adjustments overlap: points add up, and the share is cut at 0 and 100 %; of deductibles the lowest holds, of ceilings
the highest.
"""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled

SOURCE = "State Council Office 2015 no. 70: higher rates for those who sign and are referred"
EXAMPLE = """
baseline:
  adjustments:
    contract: {for: {tiers: primary}, when: signed, fund_pays: +10 pp}
    straight_up: {for: {tiers: hospital}, when: direct, fund_pays: -10 pp, deductible: 800 yuan}
"""
BILL = Bill("outpatient", "centre", "80 yuan", columns={"signed": 1})


@compiled
def adjusted(fund_pays, points):
    """The fund's share, 0 to 1, after ``points`` (a change of a share, -1 to 1) in all."""
    return min(1.0, max(0.0, fund_pays + points))


@compiled
def halved(deductible):
    """Half a deductible, whole fen, halves of a fen to the patient's good."""
    return deductible // 2
