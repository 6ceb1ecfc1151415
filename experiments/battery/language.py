"""The words of ``battery.yaml``: shocks and what each should do."""

from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, model_validator

from simulator.core.behaviour import names
from simulator.core.fields import Block, Tiers
from simulator.count.indicators.catalogue import INDICATORS
from simulator.engine.state.facilities import FACILITIES

Series = tuple[str, str, str, str]
"""Indicator, tier, plan, part."""


class Places(Block):
    """A change of what places are, from one month to the next."""

    tiers: Tiers
    """Tiers that it happens to."""
    times: dict[str, float] = Field(default_factory=dict)
    """Columns of the table of facilities that are multiplied, by what."""
    plus: dict[str, float] = Field(default_factory=dict)
    """Columns that are raised, by how much."""
    set: dict[str, float] = Field(default_factory=dict)
    """Columns that take a value."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = {*self.times, *self.plus, *self.set} - {column.name for column in FACILITIES.columns}
        if unknown:
            raise ValueError(f"no column of the table of facilities: {', '.join(sorted(unknown))}")
        return self


class Outcome(Block):
    """One figure that a shock should move, and where to."""

    indicator: str
    """Name of a declared indicator."""
    tier: str = ""
    plan: str = ""
    part: str = ""
    reported_as: Literal["per cent", "points"] = Field("per cent", alias="in")
    """Difference relative to the base in per cent, or in points of a share (times a hundred)."""
    wanted: tuple[float | None, float | None]
    """Lowest and highest difference; None leaves a side open."""
    reason: str
    """Source of the range, or the reason for the sign."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.indicator not in INDICATORS:
            raise ValueError(f"no indicator `{self.indicator}`")
        if self.wanted == (None, None):
            raise ValueError(f"nothing is wanted of `{self.indicator}`")
        return self

    @property
    def series(self) -> Series:
        """Which rows of the results it is."""
        return self.indicator, self.tier, self.plan, self.part


class Shock(Block):
    """A change against the base, and what it should do."""

    title: str
    rules: str = "baseline"
    """Reform of the scenario whose rules hold."""
    places: tuple[Places, ...] = ()
    parameters: dict[str, float] = Field(default_factory=dict)
    """Behavioural parameters that take another value."""
    months: int | None = None
    """Reported months that it is watched, if not as many as the others."""
    outcomes: tuple[Outcome, ...]

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = set(self.parameters) - set(names())
        if unknown:
            raise ValueError(f"no behavioural parameter: {', '.join(sorted(unknown))}")
        return self


class Battery(Block):
    """All shocks, and how they are run."""

    scenario: str
    """Scenario file whose baseline is the base and whose reforms are the rules that shocks name."""
    families: int
    months: int
    """Reported months; the last twelve are looked at."""
    replications: int
    shocks: dict[str, Shock]

    @property
    def watched(self) -> set[Series]:
        """Every series that an outcome of any shock looks at."""
        return {outcome.series for shock in self.shocks.values() for outcome in shock.outcomes}


def read(file: Path) -> Battery:
    """The battery in a file. Raises ValidationError for what is not said rightly."""
    return Battery.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
