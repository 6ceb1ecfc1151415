"""What a file of ``actions/`` holds: one act of a provider.

A file gives

- ``ACT``, its declaration: the column, who decides, where it can be done, bounds, how it is shown;
- ``goal(facility, belief, par)``, what the act moves toward, compiled; of a column with several values
  ``goal(facility, belief, par, n)`` of each;
- ``margin(facility, belief, par)``, if ``ACT.seen`` says that it is reported: what one more of it is believed to earn;
- ``slots(facilities, par)``, if it adds or takes clinic slots: how many this month, int64 (F,).

Its parameters are the section of its name in the set of behavioural parameters. `practice.acts` finds the files and
writes out the pass in which every facility and its doctors decide; nothing else names them, but for what an act does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from simulator.core.messages import Text
from simulator.core.names import CENTRE, TERTIARY
from simulator.core.table import Column


class Where(NamedTuple):
    """Facilities that can do something, in words and as a condition on a row."""

    words: str
    condition: str
    beds: bool = False

    def holds(self, facility: Any) -> bool:
        """Whether the facility of a row is one of them."""
        return bool(eval(self.condition, {"facility": facility, "CENTRE": CENTRE, "TERTIARY": TERTIARY}))


EVERYWHERE = Where("every facility", "True")
PRIMARY = Where("stations and centres", "facility.tier <= CENTRE")
HOSPITALS = Where("hospitals", "CENTRE < facility.tier <= TERTIARY")
OVER_CENTRES = Where("hospitals with centres below", "facility.tier > CENTRE and facility.below != 0.0")
CONTRACTING = Where("places that offer contracts", "facility.contract != 0")
BEDS = Where("facilities with beds", "facility.bed_days > 0", True)
CENTRE_BEDS = Where("stations and centres with beds", "facility.bed_days > 0 and facility.tier <= CENTRE", True)
HOSPITAL_BEDS = Where("hospitals with beds", "facility.bed_days > 0 and facility.tier > CENTRE", True)

UPPER = ("secondary", "tertiary")
"""Tiers of hospitals, in words."""


class Shown(NamedTuple):
    """How a column of results is shown to users."""

    tiers: tuple[str, ...]
    """Tiers of whose part of the report it is a line."""
    text: Text
    """That line, in words."""
    short: Text | None = None
    """Heading of its column where a facility is followed; None: not among these."""


class Seen(NamedTuple):
    """The margin of an act, a column of results."""

    name: str
    unit: str
    meaning: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Act:
    """The declaration of an act."""

    column: Column
    """The column of the table of facilities that it moves; its default is where it begins."""
    doer: Literal["facility", "doctor"]
    """Whose goal it is: the facility's, or that of its doctors."""
    where: Where
    """Who can do it; elsewhere the column stays as it is, or is zero if the act `ends`."""
    low: str
    """Lower bound of the goal: an expression in ``facility`` and ``par``."""
    high: str
    """Upper bound."""
    shown: dict[str, Shown] = field(default_factory=dict)
    """How it is shown, by column of results."""
    seen: Seen | None = None
    """Its margin, if reported."""
    ends: bool = False
    """Whether it ends at once where it cannot be done any more."""
    after: tuple[str, ...] = ()
    """Acts of the same doer that are decided before it, since its goal reads what they have just become."""
    reported: str = ""
    """Column of results, if not named as its own: then it is in units of the sample and reported for the place."""

    @property
    def results(self) -> tuple[str, ...]:
        """Its columns of results, one for each value."""
        name = self.reported or self.column.name
        return (name,) if self.column.size == 1 else tuple(f"{name}_{n}" for n in range(self.column.size))

    def shown_as(self, unit: str = "") -> str:
        """Kind of figure by which a value of ``unit``, the column's if none is given, is shown."""
        unit = unit or self.column.unit
        if unit == "share":
            return "share"
        return "money" if is_money(unit) else "number"


def is_money(unit: str) -> bool:
    """Whether an amount of this unit grows with prices.

    >>> [is_money(unit) for unit in ("yuan", "yuan/day", "yuan/yuan", "share")]
    [True, True, False, False]
    """
    return unit.startswith("yuan") and unit != "yuan/yuan"


class Found(NamedTuple):
    """An act as its file has it."""

    name: str
    act: Act
    about: str
    goal: Callable
    margin: Callable | None
    slots: Callable | None

    @classmethod
    def of(cls, name: str, room: Any) -> "Found":
        """What the module ``room`` holds."""
        about = (room.__doc__ or "").strip()
        return cls(name, room.ACT, about, room.goal, *(getattr(room, n, None) for n in ("margin", "slots")))
