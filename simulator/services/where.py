"""Facilities that a service is for, where it is not for all of them."""

from pydantic import Field

from simulator.core.fields import Block, Names, Selection, Tiers, selection_or

ALL = "all"


class Where(Selection):
    """Facilities: between dimensions *and*, within a list *or*; what is left out means all."""

    tiers: Tiers | None = None
    """Tiers, or `primary` or `hospital`."""
    facilities: Names | None = None
    """Facilities by name; `centre_1 to centre_8` is a range."""
    alliances: Names | None = None
    """Alliances whose members they are."""
    areas: Names | None = None
    """Areas of the network in which they lie."""


class Placed(Block):
    """Terms of a service that some facilities have and others have not."""

    where: selection_or(Where, ALL) = Field(ALL, alias="for")
    """Which facilities: a scope of tiers, facilities, alliances and areas, or `all`."""
