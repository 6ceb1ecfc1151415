"""What was reported of a place: claims of the programme itself, and findings of independent studies."""

import re
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from simulator.core.fields import Block, Names, one_of
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS, TIERS
from simulator.core.units import Count
from simulator.count.indicators.catalogue import INDICATORS
from simulator.scenario.language.values import Quantity, quantity

QUANTITY = WithJsonSchema({"type": ["string", "number"]})


def difference(value: Any) -> Quantity:
    """A quantity with its sign: `+25 pp`, `-12%`, `-263.35 yuan`.

    >>> difference("-263.35 yuan")
    Quantity(value=-26335, unit='fen')
    """
    text = str(value)
    if isinstance(value, tuple) or re.fullmatch(r".*(%| pp)", text) or not text.startswith("-"):
        return quantity(value)
    size, unit = quantity(text[1:])
    return Quantity(-size, unit)


def years(value: Any) -> str:
    """A year or two: `2023`, `2017-2023`."""
    m = re.fullmatch(r"((?:19|20)[0-9]{2})(?:-((?:19|20)[0-9]{2}))?", str(value))
    if not m or (m[2] and m[2] < m[1]):
        raise ValueError(say("cite_year", text=value))
    return str(value)


Level = Annotated[Quantity | None, BeforeValidator(quantity), QUANTITY]
Difference = Annotated[Quantity | None, BeforeValidator(difference), QUANTITY]
Years = Annotated[
    str | None, BeforeValidator(years), WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\d{4}(-\d{4})?$"})
]


class Reported(Block):
    """What claims and findings share."""

    indicator: one_of(*INDICATORS)
    """Indicator of the results."""
    arm: str = "baseline"
    """Arm it is about."""
    tier: one_of(*TIERS, *TIER_GROUPS) | None = None
    """Tier it is about."""
    plan: str | None = None
    """Plan it is about."""
    level: Level = None
    """What was measured."""
    change: Difference = None
    """Change over the years, with its sign: in points, in per cent, or in the unit of the indicator."""
    source: str
    """Who reported it."""
    note: str | None = None
    """Remark."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.level is None and self.change is None:
            raise ValueError(say("claim_nothing"))
        return self


class Claim(Reported):
    """What a programme says it achieved."""

    groups: Names | None = None
    """Case groups it is about."""
    from_: Level = Field(None, alias="from")
    """Level at the beginning of the years."""
    to: Level = None
    """Level at their end."""
    level_to: Level = None
    """Upper end, if `level` is the lower end of what was reported."""
    years: Years = None
    """First and last full year, or the one year."""


class Finding(Reported):
    """What others measured: a level calibrated to (`target`), or anything only predicted (`validation`)."""

    year: Annotated[Count, Field(ge=1949, le=2100)] | None = None
    """Year it was measured in."""
    years: Years = None
    """Years between which it changed."""
    design: one_of("difference_in_differences", "before_after", "trial") | None = None
    """How it was told from what would have happened anyway."""
    use: one_of("target", "validation")
    """What it may be used for."""

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        if self.use == "target" and (self.level is None or self.arm != "baseline"):
            raise ValueError(say("finding_target"))
        if self.year is None and self.years is None:
            raise ValueError(say("finding_when"))
        return self
