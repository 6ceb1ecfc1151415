"""When arms part: until then they have the same rules, so the same history."""

from collections.abc import Sequence
from typing import Any


def parting(scenario: Any, arms: Sequence[str]) -> int | None:
    """The first reported month, from 0, in which not all of the arms have the same rules; None if they always have."""
    start = _months(scenario.time.start)
    first, *others = ([(_months(state.month) - start, state.rules) for state in scenario.states(arm)] for arm in arms)
    parted = [when for other in others if (when := _differ(first, other)) is not None]
    return min(parted, default=None)


def _differ(one: list[tuple[int, Any]], other: list[tuple[int, Any]]) -> int | None:
    """The first month in which one changes and the other does not, or not to the same rules."""
    for a, b in zip(one, other, strict=False):
        if a != b:
            return min(a[0], b[0])
    longer = max(one, other, key=len)
    rest = longer[min(len(one), len(other)) :]
    return rest[0][0] if rest else None


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
