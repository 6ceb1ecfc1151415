"""Parameters of the benefit section of a scenario: the bureau's own table of what a plan pays."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from simulator.benefit.rules.catastrophic import Catastrophic
from simulator.core.units import Money, PerYear, Share


class Terms(BaseModel):
    """Frozen; unknown keys are refused; each field is documented by the text under it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Row(Terms):
    """Terms at one tier."""

    deductible: Money
    """What the patient pays before the fund begins, fen."""
    fund_pays: Share
    """Statutory share of the fund above the deductible."""


class Care(Terms):
    """Terms of one setting, outpatient or inpatient. Continued care goes by the inpatient terms."""

    first_self_pay: Share = 0.0
    """Share of covered items that the patient pays first (乙类先行自付)."""
    station: Row
    """Village clinic or community station."""
    centre: Row
    """Township or community centre."""
    secondary: Row
    """County or city secondary hospital."""
    tertiary: Row
    """Tertiary hospital."""
    online: Row | None = None
    """Internet hospital; the fund pays nothing there unless this is given."""
    deductible_is: Literal["per_year", "per_admission"]
    """Whether the deductible is met once a year or by every admission."""
    ceiling: PerYear | None = None
    """What the fund pays at most for one person in a calendar year, fen per year; none if left out."""


class Benefit(Terms):
    """What the family pays of a bill, for one plan."""

    outpatient: Care
    """Visits."""
    inpatient: Care
    """Admissions."""
    catastrophic: Catastrophic | None = None
    """Catastrophic cover on top (大病保险); none if left out."""
