"""Waits, beds, skill, margins."""

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import FEN
from simulator.count.indicators.month import MONTHS, Month
from simulator.declare.indicator import Indicator, Subject, by_tier


def pay(month: Month) -> np.ndarray:
    """Salaries, pay from programmes and bonus of doctors, yuan a year, (tier,)."""
    settled = month.world.tally.settled
    surplus = settled.paid.get("surplus_bonus", np.zeros_like(settled.salary))
    return month.of_facilities(settled.pay + surplus) * MONTHS / FEN


def column(month: Month, name: str) -> np.ndarray:
    """A column of the table of facilities, summed by tier."""
    return month.of_facilities(month.world.facilities[name])


def margin(month: Month) -> tuple[np.ndarray, np.ndarray]:
    """Margins and incomes, fen, (tier,)."""
    settled = month.world.tally.settled
    return month.of_facilities(settled.margin), month.of_facilities(settled.income)


def count(month: Month) -> np.ndarray:
    """Facilities, (tier,)."""
    return month.of_facilities(np.ones(len(month.world.facilities)))


wait_outpatient = Indicator(
    "wait_outpatient",
    "hours",
    "tier",
    "wait at first contacts, as expected at the place",
    "first contacts",
    Text("wait at the clinic, hours", "门诊候诊时间（小时）"),
    by_tier(lambda m: (m.events("minutes_waited") / 60.0, m.events("first_contacts"))),
    better=-1,
)
appointment_delay = Indicator(
    "appointment_delay",
    "days",
    "tier",
    "days until an appointment at first contacts, as expected at the place",
    "first contacts",
    Text("days until an appointment", "预约等候天数"),
    by_tier(lambda m: (m.events("delayed") / 1000.0, m.events("first_contacts"))),
    better=-1,
)
clinic_use = Indicator(
    "clinic_use",
    "share",
    "tier",
    "clinic slots asked for in first rounds, and kept for follow-up visits",
    "clinic slots at the hours offered and the usual pace; what is missing to one is slack",
    Text("use of clinic slots", "门诊号源使用率"),
    by_tier(lambda m: (m.of_facilities(m.world.tally.slots_wanted), m.of_facilities(m.world.tally.slots))),
    unbounded=True,  # more may be asked for than there is
)
wait_admission = Indicator(
    "wait_admission",
    "days",
    "tier",
    "days that admitted patients had waited since last month",
    "admissions",
    Text("wait for a bed, days", "候床时间（天）"),
    by_tier(lambda m: (m.events("waited_days"), m.events("admissions"))),
    better=-1,
)
bed_use = Indicator(
    "bed_use",
    "share",
    "tier",
    "days of stays begun this month, continued ones included",
    "days of approved beds; more than one where there are extra beds",
    Text("use of beds", "床位使用率"),
    by_tier(lambda m: (m.events("bed_days"), column(m, "bed_days"))),
    unbounded=True,  # extra beds
)
capability = Indicator(
    "capability",
    "number",
    "tier",
    "sum over facilities",
    "facilities",
    Text("capability", "服务能力"),
    by_tier(lambda m: (column(m, "capability"), count(m))),
)
provider_margin = Indicator(
    "provider_margin",
    "share",
    "tier",
    "income less supplies and salaries, before bonus",
    "income from patients, funds, caps and audits",
    Text("margin of providers", "机构收支结余率"),
    by_tier(margin),
    unbounded=True,
)
doctor_income = Indicator(
    "doctor_income",
    "yuan",
    "tier",
    "salaries, pay from programmes and bonus × 12",
    "doctors",
    Text("income of doctors, yuan a year", "医生年收入（元）"),
    by_tier(lambda m: (pay(m), column(m, "doctors"))),
)
PROVIDERS = Subject(
    "Providers",
    wait_outpatient,
    appointment_delay,
    clinic_use,
    wait_admission,
    bed_use,
    capability,
    provider_margin,
    doctor_income,
)
