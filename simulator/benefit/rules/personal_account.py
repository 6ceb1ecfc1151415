"""Personal accounts of employees (个人账户): money of the insured that only care can be bought with.

Until 2021 the insured's 2 % of wages and about 30 % of the employer's 6 % were credited, and outpatient care was paid
from there rather than from the pooled fund; since then the employer's part stays in the fund, which pays outpatient
bills, and the account may be used by the family (State Council Office 2021 no. 14). Both are data: the credit, who uses
it, and the outpatient terms of the plan. Money in the account is felt less than cash (`account_felt`).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.units import WAGES, PerYear

SOURCE = "State Council 1998 no. 44; State Council Office 2021 no. 14"
EXAMPLE = """
baseline:
  benefit:
    employee:
      personal_account:
        credit: 1200 yuan/year
        credit_retired: 1000 yuan/year
        retired_paid_by: fund
        used_for: family
"""
BILL = Bill("outpatient", "secondary", "240 yuan", plan="employee", columns={"account": 20_000})


class PersonalAccount(BaseModel):
    """Terms of personal accounts; a family keeps those of its insured as one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    credit: Annotated[PerYear, WAGES]
    """Credited for each insured, fen per year, in monthly instalments."""
    credit_retired: Annotated[PerYear | None, WAGES] = None
    """Credited for each of those at the age of retirement, fen per year; as for others if left out."""
    used_for: Literal["own", "family"]
    """Whose bills it may pay: those of the insured of this plan, or those of any member of their family."""
    paid_by: Literal["employers", "fund"] = "employers"
    """Who credits it: wages and employers, or the pooled fund."""
    retired_paid_by: Literal["employers", "fund"] | None = None
    """Who credits it for the retired, for whom it is the pooled fund since 2021; as for others if left out."""

    def credits(self) -> tuple[tuple[int, str], tuple[int, str]]:
        """Amount and payer, for those who work and those who are retired."""
        retired = self.credit if self.credit_retired is None else self.credit_retired
        return (self.credit, self.paid_by), (retired, self.retired_paid_by or self.paid_by)


@compiled
def from_account(left, balance):
    """Fen of the family's part ``left`` that an account of ``balance`` fen pays."""
    return min(left, balance)
