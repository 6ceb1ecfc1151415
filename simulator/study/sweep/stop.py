"""The rule that adds replications at a point until an interval is narrow enough. It looks at that point alone, in the
order of replications, so that everybody who knows the results comes to the same number."""

from simulator.study.intervals import interval
from simulator.study.sweep.language import StopWhen
from simulator.study.sweep.study_checks import width

GROWTH = 4
"""Every step adds a quarter of what there is."""


def more(rule: StopWhen, arms: tuple[str, ...], values: list[dict[str, dict[str, float | None]] | None]) -> int:
    """How many replications to add at a point, 0 when it is narrow enough or has enough.

    Args:
        rule: of the study.
        arms: of the study.
        values: of the replications there, in order; None for one that failed.
    """
    count = len(values)
    if count >= rule.at_most or all(_wide(rule, arm, values) <= width(rule.interval_below) for arm in arms):
        return 0
    return min(rule.at_most - count, -(-count // GROWTH))


def _wide(rule: StopWhen, arm: str, values: list[dict[str, dict[str, float | None]] | None]) -> float:
    known = [v for each in values if each is not None and (v := each[arm][rule.outcome]) is not None]
    if len(known) < 2:
        return float("inf")
    _, low, high = interval(known)
    return high - low
