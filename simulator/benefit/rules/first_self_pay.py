"""First self-pay (乙类先行自付): a share of covered items that the patient pays before the fund looks at the bill."""

import numpy as np

from simulator.core.jit import rule


@rule
def first_self_pay(covered, share):
    """Fen of the covered charge that the patient pays first; ``share`` is 0 to 1."""
    return np.int64(np.float64(covered) * share + 0.5)
