"""The sections that say what a place is: its people, what they fall ill with, and who treats them."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from simulator.core.fields import Block, one_of
from simulator.core.messages import say
from simulator.core.names import DISEASES, PARTS, TIERS
from simulator.core.units import (
    Count,
    Factor,
    HoursAWeek,
    Minutes,
    Money,
    PerYear,
    Positive,
    Risk,
    Scale,
    Share,
    Stock,
)


class Population(Block):
    """Who lives in the place."""

    people: Count
    """People for whom budgets, beds and doctors are."""
    families: Annotated[Count, Field(gt=0)]
    """Families simulated."""
    ages: dict[str, Share]
    """Share of people by age band, such as `0-4` and `85+`, in rising order."""
    family_size: Annotated[Positive, Field(ge=1, le=20)]
    """Mean persons of a family."""
    one_person: Share
    """Share of families of one person."""
    urban: Share
    """Share of people who live in the city or a town."""
    income_urban: PerYear
    """Mean disposable income per head, urban."""
    income_rural: PerYear
    """Mean disposable income per head, rural."""
    income_spread: Annotated[Positive, Field(le=3)]
    """Standard deviation of log family income per head, all families."""
    poor: Share
    """Share of people known to the bureau as poor."""
    deaths: Risk
    """Deaths per person and year."""
    ageing: one_of("held", "live") = "held"
    """held: a death is replaced at the same age and sex; live: people grow older."""
    floating: Share = 0.0
    """Share of people who live here and are registered elsewhere (流动人口)."""


class CaseGroup(Block):
    """A group of cases that need the same care and are paid alike."""

    group: str
    """Name."""
    ages: str
    """Who can have it: `all`, an age band such as `0-14` or `40+` (`f` before it: women), `hyp` or `dia`."""
    admissions_needed_per_1000_people: Annotated[Positive, Field(le=10_000)]
    """Admissions needed per 1,000 people of all ages and year."""
    relative_weight: Annotated[Positive, Field(le=100)]
    """Resources of an admission against the mean one."""
    stay_days_secondary: Annotated[Positive, Field(le=365)]
    """Usual stay at a secondary hospital, days."""
    episodes_per_1000_people: Annotated[Positive, Field(le=100_000)]
    """Episodes per 1,000 people of all ages and year."""
    outpatient_bill_centre_yuan: Annotated[Positive, Field(le=10**6)]
    """Usual bill of a visit at a centre, yuan."""
    severity_mean: Scale
    """Mean severity."""

    @model_validator(mode="after")
    def _ages(self) -> "CaseGroup":
        if not re.fullmatch(r"all|hyp|dia|f?[0-9]{1,3}(-[0-9]{1,3}|\+)", self.ages):
            raise ValueError(say("case_group_ages", text=self.ages))
        return self


def _rows(value: Any) -> Any:
    """The table of case groups, by name, as a list of rows."""
    if not isinstance(value, dict):
        return value
    return [{"group": name, **row} if isinstance(row, dict) else row for name, row in value.items()]


class Disease(Block):
    """A chronic disease and its cascade of care among adults."""

    adults: Share
    """Prevalence among adults."""
    by_age: dict[Annotated[Count, Field(le=120)], Share]
    """Prevalence at an age in years, linear in between; scaled to the prevalence among adults."""
    aware: Share
    """Patients who know of it."""
    treated: Share
    """Patients who are treated."""
    controlled: Share
    """Patients who are treated and controlled."""


class Illness(Block):
    """What people fall ill with."""

    case_groups: Annotated[tuple[CaseGroup, ...], BeforeValidator(_rows)] = Field(
        json_schema_extra={"named": "CaseGroup"}
    )
    """Case groups by name; `table` names a CSV file with a row for each, beside which single values can be changed."""
    diseases: dict[Literal[DISEASES], Disease]
    """Chronic diseases."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the case groups; the position is the code in the books."""
        return tuple(row.group for row in self.case_groups)


type Parts = dict[Literal[PARTS], Share]


WORKING_WEEKS = 46
"""Weeks of a year in which a doctor works: 52 less eleven public holidays and some four weeks of leave and courses;
judgement."""


class Facility(Block):
    """A usual facility of one tier. Doctors and beds are those of the whole tier, per person of the place."""

    doctors: Stock
    """Doctors per person of the place."""
    clinic_hours: HoursAWeek
    """Hours in which a doctor sees outpatients."""
    consultation: Annotated[Minutes, Field(gt=0)]
    """Time that a visit takes at the usual pace, notes and pauses included."""
    beds: Stock
    """Beds per person of the place."""
    capability: Scale
    """Severity at which the chance of cure is one half."""
    travel_urban: Minutes
    """Usual way of urban families."""
    travel_rural: Minutes
    """Usual way of rural families."""
    wait: Minutes
    """Wait when the clinic is empty."""
    outpatient_price: Factor
    """Price of a visit against the list price at a centre."""
    inpatient_price: Annotated[Money, Field(le=10**9)]
    """List price of an admission of relative weight 1."""
    stay: Factor
    """Length of stay against the usual one at a secondary hospital."""
    outpatient_parts: Parts
    """Shares of an outpatient bill."""
    inpatient_parts: Parts
    """Shares of an inpatient bill."""
    outside_catalogue: Share
    """Share of a bill outside the catalogue of the insurance."""
    cost: dict[Literal[PARTS], Factor]
    """Cost of a unit of each part against its price."""
    paediatric: bool = True
    """Whether somebody there is certified to treat children; primary care otherwise can do less for them."""

    @property
    def slots(self) -> float:
        """Visits at the usual hours and pace, per person of the place and year."""
        return self.doctors * self.clinic_hours * WORKING_WEEKS * 60 / self.consultation


class Facilities(Block):
    """One row per tier."""

    station: Facility
    centre: Facility
    secondary: Facility
    tertiary: Facility
    online: Facility | None = None
    """Internet hospitals; needed where the network has any."""

    def __getitem__(self, tier: str) -> Facility:
        return getattr(self, tier)

    def items(self) -> list[tuple[str, Facility]]:
        """(tier, row), in the order of the codes."""
        return [(tier, row) for tier in TIERS if (row := self[tier]) is not None]
