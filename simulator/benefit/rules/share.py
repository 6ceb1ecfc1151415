"""The fund's statutory share (报销比例) of what lies above the deductible."""

import numpy as np

from simulator.core.jit import rule


@rule
def fund_share(amount, fund_pays):
    """Fen that the fund pays of ``amount``, halves of a fen to the patient's good; ``fund_pays`` is 0 to 1."""
    return np.int64(np.float64(amount) * fund_pays + 0.5)
