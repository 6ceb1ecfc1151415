"""Verdicts: whether what the model says agrees with what was measured or claimed.

An interval wider than twice the effect tells nothing and is a miss, whatever it holds.
"""

from simulator.study.intervals import Interval
from simulator.validation.register import FALLS, NO_CHANGE, Published

CONSISTENT, WEAKER, STRONGER, OPPOSITE = VERDICTS = ("consistent", "weaker", "stronger", "opposite")
NEAR = 0.10
"""A figure within so much of a claim agrees with it: claims are told in round numbers."""


def wide(found: Interval) -> bool:
    """Whether an interval is wider than twice the effect, or there is none.

    What never differs has an interval of no width, and no sign either.

    >>> wide((0.1, 0.05, 0.15)), wide((0.1, -0.01, 0.21)), wide((0.1, float("nan"), float("nan")))
    (False, True, True)
    """
    mean, low, high = found
    return not high - low <= 2 * abs(mean)


def sign_agrees(direction: str, found: Interval, within: float) -> bool:
    """Whether a change goes where it was found to go; where none was found, whether the whole interval is as small.

    >>> sign_agrees("falls", (-0.1, -0.15, -0.05), 0.02), sign_agrees("falls", (-0.1, -0.3, 0.1), 0.02)
    (True, False)
    >>> sign_agrees("none", (0.01, 0.0, 0.02), 0.02), sign_agrees("none", (0.01, -0.03, 0.05), 0.02)
    (True, False)
    """
    mean, low, high = found
    if direction == NO_CHANGE:
        return bool(-within <= low and high <= within)
    return mean != 0 and not wide(found) and (mean < 0) == (direction == FALLS)


def inside(published: Published, found: Interval) -> bool:
    """Whether a published number lies in the interval of the model, which is not too wide.

    >>> inside(Published(-0.12), (-0.10, -0.13, -0.07)), inside(Published(-0.12), (-0.05, -0.13, 0.03))
    (True, False)
    """
    _, low, high = found
    return not wide(found) and low <= published.value <= high


def overlap(published: Published, found: Interval) -> bool:
    """Whether the two intervals overlap; a number without one is its own interval.

    >>> overlap(Published(-0.25, -0.39, -0.12), (-0.10, -0.13, -0.07))
    True
    """
    _, low, high = found
    ends = (published.low, published.high) if published.low == published.low else (published.value,) * 2
    return not wide(found) and low <= ends[1] and ends[0] <= high


def of_change(claimed: float, found: Interval) -> str:
    """How a change comes out against the one that is claimed.

    >>> of_change(0.25, (0.033, 0.009, 0.057)), of_change(-0.12, (0.03, 0.01, 0.05)), of_change(0.1, (0.105, 0.1, 0.11))
    ('weaker', 'opposite', 'consistent')
    """
    mean, low, high = found
    if not wide(found):
        if mean * claimed < 0:
            return OPPOSITE
        if low <= claimed <= high or abs(mean - claimed) <= NEAR * abs(claimed):
            return CONSISTENT
    return STRONGER if mean * claimed > 0 and abs(mean) > abs(claimed) else WEAKER


def of_level(lower: float, upper: float, found: Interval) -> str:
    """How a level comes out against the one, or the range, that is claimed.

    >>> of_level(0.7, 0.7, (0.66, 0.6, 0.7)), of_level(0.7, 0.7, (0.3, 0.28, 0.32)), of_level(0.3, 0.5, (0.7, 0.6, 0.8))
    ('consistent', 'weaker', 'stronger')
    """
    mean, low, high = found
    edge = NEAR * max(abs(lower), abs(upper))
    if not wide(found) and high >= lower - edge and low <= upper + edge:
        return CONSISTENT
    return WEAKER if mean < lower else STRONGER
