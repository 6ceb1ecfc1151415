"""Clinic at the workplace (职工医务室): employees have simple care where they work, without a way and without a bill.

Employees in the care of such clinics are

    share = employees / all employed,  at most one;  all employed = people of working age in plans that come with a job,

a draw that a person keeps. Of new illnesses that are felt, and are, less severe than `work_severity`, they bring the
share `work_used` to the clinic in place of whatever they would have done. It cures as its capability `work_capability`
allows; who is not cured may look for care the month after like anybody, and what is worse goes where it would have
gone. The employers pay the doctors. An insurer's own clinic, whose doctors weigh what claims cost it, is a form
(`fund/forms/onsite_clinic.py`).
"""

from typing import Annotated

import numpy as np

from simulator.core.draws import lasting, purpose, uniforms
from simulator.core.fields import Block
from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.money import Transfer, instalment, rounded
from simulator.core.table import Column
from simulator.core.units import WAGES, PerYear, Positive
from simulator.core.units import Count as Number
from simulator.declare.counts import Count
from simulator.declare.rows import episode, home
from simulator.declare.use import Use
from simulator.illness.outcome import chance_cured
from simulator.population.working_life import retired
from simulator.services.service import Service

AT_WORK, VISIT = purpose("workplace_clinic"), purpose("workplace_clinic visit")


class WorkplaceClinic(Block):
    """Terms of clinics at workplaces."""

    employees: Number
    """People who work where there is one, in the whole place."""
    doctors: Positive
    """Doctors of all these clinics."""
    salary: Annotated[PerYear, WAGES]
    """What the employers pay each of them, with what they need."""


SERVICE = Service(
    source="Carrier Shanghai with PICC Health and Quyang Hospital (evidence E07: simple care, first aid, referral)",
    terms=WorkplaceClinic,
    example="""
baseline:
  services:
    workplace_clinic: {employees: 100000, doctors: 100, salary: 200000 yuan/year}
""",
    facilities=(
        Column("at_work", "f8", "share", "employees who have a clinic where they work"),
        Column("job_plans", "i8", "bits", "plans, by code, that come with a job"),
    ),
    when={"instead": "home.at_work > 0.0 and person.age >= 18 and (home.job_plans >> person.plan) & 1 == 1"},
    events=(
        Count(
            "cured_at_work", "illnesses of the people of this home that a clinic at the workplace cured", home,
            when=(episode.seen < 0) & (episode.cured == 1),
        ),
    ),
    use=(
        Use(
            unused=Text("no clinic at a workplace cured anybody", "职工医务室没有治愈过患者"), events=("cured_at_work",)
        ),
    ),
)  # fmt: skip


def enforce(facilities, terms, offers):
    """Nobody, until employees are counted."""
    facilities["at_work"], facilities["job_plans"] = 0.0, 0


def spread(facilities, terms, residents, par):
    """The same share of employees everywhere."""
    facilities["at_work"] = min(terms.employees / max(residents.employed, 1.0), 1.0)
    facilities["job_plans"] = residents.job_plans


@compiled
def instead(episode, person, home, felt, par, clock):
    """An employee brings a simple complaint to the clinic, which may cure it."""
    simple = max(felt, episode.severity) < par.work_severity
    if not simple or retired(person, clock) or lasting(clock, person.id, AT_WORK) >= home.at_work:
        return False
    u_used, u_cured, _, _ = uniforms(clock, person.id, VISIT, episode.number)
    if u_used >= par.work_used:
        return False
    episode.cured = 1 if u_cured < chance_cured(par.work_capability, episode.severity, 0.0, par) else 0
    return True


def settle(terms, billed):
    """The employers pay the doctors month by month."""
    market = billed.market
    due = rounded(np.array([terms.doctors * terms.salary * market.scale]))
    yield Transfer("employers", "administration", "workplace_clinic", instalment(due, market.calendar))
