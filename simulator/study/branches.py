"""Arms of a replication as a tree: they share every month up to the first in which their rules differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.scenario.resolve.parting import parting
from simulator.study.summary import BASELINE


@dataclass(frozen=True, slots=True)
class Branch:
    """Months that some arms share. ``until`` counts reported months from the first on; at the end of the run nothing
    goes on."""

    arm: str
    """Whose rules they are lived under; one of the arms, but for the burn-in, which is the baseline's."""
    arms: tuple[str, ...]
    until: int
    goes_on: tuple["Branch", ...] = ()

    def months(self, since: int = 0) -> int:
        """Months lived from ``since`` on, here and in all that goes on from here."""
        return self.until - since + sum(branch.months(self.until) for branch in self.goes_on)

    def in_order(self) -> tuple[str, ...]:
        """Its arms in the order in which they come to their end."""
        return tuple(arm for branch in self.goes_on for arm in branch.in_order()) or self.arms


def branches(scenario: Any, arms: Sequence[str], arm: str = BASELINE) -> Branch:
    """How ``arms`` grow out of ``arm``, with which they agree so far."""
    parted = parting(scenario, (arm, *arms))
    if parted is None or parted >= scenario.time.months:
        return Branch(arm, tuple(arms), scenario.time.months)
    groups: list[list[str]] = []
    for one in arms:
        like = (g for g in groups if (when := parting(scenario, (g[0], one))) is None or when > parted)
        group = next(like, None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return Branch(arm, tuple(arms), parted, tuple(branches(scenario, group, group[0]) for group in groups))


def lived(scenario: Any, arms: Sequence[str]) -> int:
    """Months of one replication with these arms, burn-in included."""
    return scenario.time.warm_up + branches(scenario, arms).months()


def live_through(tree: Branch, model: Any) -> Iterator[tuple[str, Any | None]]:
    """Live all months of a tree from its root ``model`` on: (arm, None) after each month, the arm being one of those
    that share it; (arm, its model) where an arm has come to its end."""
    while model.steps_done < model.burn_in + tree.until:
        model.step()
        yield tree.arm, None
    if not tree.goes_on:
        for arm in tree.arms:
            yield arm, model if arm == tree.arm else model.branch(arm)
        return
    for branch in tree.goes_on:
        yield from live_through(branch, model.branch(branch.arm))
