"""Facilities that a service is for, where it is not for all of them."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from simulator.core.fields import Block, Names, Tiers
from simulator.core.messages import say

ALL = "all"


class Where(Block):
    """Facilities: between dimensions *and*, within a list *or*; what is left out means all."""

    tiers: Tiers | None = None
    """Tiers, or `primary` or `hospital`."""
    facilities: Names | None = None
    """Facilities by name; `centre_1 to centre_8` is a range."""
    alliances: Names | None = None
    """Alliances whose members they are."""
    areas: Names | None = None
    """Areas of the network in which they lie."""

    @model_validator(mode="after")
    def _says_something(self) -> "Where":
        if not self.model_fields_set:
            raise ValueError(say("scope_empty"))
        return self


def _where(value: Any) -> Any:
    if isinstance(value, dict):
        return Where.model_validate(value)
    if value != ALL and not isinstance(value, Where):
        raise ValueError(say("scope_form", text=value, word=ALL))
    return value


class Placed(Block):
    """Terms of a service that some facilities have and others have not."""

    where: Annotated[Where | Literal["all"], BeforeValidator(_where)] = Field(ALL, alias="for")
    """Which facilities: a scope of tiers, facilities, alliances and areas, or `all`."""
