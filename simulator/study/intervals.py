"""95 % intervals over replications: Student's t; where parameter sets lie; and of events so few that t misleads.

Few events are counted rather than averaged. None in ten replications is no proof that there are none, though their
spread is zero. So the interval of a level is at least the exact one of a Poisson count (Garwood 1936), and that of a
paired difference at least the one of two counts: events that only one of the arms has, since with common draws the
others are the same events. Its ends come from those of the two counts by the method of variance estimates recovery
(MOVER; Zou and Donner 2008). Coverage is measured in `experiments/coverage/`.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

LEVEL = 0.95
FEW = 60
"""Events over all replications, below which they are few."""

FEW_SETS = 40
"""Sets of parameters from which on the middle 95 % of them can be seen."""

type Interval = tuple[float, float, float]
"""Mean, lower and upper end."""
type Ends = Callable[[list[float]], Interval]
"""Mean and ends of the interval of the values of all replications."""


@cache
def t_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t for a whole number of degrees of freedom.

    Bisection on the finite series for P(|T| < t), Abramowitz & Stegun 26.7.3 and 26.7.4, exact to rounding.

    Args:
        probability: above 0.5 and below 1.
        freedom: degrees of freedom, 1 or more.

    >>> round(t_quantile(0.975, 9), 4)
    2.2622
    """
    if not 0.5 < probability < 1 or freedom < 1:
        raise ValueError(f"t_quantile({probability}, {freedom}): outside its range")
    low, high = 0.0, math.pi / 2
    while (middle := (low + high) / 2) not in (low, high):
        if _within(middle, freedom) < 2 * probability - 1:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan(middle)


def _within(angle: float, freedom: int) -> float:
    """P(|T| < tan(angle) √freedom)."""
    sine, cosine2 = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for k in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine2 * (k - 1) / k
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def interval(values: list[float]) -> Interval:
    """Mean and the ends of its 95 % interval over replications; one replication has no interval (NaN).

    >>> interval([1.0, 1.0, 1.0])
    (1.0, 1.0, 1.0)
    """
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return mean, math.nan, math.nan
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1) / count)
    half = t_quantile((1 + LEVEL) / 2, count - 1) * spread
    return mean, mean - half, mean + half


def spread(values: list[float]) -> Interval:
    """Mean and the interval in which 95 % of values lie, each from a set of parameters of its own: the middle of them,
    or of few, among which no fortieth can be seen, Student's prediction interval. One value has no ends (NaN).

    >>> [round(value, 6) for value in spread([float(n) for n in range(0, 410, 10)])]
    [200.0, 10.0, 390.0]
    >>> [round(value, 2) for value in spread([1.0, 2.0, 3.0])]
    [2.0, -2.97, 6.97]
    """
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return mean, math.nan, math.nan
    if count < FEW_SETS:
        variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
        half = t_quantile((1 + LEVEL) / 2, count - 1) * math.sqrt(variance * (1 + 1 / count))
        return mean, mean - half, mean + half
    ordered = sorted(values)

    def quantile(probability: float) -> float:
        place = probability * (count - 1)
        below = min(int(place), count - 2)
        return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])

    return mean, quantile((1 - LEVEL) / 2), quantile((1 + LEVEL) / 2)


@cache
def garwood(count: int) -> tuple[float, float]:
    """Ends of the exact 95 % interval of the mean of a Poisson count (Garwood, Biometrika 1936).

    >>> [round(end, 3) for end in garwood(0)]
    [0.0, 3.689]
    >>> [round(end, 3) for end in garwood(10)]
    [4.795, 18.39]
    """
    tail = (1 - LEVEL) / 2
    low = 0.0 if count == 0 else _mean_with(count - 1, 1 - tail)
    return low, _mean_with(count, tail)


def _mean_with(most: int, probability: float) -> float:
    """The mean of a Poisson count that is at most ``most`` with this probability."""
    low, high = 0.0, most + 10.0 * math.sqrt(most + 1) + 10
    while (middle := (low + high) / 2) not in (low, high):
        at_most = math.fsum(math.exp(k * math.log(middle) - middle - math.lgamma(k + 1)) for k in range(most + 1))
        if at_most > probability:
            low = middle
        else:
            high = middle
    return middle


class Counted(NamedTuple):
    """Events of one replication, and of how many they are: numerator and denominator of an indicator."""

    events: float
    of: float


def few(counted: Sequence[Counted]) -> int | None:
    """How many events there are in all replications, where they are few; None where not, or where these are no whole
    events."""
    events = math.fsum(each.events for each in counted)
    if events >= FEW or any(each.events != int(each.events) for each in counted):
        return None
    return int(events)


def of_few(counted: Sequence[Counted], found: Interval) -> Interval:
    """An interval of few events: ``found``, by t, and wide enough for the count.

    >>> of_few([Counted(0, 500.0)] * 10, (0.0, 0.0, 0.0))[2] == garwood(0)[1] / 5000
    True
    """
    mean, low, high = found
    of = math.fsum(each.of for each in counted)
    least, most = garwood(round(math.fsum(each.events for each in counted)))
    return mean, max(0.0, min(mean, _least(low, least / of))), _most(high, most / of)


def of_few_paired(here: Sequence[Counted], base: Sequence[Counted], found: Interval) -> Interval:
    """An interval of a paired difference of few events: ``found``, by t, and wide enough for the events that only one
    arm has; those are at least the net differences of the replications."""
    mean, low, high = found
    of = math.fsum(each.of for each in here)
    net = [one.events - other.events * one.of / other.of for one, other in zip(here, base, strict=True)]
    more = math.fsum(each for each in net if each > 0)
    less = -math.fsum(each for each in net if each < 0)
    (more_low, more_high), (less_low, less_high) = _ends(more), _ends(less)
    below = math.hypot(more - more_low, less_high - less) / of
    above = math.hypot(more_high - more, less - less_low) / of
    return mean, _least(low, mean - below), _most(high, mean + above)


def _ends(events: float) -> tuple[float, float]:
    """Garwood's ends of what need not be whole."""
    return garwood(math.floor(events))[0], garwood(math.ceil(events))[1]


def _least(one: float, other: float) -> float:
    return other if math.isnan(one) else min(one, other)


def _most(one: float, other: float) -> float:
    return other if math.isnan(one) else max(one, other)
