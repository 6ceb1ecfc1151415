"""The catalogue (医保目录): what no insurance pays."""

import numpy as np

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled

SOURCE = (
    "National reimbursement drug list (医保目录), NHSA, every year; the share outside it is a habit of the facility"
)
EXAMPLE = """
facilities:
  secondary: {outside_catalogue: 20%}
"""
BILL = Bill("inpatient", "secondary", "6000 yuan")


@compiled
def outside(charge, share):
    """Fen of a charge that lie outside the catalogue: all the patient's. ``share`` (0 to 1) is the facility's habit of
    billing such items; behaviour.md E7 (1)."""
    return np.int64(np.float64(charge) * share + 0.5)
