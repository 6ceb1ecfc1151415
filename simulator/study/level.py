"""Where a figure that depends on one number passes zero, asked step by step so that several can be sought at once."""

from collections.abc import Callable, Generator

TRIALS = 10
"""Values that are tried between the ends."""


class NoRoot(Exception):
    """The figure has the same sign at both ends; ``at_low`` and ``at_high`` are its values there."""

    def __init__(self, at_low: float, at_high: float):
        self.at_low, self.at_high = at_low, at_high
        super().__init__(f"{at_low} and {at_high}")


def root(low: float, high: float, enough: Callable[[float], bool]) -> Generator[float, float, float]:
    """The number between ``low`` and ``high`` at which a figure is zero.

    A bracketed secant (Illinois): the root stays between two numbers whose figures lie on both sides. Yields numbers,
    is sent the figure of each, and returns the best that was tried.

    Args:
        low, high: ends of the search.
        enough: whether a figure is near enough to zero.

    Raises:
        NoRoot: it does not pass zero between the ends.
    """
    at_low = yield low
    if enough(at_low):
        return low
    at_high = yield high
    if enough(at_high):
        return high
    if (at_low > 0) == (at_high > 0):
        raise NoRoot(at_low, at_high)
    best = (abs(at_low), low)
    for _ in range(TRIALS):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        gap = yield middle
        best = min(best, (abs(gap), middle))
        if enough(gap):
            break
        if (gap > 0) == (at_high > 0):
            high, at_high, at_low = middle, gap, at_low / 2
        else:
            low, at_low, at_high = middle, gap, at_high / 2
    return best[1]
