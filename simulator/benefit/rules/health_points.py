"""Health points (健康积分): what a managed patient earns at follow-up and pays for primary visits with.

Each standard contact of a managed patient earns the family points, counted in fen; at a primary visit they pay up to a
share of what is left to the family, and the fund pays the place for them.
"""

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import whole

SOURCE = (
    "Health cloud points of Shanghai (健康云健康积分): points for follow-up, vaccination and check-up (evidence S13); "
    "yuan for a point are not stated and are the user's"
)
EXAMPLE = """
baseline:
  services:
    health_points: {per_contact: 10 yuan, redeem: 50%}
"""
BILL = Bill("outpatient", "centre", "80 yuan", columns={"points": 3_000})


@compiled
def redeemed(left, points, share):
    """Fen of the family's part ``left`` that are paid with points, of which the family has ``points``."""
    return min(whole(left * share), points)
