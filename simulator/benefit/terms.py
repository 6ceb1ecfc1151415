"""Parameters of the benefit section of a scenario: the bureau's own table of what a plan pays."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from simulator.benefit.further_cover import keys
from simulator.benefit.rules.catastrophic import Catastrophic
from simulator.benefit.rules.chronic_outpatient import ChronicOutpatient
from simulator.benefit.rules.cross_region import CrossRegion
from simulator.benefit.rules.online import Online
from simulator.benefit.rules.personal_account import PersonalAccount
from simulator.benefit.rules.repeat_deductible import Repeat
from simulator.benefit.rules.retired import Retired
from simulator.core.units import Money, PerYear, Share


class Terms(BaseModel):
    """Frozen; unknown keys are refused; each field is documented by the text under it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Terms):
    """Terms at one tier."""

    deductible: Money
    """What the patient pays before the fund begins, fen."""
    fund_pays: Share
    """Statutory share of the fund above the deductible."""
    repeat: Repeat | None = None
    """How a deductible per admission falls with repeats in a year; it does not if left out."""


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


class MedicalAid(Terms):
    """Medical aid (医疗救助) of the insured who are poor, paid by the government after catastrophic cover."""

    above: PerYear = 0
    """Own covered payments of a calendar year from which it begins, fen per year."""
    pays: Share
    """Share of what lies above that it pays."""
    ceiling: PerYear | None = None
    """What it pays at most for one person in a calendar year, fen per year; none if left out."""


class Benefit(keys(Terms)):
    """What the family pays of a bill, for one plan."""

    like: str | None = None
    """Plan whose table holds in whatever is not said here, as it is at the time; all is said here if left out."""
    outpatient: Care
    """Visits."""
    inpatient: Care
    """Admissions."""
    catastrophic: Catastrophic | None = None
    """Catastrophic cover on top (大病保险); none if left out."""
    medical_aid: MedicalAid | None = None
    """Medical aid for the poor (医疗救助); none if left out."""
    chronic_outpatient: ChronicOutpatient | None = None
    """Outpatient terms of diagnosed hypertension and diabetes (门诊慢特病); the ordinary ones if left out."""
    personal_account: PersonalAccount | None = None
    """Personal accounts of the insured (个人账户); none if left out."""
    cross_region: CrossRegion | None = None
    """Terms outside the pooling area of the plan (异地就医); the ordinary ones if left out."""
    online: Online | None = None
    """Terms of visits online (互联网诊疗); `outpatient.online` alone if left out."""
    retired: Retired | None = None
    """Terms of those at the age of retirement (退休人员); the ordinary ones if left out."""
