"""How it shows in the results of a run that a thing which a scenario switches on was used by anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.core.messages import Text


@dataclass(frozen=True, kw_only=True)
class Use:
    """A step of being used: done if any of what it names is above zero in the reported months.

    What is switched on declares its steps, the first that can happen first: asked for, then answered; signed, then
    served. The first that was not done is told, and nothing is said of those after it.
    """

    unused: Text
    """What is said if it was not done, a clause that stands alone: `no consultation was answered`."""
    events: tuple[str, ...] = ()
    """Counts by facility (`count/events.py`)."""
    indicators: tuple[str, ...] = ()
    """Indicators, whatever part of the place they are of."""
    postings: tuple[str, ...] = ()
    """Kinds of postings in the ledger; `audit` is also `audit:split`."""
    within: tuple[str, ...] = ()
    """Stages of referrals from one member to another of an alliance that the arm has."""
    wanted: str = ""
    """Parameter that must not be zero for the step to be expected, such as the part that goes to doctors."""
    tier: str = ""
    """Tier at which events have to be counted; any if left out."""


def kinds_named(postings: Sequence[str], kind: str) -> bool:
    """Whether a kind of posting is among those named.

    >>> kinds_named(("audit",), "audit:split"), kinds_named(("audit",), "audited")
    (True, False)
    """
    return kind.partition(":")[0] in postings or kind in postings
