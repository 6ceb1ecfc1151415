"""A figure without something and with it, in replications that share people and draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.study.intervals import Ends, interval


@dataclass(frozen=True, slots=True)
class Paired:
    """Means over replications, and the mean of the paired differences with the ends of its 95 % interval; not a number
    where there is none."""

    without: float
    with_it: float
    difference: float
    low: float
    high: float


def paired(pairs: Sequence[tuple[float, float]], ends: Ends = interval) -> Paired:
    """Means and paired difference of (without, with) over the replications in which both are known; ``ends`` says how
    its interval is made."""
    known = [pair for pair in pairs if not any(map(math.isnan, pair))]
    if not known:
        return Paired(*[math.nan] * 5)
    without, with_it = (math.fsum(each) / len(known) for each in zip(*known, strict=True))
    return Paired(without, with_it, *ends([after - before for before, after in known]))
