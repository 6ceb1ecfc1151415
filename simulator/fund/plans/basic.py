"""Basic insurance (基本医疗保险), the pooled fund of a pooling area (统筹基金): everybody has exactly one plan."""

from typing import Annotated, ClassVar, Literal

from simulator.core.fields import Block, Names, one_of
from simulator.core.units import PREMIUMS, WAGES, Months, PerYear, Share
from simulator.fund.plan import Bill, Plan
from simulator.fund.reserves import ReservePolicy

EMPLOYEE = "employee"
"""The plan of this name is for employees unless it says otherwise."""


class OfRetired(Block):
    """What is paid into the plan for each retired member."""

    premium: Annotated[PerYear, PREMIUMS] = 0
    """What the retired pay."""
    employer: Annotated[PerYear, WAGES] = 0
    """What those who employed them pay."""


class Basic(Plan):
    """Families, employers and the government pay into the fund for every insured, in twelve parts; the fund pays its
    part of bills and what payment rules and settlements ask of it.

    income in a year = insured × (premium + employer + subsidy), of the retired by terms of their own
    reserve at the start = reserve × spending of a month
    asked for next year = this year × (1 ± step), by the reserve policy
    """

    source: ClassVar[str] = (
        "Social Insurance Law 2010; State Council 2016 no. 3 (one plan for urban and rural residents); Central "
        "Committee and State Council 2020 no. 5 (pooling by city, later by province)"
    )
    example: ClassVar[str] = """
baseline:
  plans:
    resident:
      subsidy: 700 yuan/year
      enrolment: voluntary_by_family
      reserve_policy: {low: 6 months, high: 9 months, step: 5%, acts_on: premium}
"""
    bill: ClassVar[Bill | None] = Bill("inpatient", "secondary", "6000 yuan")
    account: ClassVar[str] = "fund"

    kind: Literal["basic"]
    """Kind of plan."""
    covers: Share
    """Share of the people of the place, or of the plan's areas, who have it."""
    areas: Names | None = None
    """Areas of the network that are its pooling area (统筹区): its people live there. Everywhere if left out."""
    people: one_of("families", "employees") | None = None
    """Whom it is for: `employees`, adults with a job or retired from one, or `families`, all who are left in one. If
    left out, the plan called `employee` is for employees, others are for families."""
    premium: Annotated[PerYear, PREMIUMS] = 0
    """What the insured pays."""
    subsidy: Annotated[PerYear, PREMIUMS] = 0
    """What the government adds."""
    employer: Annotated[PerYear, WAGES] = 0
    """What the employer pays into the pooled fund."""
    retired: OfRetired | None = None
    """What is paid for members at the age of retirement (退休人员), in place of `premium` and `employer`; the same as
    for others if left out. The government adds to both alike."""
    reserve: Months
    """Reserve at the start, in months of spending."""
    reserve_policy: ReservePolicy | None = None
    """How it keeps its reserve; it does nothing about it if left out."""
    enrolment: one_of("compulsory", "voluntary", "voluntary_by_family") = "compulsory"
    """Whether people must have it (自愿参保): everybody, each person by choice, or each family by choice. Who has not
    enrolled pays no premium, brings no subsidy, and pays for care in full. Decided every January."""
    merged_into: str | None = None
    """Plan into which it is merged (统筹层次提升): from then on its people have that plan's benefit and premium, and
    that plan's fund gets its reserve and pays its bills. In scopes, they are that plan's people."""

    @property
    def income(self) -> int:
        """Yearly income of the fund per insured who is not retired, fen."""
        return self.premium + self.subsidy + self.employer

    def of_retired(self, what: Literal["premium", "employer"]) -> int:
        """What is paid in a year for a member at the age of retirement, fen."""
        return getattr(self.retired or self, what)

    def is_for_employees(self, name: str) -> bool:
        """Whether it comes with a job."""
        return self.people == "employees" if self.people else name == EMPLOYEE
