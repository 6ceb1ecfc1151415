"""The words of ``fit.yaml``: intercepts, and the levels that they are fitted to."""

from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import Field, model_validator

from simulator.calibrate.evidence import may_be_fitted
from simulator.core.fields import Block
from simulator.count.indicators.catalogue import INDICATORS


class Intercept(Block):
    """One value that is fitted."""

    step: float
    """How far it is moved to see what it does; a step of the solver goes four times as far at most."""
    known: str | None = None
    """Name of a target that is proportional to it: what it does is then reckoned and not tried."""
    low: float = float("-inf")
    high: float = float("inf")


class Target(Block):
    """One level."""

    indicator: str
    tier: str = ""
    plan: str = ""
    part: str = ""
    level: float
    points: float | None = None
    """Deviation of a share that counts as one, in points."""
    relative: float | None = None
    """Deviation of another level that counts as one, as a share of it."""
    evidence: str
    """Figure that the level is taken or reckoned from, or `judgement`."""
    note: str = ""

    @model_validator(mode="after")
    def _may_be_fitted(self) -> Self:
        if self.indicator not in INDICATORS:
            raise ValueError(f"no indicator `{self.indicator}`")
        if (self.points is None) == (self.relative is None):
            raise ValueError(f"{self.indicator} needs either points or relative")
        may_be_fitted(self.evidence)
        return self

    @property
    def series(self) -> tuple[str, str, str, str]:
        """Which rows of the results it is."""
        return self.indicator, self.tier, self.plan, self.part

    def misfit(self, level: float) -> float:
        """How far a level is off, in deviations that count as one."""
        if self.points is not None:
            return 100 * (level - self.level) / self.points
        assert self.relative is not None
        return (level / self.level - 1) / self.relative


class Fit(Block):
    """What is fitted to what, and how."""

    scenario: str
    families: int
    warm_up: int
    """Months before the year that is compared."""
    behaviour: dict[str, Intercept] = Field(default_factory=dict)
    """Behavioural parameters by name."""
    places: dict[str, Intercept] = Field(default_factory=dict)
    """Values of the scenario by path, in the unit that they are written in."""
    targets: dict[str, Target]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        unknown = {i.known for i in self.intercepts.values()} - {None, *self.targets}
        if unknown:
            raise ValueError(f"no such targets: {', '.join(map(str, unknown))}")
        if len(self.intercepts) > len(self.targets):
            raise ValueError("more intercepts than targets")
        return self

    @property
    def intercepts(self) -> dict[str, Intercept]:
        """Everything that is fitted, by the path of the change that sets it."""
        named = {f"behaviour.parameters.{name}": each for name, each in self.behaviour.items()}
        return named | self.places


def read(file: Path) -> Fit:
    """The fit in a file. Raises ValidationError for what is not said rightly, and for a target that is none."""
    content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Fit.model_validate(content)
